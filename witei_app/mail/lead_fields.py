"""Fields that a form fills in: "Nombre: Juan", "Phone" in one cell of a table and the number in the next."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from witei_app.mail.charsets import without_controls
from witei_app.mail.tame import is_quickly_text

NAME, FIRST, LAST, EMAIL, PHONE = "name", "first", "last", "email", "phone"
REFERENCE, MESSAGE, FROM, OTHER, FORWARDED = "reference", "message", "from", "other", "forwarded"

# Without case, accents and signs. Spanish, English, Catalan, Portuguese, French, German and Italian, as portals and
# form plugins write them.
_WORDS = {
    NAME: "nombre|nombre completo|nombre y apellidos|nombre y apellido|nombre apellidos|nombre de contacto|tu nombre"
    "|nombre del contacto|nombre del interesado|nombre interesado|nombre usuario|nombre cliente|nombre del cliente"
    "|contacto|interesado|persona de contacto|cliente|name|full name|your name|contact name|customer name|client name"
    "|applicant|applicant name|applicants name|enquirer|enquirer name|buyer name|nom|nom i cognoms|nom complet|nome"
    "|nom et prenom|votre nom|vor und nachname|vollstandiger name|ihr name|interessent|name des interessenten"
    "|nome e cognome|il tuo nome|nominativo",
    FIRST: "first name|forename|nombre de pila|prenom|votre prenom|vorname",
    LAST: "apellido|apellidos|primer apellido|tus apellidos|last name|surname|family name|cognom|cognoms|apelido"
    "|nom de famille|nachname|familienname|cognome",
    EMAIL: "email|e mail|mail|correo|correo electronico|correo e|direccion de correo|direccion de correo electronico"
    "|direccion de email|direccion email|tu email|tu e mail|tu correo|tu correo electronico|email de contacto"
    "|e mail de contacto|email del contacto|email interesado|email cliente|email del interesado|email address"
    "|e mail address|your email|your e mail|your email address|contact email|customer email|applicant email"
    "|correu|correu electronic|adreca electronica|courriel|adresse e mail|adresse email|votre e mail|votre email"
    "|e mail adresse|email adresse|ihre e mail|ihre e mail adresse|indirizzo e mail|indirizzo email|la tua email",
    PHONE: "telefono|telefonos|telefono 1|telefono de contacto|telefono contacto|telefono movil|telefono fijo|movil"
    "|numero de telefono|numero telefono|tu telefono|tel|telf|tfno|tlf|tlfno|telefono del interesado"
    "|telefono interesado|telefono del contacto|telefono cliente|whatsapp|celular|phone|phone number|telephone"
    "|telephone number|tel number|tel no|phone no|mobile|mobile phone|mobile number|contact number|contact phone"
    "|your phone|your telephone|your phone number|daytime phone|daytime telephone|home phone|telefon|telefon mobil"
    "|mobil|telemovel|telefone|portable|telephone portable|numero de telephone|votre telephone|telefonnummer|handy"
    "|handynummer|mobilnummer|rufnummer|ihre telefonnummer|telefono cellulare|cellulare|numero di telefono|recapito",
    REFERENCE: "referencia|ref|referencia del anuncio|referencia anuncio|referencia del inmueble|referencia inmueble"
    "|ref inmueble|ref anuncio|ref agencia|referencia agencia|referencia de la agencia|su referencia|tu referencia"
    "|referencia interna|codigo|codigo de anuncio|codigo anuncio|codigo del anuncio|codigo inmueble"
    "|codigo del inmueble|numero de anuncio|id anuncio|id inmueble|reference|property reference|property ref|your ref"
    "|your reference|agent ref|agent reference|agents reference|branch reference|property id|property code|listing id"
    "|listing ref|listing reference|ref no|reference number|ref number|referencia del inmoble|ref immoble"
    "|reference annonce|reference de lannonce|reference du bien|ref annonce|votre reference|objekt id|objektnummer"
    "|objekt nr|scout id|anzeigennummer|anzeigen id|referenz|ihre referenz|riferimento|rif|riferimento annuncio"
    "|rif annuncio|codice annuncio",
    MESSAGE: "mensaje|tu mensaje|mensaje del usuario|mensaje del interesado|mensaje del cliente|cuerpo del mensaje"
    "|comentario o mensaje|texto|texto del mensaje|comentario|comentarios|tu comentario|consulta|tu consulta|pregunta"
    "|observaciones"
    "|mensaje recibido|message|your message|message body|comment|comments|comment or message|additional comments"
    "|enquiry|inquiry"
    "|your enquiry|question|enquiry message|message from applicant|users message|missatge|comentaris|mensagem|notas"
    "|votre message|son message|commentaire|commentaires|nachricht|ihre nachricht|anfrage|kommentar|bemerkung"
    "|messaggio|il tuo messaggio|commento|richiesta",
    FROM: "de|from",
    OTHER: "asunto|subject|fecha|date|hora|time|fecha y hora|idioma|language|pais|country|url|pagina|page|page url"
    "|web|website|sitio web|enlace|link|precio|price|ciudad|city|poblacion|municipio|provincia|localidad|zona|area"
    "|location|direccion|address|postcode|post code|zip|codigo postal|cp|tipo|tipo de inmueble|tipo de operacion"
    "|operacion|property type|type|habitaciones|bedrooms|dormitorios|banos|bathrooms|superficie|metros|inmueble"
    "|propiedad|property|anuncio|listing|vivienda|presupuesto|budget|horario|horario de contacto|preferencia|dni|nif"
    "|acepto|privacidad|politica de privacidad|consentimiento|gdpr|rgpd|privacy|ip|remote ip|user agent|navegador"
    "|origen|source|portal|enviado desde|fuente|moving date|move date|status|estado|situacion|motivo|departamento"
    "|empresa|company|newsletter|quiere visitar|best time to call|preferred contact|contact method|operation"
    "|objet|ville|adresse|prix|kyero ref|type de bien|surface|civilite|betreff|datum|anrede|anschrift|strasse|plz|ort"
    "|preis|zimmer|wohnflache|objekt|oggetto|data|citta|indirizzo|prezzo|immobile|annuncio",
    FORWARDED: "enviado|enviado el|sent|para|to|cc|a la atencion de|reenviado|forwarded",
}
_LABELS = {word: kind for kind, words in _WORDS.items() for word in words.split("|")}
_COLON = re.compile(r"([^:：\t]{1,48}?)\s*[:：](?!//)\s*(.*)", re.DOTALL)
_COLUMNS = re.compile(r"\t+|\s{2,}")
# What follows a message and is not the person's: rules, thanks of the portal, where the form is.
_FOOTER = re.compile(
    r"\s*(-{2,}|_{3,}|\*{3,}|={3,}|~{3,}|powered by|(este|este e-?) ?(mensaje|correo|mail|email) (se ha|ha sido|fue|se)"
    r"|this (e-?mail|message) (was|is|has been)|enviado desde|sent from (the|a) |puedes? responder|respond[ea] a este"
    r"|you can reply|reply to this|click here|haz clic|pulsa|ver (el )?anuncio|view (the )?(property|listing)|©"
    r"|datos del? (anuncio|inmueble|contacto|interesado|usuario)\s*:?\s*$"
    r"|(el equipo|equipo) de |the .{1,30} team|ihr .{1,30} team|l['’][ée]quipe |il team "
    r"|(cet e-?mail|ce message) (a|est)|diese (nachricht|e-?mail) (wurde|ist)"
    r"|quest[ao] (e-?mail|messaggio) ([èe]|viene)"
    r"|copyright|aviso legal|para dejar de recibir|unsubscribe)",
    re.IGNORECASE,
)
_BLOCKS = {
    *("p", "div", "br", "tr", "table", "tbody", "ul", "ol", "li", "dl", "dt", "dd", "td", "th", "hr", "section"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "footer", "article", "center", "body"),
}
_CELLS = {"td", "th", "dt", "dd"}
_UNSEEN = {"script", "style", "head", "title", "blockquote", "select", "button"}
_LARGEST = 150_000  # characters: about 10 ms
_MOST_LINES = 600


class Line(NamedTuple):
    """A line, and the cell of the table that it stands in (0 outside of any)."""

    text: str
    cell: int = 0


class Field(NamedTuple):
    """What was said under a label; `line` is where."""

    kind: str
    value: str
    line: int


def fields_of(lines: Sequence[Line]) -> Iterator[Field]:
    """The labelled values, in order."""
    index = 0
    while index < len(lines):
        kind, value = _label(lines, index)
        if not kind:
            index += 1
            continue
        begin, end = index, index + 1
        if kind == MESSAGE:
            value, end = _message(lines, index, value)
        elif not value:
            value, end = _next_value(lines, index)
        yield Field(kind, value.strip(), begin)
        index = end


def text_lines(text: str) -> list[Line]:
    """The lines of a plain text, without what is quoted."""
    lines = text.replace("\xa0", " ").splitlines()[:_MOST_LINES]
    return [Line("" if line.lstrip().startswith(">") else line.rstrip()) for line in lines]


def html_lines(html: str) -> list[Line]:
    """The same for HTML: blocks are lines, cells of tables are known as such. None of what is too large."""
    if not html.strip() or len(html) > _LARGEST or not is_quickly_text(html):
        return []
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(without_controls(html).encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return []
    return _walked(tree)


def _walked(tree: object) -> list[Line]:
    lines: list[Line] = []
    words: list[str] = []
    cells, cell, unseen = [0], 0, 0

    def end_line() -> None:
        if text := " ".join("".join(words).replace("\xa0", " ").split()):
            lines.append(Line(text, cells[-1]))
        words.clear()

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element.tag in _BLOCKS:
            end_line()
        hides = element.tag in _UNSEEN or "display:none" in (element.get("style") or "").replace(" ", "")
        if event == "start":
            unseen += hides
            if element.tag in _CELLS:
                cell += 1
                cells.append(cell)
            words.append("" if unseen else element.text or "")
        else:
            unseen -= hides
            if element.tag in _CELLS:
                cells.pop()
            words.append("" if unseen else element.tail or "")
    end_line()
    return lines[:_MOST_LINES]


def _label(lines: Sequence[Line], index: int) -> tuple[str, str]:
    """The kind of the label that the line begins with, and what follows it there; "" where there is none."""
    line = lines[index]
    found = _COLON.fullmatch(line.text.strip())
    if found and (kind := _kind(found[1])):
        return kind, found[2].strip().strip("*_").strip()
    parts = _COLUMNS.split(line.text.strip(), maxsplit=1)
    if len(parts) == 2 and (kind := _kind(parts[0])):
        return kind, parts[1].strip(" :")
    is_alone = line.cell and index + 1 < len(lines) and lines[index + 1].cell not in {0, line.cell}
    return (_kind(line.text), "") if is_alone else ("", "")


def _kind(label: str) -> str:
    decomposed = unicodedata.normalize("NFKD", label.casefold())
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    letters = re.sub(r"\((obligatorio|opcional|required|optional|\*)\)", " ", letters).replace("'", "")
    return _LABELS.get(" ".join(re.sub(r"[^a-z0-9]+", " ", letters).split()), "")


def _next_value(lines: Sequence[Line], index: int) -> tuple[str, int]:
    """What stands below its label, or in the cell beside it."""
    for later in (index + 1, index + 2):
        if later >= len(lines) or _label(lines, later)[0]:
            break
        if lines[later].text.strip():
            beside = not lines[later].cell or lines[later].cell - lines[index].cell in {0, 1}
            return (lines[later].text.strip(), later + 1) if beside else ("", index + 1)
    return "", index + 1


def _message(lines: Sequence[Line], index: int, first: str) -> tuple[str, int]:
    """All lines until the next label or what the portal says below; in a table the whole of one cell."""
    said, cell, later, blanks = [first] if first else [], lines[index].cell, index + 1, 0
    while later < len(lines):
        line = lines[later]
        blanks = 0 if line.text.strip() else blanks + 1
        left_cell = bool(said) and line.cell != cell
        if left_cell or blanks > 2 or (line.text.strip() and _FOOTER.match(line.text)) or _is_form_label(lines, later):
            break
        if line.text.strip() and not any(said):
            cell = line.cell
        said.append(line.text)
        later += 1
    return "\n".join(said).strip(), later


def _is_form_label(lines: Sequence[Line], index: int) -> bool:
    """A person writes "A: B" too; "from" and "to" among what was written end nothing."""
    return _label(lines, index)[0] not in {"", FROM, FORWARDED, MESSAGE}
