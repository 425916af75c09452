"""Nothing needs the mouse: single keys, the list of them, the switch that turns them off, the command palette."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import inbox_of, page_of
from tests.browser.test_main_walk import MAIL_PATIENCE, line
from tests.browser.test_notifications import mail
from tests.conftest import StartApp
from tests.servers import AppServer


@pytest.fixture(scope="module")
def office(start_shared_app: StartApp) -> AppServer:
    """The demo agency, for the tests of this file."""
    return start_shared_app()


def test_single_keys_act_where_nobody_types(browser: Browser, office: AppServer) -> None:
    page = inbox_of(browser, office, "ana")
    mail(office, "Iria Lago", "Is it free?")  # a conversation that nobody has, before all others
    expect(line(page, "Iria Lago")).to_be_visible(timeout=MAIL_PATIENCE)
    log, box = page.get_by_role("log", name="Messages"), page.get_by_role("textbox", name="Message")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Next or previous conversation")
    page.keyboard.press("j")  # not behind the dialog
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(log).to_have_count(0)

    page.keyboard.press("j")
    expect(log).to_contain_text("Is it free?")
    first = page.url
    page.keyboard.press("j")
    expect(page).not_to_have_url(first)
    page.keyboard.press("k")
    expect(page).to_have_url(first)
    expect(log).to_contain_text("Is it free?")
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="Note", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(box).to_be_focused()
    page.keyboard.type("jjee?")  # letters, where one writes
    expect(box).to_have_text("jjee?")
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Note", exact=True)).to_have_attribute("aria-pressed", "false")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.get_by_role("menuitem", name="Assign to me").press("Enter")
    expect(page.get_by_role("button", name="Assign").first).to_contain_text("Ana Ruiz")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search contacts")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Reopen", exact=True)).to_be_visible()


def test_after_archiving_j_goes_on_where_one_was_and_letters_find_a_colleague(
    browser: Browser, office: AppServer
) -> None:
    page = inbox_of(browser, office, "ana")
    links = page.locator("[data-row]")
    at = next(n for n in range(2, 10) if not links.nth(n).get_by_role("img", name="Ana Ruiz").count())
    after = links.nth(at + 1).get_attribute("href") or ""
    links.nth(at).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("log", name="Messages")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("menuitem", name="Assign to me")).to_be_focused()
    page.keyboard.type("lu")
    expect(page.get_by_role("menuitemradio", name="Luis Ortega")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Assign").first).to_contain_text("Luis Ortega")
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Reopen", exact=True)).to_be_visible()
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile(f"{after}$"))


def test_who_types_where_a_colleague_archives_presses_no_keys_by_it(browser: Browser, office: AppServer) -> None:
    mail(office, "Noa Rey", "Shall we say Thursday?")
    ana, luis = inbox_of(browser, office, "ana"), inbox_of(browser, office, "luis")
    expect(line(ana, "Noa Rey")).to_be_visible(timeout=MAIL_PATIENCE)
    line(ana, "Noa Rey").click()
    box = ana.get_by_role("textbox", name="Message", exact=True)
    box.click()
    ana.keyboard.type("Thursday is")
    at = ana.url
    luis.goto(at)
    luis.get_by_role("button", name="Archive", exact=True).click()
    again = ana.get_by_role("button", name="Answer it")
    while not again.is_visible():
        ana.keyboard.type(" yes")
    ana.keyboard.type(" just c, u e#")  # j the next one, c a new one, u unread, e reopen, # delete
    expect(ana).to_have_url(at)
    expect(ana.get_by_role("dialog")).to_have_count(0)
    again.click()
    expect(box).to_contain_text("Thursday is")
    ana.keyboard.press("Escape")
    ana.get_by_role("log", name="Messages").click()
    ana.keyboard.press("j")
    expect(ana).not_to_have_url(at)


def test_escape_closes_what_floats_and_gives_the_focus_back(browser: Browser, office: AppServer) -> None:
    page = inbox_of(browser, office, "ana")
    page.get_by_role("list", name="Conversations").get_by_role("listitem").first.click()
    box = page.get_by_role("textbox", name="Message", exact=True)
    box.click()
    page.get_by_role("button", name="Insert emoji").click()
    panel = page.get_by_role("dialog", name="Insert emoji")
    expect(panel.locator("input")).to_be_focused()
    page.keyboard.type("heart")
    page.keyboard.press("Escape")  # what was searched for
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(box).to_be_focused()


def test_who_does_not_want_single_keys_turns_them_off(browser: Browser, start_app: StartApp) -> None:
    app = start_app()
    page = page_of(browser, app, "luis", "/profile")
    page.get_by_role("switch", name="Single keys act").click()
    expect(page.get_by_role("switch", name="Single keys act")).not_to_be_checked()
    page.goto(f"{app.base_url}/conversations")
    expect(page.get_by_role("list", name="Conversations").get_by_role("listitem").first).to_be_visible()
    expect(page.locator("html[data-single-keys=off]")).to_have_count(1)
    page.keyboard.press("?")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("log", name="Messages")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Search and commands")).to_be_visible()


def test_the_palette_finds_and_does_what_the_user_may(browser: Browser, office: AppServer) -> None:
    page = inbox_of(browser, office, "admin")
    field = page.get_by_role("combobox", name="Search or do something…")
    option = page.get_by_role("option")
    page.keyboard.press("j")
    expect(page.get_by_role("log", name="Messages")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    field.fill("assign luis")
    expect(option.first).to_contain_text("Assign: Luis Ortega")
    expect(field).to_have_attribute("aria-activedescendant", option.first.get_attribute("id") or "")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Assign").first).to_contain_text("Luis Ortega")

    page.keyboard.press("Control+k")
    field.fill("jose")  # "José", asked of the server
    expect(option.filter(has_text="José").first).to_be_visible()
    field.fill("team")
    option.filter(has_text="Settings: Team").click()
    expect(page).to_have_url(f"{office.base_url}/settings/team")
    page.get_by_role("heading", name="Team", level=1).wait_for()

    page.keyboard.press("Meta+k")
    field.fill("archived")
    option.filter(has_text="Archived").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Archived")).to_have_attribute("aria-selected", "true")

    eva = inbox_of(browser, office, "eva")
    eva.keyboard.press("Control+k")
    eva.get_by_role("combobox", name="Search or do something…").fill("team")
    expect(eva.get_by_role("status").filter(has_text="Nothing found.")).to_be_visible()


def test_the_contact_is_reached_from_the_search_and_changed_by_keys_alone(browser: Browser, office: AppServer) -> None:
    page = inbox_of(browser, office, "ana")
    name = page.locator("[data-row] .name").nth(4).evaluate("name => name.firstChild.textContent")
    page.keyboard.press("/")
    page.keyboard.type(name)
    expect(page.locator("[data-row]").filter(has_not_text=name)).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("Enter")
    pane = page.get_by_role("complementary", name="Conversation details")
    expect(pane.get_by_role("button", name="Edit contact")).to_be_visible()
    for words, field in (
        ("edit contact", pane.get_by_label("Name", exact=True)),
        ("add note", pane.get_by_role("textbox", name="Note")),
        ("open ticket", pane.get_by_role("form", name="Ticket").get_by_label("Title")),
    ):
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Search or do something…").fill(words)
        expect(page.locator("#palette [role=option][aria-selected=true]")).to_contain_text(words, ignore_case=True)
        page.keyboard.press("Enter")
        expect(field).to_be_focused()
    page.keyboard.type("Dripping tap")
    page.keyboard.press("Enter")
    expect(pane.get_by_role("link", name="Dripping tap")).to_be_visible()
    expect(pane.locator(":focus")).to_have_count(1)


def test_lines_of_a_quote_are_written_removed_and_kept_by_keys_alone(browser: Browser, office: AppServer) -> None:
    page = page_of(browser, office, "ana", "/contacts/8")
    page.get_by_role("heading", level=1).wait_for()
    keys = page.keyboard
    keys.press("Control+K")
    keys.type("New quote")
    expect(page.get_by_role("option", name="New quote").first).to_be_visible()
    keys.press("Enter")
    form = page.get_by_role("form", name="Quote")
    form.get_by_label("Title").focus()
    keys.type("Management")
    for place, (what, price) in enumerate((("A year", "100"), ("The keys", "20"))):
        if place:
            form.get_by_role("button", name="Add line").focus()
            keys.press("Enter")
        else:
            form.get_by_label("Description").focus()
        expect(form.get_by_label("Description").nth(place)).to_be_focused()
        keys.type(what)
        for _ in range(2):
            keys.press("Tab")
        keys.type(price)
    expect(form.get_by_text("Net: €120.00")).to_be_visible()

    removers = form.get_by_role("button", name="Remove line")
    removers.first.focus()
    keys.press("Enter")
    expect(removers).to_have_count(1)
    expect(removers).to_be_focused()
    form.get_by_label("Title").focus()
    keys.press("Enter")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    expect(form.get_by_label("Title")).to_be_focused()
    expect(form.get_by_label("Description")).to_have_value("The keys")
    removers.focus()
    keys.press("Enter")
    expect(form.get_by_role("button", name="Add line")).to_be_focused()
    page.context.close()
