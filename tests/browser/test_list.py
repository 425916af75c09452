"""The list: filter and sort in the address, what needs a reply, several at once, the bin, snoozing."""

import re

from playwright.sync_api import Browser, Page, expect

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


def rows(page: Page):
    """The lines of the list."""
    return page.get_by_role("list", name="Conversations").get_by_role("listitem")


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
