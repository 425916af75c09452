"""Who leaves settings, or a quote, with changes that were not saved is asked first."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import page_of
from tests.conftest import StartApp
from tests.servers import AppServer

WORKSPACE = re.compile("/settings/workspace")
CONTACTS = re.compile("/contacts")


@pytest.fixture(scope="module")
def office(start_shared_app: StartApp) -> AppServer:
    """The demo agency."""
    return start_shared_app()


def question(page: Page) -> Locator:
    """The dialog that asks."""
    return page.get_by_role("dialog", name="Your changes are not saved")


def go_to_contacts(page: Page) -> None:
    """By the side menu."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Contacts").click()


def test_what_was_typed_is_kept_until_it_is_saved_or_dropped(browser: Browser, office: AppServer) -> None:
    page = page_of(browser, office, "admin", "/tickets")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("menuitem", name="Workspace").click()
    name = page.locator("input[name=name]")
    name.fill("Sol y Mar")
    for leave in (go_to_contacts, Page.go_back):
        leave(page)
        question(page).get_by_role("button", name="Go back").click()
        expect(page).to_have_url(WORKSPACE)
        expect(name).to_have_value("Sol y Mar")
    page.locator("form", has=name).get_by_role("button", name="Save").click()
    page.get_by_text("Saved.", exact=True).wait_for()
    go_to_contacts(page)
    expect(page).to_have_url(CONTACTS)
    page.go_back()
    expect(name).to_have_value("Sol y Mar")
    name.fill("Nobody keeps this")
    go_to_contacts(page)
    question(page).get_by_role("button", name="Discard changes").click()
    expect(page).to_have_url(CONTACTS)
    page.context.close()


def test_what_is_not_there_in_words_only_counts_too(browser: Browser, office: AppServer) -> None:
    """A text with a toolbar, a box to tick, and a refused form."""
    page = page_of(browser, office, "admin", "/profile")
    page.get_by_role("textbox", name="Signature").click()
    page.keyboard.type("PS")
    go_to_contacts(page)
    question(page).get_by_role("button", name="Discard changes").click()
    page.wait_for_url("**/contacts")
    page.goto(f"{office.base_url}/settings/web-chat")
    page.get_by_role("form", name="Widget").get_by_role("switch").first.click()
    go_to_contacts(page)
    question(page).get_by_role("button", name="Discard changes").click()
    page.wait_for_url("**/contacts")
    page.goto(f"{office.base_url}/settings/workspace")
    address = page.get_by_label("Inbound address").last
    address.fill("not an address")
    page.get_by_role("button", name="Change the address").click()
    page.get_by_role("alert").wait_for()
    go_to_contacts(page)
    expect(question(page)).to_be_visible()
    page.context.close()


def test_a_switch_stands_as_it_was_left_however_late_the_server_is(browser: Browser, office: AppServer) -> None:
    page = page_of(browser, office, "admin", "/settings/web-chat")
    form = page.get_by_role("form", name="Widget")
    switch, who = form.get_by_role("switch", name="Show the chat"), form.get_by_label("New chats go to")
    was_on = switch.is_checked()
    with office.stalled():
        switch.click()
        who.select_option("turn")
        expect(switch).to_be_checked(checked=not was_on)
        expect(who).to_have_value("turn")
        go_to_contacts(page)
        expect(question(page)).to_be_visible()
    question(page).get_by_role("button", name="Go back").click()
    expect(page.get_by_text("Switched off: visitors see nothing")).to_be_visible(visible=was_on)
    expect(switch).to_be_checked(checked=not was_on)
    page.context.close()


def test_a_tab_with_changes_is_not_closed_unasked(browser: Browser, office: AppServer) -> None:
    page = page_of(browser, office, "admin", "/settings/workspace")
    page.locator("input[name=name]").fill("Half a name")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()
    page.context.close()
