"""Leads of portals and forms, as they write them; and mails that only look like it."""

from html import escape

import pytest

from witei_app.mail.leads import Lead, portal_of, read_lead
from witei_app.mail.parse import parse_mail
from witei_app.mail.types import ParsedMail

OURS = {"sol@localhost.test", "info@agencia-sol.es"}


def mail(sender: str, text: str = "", html: str = "", subject: str = "Nuevo contacto", **headers: str) -> ParsedMail:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    head = {"From": sender, "To": "info@agencia-sol.es", "Subject": subject, "MIME-Version": "1.0"} | named
    lines = [f"{name}: {value}" for name, value in head.items()]
    parts = [(kind, body) for kind, body in (("plain", text), ("html", html)) if body]
    if len(parts) == 1:
        lines += [f"Content-Type: text/{parts[0][0]}; charset=utf-8", "", parts[0][1]]
    else:
        lines += ['Content-Type: multipart/alternative; boundary="b"', ""]
        for kind, body in parts:
            lines += ["--b", f"Content-Type: text/{kind}; charset=utf-8", "", body]
        lines.append("--b--")
    return parse_mail("\r\n".join(lines).encode(), "")


def table(*rows: tuple[str, str], before: str = "", after: str = "") -> str:
    cells = "".join(f"<tr><td><b>{escape(label)}</b></td><td>{value}</td></tr>" for label, value in rows)
    return f"<html><body><p>{before}</p><table>{cells}</table><p>{after}</p></body></html>"


JUAN = Lead("", "Juan Pérez Gil", "juan@correo.test", "600 11 22 33", "", "")
LEADS = {
    "idealista, text": (
        mail(
            "idealista <noresponder@idealista.com>",
            "Hola:\n\nTienes un nuevo mensaje sobre tu anuncio.\n\nNombre: Juan Pérez Gil\nTeléfono: 600 11 22 33\n"
            "E-mail: juan@correo.test\nReferencia: SOL-104\nMensaje: Me interesa el piso.\n¿Se puede ver mañana?\n\n"
            "Este mensaje se ha enviado desde idealista.com",
        ),
        ("Idealista", "SOL-104", "Me interesa el piso.\n¿Se puede ver mañana?"),
    ),
    "fotocasa, a table": (
        mail(
            "Fotocasa <no-reply@fotocasa.es>",
            html=table(
                ("Nombre", "Juan Pérez Gil"),
                ("Correo electrónico", '<a href="mailto:juan@correo.test">juan@correo.test</a>'),
                ("Teléfono", "600 11 22 33"),
                ("Referencia del anuncio", "SOL-104"),
                ("Comentarios", "Quiero verlo.<br>Gracias, Juan"),
                before="Tienes un nuevo contacto",
                after="© Fotocasa 2026. Aviso legal.",
            ),
        ),
        ("Fotocasa", "SOL-104", "Quiero verlo.\nGracias, Juan"),
    ),
    "habitaclia, bold labels and line breaks": (
        mail(
            "habitaclia <contactos@habitaclia.com>",
            html="<p>Nuevo</p><div><b>Nombre:</b> Juan Pérez Gil<br><b>Teléfono:</b> 600 11 22 33<br>"
            "<b>Email:</b> juan@correo.test<br><b>Ref.:</b> 88-7<br><b>Mensaje:</b> Hola<br>Adiós</div>",
        ),
        ("Habitaclia", "88-7", "Hola\nAdiós"),
    ),
    "pisos.com, labels above their values": (
        mail(
            "pisos.com <noreply@mail.pisos.com>",
            "Datos del interesado\n\nNombre:\nJuan Pérez Gil\n\nTeléfono:\n600 11 22 33\n\nEmail:\njuan@correo.test\n\n"
            "Referencia:\nP-9\n\nComentario:\nMándeme fotos, por favor.\n",
        ),
        ("Pisos.com", "P-9", "Mándeme fotos, por favor."),
    ),
    "milanuncios, stars around the labels": (
        mail(
            "Milanuncios <no-reply@milanuncios.com>",
            "*Nombre:* Juan Pérez Gil\n*Teléfono:* 600 11 22 33\n*Email:* juan@correo.test\n*Mensaje:* ¿Sigue libre?\n",
        ),
        ("Milanuncios", "", "¿Sigue libre?"),
    ),
    "kyero, English": (
        mail(
            "Kyero <leads@kyero.com>",
            "New enquiry\n\nName: Juan Pérez Gil\nEmail: juan@correo.test\nTelephone: 600 11 22 33\n"
            "Property reference: K-1\nMessage: Could we view it in May?\n\n--\nThe Kyero team",
        ),
        ("Kyero", "K-1", "Could we view it in May?"),
    ),
    "rightmove, first and last name apart": (
        mail(
            "Rightmove <autoleads@rightmove.co.uk>",
            html=table(
                ("First name", "Juan"),
                ("Last name", "Pérez Gil"),
                ("Telephone", "600 11 22 33"),
                ("Email", "juan@correo.test"),
                ("Your reference", "RM 7"),
                ("Comments", "I would like to view this property"),
            ),
        ),
        ("Rightmove", "RM 7", "I would like to view this property"),
    ),
    "thinkspain, a definition list": (
        mail(
            "thinkSPAIN <enquiries@thinkspain.com>",
            html="<dl><dt>Name</dt><dd>Juan Pérez Gil</dd><dt>Phone</dt><dd>600 11 22 33</dd><dt>Email</dt>"
            "<dd>juan@correo.test</dd><dt>Ref</dt><dd>TS5</dd><dt>Message</dt><dd>Is it sunny?</dd></dl>",
        ),
        ("ThinkSpain", "TS5", "Is it sunny?"),
    ),
    "a portal whose text and table say the same": (
        mail(
            "Indomio <noreply@indomio.es>",
            "Nombre: Juan Pérez Gil\nEmail: juan@correo.test\nTeléfono: 600 11 22 33\nMensaje: Hola",
            table(
                ("Nombre", "Juan Pérez Gil"),
                ("Email", "juan@correo.test"),
                ("Teléfono", "600 11 22 33"),
                ("Mensaje", "Hola"),
            ),
        ),
        ("Indomio", "", "Hola"),
    ),
    "columns of a text": (
        mail(
            "Yaencontre <noreply@yaencontre.com>",
            "Nombre      Juan Pérez Gil\nTeléfono    600 11 22 33\nE-mail      juan@correo.test\nMensaje     Hola\n",
        ),
        ("Yaencontre", "", "Hola"),
    ),
    "contact form 7": (
        mail(
            "Agencia Sol <wordpress@agencia-sol.es>",
            "De: Juan Pérez Gil <juan@correo.test>\nAsunto: Piso\nTeléfono: 600 11 22 33\n\nCuerpo del mensaje:\n"
            "Quiero vender mi casa.\n\nNo corre prisa.\n\n-- \n"
            "Este mensaje se ha enviado desde el formulario de contacto",
            Reply_To="juan@correo.test",
        ),
        ("", "", "Quiero vender mi casa.\n\nNo corre prisa."),
    ),
    "contact form 7, English": (
        mail(
            "Site <wordpress@elsewhere.test>",
            "From: Juan Pérez Gil <juan@correo.test>\nSubject: House\nPhone: 600 11 22 33\n\nMessage Body:\nI sell.\n"
            "\n-- \n"
            "This e-mail was sent from a contact form on Sol",
        ),
        ("", "", "I sell."),
    ),
    "wpforms": (
        mail(
            "Sol <info@agencia-sol.es>",
            html="".join(
                f"<table><tbody><tr><td>\n<strong>{label}</strong>\n</td></tr><tr><td>{value}</td></tr></tbody></table>"
                for label, value in (
                    ("Nombre", "Juan Pérez Gil"),
                    ("Correo electrónico", '<a href="mailto:juan@correo.test">juan@correo.test</a>'),
                    ("Tu teléfono", "600 11 22 33"),
                    ("Comentario o mensaje", "Llámeme"),
                )
            ),
            Reply_To="juan@correo.test",
        ),
        ("", "", "Llámeme"),
    ),
    "elementor": (
        mail(
            "Sol <email@agencia-sol.es>",
            "Nombre: Juan Pérez Gil\nEmail: juan@correo.test\nTeléfono: 600 11 22 33\nMensaje: Una pregunta\n\n---\n\n"
            "Fecha: 3 noviembre 2026\nHora: 10:00\nURL de la página: https://agencia-sol.es/\nIP remota: 192.0.2.1",
        ),
        ("", "", "Una pregunta"),
    ),
    "gravity forms, the value below in a row of its own": (
        mail(
            "Web <no-reply@host.test>",
            html="<table><tr><td>Nombre</td></tr><tr><td>Juan Pérez Gil</td></tr><tr><td>Email</td></tr><tr><td>"
            "juan@correo.test</td></tr><tr><td>Teléfono</td></tr><tr><td>600 11 22 33</td></tr>"
            "<tr><td>Mensaje</td></tr><tr><td>Hola<br>qué tal</td></tr></table>",
        ),
        ("", "", "Hola\nqué tal"),
    ),
    "a property's own form": (
        mail(
            "Web <web@agencia-sol.es>",
            "Solicitud de información de un inmueble\nNombre: Juan Pérez Gil\nE-mail: juan@correo.test\n"
            "Tel.: 600 11 22 33\nReferencia: A-1\n",
        ),
        ("", "A-1", ""),
    ),
    "what is marked as required": (
        mail(
            "Web <formulario@hosting.test>",
            "Nombre (obligatorio): Juan Pérez Gil\nEmail*: juan@correo.test\nTeléfono *: 600 11 22 33\n"
            "Consulta: ¿Cuánto?\n",
        ),
        ("", "", "¿Cuánto?"),
    ),
    "Catalan": (
        mail(
            "Web <no-reply@agencia-sol.es>",
            "Nom i cognoms: Juan Pérez Gil\nCorreu electrònic: juan@correo.test\nTelèfon: 600 11 22 33\n"
            "Missatge: Bon dia\n",
        ),
        ("", "", "Bon dia"),
    ),
}


@pytest.mark.parametrize("name", LEADS)
def test_a_lead_is_read_as_what_it_says(name: str) -> None:
    parsed, (portal, reference, message) = LEADS[name]
    assert read_lead(parsed, OURS) == Lead(portal, JUAN.name, JUAN.email, JUAN.phone, reference, message)


def test_a_portal_may_tell_the_telephone_alone() -> None:
    parsed = mail("Idealista <noresponder@idealista.com>", "Nombre: Juan\nTeléfono: +34 600112233\nReferencia: A1\n")
    assert read_lead(parsed, OURS) == Lead("Idealista", "Juan", "", "+34 600112233", "A1", "")


def test_a_portal_that_hides_the_address_has_answers_sent_to_another() -> None:
    text = "Nombre: Juan\nMensaje: Hola\n"
    parsed = mail("Milanuncios <no-reply@milanuncios.com>", text, Reply_To="x81f@chat.milanuncios.com")
    assert read_lead(parsed, OURS) == Lead("Milanuncios", "Juan", "x81f@chat.milanuncios.com", "", "", "Hola")


WROTE = "Marta te ha enviado un mensaje\n\n¿Se puede ver el jueves?\n\nPuedes responder a este correo.\n"


@pytest.mark.parametrize(
    ("sender", "reply_to", "name", "email"),
    [
        ("Marta en idealista <noreply.es@idealista.com>", "c-9a8b7c6d@chat.idealista.com", "Marta", "c-9a8b7c6d@chat"),
        ("idealista <noreply.es@idealista.com>", "Marta Ruiz <marta@correo.test>", "Marta Ruiz", "marta@correo"),
        ("habitaclia <contactos@habitaclia.com>", "marta@correo.test", "", "marta@correo"),
    ],
)
def test_a_portal_may_only_say_who_wants_to_be_answered(sender: str, reply_to: str, name: str, email: str) -> None:
    lead = read_lead(
        mail(sender, WROTE, subject="Mensaje sobre tu inmueble con ref. SOL-0012", Reply_To=reply_to), OURS
    )
    assert lead is not None
    assert (lead.name, lead.email.partition(".")[0], lead.reference) == (name, email, "SOL-0012")
    assert "¿Se puede ver el jueves?" in lead.message


@pytest.mark.parametrize(
    ("sender", "subject", "text", "expected"),
    [
        (
            "ImmobilienScout24 <noreply@immobilienscout24.de>",
            "Neue Kontaktanfrage",
            "Sie haben eine neue Anfrage.\n\nName: Jan Müller\nE-Mail: jan@correo.test\nTelefon: 0170 1234567\n"
            "Nachricht:\nBitte um Besichtigung.\n\nObjekt-ID: SOL-104\n",
            Lead("ImmoScout24", "Jan Müller", "jan@correo.test", "0170 1234567", "SOL-104", "Bitte um Besichtigung."),
        ),
        (
            "SeLoger <noreply@seloger.com>",
            "Nouvelle demande - Réf. SOL-104",
            "Nom : Dupont\nPrénom : Claire\nE-mail : claire@correo.test\nTéléphone : 06 12 34 56 78\n"
            "Message : Ce bien est-il disponible ?\n\nL'équipe SeLoger",
            Lead("SeLoger", "Claire Dupont", "claire@correo.test", "06 12 34 56 78", "SOL-104",
                 "Ce bien est-il disponible ?"),
        ),
        (
            "Immobiliare.it <noreply@immobiliare.it>",
            "Nuova richiesta",
            "Nome: Gianni\nCognome: Rossi\nIndirizzo e-mail: gianni@correo.test\nTelefono: 347 1234567\n"
            "Messaggio: Vorrei visitare.\nRiferimento: SOL-104",
            Lead("Immobiliare.it", "Gianni Rossi", "gianni@correo.test", "347 1234567", "SOL-104", "Vorrei visitare."),
        ),
    ],
)  # fmt: skip
def test_portals_of_france_germany_and_italy_are_read(sender: str, subject: str, text: str, expected: Lead) -> None:
    assert read_lead(mail(sender, text, subject=subject), OURS) == expected


@pytest.mark.parametrize(
    ("sender", "subject", "reply_to"),
    [
        ("idealista <noresponder@idealista.com>", "Nuevo mensaje de Laura Gómez sobre tu piso", "laura@correo.test"),
        ("Laura Gómez <noresponder@idealista.com>", "Nuevo contacto", "a1b2c3d4e5@idealista.com"),
        ("idealista <noresponder@idealista.com>", "Nuevo contacto", "Laura Gómez vía idealista <laura@correo.test>"),
    ],
)
def test_a_name_that_is_no_field_is_looked_for_where_the_portal_says_it(
    sender: str, subject: str, reply_to: str
) -> None:
    text = "Te han escrito:\n\nHola, ¿sigue libre?\n\nTeléfono: 600 11 22 33"
    lead = read_lead(mail(sender, text, subject=subject, Reply_To=reply_to), OURS)
    assert lead is not None
    assert (lead.name, lead.phone) == ("Laura Gómez", "600 11 22 33")


def test_a_call_that_was_missed_is_a_lead() -> None:
    text = "Has recibido una llamada perdida\n\nTeléfono: 612 345 678\nReferencia: SOL-0012\n"
    lead = read_lead(mail("idealista <noreply.es@idealista.com>", text), OURS)
    assert lead == Lead("Idealista", "", "", "612 345 678", "SOL-0012", "")


def test_the_data_of_the_home_are_no_words_of_the_person() -> None:
    text = f"{FORM}¿Aceptan mascotas?\n\nDatos del anuncio\nPrecio: 900 €\n"
    lead = read_lead(mail("Fotocasa <no-reply@fotocasa.es>", text), OURS)
    assert lead is not None
    assert lead.message == "Me interesa\n¿Aceptan mascotas?"


def test_portals_are_known_by_their_domains_alone() -> None:
    known = ["a@idealista.com", "a@mail.pisos.com", "A@Fotocasa.ES", "a@rightmove.co.uk"]
    unknown = ["a@idealista.com.evil.test", "a@notidealista.com", "a@pisos.com.test", "idealista@gmail.com", ""]
    assert all(portal_of(address) for address in known)
    assert not any(portal_of(address) for address in unknown)


FORM = "Nombre: Juan Pérez\nE-mail: juan@correo.test\nTeléfono: 600112233\nMensaje: Me interesa\n"
ORDINARY = {
    "a person who says who they are": mail("Juan <juan@correo.test>", f"Hola, mis datos:\n{FORM}"),
    "a person who passes somebody on": mail("Eva <eva@otra.test>", f"Os paso un cliente:\n\n{FORM}"),
    "a lead that somebody forwards": mail("Eva <no-reply@otra.test>", FORM, subject="RV: Nuevo contacto"),
    "an answer to a lead": mail("Idealista <noresponder@idealista.com>", FORM, subject="Re: Nuevo contacto"),
    "a lead in a thread": mail("Idealista <noresponder@idealista.com>", FORM, In_Reply_To="<a@b.test>"),
    "a lead that is quoted": mail(
        "Web <no-reply@host.test>", "Resumen:\n" + "".join(f"> {line}\n" for line in FORM.splitlines())
    ),
    "a lead quoted as HTML": mail(
        "Web <no-reply@host.test>", html=f"<p>Resumen</p><blockquote>{FORM.replace(chr(10), '<br>')}</blockquote>"
    ),
    "a forwarded head": mail(
        "Web <no-reply@host.test>",
        f"De: Juan Pérez <juan@correo.test>\nEnviado el: lunes\nPara: info@agencia-sol.es\nAsunto: Piso\n\n{FORM}",
    ),
    "a list of leads": mail(
        "Idealista <noresponder@idealista.com>", FORM + FORM.replace("juan@", "ana@").replace("Juan", "Ana")
    ),
    "an invoice of a portal": mail(
        "Idealista <facturas@idealista.com>", "Cliente: Agencia Sol\nReferencia: 2026-10\nImporte: 120 €\n"
    ),
    "an order": mail(
        "Shop <no-reply@shop.test>",
        "Name: Juan Pérez\nEmail: juan@correo.test\nPhone: 600112233\nOrder: 7\nTotal: 3 €\n",
    ),
    "an account": mail("App <no-reply@app.test>", "Your account\nName: Juan\nEmail: juan@correo.test\n"),
    "a message of an app": mail("App <no-reply@app.test>", "Name: deploy\nMessage: it is done\nURL: https://a.test\n"),
    "our own data": mail(
        "Idealista <noresponder@idealista.com>",
        "Nombre: Agencia Sol\nEmail: info@agencia-sol.es\nTeléfono: 910000000\nMensaje: Renueva tu plan\n",
    ),
    "two addresses in one field": mail(
        "Web <no-reply@host.test>",
        FORM.replace("juan@correo.test", "juan@correo.test, ana@correo.test").replace("600112233", ""),
    ),
    "a long letter that ends with fields": mail("Web <no-reply@host.test>", "Estimados señores. " * 80 + "\n\n" + FORM),
    "a newsletter": mail("News <news@idealista.com>", "Precios de mayo\n\nMadrid: 4.000 €/m²\nBarcelona: 4.300 €/m²\n"),
    "news of a portal that its people answer": mail(
        "Idealista <noreply.es@idealista.com>", "Tu resumen semanal", Reply_To="clientes@idealista.com"
    ),
    "a person at a portal": mail("Eva <eva.gil@idealista.com>", "Hola, ¿hablamos?", Reply_To="eva@movil.test"),
    "a portal that answers to us": mail("Idealista <noreply@idealista.com>", WROTE, Reply_To="info@agencia-sol.es"),
    "nothing": mail("Web <no-reply@host.test>", " "),
}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_mail_stays_one(name: str) -> None:
    assert read_lead(ORDINARY[name], OURS) is None


@pytest.mark.parametrize(
    "value",
    ["<script>alert(1)</script>", "http://evil.test/x", "a@b.test", "../../etc/passwd", "x" * 500, "1234"],
)
def test_what_is_no_name_is_not_taken_for_one(value: str) -> None:
    lead = read_lead(mail("Idealista <noresponder@idealista.com>", FORM.replace("Juan Pérez", value)), OURS)
    assert lead is not None
    assert lead.name == ""


@pytest.mark.parametrize("value", ["12", "call me", "1" * 40, "=cmd()"])
def test_what_is_no_telephone_is_not_taken_for_one(value: str) -> None:
    lead = read_lead(mail("Idealista <noresponder@idealista.com>", FORM.replace("600112233", value)), OURS)
    assert lead is not None
    assert lead.phone == ""


def test_a_person_who_writes_with_colons_is_not_cut_short() -> None:
    text = FORM.replace("Me interesa", "Tres cosas\nUna: el precio\nde: 10 a 14\nPara: mi madre\nGracias")
    lead = read_lead(mail("Idealista <noresponder@idealista.com>", text), OURS)
    assert lead is not None
    assert lead.message == "Tres cosas\nUna: el precio\nde: 10 a 14\nPara: mi madre\nGracias"
