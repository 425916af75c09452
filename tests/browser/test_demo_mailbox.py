"""Being the contact for once, in the demo mailbox."""

from playwright.sync_api import Browser, Page, expect

from tests.servers import AppServer


def ask_for_a_link(page: Page, app: AppServer, address: str) -> None:
    page.goto(f"{app.base_url}/forgot")
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()


def test_what_is_sent_meanwhile_appears_and_what_is_being_written_stays(
    browser: Browser, app_server: AppServer
) -> None:
    mailbox, elsewhere = [browser.new_context(locale="en-GB").new_page() for _ in range(2)]
    mailbox.goto(f"{app_server.base_url}/demo/mailbox")
    mails = mailbox.get_by_role("navigation", name="Mails").get_by_role("link")
    before = mails.count()
    ask_for_a_link(elsewhere, app_server, "eva@demo.test")
    expect(mails).to_have_count(before + 1)
    expect(mails.first).to_contain_text("eva@demo.test")

    mails.first.click()
    mailbox.get_by_label("Answer as the contact").fill("half a sentence")
    ask_for_a_link(elsewhere, app_server, "luis@demo.test")
    expect(mails.first).to_contain_text("luis@demo.test")
    expect(mailbox.get_by_label("Answer as the contact")).to_have_value("half a sentence")
