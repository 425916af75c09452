"""The list: filter and sort in the address, what needs a reply, several at once, the bin, snoozing."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.conftest import StartApp
from tests.servers import AppServer


def inbox_of(browser: Browser, app: AppServer, who: str, view: str = "") -> Page:
    """A user's open inbox, in a browser of their own."""
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{app.base_url}/conversations{view}")
    page.get_by_label("E-mail").fill(f"{who}@demo.test")
    page.get_by_label("Password").fill("demo-demo-demo")
    page.get_by_role("button", name="Sign in").click()
    expect(rows(page).first).to_be_visible()
    return page


def rows(page: Page) -> Locator:
    """The lines of the list."""
    return page.get_by_role("list", name="Conversations").get_by_role("listitem")


def faultless(page: Page) -> None:
    """No serious fault for people with screen readers, in light and dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(200)
        found = Axe().run(page).response["violations"]
        assert not [fault for fault in found if fault["impact"] in {"serious", "critical"}], scheme


def choose(page: Page, name: str) -> None:
    """A choice of the menu "Filter and sort"."""
    page.get_by_role("button", name="Filter and sort").click()
    page.get_by_role("menu", name="Filter and sort").get_by_text(name, exact=True).click()


def test_filter_and_sort_stay_in_the_address_and_across_a_reload(browser: Browser, app_server: AppServer):
    page = inbox_of(browser, app_server, "ana")
    choose(page, "Web chat")
    choose(page, "Longest waiting first")
    choose(page, "Needs reply")
    expect(page).to_have_url(re.compile(r"/conversations\?channel=web_chat&sort=waiting&reply=1$"))
    expect(page.get_by_role("group", name="Filters").get_by_role("button")).to_have_count(3)
    for row in rows(page).all():
        expect(row).to_contain_text("chat")
        expect(row).to_contain_text("needs reply")
    longest = rows(page).first.inner_text()

    rows(page).first.click()
    expect(page).to_have_url(re.compile(r"/conversations/\d+\?channel=web_chat&sort=waiting&reply=1$"))
    page.reload()
    expect(rows(page).first).to_have_text(longest, use_inner_text=True)
    page.get_by_role("button", name="Without the filter: Web chat").click()
    expect(page).to_have_url(re.compile(r"/conversations/\d+\?sort=waiting&reply=1$"))

    other = page.context.new_page()  # another tab, from the address alone
    other.goto(f"{app_server.base_url}/conversations?status=archived&channel=email")
    expect(other.get_by_role("tab", name="Archived")).to_have_attribute("aria-selected", "true")
    expect(other.get_by_role("button", name="Without the filter: E-mail")).to_be_visible()
    page.context.close()


def box(page: Page, number: int) -> Locator:
    """What chooses a row."""
    return rows(page).nth(number).get_by_role("checkbox")


def test_several_are_chosen_and_archived_with_pointer_and_keyboard(browser: Browser, start_app: StartApp):
    page = inbox_of(browser, start_app(), "ana")
    names = [row.get_by_role("checkbox").get_attribute("aria-label") for row in rows(page).all()[:6]]
    box(page, 1).check()
    box(page, 3).click(modifiers=["Shift"])
    bar = page.get_by_role("toolbar", name="Selected conversations")
    expect(bar).to_contain_text("3")
    faultless(page)
    bar.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("Archived: 3.")).to_be_visible()
    expect(rows(page).get_by_role("checkbox").nth(1)).to_have_attribute("aria-label", names[4])
    expect(bar).to_be_hidden()

    rows(page).first.get_by_role("link").focus()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("status").filter(has_text="2 selected")).to_be_attached()
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()

    page.keyboard.press("x")
    bar.get_by_role("checkbox", name="Select all shown").check()
    bar.get_by_role("button", name="Mark read").click()
    expect(page.get_by_text(re.compile(r"Marked as read: \d+\."))).to_be_visible()
    expect(rows(page).filter(has_text=" unread")).to_have_count(0)
    page.context.close()
