"""The main job from end to end: a mail and a web chat come in, agents answer both, live; real Postfix, real swaks."""

import smtplib
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import inbox_of
from tests.conftest import StartApp
from tests.real_servers.postfix import Postfix
from tests.servers import AppServer, program

MAIL_PATIENCE = 40_000


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    """The mail server of the world outside; of contact.test only Marco and Nuria have a mailbox."""
    server = Postfix()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def agency(start_shared_app: StartApp, postfix: Postfix) -> AppServer:
    """The app with a relay."""
    return start_shared_app(WITEI_SMTP_RELAY_URL=postfix.url, WITEI_SMTP_LISTEN=f"127.0.0.1:{postfix.our_port}")


def sign_in(browser: Browser, app: AppServer, who: str) -> Page:
    """A user's inbox, as they come to it in a browser of their own."""
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{app.base_url}/conversations")
    page.get_by_label("E-mail").fill(f"{who}@demo.test")
    page.get_by_label("Password").fill("demo-demo-demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("list", name="Conversations").get_by_role("listitem").first).to_be_visible()
    return page


def line(page: Page, name: str) -> Locator:
    """The conversation's line in the list."""
    return page.get_by_role("list", name="Conversations").get_by_role("listitem").filter(has_text=name).first


def swaks(port: int, sender: str, name: str, subject: str, body: str) -> None:
    """A mail by a real SMTP client."""
    command = [program("swaks"), "--server", f"127.0.0.1:{port}", "--to", "sol@localhost.test", "--from", sender]
    command += ["--h-From", f"{name} <{sender}>", "--h-Subject", subject, "--body", body, "--hide-all"]
    subprocess.run(command, check=True, timeout=30)


def answer(page: Page, text: str) -> None:
    """Write in the composer and send."""
    page.get_by_role("textbox", name="Message").click()
    page.keyboard.type(text)
    page.get_by_role("button", name="Send", exact=True).click()


def test_a_mail_comes_in_is_answered_and_its_answer_joins(browser: Browser, agency: AppServer, postfix: Postfix):
    ana, luis = sign_in(browser, agency, "ana"), sign_in(browser, agency, "luis")
    swaks(agency_port(agency), "marco@contact.test", "Marco Torres", "Visita Gran Vía 12", "¿Sigue libre el piso?")
    for page in (ana, luis):
        first = page.get_by_role("list", name="Conversations").get_by_role("listitem").first
        expect(first).to_contain_text("Marco Torres", timeout=MAIL_PATIENCE)
        expect(first).to_contain_text("unread")

    line(ana, "Marco Torres").click()
    log = ana.get_by_role("log", name="Messages")
    expect(log.get_by_role("article", name="Marco Torres")).to_contain_text("¿Sigue libre el piso?")
    answer(ana, "Sí, el jueves a las 17:00.")
    expect(log).to_contain_text("Sí, el jueves a las 17:00.")
    expect(log.get_by_text("sent", exact=True)).to_be_visible(timeout=MAIL_PATIENCE)

    received = postfix.marcos_first_mail()
    html, text = (readable(received, kind) for kind in ("html", "plain"))
    assert "el jueves a las 17:00" in html
    assert "el jueves a las 17:00" in text
    assert "Ana Ruiz" in text
    assert received["In-Reply-To"]

    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = (
        "Marco Torres <marco@contact.test>",
        received["Reply-To"],
        "Re: Visita",
    )
    reply["In-Reply-To"], reply["Message-ID"] = received["Message-ID"], "<answer-1@contact.test>"
    reply.set_content("Perfecto, allí estaremos.")
    with smtplib.SMTP("127.0.0.1", postfix.port) as smtp:
        smtp.send_message(reply)
    expect(log).to_contain_text("Perfecto, allí estaremos.", timeout=MAIL_PATIENCE)
    expect(line(luis, "Perfecto, allí estaremos.")).to_be_visible()


def test_two_agents_see_each_others_answers(browser: Browser, agency: AppServer):
    ana, luis = inbox_of(browser, agency, "ana"), inbox_of(browser, agency, "luis")
    swaks(agency_port(agency), "nuria@contact.test", "Nuria Peña", "Piso", "Buenos días")
    for page in (ana, luis):
        expect(line(page, "Nuria Peña")).to_be_visible(timeout=MAIL_PATIENCE)
        line(page, "Nuria Peña").click()
    answer(luis, "Le escribo yo.")
    expect(ana.get_by_role("log", name="Messages").get_by_role("article", name="Luis Ortega")).to_contain_text(
        "Le escribo yo."
    )
    ana.get_by_role("button", name="Archive", exact=True).click()
    expect(luis.get_by_role("button", name="Reopen", exact=True)).to_be_visible()
    expect(line(luis, "Nuria Peña")).to_have_count(0)


def test_a_mail_that_comes_back_says_so_on_the_message(browser: Browser, agency: AppServer):
    ana = inbox_of(browser, agency, "ana")
    swaks(agency_port(agency), "nobody@contact.test", "Jordi Bosch", "Llaves", "¿Cuándo recojo las llaves?")
    expect(line(ana, "Jordi Bosch")).to_be_visible(timeout=MAIL_PATIENCE)
    line(ana, "Jordi Bosch").click()
    answer(ana, "Mañana a las diez.")
    expect(ana.get_by_role("log", name="Messages").get_by_text("returned").first).to_be_visible(timeout=MAIL_PATIENCE)


def test_a_chat_goes_back_and_forth_across_origins(browser: Browser, agency: AppServer):
    ana = inbox_of(browser, agency, "ana")
    visitor = browser.new_context(locale="en-GB").new_page()
    visitor.goto(f"http://127.0.0.1:{agency.port}/demo/site")
    visitor.get_by_role("button", name="Open chat").click()
    chat = visitor.frame_locator("iframe[title='Chat']")
    chat.get_by_role("textbox", name="Your message").fill("¿El ático admite perros?")
    chat.get_by_role("button", name="Send", exact=True).click()
    expect(line(ana, "¿El ático admite perros?")).to_contain_text("unread", timeout=MAIL_PATIENCE)
    line(ana, "¿El ático admite perros?").click()
    answer(ana, "Sí, uno pequeño.")
    expect(chat.get_by_role("log", name="Messages")).to_contain_text("Sí, uno pequeño.")


def agency_port(app: AppServer) -> int:
    """Where the app takes mail."""
    return int(app.settings["WITEI_SMTP_LISTEN"].rpartition(":")[2])


def readable(mail: EmailMessage, kind: str) -> str:
    """The text as a mail program shows it."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())
