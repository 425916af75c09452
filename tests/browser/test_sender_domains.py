"""An administrator sets up the agency's own domain; from then on an answer goes out in its name, signed."""

import smtplib
import time
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import let_in
from tests.conftest import StartApp
from tests.mail_server import Server, server
from tests.name_server import NameServer, name_server, zone_line
from tests.real_servers.test_signatures import OpenDkim
from tests.servers import AppServer

__all__ = ["name_server", "server"]
DOMAIN = "inmosol.example"


@pytest.fixture
def app(start_app: StartApp, name_server: NameServer, server: Server) -> AppServer:
    name_server.publish()
    return start_app(WITEI_DNS_SERVER=name_server.address, WITEI_SMTP_RELAY_URL=server.url)


def settings_of(page: Page, app: AppServer, name: str) -> None:
    let_in(page.context, app.base_url, name)
    page.goto(f"{app.base_url}/settings/sender-domains")
    page.get_by_role("heading", name="Sender domains", level=1).wait_for()


def as_published(record: Locator) -> str:
    """What somebody would enter in a panel, read off the page."""
    record_type, name, _short, value = record.locator("code").all_inner_texts()[:4]
    return zone_line(name, record_type, value)


def answer_a_mail(page: Page, app: AppServer) -> None:
    """Marco writes, and the administrator answers."""
    with smtplib.SMTP("127.0.0.1", app.smtp_port) as smtp:
        text = "From: Marco <marco@contact.test>\nTo: sol@localhost.test\nSubject: Flat\n\nIs it free?"
        smtp.sendmail("marco@contact.test", ["sol@localhost.test"], text)
    page.goto(f"{app.base_url}/conversations")
    page.get_by_role("list", name="Conversations").get_by_role("listitem").filter(has_text="Is it free?").click()
    page.get_by_role("textbox", name="Message").click()
    page.keyboard.type("Yes, come and see it.")
    page.get_by_role("button", name="Send", exact=True).click()


def wait_for_one(server: Server, before: int = 0) -> Envelope:
    """The answer, once the mail server has taken it, after those before it."""
    deadline = time.monotonic() + 20
    while len(server.taken) <= before and time.monotonic() < deadline:
        time.sleep(0.1)
    return server.taken[-1]


def test_from_a_refused_domain_to_a_signed_answer(
    page: Page, app: AppServer, name_server: NameServer, server: Server, tmp_path: Path
) -> None:
    settings_of(page, app, "admin")
    page.get_by_label("Domain").fill("gmail.com")
    page.get_by_role("button", name="Add domain").click()
    expect(page.get_by_role("alert")).to_contain_text("gmail.com belongs to Google")

    page.get_by_label("Domain").fill(DOMAIN)
    page.get_by_role("button", name="Add domain").click()
    domain = page.get_by_role("region", name=DOMAIN)
    expect(domain.get_by_text("Pending")).to_be_visible()
    domain.get_by_role("button", name="Check now").click()
    expect(domain.get_by_text("Missing").first).to_be_visible()

    lines = [as_published(record) for record in domain.get_by_role("article").all()]
    name_server.publish('localhost.test. TXT "v=spf1 ip4:127.0.0.1 -all"', *lines)
    domain.get_by_role("button", name="Check now").click()
    expect(domain.get_by_text("Verified", exact=True)).to_be_visible()

    answer_a_mail(page, app)
    taken = wait_for_one(server)
    raw = taken.original_content or b""
    assert f"<info@{DOMAIN}>".encode() in raw
    assert (taken.mail_from or "").endswith(f"@bounces.{DOMAIN}")
    judged = OpenDkim(tmp_path, name_server).judge(raw)
    assert judged.count("dkim=pass") == 2
    assert judged.count(f"header.d={DOMAIN}") == 2
    conversation = page.url
    a_second_address(page, app)
    the_chosen_one_stays_with_the_draft(page, conversation, server)


def a_second_address(page: Page, app: AppServer) -> None:
    page.goto(f"{app.base_url}/settings/sender-domains")
    domain = page.get_by_role("region", name=DOMAIN)
    domain.get_by_label("Address before the @").fill("ventas")
    domain.get_by_role("button", name="Add address").click()
    expect(domain.get_by_text(f"ventas@{DOMAIN}")).to_be_visible()
    domain.get_by_role("button", name=f"Change the name of info@{DOMAIN}").click()
    domain.get_by_role("form").get_by_label("Name shown").fill("Inmobiliaria Sol")
    domain.get_by_role("button", name="Save").click()
    expect(domain.get_by_role("list", name="Sender addresses").get_by_text("Inmobiliaria Sol")).to_be_visible()
    expect(domain.get_by_role("button", name="Save")).to_have_count(0)


def the_chosen_one_stays_with_the_draft(page: Page, conversation: str, server: Server) -> None:
    """After a reload, above an answer as in a new conversation; and it goes out so."""
    page.goto(conversation)
    sender = page.get_by_label("From")
    sender.select_option(f"ventas@{DOMAIN}")
    expect(sender.locator("option:checked")).to_have_text(f"ventas@{DOMAIN}")
    page.reload()
    expect(sender.locator("option:checked")).to_have_text(f"ventas@{DOMAIN}")
    page.get_by_role("button", name="New conversation").click()
    first = page.get_by_role("dialog").get_by_label("From")
    expect(first.locator("option:checked")).to_have_text(f"info@{DOMAIN}")
    first.select_option(f"ventas@{DOMAIN}")
    expect(first.locator("option:checked")).to_have_text(f"ventas@{DOMAIN}")
    page.reload()  # the dialog stands there again
    expect(first.locator("option:checked")).to_have_text(f"ventas@{DOMAIN}")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("textbox", name="Message").click()
    page.keyboard.type("Sales will see to it.")
    sent = len(server.taken)
    page.get_by_role("button", name="Send", exact=True).click()
    wait_for_one(server, sent)
    assert f"<ventas@{DOMAIN}>".encode() in (server.taken[-1].original_content or b"")


def test_who_is_no_administrator_finds_nothing_there(page: Page, app: AppServer) -> None:
    settings_of(page, app, "ana")
    expect(page.get_by_text("Only administrators manage sender domains")).to_be_visible()
    expect(page.get_by_role("button", name="Add domain")).to_have_count(0)
