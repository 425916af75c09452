"""What looks like the history of a mail and is a form, a list, or a mail that somebody passes on: it is shown."""

import pytest

from witei_app.mail.quoted import split_reply

FORMS = [
    "De: Marco Torres <marco@example.com>\nFecha: 23/11/2026 10:31\nAsunto: Ático\nTeléfono: 600 000 000\nMensaje: Sí",
    "Nombre: Marco\nDe: marco@example.com\nPara: info@sol.example\nAsunto: Ático\nMensaje:\n\n¿Sigue libre?",
    "From: Marco <marco@example.com>\nTo: info@sol.example\nSubject: Flat\nPhone: 600\nMessage: Is it free?",
    "De: Marco\nCorreo electrónico: marco@example.com\nFecha: 23/11/2026 10:31\nAsunto: Ático\n\n¿Sigue libre?",
    "*De:* las 10\n*Para:* dos personas\n*Asunto:* visita",
    "De: 10 a 12\nPara: mi hijo\nAsunto: alquiler\n\nGracias",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("above", ["Ha recibido un mensaje desde su web.", "Nuevo contacto"])
def test_a_form_of_a_web_page_is_shown_whole(above: str, form: str) -> None:
    text = f"{above}\n\n{form}"
    assert split_reply(text) == (text, "")


OUTLOOK = "De: Luis <luis@example.com>\nEnviado: lunes, 23 de noviembre de 2026 10:31\nPara: Marco\nAsunto: Arras\n\n"


def test_a_telephone_below_the_fields_makes_no_form_of_them() -> None:
    assert split_reply(f"Voy\n\n{OUTLOOK}Hola\n\nTeléfono: 600") == ("Voy", f"{OUTLOOK}Hola\n\nTeléfono: 600")


@pytest.mark.parametrize(
    "words",
    [
        "Adjunto correo de mi abogado, léanlo por favor.",
        "Le paso el mail del banco.",
        "Ver respuestas en el texto",
        "Le contesto en el correo",
        "Mire lo que me dice la otra agencia.",
        "Para que lo veáis.",
        "Ahí va el correo que me pidió.",
        "See my answers, please",
        "Voir mes réponses",
    ],
)
def test_who_says_that_something_stands_below_shows_it(words: str) -> None:
    text = f"{words}\n\n{OUTLOOK}Las arras son 5.000"
    assert split_reply(text) == (text, "")


def test_a_file_that_comes_with_the_mail_shows_no_history() -> None:
    answer = "Adjunto en este correo la nómina."
    assert split_reply(f"{answer}\n\n{OUTLOOK}Hola") == (answer, f"{OUTLOOK}Hola")


def test_what_somebody_leads_over_to_is_shown_whoever_wrote_it() -> None:
    text = (
        "Le copio lo que nos contestan:\n\nEl lun, 23 nov 2026 a las 10:31, Banco (<b@banco.example>) escribió:\n\n> No"
    )
    assert split_reply(text) == (text, "")


@pytest.mark.parametrize(
    "listed", ["--\nNecesito tres cosas:\n- piso\n- garaje", "--\n1. Nómina\n2. Contrato", "—\n• Piso\n• Garaje"]
)
def test_a_list_below_a_line_is_no_signature(listed: str) -> None:
    assert split_reply(f"Hola\n\n{listed}") == (f"Hola\n\n{listed}", "")


def test_what_a_line_above_leads_over_to_is_no_signature() -> None:
    text = "Hola,\n\nadjunto:\n\n--\n\nDNI\nNómina"
    assert split_reply(text) == (text, "")


@pytest.mark.parametrize(
    "opening",
    [
        "  _____  \n\nDe: Ana\nEnviado el: lunes\nPara: Marco\nAsunto: Visita",
        "Ana Gil ---23/11/2026 10:31:00---Hola Marco: ¿Le\n\nDe: Ana\nPara: Marco\nFecha: 23/11/2026\nAsunto: Visita",
        "Message du : 23/11/2026 10:31\nDe : Ana <ana@example.com>\nA : Marco\nSujet : Visite",
        "Obtener BlueMail para Android\nEl 23 nov 2026, a las 10:31, Ana <ana@example.com> escribió:",
        "Ana Gil <ana@example.com> writes:\n\n> ",
    ],
)
def test_more_programs_ways_to_open_the_history_are_known(opening: str) -> None:
    history = f"{opening}¿Le va bien?" if opening.endswith("> ") else f"{opening}\n\n¿Le va bien?"
    assert split_reply(f"Sí, el martes.\n\n{history}") == ("Sí, el martes.", history.strip("\n"))
