"""What stands below an answer: the mail that is answered, as it was written."""

import email
import email.policy
from email.message import EmailMessage

from tests.cast import Cast, act, all_of
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.conversations.reply import send_reply
from witei_app.db import reading, transaction
from witei_app.files import path_of
from witei_app.mail.intake import store_mail
from witei_app.models import Delivery, InboundMail, Message
from witei_app.outbox.letter import letter_of
from witei_app.outbox.quoted import MOST_QUOTED

RICH = (
    "<p>I like <b>both</b> <a href='https://flats.test/7'>flats</a>:</p><ul><li>Calle Mayor</li><li>Verdi</li></ul>"
    "<img src='https://track.test/x.png' alt='1 > 0'><script>alert(1)</script><form action='https://evil.test'>"
    "<div style='position:fixed;color:red' onclick='x()'>Bye</div></form>"
)


async def answer_to(cast: Cast, html: str, head: str = "") -> EmailMessage:
    """Ana's answer to a mail of HTML, as it goes out."""
    raw = f"From: Marco <marco@contact.test>\r\n{head}Content-Type: text/html; charset=utf-8\r\n\r\n{html}".encode()
    await store_mail(raw, "marco@contact.test", [(cast.sol, "sol@localhost.test")])
    await read_waiting_mail()
    received = (await all_of(Message))[-1]
    await act(cast.ana, received.conversation_id, send_reply, "<p>Thank you</p>")
    return await last_sent()


async def last_sent() -> EmailMessage:
    async with reading() as db:
        letter = await letter_of(db, (await all_of(Delivery))[-1].id)
    mail = email.message_from_bytes(letter.raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


async def test_bold_lists_and_links_are_quoted_and_nothing_that_runs_or_loads(cast: Cast) -> None:
    sent = await answer_to(cast, RICH)
    html = part(sent, "html")
    assert "<b>both</b>" in html
    assert "<li>Calle Mayor</li><li>Verdi</li>" in html
    assert 'href="https://flats.test/7"' in html
    assert '<div style="color:red">Bye</div></blockquote>' in html
    for danger in ("<img", "track.test", "alert", "<form", "evil.test", "onclick", "fixed"):
        assert danger not in html
    quoted = "\n".join(line for line in part(sent, "plain").split("\n") if line.startswith(">"))
    assert quoted.startswith("> I like both flats (https://flats.test/7):\n>\n>   * Calle Mayor\n>   * Verdi\n")


async def test_a_quote_does_not_quote_what_it_answers(lite_cast: Cast) -> None:
    history = '<div class="gmail_quote"><div class="gmail_attr">On Mon, 23 Nov 2026 at 10:00, Sol wrote:</div>{}</div>'
    old = history.format("<blockquote class='gmail_quote'><p>All that was said before</p></blockquote>")
    html = part(await answer_to(lite_cast, f"<div>I <i>still</i> like it</div><br>{old}"), "html")
    assert "<div>I <i>still</i> like it</div>" in html
    assert "All that was said before" not in html


async def test_a_long_quote_is_one_of_text(lite_cast: Cast) -> None:
    html = part(await answer_to(lite_cast, RICH + "<i></i>x" * MOST_QUOTED), "html")
    assert "<b>both</b>" not in html
    assert "I like both flats" in html


async def test_a_mail_whose_file_is_gone_is_quoted_all_the_same(lite_cast: Cast) -> None:
    await answer_to(lite_cast, RICH)
    path_of((await all_of(InboundMail))[-1].sha256).unlink()
    html = part(await last_sent(), "html")
    assert "<b>both</b>" not in html
    assert "I like both flats" in html


async def test_what_the_thread_shows_is_quoted_not_what_a_colleague_wrote_around_it(lite_cast: Cast) -> None:
    await answer_to(lite_cast, RICH)
    async with transaction() as db:
        received = await db.get_one(Message, (await all_of(Message))[0].id)
        received.text, received.html = "The keys, please", "<p>The keys, please</p>"  # as that of a forwarded mail is
    html = part(await last_sent(), "html")
    assert "flats" not in html
    assert "<p>The keys, please</p>" in html
