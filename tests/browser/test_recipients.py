"""To, Cc and Bcc: chips before it is sent, through a real SMTP server, and each one's delivery in the thread."""

import email
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import inbox_of
from tests.browser.test_main_walk import agency_port, answer, line
from tests.conftest import StartApp
from tests.mail_server import Server
from tests.servers import AppServer, free_port

MAIL_PATIENCE = 40_000


@pytest.fixture(scope="module")
def world() -> Iterator[Server]:
    """The mail server of everybody outside."""
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    controller.stop()


@pytest.fixture(scope="module")
def agency(start_shared_app: StartApp, world: Server) -> AppServer:
    """The app with a relay, and a short time to call an answer back."""
    listen = f"127.0.0.1:{free_port()}"
    return start_shared_app(WITEI_SMTP_RELAY_URL=world.url, WITEI_SMTP_LISTEN=listen, WITEI_UNDO_SECONDS="5")


def a_mail(app: AppServer, sender: str, text: str, **headers: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, headers.pop("To", "sol@localhost.test")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    with smtplib.SMTP("127.0.0.1", agency_port(app)) as smtp:
        smtp.send_message(mail, to_addrs=["sol@localhost.test"])


def chips(page: Page) -> list[str]:
    return page.locator(".composer .chip").all_inner_texts()


def test_an_answer_goes_to_all_with_a_blind_copy_that_no_header_names(
    browser: Browser, agency: AppServer, world: Server
) -> None:
    ana = inbox_of(browser, agency, "ana")
    a_mail(
        agency,
        "Bruno Vidal <bruno@contact.test>",
        "¿Podemos verlo?",
        To="sol@localhost.test, Notaría <notaria@c.test>",
        Cc="Laura Gil <laura@b.test>",
        Subject="Visita",
        Message_ID="<visit@contact.test>",
    )
    expect(line(ana, "Bruno Vidal")).to_be_visible(timeout=MAIL_PATIENCE)
    line(ana, "Bruno Vidal").click()
    ana.get_by_role("button", name="Reply to all").click()
    expect(ana.get_by_role("button", name="Remove Laura Gil")).to_be_visible()
    assert chips(ana) == ["Bruno Vidal", "Notaría", "Laura Gil"]

    blind = ana.get_by_role("combobox", name="Bcc")
    blind.fill("boss@agency.test, archive@agency.test")
    blind.press("Enter")
    expect(ana.get_by_role("button", name="Remove archive@agency.test")).to_be_visible()
    blind.press("Backspace")
    expect(ana.get_by_role("button", name="Remove archive@agency.test")).to_have_count(0)
    blind.fill("no address")
    ana.get_by_role("textbox", name="Message", exact=True).click()
    expect(ana.get_by_role("alert").filter(has_text="is not an e-mail address")).to_be_visible()
    blind.fill("")
    ana.reload()
    expect(ana.get_by_role("button", name="Remove boss@agency.test")).to_be_visible()

    answer(ana, "Sí, el lunes.")
    asked = ana.get_by_role("dialog", name="Before you send")
    expect(asked).to_contain_text("Not in this conversation until now: boss@agency.test")
    asked.get_by_role("button", name="Send anyway").click()
    sent_to = (
        ana.get_by_role("log", name="Messages").get_by_role("list", name="Recipients").last.get_by_role("listitem")
    )
    expect(sent_to.filter(has_text="sent")).to_have_count(4, timeout=MAIL_PATIENCE)
    mails = {envelope.rcpt_tos[0]: bytes(envelope.original_content or b"") for envelope in world.taken}
    assert set(mails) == {"bruno@contact.test", "notaria@c.test", "laura@b.test", "boss@agency.test"}
    assert not any(b"boss@agency.test" in raw for raw in mails.values())
    received = email.message_from_bytes(mails["laura@b.test"])
    assert "bruno@contact.test" in received["To"]
    assert "laura@b.test" in received["Cc"]

    a_mail(
        agency, "Laura Gil <laura@b.test>", "Yo también voy.", In_Reply_To=received["Message-ID"], Subject="Re: Visita"
    )
    expect(ana.get_by_role("article", name="Laura Gil")).to_contain_text("Yo también voy.", timeout=MAIL_PATIENCE)
    expect(ana.get_by_role("button", name="Remove Laura Gil")).to_be_visible()


def test_sent_and_archived_in_one_and_called_back_in_one(browser: Browser, agency: AppServer) -> None:
    ana = inbox_of(browser, agency, "ana")
    a_mail(agency, "Iris Pons <iris@contact.test>", "Gracias por todo.", Subject="Gracias")
    expect(line(ana, "Iris Pons")).to_be_visible(timeout=MAIL_PATIENCE)
    line(ana, "Iris Pons").click()
    box = ana.get_by_role("textbox", name="Message", exact=True)
    box.click()
    ana.keyboard.type("A usted.")
    ana.keyboard.press("Control+Shift+Enter")
    expect(ana.get_by_text("This conversation is archived.")).to_be_visible()
    ana.get_by_role("button", name="Undo").click()
    expect(box).to_have_text("A usted.")
    expect(box).to_be_focused()
    expect(ana.get_by_role("log", name="Messages")).not_to_contain_text("archived this conversation")
    ana.get_by_role("button", name="More options").click()
    ana.get_by_role("menuitem", name="Send and archive").click()
    expect(ana.get_by_text("This conversation is archived.")).to_be_visible()
    expect(line(ana, "Iris Pons")).to_have_count(0)
    ana.get_by_role("button", name="Reopen", exact=True).click()
    expect(box).to_have_text("")


def test_the_offer_to_call_back_stands_no_longer_than_the_answer_waits(browser: Browser, agency: AppServer) -> None:
    ana = inbox_of(browser, agency, "ana")
    a_mail(agency, "Olga Pons <olga@contact.test>", "¿Sigue libre?", Subject="Piso")
    line(ana, "Olga Pons").click(timeout=MAIL_PATIENCE)
    box = ana.get_by_role("textbox", name="Message", exact=True)
    box.click()
    ana.keyboard.type("Sigue libre.")
    ana.get_by_role("button", name="Send", exact=True).click()
    expect(ana.get_by_role("button", name="Undo")).to_be_visible()
    expect(ana.get_by_role("article").last).to_contain_text("sent", timeout=MAIL_PATIENCE)
    ana.reload()
    expect(ana.get_by_role("article").last).to_contain_text("Sigue libre.")
    expect(ana.get_by_role("button", name="Undo")).to_have_count(0)
