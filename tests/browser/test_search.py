"""One field finds contacts by name and conversations by what was written; a click opens the thread there."""

from playwright.sync_api import Browser, expect

from tests.browser.people import inbox_of
from tests.browser.test_main_walk import swaks
from tests.servers import AppServer


def test_what_was_written_is_found_marked_and_opened_there(browser: Browser, app_server: AppServer) -> None:
    port = app_server.smtp_port
    body = "Has the mill a wéathervane, and <mark>not</mark> a chimney?"
    swaks(port, "nora@contact.test", "Nora Faro", "The old mill", body)
    page = inbox_of(browser, app_server, "ana")
    rows = page.get_by_role("list", name="Conversations").get_by_role("listitem")
    found = page.get_by_role("list", name="Found in messages").get_by_role("listitem")
    page.get_by_role("searchbox", name="Search contacts").fill("nora fa")
    expect(rows).to_have_count(1)
    expect(found).to_have_count(0)
    page.get_by_role("searchbox", name="Search contacts").fill("not weatherv")
    expect(rows).to_have_count(0)
    expect(found).to_have_count(1)
    expect(found.locator("mark")).to_have_text(["wéathervane", "not"])
    expect(found).to_contain_text("<mark>not</mark>")  # what people write is never markup
    found.get_by_role("link").click()
    message = page.get_by_role("log", name="Messages").locator("[data-found]")
    expect(message).to_contain_text("wéathervane")
    expect(message).to_be_in_viewport()
    page.get_by_role("searchbox", name="Search contacts").fill("")
    expect(page.get_by_role("list", name="Found in messages")).to_have_count(0)
    page.context.close()


def test_a_search_stays_across_a_reload_and_is_emptied_in_one_go(browser: Browser, app_server: AppServer) -> None:
    page = inbox_of(browser, app_server, "ana")
    box = page.get_by_role("searchbox", name="Search contacts")
    for path, rows in (
        ("conversations", page.get_by_role("list", name="Conversations").get_by_role("listitem")),
        ("contacts", page.get_by_role("table", name="Contacts").get_by_role("row")),
    ):
        page.goto(f"{app_server.base_url}/{path}")
        expect(rows.nth(4)).to_be_visible()
        box.fill("nobody at all")
        expect(rows.nth(4)).to_be_hidden()
        page.reload()
        expect(box).to_have_value("nobody at all")
        box.fill("")
        expect(rows.nth(4)).to_be_visible()
    page.context.close()
