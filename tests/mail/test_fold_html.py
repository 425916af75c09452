"""The history in a mail with a layout of its own is folded too, and nothing that was written is in the fold."""

import pytest

from tests.mail.test_quoted import HEAD
from witei_app.mail.html_quotes import fold_html
from witei_app.mail.parse import parse_mail
from witei_app.mail.sanitize import frame_document, safe_frame_html, with_history_folded

LOGO = '<img src="https://agency.test/logo.png">'
RULE = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
OUTLOOK = (
    f'<div style="{RULE}"><b>De:</b> Sol<br><b>Asunto:</b> Visita</div><p>¿A qué hora?</p><table><tr><td>Sol</table>'
)
GMAIL = (
    '<div class="gmail_quote"><div class="gmail_attr">El lun, 23 nov 2026 a las 10:31, Sol escribió:<br></div>'
    '<blockquote class="gmail_quote">¿A qué hora?<h2>Sol</h2></blockquote></div>'
)
APPLE = '<div>El 23 nov 2026, a las 10:31, Sol escribió:</div><blockquote type="cite">¿A qué hora?</blockquote>'
OWA = f'<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>De:</b> Sol</div><div>¿A qué hora? {LOGO}</div>'

WROTE = "El 3 dic 2026, a las 10:22, Sol &lt;sol@agency.test&gt; escribió:"
IPHONE = (
    f'<div dir="ltr"><br><blockquote type="cite">{WROTE}<br><br></blockquote></div>'
    '<blockquote type="cite"><div dir="ltr">¿A qué hora?</div></blockquote>'
)
SAMSUNG = (
    "<div><div>-------- Mensaje original --------</div><div>De: Sol &lt;sol@agency.test&gt;</div>"
    "<div>Fecha: 3/12/26 10:22</div><div>A: marco</div><div>Asunto: Visita</div></div><p>¿A qué hora?</p>"
)
GMX = (
    '<div>&nbsp;<div name="quote"><div><b>Gesendet:</b> Donnerstag, 3. Dezember 2026 um 10:22 Uhr<br><b>Von:</b> Sol '
    "&lt;sol@agency.test&gt;<br><b>Betreff:</b> Visita</div><div>¿A qué hora?</div></div></div>"
)
ZOHO = (
    '<div class="zmail_extra_hr"><br></div><div class="zmail_extra"><div>---- El jue, 03 dic 2026 10:22:33 +0100 '
    "<b>Sol &lt;sol@agency.test&gt;</b> escribió ----<br></div><blockquote>¿A qué hora?</blockquote></div>"
)
UNMARKED = (
    "<div><hr><b>De:</b> Sol &lt;sol@agency.test&gt;<br><b>Enviado:</b> jueves, 3 de diciembre de 2026 10:22<br>"
    "<b>Para:</b> Marco<br><b>Asunto:</b> Visita<br></div><p>¿A qué hora?</p>"
)
MAIL_RU = (
    "<br>Понедельник, 23 ноября 2026, 10:31 +03:00 от Sol &lt;<a>sol@agency.test</a>&gt;:<br>&nbsp;"
    "<blockquote>¿A qué hora?</blockquote><br>"
)
YANDEX = (
    '<p>Gracias.<br><br>26.11.2026, 14:41, "Sol" &lt;<a>sol@agency.test</a>&gt;:</p><blockquote>¿A qué hora?'
    "</blockquote><div> </div><div>-- </div><div>Marco</div>"
)
HEY = f"<div>{WROTE}</div><blockquote>¿A qué hora?</blockquote>"


def folded(html: str, text: str = "") -> tuple[str, str]:
    head = "From: marco@example.com\nSubject: Re: Visita\nMIME-Version: 1.0\n"
    parts = f"--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n" if text else ""
    parts += f"--b\nContent-Type: text/html; charset=utf-8\n\n{html}\n--b--\n"
    mail = parse_mail(f"{head}Content-Type: multipart/alternative; boundary=b\n\n{parts}".encode())
    return fold_html(mail.html, mail.new_text, mail.rest_text) if mail.rest_text else (mail.html, "")


@pytest.mark.parametrize(
    "history",
    [OUTLOOK, GMAIL, APPLE, OWA, IPHONE, SAMSUNG, GMX, ZOHO, HEY, UNMARKED, MAIL_RU, YANDEX],
    ids=[
        *["outlook", "gmail", "apple", "owa", "iphone", "samsung", "gmx", "zoho", "hey", "unmarked"],
        *["mail.ru", "yandex"],
    ],
)
def test_each_programs_history_is_folded_and_the_answer_is_not(history: str) -> None:
    new, rest = folded(f"<html><body><p>A las once.</p><p>Marco {LOGO}</p>{history}</body></html>")
    assert "A las once." in new
    assert LOGO in new
    assert "qué hora" not in new
    assert "Sol" not in new
    assert "qué hora" in rest
    assert "Sol" in rest


def test_the_pictures_that_the_text_names_do_not_matter() -> None:
    text = f"A las once.\n[cid:image001.png@01DB]\nWeb<https://agency.test/>\n\n{HEAD}\n¿A qué hora?"
    new, rest = folded(f'<p>A las once.</p><img src="cid:image001.png@01DB"><p>Web</p>{OUTLOOK}', text)
    assert ("A las once." in new, "qué hora" in rest) == (True, True)


def test_what_the_text_says_of_a_picture_does_not_matter() -> None:
    html = f'<p>A las once.</p><p>Marco<img alt="Logo de Casas" src="cid:1"></p>{OWA}'
    new, rest = folded(html, f"A las once.\n\nMarco\n[Logo de Casas]\n\n{HEAD}\n¿A qué hora?")
    assert ("A las once." in new, "qué hora" in new, "qué hora" in rest) == (True, False, True)


def test_pictures_below_a_signature_are_shown() -> None:
    assert LOGO in folded(f"<p>La cocina:</p><p>Enviado desde mi iPhone</p><p>{LOGO}</p>")[0]


def test_words_in_brackets_are_no_picture() -> None:
    assert "A LAS ONCE" in folded(f"<p>Hola</p>{OWA}<p>[A LAS ONCE]</p>", f"Hola\n[A LAS ONCE]\n\n{HEAD}\n¿Qué?")[0]


@pytest.mark.parametrize(
    "html",
    [
        f'<p>Hola:</p>{OUTLOOK}<p style="color:red">A LAS ONCE</p>',
        f"<p>Te contesto más abajo.</p>{OUTLOOK}<p>A LAS ONCE</p>",
        f'<p>Hola:</p><p>Va.</p>{OUTLOOK}<p><span style="background:yellow;mso-highlight:yellow">A LAS ONCE</span></p>',
        f"<p>Antworten im Text.</p>{OUTLOOK}<p>A LAS ONCE</p>",
        f"<p>Contesto en cada punto.</p>{OUTLOOK}<p>A LAS ONCE</p>",
        f"{GMAIL}<p>A LAS ONCE</p>",
        f"{OUTLOOK}<p>A LAS ONCE</p>",
        f"<p>Mira {LOGO}</p><blockquote>A LAS ONCE</blockquote>",
        f"<p>Hola:</p>{HEY}<p>A LAS ONCE</p>",
        f'<p>Hola:</p>{IPHONE}<p>A LAS ONCE</p><blockquote type="cite">¿Y el perro?</blockquote>',
        f"<p>Hola:</p>{SAMSUNG}<p>A LAS ONCE</p>",
        f"<p>Hola:</p>{MAIL_RU}<p>A LAS ONCE</p>",
        f"<p>Hola:</p>{YANDEX.partition('<div> ')[0]}<p>A LAS ONCE</p>",
        f'<p>Hola:</p>{GMAIL}<br>-- <br><div class="gmail_signature">Marco</div><p>A LAS ONCE</p>',
    ],
    ids=[
        "in red",
        "announced",
        "yellow",
        "German",
        "each point",
        "below",
        "only below",
        "a quote of one's own",
        "hey",
        "between quotes",
        "samsung",
        "mail.ru",
        "yandex",
        "below a signature",
    ],
)
def test_in_doubt_nothing_is_folded(html: str) -> None:
    assert "A LAS ONCE" in folded(html)[0]


def test_the_fold_opens_without_a_script_and_its_pictures_wait_too() -> None:
    new, rest = folded(f"<p>A las once. {LOGO}</p>{OWA}<script>alert(1)</script>")
    safe = [safe_frame_html(part, {}, show_images=False) for part in (new, rest)]
    page = frame_document(with_history_folded(safe[0], safe[1], 'Show "quoted" text'))
    assert '<summary aria-label="Show &quot;quoted&quot; text"' in page
    assert page.index("A las once.") < page.index("<details") < page.index("qué hora")
    assert "agency.test" not in page
    assert "alert" not in page


def test_without_a_history_the_mail_is_as_it_was() -> None:
    html = f"<p>A las once. {LOGO}</p>"
    assert folded(html) == (html, "")
    assert with_history_folded("<p>x</p>", "", "Show quoted text") == "<p>x</p>"
