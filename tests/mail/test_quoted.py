import pytest

from witei_app.mail.plain import html_to_text
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
    "Ana Gil (<sol@localhost.test>) escribiu o luns, 23 nov 2026 ás 10:31:",
    "Ana Gil <sol@localhost.test> igorleak hau idatzi du (2026 aza. 23, al. (10:31)):",
    "ma 23. marrask. 2026 klo 10.31 Ana Gil <sol@localhost.test> kirjoitti:",
    "pon., 23 lis 2026 o 10:31 Ana Gil <sol@localhost.test> napisał(a):",
    "lun., 23 nov. 2026, 10:31 Ana Gil <sol@localhost.test> a scris:",
    "пн, 23 нояб. 2026 г. в 10:31, Ana Gil <sol@localhost.test> пишет:",
    "23 листопада 2026 р. о 10:31 <sol@localhost.test> написав:",
    "Ana Gil <sol@localhost.test> писал(а) 2026-11-23 10:31:",
    "No 23 nov 2026 10:31:00, Ana Gil <sol@localhost.test> escribeu:",
    "23 nov 2026 10:31:00-(e)an, Ana Gil <sol@localhost.test>-(e)k hau idatzi zuen:",
    "2026-11-23 10:31 kirjutas Ana Gil <sol@localhost.test>:",
    "في الاثنين، 23 نوفمبر 2026 10:31 ص Ana Gil <sol@localhost.test> كتب:",
    "Op ma 23 nov 2026 om 10:31 schreef Ana Gil <sol@localhost.test>:",
    "Ana Gil <sol@localhost.test> 于2026年11月23日周一 10:31写道：",
    "2026年11月23日(月) 10:31 Ana Gil <sol@localhost.test>:",
    "sol@localhost.test wrote:",
    "Wiadomość napisana przez Ana Gil <sol@localhost.test> w dniu 23 lis 2026, o godz. 10:31:",
    "Op 23 nov 2026, om 10:31 heeft Ana Gil <sol@localhost.test> het volgende geschreven:",
    "2026년 11월 23일 (월) 오전 10:31, Ana Gil <sol@localhost.test>님이 작성:",
    "Ana Gil <sol@localhost.test>, 23 Kas 2026 Pzt, 10:31 tarihinde şunu yazdı:",
    "Am Montag, 23. November 2026, 10:31:00 MEZ hat Ana Gil <sol@localhost.test> Folgendes geschrieben:",
    "Ana Gil <sol@localhost.test> hat am 23.11.2026 10:31 CET geschrieben:",
    "pon, 23. stu 2026. u 10:31 Ana Gil <sol@localhost.test> napisao je:",
    "W dniu 23.11.2026 o 10:31, Ana Gil pisze:",
    "23 nov 2026, 10:31 por sol@localhost.test:",
    "Στις Δευ 23 Νοε 2026 στις 10:31 π.μ., ο/η Ana Gil <sol@localhost.test> έγραψε:",
]
SEPARATORS = [
    "-----Original Message-----\nFrom: Ana\nSent: Monday\nTo: Marco\nSubject: Visita",
    "-----Mensaje original-----\nDe: Ana\nEnviado el: lunes\nPara: Marco\nAsunto: Visita",
    "-------- Mensaje original --------De: Ana Fecha: 23/11/26  10:31  (GMT+01:00) Para: Marco Asunto: Visita",
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
    "-------- correo original --------\nDe: Ana\nEnviado: 23 nov 2026\nPara: Marco\nAsunto: Visita",
    "-------- Původní e-mail --------\nOdesílatel: Ana\nOdesláno: 23. 11. 2026\nKomu: Marco\nPředmět: Visita",
    "Enviado: lunes, 23 de noviembre\nDe: Ana\nPara: Marco\nAsunto: Visita",
    "От: Ana\nИзпратено: понеделник\nДо: Marco\nОтносно: Посещение",
    "Šalje: Ana\nPoslano: ponedjeljak\nPrima: Marco\nPredmet: Posjet",
    "发件人: Ana\n发送时间: 2026年11月23日\n收件人: Marco\n主题: 看房",
    "差出人: Ana\n送信日時: 2026年11月23日\n宛先: Marco\n件名: 内覧",
    "====================\nMessage du : 23/11/2026 10:31\nDe : Ana\nA : Marco\nSujet : \nObjet : Visite",
]
# Long ones are wrapped by the programs that send them.
WRAPPED = [
    "On Mon, Nov 23, 2026 at 10:31 AM, Ana Gil\n<sol@localhost.test>\nwrote:",
    'Le 23 nov. 2026 10:31, "Ana Gil"\n<sol@localhost.test>\na écrit :',
    "On Mon, 23 Nov 2026 10:31:00 +0100\nAna Gil <sol@localhost.test> wrote:",
    "El lunes, 23 de noviembre de 2026,\n10:31:00 CET, Ana Gil <sol@localhost.test> escribió:",
    "Op 23 november 2026 10:31 schreef Ana Gil <\nsol@localhost.test>:",
    "El dl., 23 de nov. 2026 a les 10:31, Ana Gil\n<sol@localhost.test> va escriure:",
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


@pytest.mark.parametrize("lines", WRAPPED)
def test_an_attribution_over_several_lines_is_folded_whole(lines):
    assert split_reply(f"De acuerdo.\n\n{lines}\n\n> ¿Le va bien?")[0] == "De acuerdo."


@pytest.mark.parametrize("answer", ["Voy a las 10:00", "Llego el 12/05/2026 a las 10:00 en el tren de Valencia", "N 7"])
@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_the_last_line_of_an_answer_is_not_taken_for_the_first_of_the_attribution(answer, line):
    assert split_reply(f"Hola\n{answer}\n{line}\n\n> ¿Le va bien?")[0] == f"Hola\n{answer}"


def test_words_before_an_attribution_on_its_line_are_shown():
    new, rest = split_reply("Vale, perfecto. El lun, 23 nov 2026 a las 10:31, Ana Gil escribió:\n> ¿Le va bien?")
    assert new == "Vale, perfecto."
    assert rest.startswith("El lun, 23 nov 2026")


@pytest.mark.parametrize(
    "line",
    [
        "Skickat från min iPhone",
        "Sendt fra min iPad",
        "Verzonden vanaf mijn iPhone",
        "(sent from a phone)",
        "Verstuurd vanaf mijn iPhone",
        "Envoyé avec Proton Mail",
        "Enviado desde mi Samsung Mobile de Telefonica",
        "iPhoneから送信",
        "从我的 iPhone 发送",
        "Libre de virus. www.avast.com",
        "Obter o Outlook para Android",
        "Az iPhone-omról küldve",
        "Get Outlook for iOShttps://aka.ms/o0ukef",
    ],
)
def test_the_line_of_a_telephone_is_folded(line):
    assert split_reply(f"De acuerdo.\n\n{line}") == ("De acuerdo.", line)


def test_a_signature_above_the_line_of_a_telephone_is_folded_too():
    assert split_reply("Voy\n\n--\nMarco Torres\n\nSent from my iPhone")[0] == "Voy"


def test_the_lines_that_a_mailing_list_adds_are_folded():
    text = "On 23 Nov 2026, at 10:31, Ana <ana@example.com> wrote:\n> ¿Sí?"
    footer = "_____\nclientes mailing list\nhttps://lists.example.com/clientes"
    assert split_reply(f"Vale.\n\n{text}\n\n{footer}")[0] == "Vale."
    form = "Mis datos:\n_____\nCalle Verdi, 12\nmarco@example.com"
    assert split_reply(form) == (form, "")


@pytest.mark.parametrize("line", ["P.D. Llámame por la tarde", "PS: ¿y el garaje?", "¿Podemos vernos el jueves?"])
@pytest.mark.parametrize("mark", ["-- ", "--", "—"])
def test_what_a_person_adds_below_the_signature_is_shown(mark, line):
    text = f"Voy\n\n{mark}\nMarco\n{line}"
    assert split_reply(text) == (text, "")


def test_a_form_that_looks_like_a_header_is_shown():
    text = "Quiero reservar:\nDe: lunes\nPara: viernes\nFecha: mayo\nGracias"
    assert split_reply(text) == (text, "")


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
    text = "El propietario me escribió el 23/11/2026 esto:\nNo acepto.\n¿Qué hago?"
    assert split_reply(text) == (text, "")


@pytest.mark.parametrize(
    "line",
    [
        "\u202bבתאריך 23 בנוב׳ 2026 מאת \u202aAna\u202c\u200f <\u202aana@example.com\u202c\u200f>:\u202c",
        "في ٢٣ نوفمبر ٢٠٢٦ تمت كتابة ما يلي بواسطة Ana <ana@example.com>:",
    ],
)
def test_a_line_that_ends_with_an_address_announces_the_quote_below_it(line):
    assert split_reply(f"Vale.\n\n{line}\n\n> ¿Sí?")[0] == "Vale."
    text = f"Vale.\n\n{line}\n\n¿Sí?"
    assert split_reply(text) == (text, "")


@pytest.mark.parametrize("quoted", ["> Saludos, Ana <sol@localhost.test>", "> Luis escribió:", "> Ana Gil wrote:"])
def test_an_answer_below_a_quoted_line_that_could_announce_a_quote_is_shown(quoted):
    new, _ = split_reply(f"De: Ana Gil\nFecha: lunes, 23 de noviembre\n\n{quoted}\n\nHecho.")
    assert "Hecho." in new


def test_fields_whose_first_ends_with_an_address_are_a_block_above_any_history():
    block = "De: Ana<mailto:sol@localhost.test>\nEnviado: lunes\nPara: Marco\nAsunto: Visita"
    new, rest = split_reply(f"Voy el martes.\n\n{block}\n\nEl 20/11/2026 10:31, Marco escribió:\nHola\n> ¿Cuándo?")
    assert new == "Voy el martes."
    assert rest.startswith("De: Ana")


ODD_FIELDS = [
    '------ Mensaje original ------\nDe "Ana Gil" <sol@localhost.test>\nPara marco@example.com\n'
    "Fecha 23/11/2026 10:31\nAsunto Visita al piso",
    "De: Ana <sol@localhost.test>\nPara: Marco\nDespachado: Lunes, 23 de Noviembre 2026 10:31\nAsunto: Visita",
]


@pytest.mark.parametrize("block", ["-----Mensaje original-----", *SEPARATORS[:4], *ODD_FIELDS])
def test_answers_between_quotes_below_a_block_of_fields_are_shown(block):
    quoted = "> ¿Cuándo?\n\nEl martes.\n\n> ¿Dónde?\n\nEn la oficina."
    assert "El martes." in split_reply(f"Gracias por escribir.\n\n{block}\n\n{quoted}")[0]
    new, _ = split_reply(f"Gracias por escribir.\n\n{block}\n\n> ¿Cuándo?\n>\n> ¿Dónde?")
    assert new == "Gracias por escribir."


def test_answers_said_to_be_below_show_everything():
    text = "Te contesto debajo.\n\nDe: Ana\nEnviado: lunes\nPara: Marco\n\n¿Tiene hipoteca? Sí."
    assert split_reply(text) == (text, "")


@pytest.mark.parametrize("words", ["FYI", "Para su información", "Te reenvío esto"])
def test_what_is_passed_on_without_saying_so_in_the_subject_is_shown(words):
    text = f"{words}\n\n-----Mensaje original-----\nDe: Banco\nEnviado: lunes\nPara: Marco\nAsunto: Hipoteca\n\nSí."
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


@pytest.mark.parametrize("mark", ["---------- Forwarded message ---------", "-------- Doorgestuurd bericht --------",
                                  "-------- İletilen İleti --------", "> Inicio del mensaje reenviado:"])  # fmt: skip
def test_a_forwarded_mail_is_known_by_its_mark(mark):
    text = f"Mira.\n\n{mark}\nFrom: Ana <ana@example.com>\nDate: lunes\nTo: Marco\nSubject: Piso\n\nHola"
    assert split_reply(text) == (text, "")


def test_answers_between_quotes_marked_in_another_way_are_shown():
    text = "El 23 nov 2026, a las 10:31, Ana <ana@example.com> escribió:\n |¿Sí?\n\nSí.\n |¿Cuándo?\n\nHoy."
    assert split_reply("Hola\n" + text) == ("Hola\n" + text, "")


def test_prose_about_writing_is_not_an_attribution():
    text = "El lunes Ana me escribió:\nque sigue libre.\n\nOn the phone she wrote: call me."
    assert split_reply(text) == (text, "")


GMAIL_QUOTE = (
    '<div class="gmail_quote"><div class="gmail_attr">El lun, 23 nov 2026 a las 10:31, Ana (&lt;ana@example.com&gt;) '
    'escribió:</div><blockquote class="gmail_quote">¿Sí?</blockquote></div>'
)
GMAIL_QUOTE_AS_TEXT = "El lun, 23 nov 2026 a las 10:31, Ana (<ana@example.com>) escribió:\n> ¿Sí?"


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (f"<div>Vale</div>{GMAIL_QUOTE}", "Vale"),
        (f"<div>Hola</div>{GMAIL_QUOTE}<div>A las diez</div>", f"Hola\n{GMAIL_QUOTE_AS_TEXT}\nA las diez"),
        ('<p>Cito:</p><blockquote style="margin-left:40px">tres</blockquote>', "Cito:\n\ntres"),
        ('<blockquote type="cite">uno<blockquote type="cite">dos</blockquote></blockquote>y', "> uno\n>> dos\ny"),
    ],
)
def test_a_quote_in_html_is_marked_in_its_text(html, shown):
    assert split_reply(html_to_text(html), html)[0] == shown


HEAD = "De: Sol <sol@localhost.test>\nEnviado el: lunes, 23 de noviembre de 2026 10:31\nPara: Marco\nAsunto: Visita\n"


@pytest.mark.parametrize(
    "opening",
    [
        "Te contesto dentro de tu correo.",
        "Mis respuestas, marcadas con MT.",
        "Respondo en mayúsculas sobre tu texto.",
        "Please see my comments in your mail.",
        "Te reenvío lo del banco.",
        "Os paso lo que dice el banco:",
    ],
)
def test_words_that_lead_over_to_what_stands_below_show_it(opening):
    assert "MT: sí voy" in split_reply(f"{opening}\n\n{HEAD}\n¿Vienes?\nMT: sí voy")[0]


@pytest.mark.parametrize("subject", ["Busco piso", "Re: Visita"])
def test_a_list_below_its_own_heading_is_no_quote(subject):
    text = "Busco un piso con:\n\n> 3 habitaciones\n> 100 m2"
    assert split_reply(text, "", subject) == (text, "")


def test_a_list_below_a_heading_and_a_line_is_no_signature():
    assert split_reply("Necesito:\n--\nascensor\nterraza") == ("Necesito:\n--\nascensor\nterraza", "")


@pytest.mark.parametrize("style", ["color:red", "font-size:11pt; color: #FF0000", "color:#C00000;"])
def test_answers_in_red_within_the_mail_that_is_answered_are_shown(style):
    rule = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    history = f'<div style="{rule}"><b>De:</b> Sol<br><b>Asunto:</b> Visita</div><p>¿A qué hora?</p>'
    html = f'<p>Vale:</p>{history}<p><span style="{style}">A LAS ONCE</span></p>'
    assert "A LAS ONCE" in split_reply(html_to_text(html), html)[0]
    calm = html.replace(style, "color:#1A1A1A")
    assert split_reply(html_to_text(calm), calm)[0] == "Vale:"


SIGNED = [
    "Hola Ana,\n\nMarta Ruiz\n[logo.png]",
    "Hi Ana,\n\nKind regards,\nPeter",
    "Un saludo,\nMarta\nTel. 600 11 22 33",
]


@pytest.mark.parametrize(
    "greeting", ["Hola Ana,", "Buenos días", "Dear Ms Gil,", "Bonjour,", "Hello!", "¡Hola!", *SIGNED]
)
@pytest.mark.parametrize("opening", [ATTRIBUTIONS[3], SEPARATORS[1]])
def test_where_only_a_greeting_stands_above_the_answer_below_is_shown(greeting, opening):
    text = f"{greeting}\n\n{opening}\n\n¿Le va bien el jueves?\n\nSí, el jueves me va bien.\n"
    assert split_reply(text) == (text.strip(), "")


@pytest.mark.parametrize(
    "attribution",
    [
        "El mar, 3 dic 2026 a las 10:22, Inmobiliaria Sol, Málaga · Peña y\nCía. (<sol@localhost.test>)\nescribió:",
        "On Thu, Dec 3, 2026 at 10:22 AM Inmobiliaria Sol and\nPartners <sol@localhost.test> wrote:",
        "Ana Gil (Inmobiliaria Sol)\n<sol@localhost.test> escreveu\n(quinta, 3/12/2026 à(s) 10:22):",
        "Ana Gil (Inmobiliaria Sol)\n<sol@localhost.test> escreveu (quinta, 3/12/2026 à(s) 10:22):",
    ],
)
def test_a_long_name_is_wrapped_in_what_announces_the_history(attribution):
    assert split_reply(f"Sí\n\n{attribution}\n\n> ¿Le va bien el jueves?") == (
        "Sí",
        f"{attribution}\n\n> ¿Le va bien el jueves?",
    )


def test_a_line_above_an_address_that_wrote_is_no_name():
    text = "Hola:\n\nNos vemos el jueves\n<sol@localhost.test> escribió:\n\n> ¿Le va bien?"
    assert "Nos vemos el jueves" in split_reply(text)[0]


@pytest.mark.parametrize("line", ["Enviado con cariño", "Enviado desde la notaría ayer"])
def test_what_a_person_has_sent_is_not(line):
    assert split_reply(f"El contrato va aparte.\n\n{line}") == (f"El contrato va aparte.\n\n{line}", "")


LEGAL = [
    "____________\nEste correo y sus adjuntos son confidenciales.\nSi no es el destinatario, bórrelo.",
    "AVISO LEGAL: Este mensaje es confidencial.\n\nAntes de imprimir piense en el medio ambiente.",
    "This e-mail is confidential and may be privileged. If you are not the intended recipient, delete it.",
]


@pytest.mark.parametrize("legal", LEGAL)
def test_what_a_company_adds_below_the_history_is_folded_with_it(legal):
    history = f"{ATTRIBUTIONS[3]}\n\n> ¿Le va bien el jueves?\n\n{legal}"
    assert split_reply(f"Sí.\n\n{history}") == ("Sí.", history)


@pytest.mark.parametrize(
    "below",
    [
        f"Mejor el lunes.\n\n{LEGAL[1]}",
        f"{LEGAL[0]}\n\nMejor el lunes.",
        "Este correo es para decirle que el destinatario de la factura soy yo.",
        "Le informamos que mejor el lunes.",
    ],
)
def test_what_somebody_wrote_beside_it_is_not(below):
    assert below in split_reply(f"Sí.\n\n{ATTRIBUTIONS[3]}\n\n> ¿Le va bien el jueves?\n\n{below}")[0]


@pytest.mark.parametrize("greeting", ["Hola Ana,", "Hello!", "Hello"])
def test_below_a_greeting_what_is_marked_all_through_is_no_answer(greeting):
    assert split_reply(f"{greeting}\n\n{ATTRIBUTIONS[3]}\n\n> ¿Le va bien el jueves?\n> Ana\n")[0] == greeting


@pytest.mark.parametrize(
    "answer",
    [
        "Hola Ana, sí me va bien",
        "Hola. Sí.",
        "Dear Ana, Thursday is fine",
        "Gracias",
        "Hola",
        "Hola:\n\nPerfecto\n\nMarta",
    ],
)
def test_an_answer_that_begins_with_a_greeting_is_the_whole_answer(answer):
    assert split_reply(f"{answer}\n\n{ATTRIBUTIONS[3]}\n\n¿Le va bien el jueves?")[0] == answer


FIELDS = (
    '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p><b>De:</b> Sol '
    "&lt;sol@localhost.test&gt;<br><b>Enviado el:</b> lunes, 23 de noviembre de 2026 10:31<br><b>Para:</b> Marco<br>"
    "<b>Asunto:</b> Visita</p></div></div>"
)
OURS = '<p>-- </p><p style="color:#E36C0A">Sol, tu casa en la costa.</p>'


def answered(history: str) -> tuple[str, str]:
    html = f"<p>Gracias por escribir, le contesto.</p>{FIELDS}{history}"
    return split_reply(html_to_text(html), html)


@pytest.mark.parametrize(
    "style",
    ["color:#0070C0", "color: rgb(0, 176, 80);", "color:purple", "color:#1F497D", "color:red", "background:lime"],
)
def test_answers_in_any_colour_within_our_own_mail_are_shown(style: str) -> None:
    for answer in ("A LAS ONCE", "600 111 222 Marta"):
        assert answer in answered(f'<p>¿A qué hora?</p><p><b style="{style}">{answer}</b></p>{OURS}')[0]


@pytest.mark.parametrize(
    "history",
    [
        f"<p>¿A qué hora?</p>{OURS}",
        '<p>Mira <a href="http://x.test"><b><span style="color:#0563C1">este piso</span></b></a></p>',
        '<p style="color:#1F497D">Hola, Marco.</p><p style="color:#1F497D">¿A qué hora?</p>',
        '<p>¿A qué hora?</p><p>Un saludo,</p><p style="color:#E36C0A">Marta Ruiz</p><p style="color:#E36C0A">Jefa</p>',
        '<p style="color:#333">¿A qué hora?</p><p style="color:windowtext">Sol</p>',
        '<p>¿A qué hora?</p><div><b>De:</b> Marco</div><p>Hola.</p><p style="color:#0070C0">Me interesa el piso.</p>',
    ],
    ids=["our signature", "a link", "all of it", "a signature", "greys", "an older mail"],
)
def test_colours_that_are_no_answer_show_no_history(history: str) -> None:
    new, rest = answered(history)
    assert (new, rest.startswith("De: Sol")) == ("Gracias por escribir, le contesto.", True)


GMAIL_SIGNATURE = (
    '<span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature">Marco<br>Tel. 600</div>'
)


@pytest.mark.parametrize("written", ["Y llevo al perro", "Sí. ¿Y el garaje?"])
@pytest.mark.parametrize("history", [GMAIL_QUOTE, ""])
def test_what_somebody_wrote_below_the_signature_of_gmail_is_shown(history: str, written: str) -> None:
    html = f"<div>Vale</div>{history}<br>{GMAIL_SIGNATURE}"
    assert split_reply(html_to_text(html), html)[0] == "Vale"
    html += f"<div>{written}</div>"
    assert split_reply(html_to_text(html), html) == (html_to_text(html), "")


@pytest.mark.parametrize(
    ("below", "is_shown"),
    [
        ("Se me olvidaba: el jueves llevo al perro.", True),
        ("Mejor a las once.", True),
        ("Por cierto, no hace falta que\nme llamen.", True),
        ("Inmobiliaria Sol S.L., inscrita en el Registro Mercantil.\n\nNo imprima si no es necesario, gracias.", False),
        ("Compra, venta y alquiler", False),
        ("Mire también www.sol.test para ver más pisos.", False),
        ("Este mensaje es confidencial y va dirigido a su destinatario.\n\nSe prohíbe toda copia de él.", False),
    ],
)
def test_sentences_below_a_signature_are_shown_where_no_company_adds_them(below: str, *, is_shown: bool) -> None:
    text = f"Voy\n\n-- \nMarco\n\n{below}"
    assert split_reply(text)[0] == (text if is_shown else "Voy")


def test_an_answer_below_a_quote_that_nothing_marks_is_shown() -> None:
    html = f"<p>Sí</p>{ATTRIBUTIONS[4]}<br><blockquote>¿Le va bien?</blockquote><p>A las once.</p>"
    assert "A las once." in split_reply(html_to_text(html), html)[0]
