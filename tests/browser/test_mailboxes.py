"""An administrator lets the agency's own mailbox be fetched from, and sees how it is without reloading."""

import time

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import let_in
from tests.browser.test_main_walk import MAIL_PATIENCE
from tests.conftest import StartApp
from tests.dovecot import PASSWORD, Dovecot, dovecot
from tests.mailboxes.conftest import letter
from tests.servers import AppServer

__all__ = ["dovecot"]


@pytest.fixture
def app(start_app: StartApp, dovecot: Dovecot) -> AppServer:
    return start_app(WITEI_IMAP_LOCAL_NETWORKS="127.0.0.0/8,::1/128", SSL_CERT_FILE=str(dovecot.authority))


def settings_of(page: Page, app: AppServer, name: str) -> None:
    let_in(page.context, app.base_url, name)
    page.goto(f"{app.base_url}/settings/mailboxes")


def fill(dialog: Locator, port: int, password: str) -> None:
    dialog.get_by_label("Address of the mailbox").fill("info@agency.test")
    dialog.get_by_label("Mail server (IMAP)").fill("localhost")
    dialog.get_by_role("textbox", name="Port").fill(str(port))
    dialog.get_by_label("User name").fill("walk")
    dialog.get_by_label("Password").fill(password)
    dialog.get_by_role("button", name="Connect and save").click()


def test_from_a_wrong_password_to_a_mail_in_the_inbox(page: Page, app: AppServer, dovecot: Dovecot) -> None:
    for number in range(5):
        dovecot.deliver("walk", letter(f"Old {number}"), at=time.time() - 9 * 86400)
    settings_of(page, app, "admin")
    page.get_by_role("button", name="Add mailbox").click()
    dialog = page.get_by_role("dialog")
    fill(dialog, dovecot.tls_port, "wrong")
    expect(dialog.get_by_role("alert")).to_contain_text("localhost refused the user name or the password")
    expect(dialog.get_by_label("Address of the mailbox")).to_have_value("info@agency.test")
    fill(dialog, dovecot.tls_port, PASSWORD)

    mailbox = page.get_by_role("region", name="info@agency.test")
    expect(mailbox.get_by_text("Connected", exact=True)).to_be_visible(timeout=MAIL_PATIENCE)
    mailbox.get_by_role("button", name="Fetch older mails").click()
    dialog.get_by_label("Days back").fill("30")
    dialog.get_by_role("button", name="Fetch them").click()
    expect(mailbox.get_by_text("were fetched: 5.")).to_be_visible(timeout=MAIL_PATIENCE)

    dovecot.kill()
    expect(mailbox.get_by_text("Not connected")).to_be_visible(timeout=MAIL_PATIENCE)
    expect(mailbox.get_by_text("Next try:")).to_be_visible()
    dovecot.start()
    mailbox.get_by_role("button", name="Try again now").click()
    expect(mailbox.get_by_text("Connected", exact=True)).to_be_visible(timeout=MAIL_PATIENCE)

    dovecot.deliver("walk", letter("Fetched, not sent"))
    page.goto(f"{app.base_url}/conversations")
    row = page.get_by_role("list", name="Conversations").get_by_role("listitem").filter(has_text="Fetched, not sent")
    expect(row).to_be_visible(timeout=MAIL_PATIENCE)


def test_who_is_no_administrator_finds_nothing_there(page: Page, app: AppServer) -> None:
    settings_of(page, app, "ana")
    expect(page.get_by_text("Only administrators see this page.")).to_be_visible()
    expect(page.get_by_role("button", name="Add mailbox")).to_have_count(0)
