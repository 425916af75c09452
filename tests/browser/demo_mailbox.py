"""What the app has sent, as its readers see it."""

from playwright.sync_api import Locator, Page, expect

from tests.servers import AppServer


def newest_mail_to(page: Page, app: AppServer, address: str) -> Locator:
    """The body of the newest mail to this address, once there is one: the mailbox shows it by itself."""
    page.goto(f"{app.base_url}/demo/mailbox")
    link = page.get_by_role("link").filter(has_text=address).first
    expect(link).to_be_visible()
    page.goto(f"{app.base_url}{link.get_attribute('href')}")
    return page.frame_locator("iframe").locator("body")
