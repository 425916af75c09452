"""Leads: what somebody typed into a form of a real-estate portal or of the agency's website, sent on by a machine.

Only what certainly is one counts as one. Everything in it is a claim of whoever filled in the form.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from witei_app.mail.addresses import normalise_address
from witei_app.mail.lead_fields import (
    EMAIL,
    FIRST,
    FORWARDED,
    FROM,
    LAST,
    MESSAGE,
    NAME,
    PHONE,
    REFERENCE,
    Field,
    Line,
    fields_of,
    html_lines,
    text_lines,
)
from witei_app.mail.providers import provider_of
from witei_app.mail.types import ParsedMail

PORTALS = {
    "idealista": "Idealista",
    "fotocasa": "Fotocasa",
    "habitaclia": "Habitaclia",
    "pisos": "Pisos.com",
    "milanuncios": "Milanuncios",
    "kyero": "Kyero",
    "rightmove": "Rightmove",
    "thinkspain": "ThinkSpain",
    "yaencontre": "Yaencontre",
    "indomio": "Indomio",
    "spainhouses": "Spainhouses",
    "zoopla": "Zoopla",
    "aplaceinthesun": "A Place in the Sun",
    "green-acres": "Green-Acres",
    "tucasa": "Tucasa",
    "enalquiler": "Enalquiler",
    "globaliza": "Globaliza",
    "inmuebles24": "Inmuebles24",
    "properati": "Properati",
    "lamudi": "Lamudi",
    "zonaprop": "Zonaprop",
    "immobilienscout24": "ImmoScout24",
    "immowelt": "Immowelt",
    "immonet": "Immonet",
    "seloger": "SeLoger",
    "logic-immo": "Logic-Immo",
    "bienici": "Bien'ici",
    "immobiliare": "Immobiliare.it",
    "imovirtual": "Imovirtual",
}
_ENDINGS = {"com", "es", "co.uk", "net", "pt", "it", "mx", "com.mx", "com.ar", "cat", "co", "de", "fr"}
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'“”]{1,64}@[a-z0-9\u00a1-\uffff.-]{1,190}\.[a-z\u00a1-\uffff]{2,24}", re.I)
_PHONE = re.compile(r"(?:tel:)?\+?[\d\s().\-/]{7,25}")
_MACHINE = re.compile(
    r"(no|do)?[-_.]?(not?)?[-_.]?(reply|respond(er|as)?|contestar|responda)\w*([-_.]\w{1,12})?|wordpress|www(-data)?|web(form\w*)?"
    r"|formularios?\w*|forms?|contact-?form|notific\w+|leads?\w*|mailer|apache|nobody|robot|mensajes|contactos|avisos"
    r"|solicitudes|enquir(y|ies)|inquir(y|ies)|autolead\w*|system|sistema|alertas?|anuncios",
    re.IGNORECASE,
)
# Addresses that a portal made for one conversation; and how it writes that somebody comes from there.
_ALIAS = re.compile(r"(?=\w*\d)(?=\w*[a-z])\w{8,}|\d{6,}", re.IGNORECASE)
_AT_THE_PORTAL = re.compile(
    r"\s*(\(.*\)|(en|via|vía|desde|a través de|through|from|at|on) \S+(\.\w+)?)\s*$", re.IGNORECASE
)
_REFERENCE = re.compile(
    r"\b(?:r[ée]f|rif)(?:erencia|[ée]rence|erimento|\.)?\s*[:.]?\s*([A-Z0-9][\w/-]{0,28}\d[\w/-]{0,10})\b",
    re.IGNORECASE,
)
# "Nuevo mensaje de Laura Gómez sobre tu inmueble".
_WROTE = re.compile(
    r"\b(?:mensaje|contacto|consulta|solicitud|message|enquiry|inquiry|missatge|nachricht|anfrage|messaggio|richiesta|"
    r"demande) (?:de|from|von|da) ([A-ZÀ-Þ][\w'’.-]{0,30}(?: [A-ZÀ-Þ][\w'’.-]{0,30}){0,4})"
    r"(?= (?:sobre|por|para|about|for|regarding|te ha|ha|zu|sur|pour|per)\b|\s*(?:[-:(]|$))"
)
_PASSED_ON = re.compile(r"\s*(re|rv|aw|sv|fw|fwd|wg|rif|ref|res|tr|enc|i)\s*(\[\d+\])?\s*:", re.IGNORECASE)
_MOST_BEFORE = 1_000  # characters: a form has little to say before its first field
_HOMES = re.compile(
    r"inmueble|vivienda|\bpiso|\bcasa\b|anuncio|propiedad|propert(y|ies)|listing|apartment|villa|alquiler|en venta|"
    r"immobil|wohnung|annonce|\bbien\b|logement|appart|annuncio",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Lead:
    """Who filled in a form, and what about. `portal` is "" for the form of a website."""

    portal: str
    name: str
    email: str
    phone: str
    reference: str
    message: str


def read_lead(parsed: ParsedMail, ours: Collection[str] = ()) -> Lead | None:
    """The lead that a mail brings, None when it is an ordinary mail or there is any doubt.

    `ours` are the agency's own addresses: the form on its website writes from one of them, or from their domain.
    """
    is_in_thread = parsed.in_reply_to or parsed.references or _PASSED_ON.match(parsed.subject)
    if is_in_thread or parsed.bounce or parsed.invitation:
        return None
    portal = portal_of(parsed.sender.email)
    if not (portal or parsed.reply_to or _wrote_itself(parsed, ours)):
        return None
    lines = [html_lines(parsed.html)]
    if "<blockquote" not in parsed.html:  # its text may be made of it, and says not what is quoted
        lines.append(text_lines(parsed.text))
    found = [lead for one in lines if (lead := _lead(one, parsed, portal, ours)) is not None]
    if len({lead.email for lead in found if lead.email}) > 1:
        return None
    return max(found, key=_said) if found else _lead_without_fields(parsed, portal, ours)


def portal_of(sender: str) -> str:
    """The portal whose domain the address is of, "" for others."""
    labels = normalise_address(sender).rpartition("@")[2].split(".")
    for index, label in enumerate(labels):
        if label in PORTALS and ".".join(labels[index + 1 :]) in _ENDINGS:
            return PORTALS[label]
    return ""


def _wrote_itself(parsed: ParsedMail, ours: Collection[str]) -> bool:
    """Whether a machine wrote it: by its name, or in the agency's own."""
    sender = normalise_address(parsed.sender.email)
    local, _, domain = sender.rpartition("@")
    is_ours = sender in ours or (not provider_of(domain) and domain in {one.rpartition("@")[2] for one in ours})
    return is_ours or _MACHINE.fullmatch(local) is not None


def _lead(lines: Sequence[Line], parsed: ParsedMail, portal: str, ours: Collection[str]) -> Lead | None:
    fields = [field for field in fields_of(lines) if field.value]
    if not fields or any(field.kind == FORWARDED for field in fields[:4]) or _is_doubled(fields):
        return None
    if sum(len(line.text) for line in lines[: fields[0].line]) > _MOST_BEFORE:
        return None
    lead = Lead(
        portal,
        _name(fields) or _portals_word(parsed, portal),
        _email(fields) or _proxy(parsed, portal),
        _phone(fields),
        _reference(fields, parsed if portal else None),
        _first(fields, MESSAGE)[:20_000],
    )
    sender = normalise_address(parsed.sender.email)
    if lead.email in {*ours, sender} or not (lead.email or lead.phone):
        return None
    answers_go_there = bool(lead.email) and [normalise_address(one.email) for one in parsed.reply_to] == [lead.email]
    is_form = bool(portal) or answers_go_there or _wrote_itself(parsed, ours)
    return lead if is_form and _is_enough(lead, lines, parsed) else None


def _lead_without_fields(parsed: ParsedMail, portal: str, ours: Collection[str]) -> Lead | None:
    """Some portals only say "Marta has written to you": then all of it is the message, and answers go to Reply-To."""
    email = _proxy(parsed, portal)
    if not email or email in ours or not _MACHINE.fullmatch(parsed.sender.email.partition("@")[0]):
        return None
    if portal_of(email) and not _ALIAS.search(email.partition("@")[0]):
        return None  # whoever looks after agencies there
    name = _portals_word(parsed, portal)
    return Lead(portal, name, email, "", _reference([], parsed), parsed.new_text[:20_000])


def _portals_word(parsed: ParsedMail, portal: str) -> str:
    """The name that a portal gives to whom answers go, or to itself ("Laura via Idealista"); or in the subject."""
    if not portal:
        return ""
    said = next((one.name for one in parsed.reply_to[:1]), "") or parsed.sender.name
    names = _AT_THE_PORTAL.sub("", said[:200]).strip(), *_WROTE.findall(parsed.subject[:300])
    return next((name[:100] for name in names if _is_persons(name)), "")


def _is_persons(name: str) -> bool:
    """Whether this is a name, and not the portal's own or one of its addresses."""
    is_portals = any(portal in name.casefold() for portal in PORTALS)
    return any(map(str.isalpha, name)) and "@" not in name and not is_portals


def _is_enough(lead: Lead, lines: Sequence[Line], parsed: ParsedMail) -> bool:
    if lead.portal:
        is_machine = _MACHINE.fullmatch(parsed.sender.email.partition("@")[0]) is not None
        return _said(lead) >= (2 if is_machine or parsed.reply_to else 3)
    if not lead.name:
        return False
    return bool(lead.message) or (bool(lead.reference) and any(_HOMES.search(line.text) for line in lines))


def _said(lead: Lead) -> int:
    return sum(bool(value) for value in (lead.name, lead.email, lead.phone, lead.reference, lead.message))


def _is_doubled(fields: Sequence[Field]) -> bool:
    """Two people in one mail: a list of leads, or one that is told of."""
    for kind in (NAME, FIRST, EMAIL, MESSAGE):
        values = {field.value.casefold() for field in fields if field.kind == kind}
        if len(values) > 1:
            return True
    return False


def _first(fields: Sequence[Field], kind: str) -> str:
    return next((field.value for field in fields if field.kind == kind), "")


def _reference(fields: Sequence[Field], parsed: ParsedMail | None) -> str:
    """From its field, else from the portal's subject."""
    said = _first(fields, REFERENCE)
    in_subject = _REFERENCE.search(parsed.subject) if parsed is not None and not said else None
    return in_subject[1] if in_subject else said[:100] if "\n" not in said else ""


def _name(fields: Sequence[Field]) -> str:
    whole, first = _first(fields, NAME), _first(fields, FIRST)
    if whole and first.casefold() not in whole.casefold() and not _first(fields, LAST):
        whole = f"{first} {whole}"  # "Nom: Dupont, Prénom: Claire"
    whole = whole or first or _ADDRESS.sub("", _first(fields, FROM)).strip(" <>()\"'")
    last = _first(fields, LAST)
    name = whole if last.casefold() in whole.casefold() else f"{whole} {last}"
    name = " ".join(name.split())
    is_one = any(letter.isalpha() for letter in name) and not re.search(r"[@/\\<>{}]|www\.", name)
    return name if is_one and len(name) <= 100 else ""


def _email(fields: Sequence[Field]) -> str:
    """The one address that stands there; with two of them it is nobody's."""
    said = _first(fields, EMAIL) or _first(fields, FROM)
    found = {normalise_address(one.rstrip(".")) for one in _ADDRESS.findall(said)} if len(said) <= 250 else set()
    return found.pop() if len(found) == 1 else ""


def _proxy(parsed: ParsedMail, portal: str) -> str:
    """Some portals name no address, but pass answers on that go to Reply-To."""
    known = {normalise_address(one.email) for one in parsed.reply_to}
    known.discard(normalise_address(parsed.sender.email))
    if not portal or len(known) != 1:
        return ""
    (email,) = known
    return "" if _MACHINE.fullmatch(email.partition("@")[0]) or not _ADDRESS.fullmatch(email) else email


def _phone(fields: Sequence[Field]) -> str:
    for field in fields:
        found = _PHONE.match(field.value) if field.kind == PHONE else None
        if found and 7 <= len(re.sub(r"\D", "", found[0])) <= 15:
            return found[0].removeprefix("tel:").strip(" .-/(")
    return ""
