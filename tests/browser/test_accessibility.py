"""axe finds nothing serious on any page, in either theme and language, and no page is wider than its window."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import serious_faults
from tests.browser.people import let_in
from tests.servers import AppServer

PAGES = ["/", "/reports/conversations", "/conversations", "/contacts", "/quotes", "/tickets", "/profile", "/visitors"]
SETTINGS = ["web-chat", "templates", "sender-domains", "mailboxes", "team", "workspace", "api", "webhooks", "audit"]
PAGES += [f"/settings/{name}" for name in [*SETTINGS, "unreadable"]]
DOORS = ["/login", "/forgot", "/unsubscribe/x", "/invite/x"]
# A phone; 1440 pixels at 200 % zoom (WCAG 1.4.4, 1.4.10) are 720 wide and 450 high.
PHONE, ZOOMED = {"width": 390, "height": 844}, {"width": 720, "height": 450}


def faults(page: Page, where: str) -> list[str]:
    """What is wrong on the page as it is shown now."""
    wrong = [f"{where}: {fault}" for fault in serious_faults(page)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
        wrong.append(f"{where}: wider than the window")
    return wrong


@pytest.mark.parametrize(
    ("theme", "language", "window"), [("dark", "es-ES", PHONE), ("light", "en-GB", ZOOMED)], ids=["phone", "zoomed"]
)
def test_every_page(browser: Browser, app_server: AppServer, theme: Any, language: str, window: Any) -> None:
    context = browser.new_context(color_scheme=theme, locale=language, viewport=window)
    page = context.new_page()
    wrong = []
    for path in DOORS:
        page.goto(f"{app_server.base_url}{path}")
        assert page.locator("html").get_attribute("lang") == language[:2]
        wrong += faults(page, path)
    let_in(context, app_server.base_url, "admin")
    for path in PAGES:
        page.goto(f"{app_server.base_url}{path}")
        page.locator("h1").first.wait_for()
        expect(page.locator(":is([aria-busy=true], .bone):visible")).to_have_count(0)
        page.locator(f"html[lang={language[:2]}]").wait_for()
        wrong += faults(page, path)

    page.goto(f"{app_server.base_url}/conversations")
    page.locator("[data-row]").first.click()
    page.locator("[role=log] [data-entry]").first.wait_for()
    wrong += faults(page, "a conversation")
    for keys, name in (("Control+k", "palette"), ("?", "keys-help")):
        page.keyboard.press(keys)
        page.locator(f"dialog#{name}[open]").wait_for()
        wrong += faults(page, name)
        page.keyboard.press("Escape")
    page.goto(f"{app_server.base_url}/contacts")
    page.locator("[popovertarget=rail-bell]").click()
    page.locator("#rail-bell:popover-open .empty, #rail-bell:popover-open .notices li").first.wait_for()
    wrong += faults(page, "bell")
    assert wrong == []
