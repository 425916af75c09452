import pytest

from witei_app.mail.quoted import split_reply

# The line above the quote, as each program writes it in each language that contacts use.
ATTRIBUTIONS = [
    "On Mon, Nov 23, 2026 at 10:31 AM Ana Gil <sol@localhost.test> wrote:",
    "On 23/11/2026 10:31, Ana Gil wrote:",
    "On 23 Nov 2026, at 10:31, Ana Gil <sol@localhost.test> wrote:",
    "El lun, 23 nov 2026 a las 10:31, Ana Gil (<sol@localhost.test>) escribió:",
    "El 23/11/26 a las 10:31, Ana Gil escribió:",
    "El lunes, 23 de noviembre de 2026, 10:31:00 CET, Ana Gil <sol@localhost.test> escribió:",
    "El dl., 23 de nov. 2026 a les 10:31, Ana Gil (<sol@localhost.test>) va escriure:",
    "Le lun. 23 nov. 2026 à 10:31, Ana Gil <sol@localhost.test> a écrit :",
    "Am Mo., 23. Nov. 2026 um 10:31 Uhr schrieb Ana Gil <sol@localhost.test>:",
    "Am 23.11.26 um 10:31 schrieb Ana Gil:",
    "Il giorno lun 23 nov 2026 alle ore 10:31 Ana Gil <sol@localhost.test> ha scritto:",
    "Il 23/11/26 10:31, Ana Gil ha scritto:",
    "Em seg., 23 de nov. de 2026 às 10:31, Ana Gil <sol@localhost.test> escreveu:",
    "2026-11-23 10:31 GMT+01:00 Ana Gil <sol@localhost.test>:",
    "Ana Gil <sol@localhost.test> escribió el lun, 23 nov 2026 a las 10:31:",
]
SEPARATORS = [
    "-----Original Message-----\nFrom: Ana\nSent: Monday\nTo: Marco\nSubject: Visita",
    "-----Mensaje original-----\nDe: Ana\nEnviado el: lunes\nPara: Marco\nAsunto: Visita",
    "*De:* Ana Gil <sol@localhost.test>\n*Enviado el:* lunes\n*Para:* Marco\n*Asunto:* Visita",
    "Von: Ana\nGesendet: Montag\nAn: Marco\nBetreff: Besuch",
    "De : Ana\nEnvoyé : lundi\nÀ : Marco\nObjet : Visite",
    "Da: Ana\nInviato: lunedì\nA: Marco\nOggetto: Visita",
    "Från: Ana\nSkickat: den 5 juni\nTill: Marco\nÄmne: Besök",
    "Fra: Ana\nSendt: 19. mars\nTil: Marco\nEmne: Besøk",
    "Van: Ana\nVerzonden: maandag\nAan: Marco\nOnderwerp: Bezoek",
    "Od: Ana\nWysłano: poniedziałek\nDo: Marco\nTemat: Wizyta",
    "От: Ana\nОтправлено: понедельник\nКому: Marco\nТема: Визит",
    "-----Ursprungligt meddelande-----\nFrån: Ana",
    "---- On lun, 23 nov 2026 10:31:00 +0100 Ana Gil<sol@localhost.test> wrote ----",
    "________________________________\nDe: Ana\nEnviado: segunda-feira\nPara: Marco\nAssunto: Visita",
]
PROGRAMS = [
    '<p>Sí.</p><div class="gmail_quote"><div class="gmail_attr">El lunes</div><blockquote>¿Sí?</blockquote></div>',
    '<p>Sí.</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>De:</b> Ana</div><div>¿Sí?</div>',
    '<p>Sí.</p><div><blockquote type="cite">El lunes, Ana escribió:<br>¿Sí?</blockquote></div>',
    '<p>Sí.</p><div class="moz-cite-prefix">El 23/11/26, Ana escribió:</div><blockquote type="cite">¿Sí?</blockquote>',
    '<p>Sí.</p><div id="yahoo_quoted_7" class="yahoo_quoted"><div>El lunes Ana escribió:</div><div>¿Sí?</div></div>',
    '<p>Sí.</p><div class="protonmail_quote">El lunes Ana escribió:<blockquote>¿Sí?</blockquote></div>',
    '<div>Sí.</div><div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3pt">From: Ana<br>Sent: x</div>'
    "</div><p>¿Sí?</p>",
]


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_history_below_an_attribution_is_folded(line):
    assert split_reply(f"De acuerdo.\n\n{line}\n\n> ¿Le va bien?\n> Ana") == (
        "De acuerdo.",
        f"{line}\n\n> ¿Le va bien?\n> Ana",
    )


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_an_answer_below_the_quote_is_never_hidden(line):
    text = f"{line}\n> ¿Le va bien?\n\nSí, a las diez."
    assert split_reply(text) == ("Sí, a las diez.", f"{line}\n> ¿Le va bien?")


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_answers_between_quotes_keep_what_they_answer(line):
    text = f"{line}\n> ¿Le va bien?\n\nSí.\n\n> ¿A qué hora?\n\nA las diez."
    assert split_reply(text) == (text, "")


def test_words_before_an_attribution_on_its_line_are_shown():
    new, rest = split_reply("Vale, perfecto. El lun, 23 nov 2026 a las 10:31, Ana Gil escribió:\n> ¿Le va bien?")
    assert new == "Vale, perfecto."
    assert rest.startswith("El lun, 23 nov 2026")


@pytest.mark.parametrize(
    "line", ["Skickat från min iPhone", "Sendt fra min iPad", "Verzonden vanaf mijn iPhone", "(sent from a phone)"]
)
def test_the_line_of_a_telephone_is_folded(line):
    assert split_reply(f"De acuerdo.\n\n{line}") == ("De acuerdo.", line)


@pytest.mark.parametrize("block", SEPARATORS)
def test_history_below_outlooks_header_block_is_folded(block):
    assert split_reply(f"De acuerdo.\n\n{block}\n\nHola Marco")[0] == "De acuerdo."


@pytest.mark.parametrize("html", PROGRAMS)
def test_each_programs_way_of_quoting_in_html_is_known(html):
    new, rest = split_reply("Sí.\n\n¿Sí?", html)
    assert new == "Sí."
    assert "¿Sí?" in rest


@pytest.mark.parametrize("html", PROGRAMS[2:6])
def test_an_answer_after_the_quote_in_html_shows_everything(html):
    text = "Sí.\n\n¿Sí?\n\nY otra cosa."
    assert split_reply(text, f"{html}<p>Y otra cosa.</p>") == (text, "")


def test_an_attribution_without_a_date_counts_above_a_quote_only():
    assert split_reply("Vale.\n\nAna Gil escribió:\n> ¿Sí?") == ("Vale.", "Ana Gil escribió:\n> ¿Sí?")
    text = "Vale.\n\nAna Gil escribió:\n> ¿Sí?\n\nY otra cosa."
    assert split_reply(text) == (text, "")
    assert split_reply("Mi madre escribió:\nque sí.")[1] == ""


def test_answers_said_to_be_below_show_everything():
    text = "Te contesto debajo.\n\nDe: Ana\nEnviado: lunes\nPara: Marco\n\n¿Tiene hipoteca? Sí."
    assert split_reply(text) == (text, "")


def test_a_message_that_would_be_empty_is_shown_whole():
    text = "> ¿Le va bien?\n> Ana"
    assert split_reply(text) == (text, "")


def test_a_forwarded_mail_is_shown_whole():
    text = "Mira.\n\nDe: Ana\nEnviado: lunes\nPara: Marco\nAsunto: Piso\n\nHola"
    assert split_reply(text, subject="RV: Piso") == (text, "")


def test_lists_and_dashes_are_no_signature():
    for text in ("Quiero:\n- uno\n- dos", "Hola\n--\nesto no es una firma, es lo que quiero decir.", "a\n---\nb"):
        assert split_reply(text) == (text, "")


def test_signatures_and_telephones_lines_are_folded():
    assert split_reply("Voy\n\n-- \nMarco\nTel. 600") == ("Voy", "-- \nMarco\nTel. 600")
    assert split_reply("Voy\n\nSent from my iPhone") == ("Voy", "Sent from my iPhone")
    assert split_reply("Voy\n\nEnviado desde Outlook para Android<https://aka.ms/x>")[0] == "Voy"


def test_prose_about_writing_is_not_an_attribution():
    text = "El lunes Ana me escribió:\nque sigue libre.\n\nOn the phone she wrote: call me."
    assert split_reply(text) == (text, "")
