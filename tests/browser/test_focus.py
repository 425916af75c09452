"""The keyboard's place on the page: whatever is done to a conversation, the focus is where one goes on."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import inbox_of, rows
from tests.conftest import StartApp
from tests.servers import AppServer


@pytest.fixture(scope="module")
def office(start_shared_app: StartApp) -> AppServer:
    """The demo agency, whose mails wait ten seconds before they go."""
    return start_shared_app(WITEI_UNDO_SECONDS="10")


@pytest.fixture
def page(browser: Browser, office: AppServer) -> Page:
    """Ana's inbox, where nothing is open yet."""
    return inbox_of(browser, office, "ana")


def link(page: Page, place: int) -> Locator:
    """What of a line has the focus."""
    return page.locator("[data-row]").nth(place)


def address(page: Page, place: int) -> re.Pattern[str]:
    """Where a line leads."""
    return re.compile(f"{link(page, place).get_attribute('href')}$")


def open_mail(page: Page) -> Locator:
    """Opens the first conversation by e-mail with the keyboard; gives where one writes."""
    rows(page).filter(has_text="e-mail").first.locator("[data-row]").focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("textbox", name="Message", exact=True)
    expect(page.get_by_role("textbox", name="To").or_(page.get_by_role("combobox", name="To"))).to_be_visible()
    return box


def test_what_leaves_the_list_leaves_the_focus_on_the_next_which_j_opens(page: Page) -> None:
    first, second, third = (address(page, place) for place in range(3))
    page.keyboard.press("j")
    expect(page).to_have_url(first)
    expect(page.get_by_role("button", name="Archive", exact=True)).to_be_visible()
    page.keyboard.press("e")
    expect(link(page, 0)).to_be_focused()
    expect(link(page, 0)).to_have_attribute("href", re.compile(second.pattern))
    page.keyboard.press("j")
    expect(page).to_have_url(second)
    page.keyboard.press("j")
    expect(page).to_have_url(third)
    page.context.close()


def test_the_buttons_of_the_head_keep_the_focus_and_a_deleted_conversation_gives_it_to_the_list(page: Page) -> None:
    page.keyboard.press("j")
    archive, reopen = (page.get_by_role("button", name=name, exact=True) for name in ("Archive", "Reopen"))
    archive.focus()
    page.keyboard.press("Enter")
    expect(reopen).to_be_focused()
    page.keyboard.press("Enter")
    expect(archive).to_be_focused()
    after = address(page, 1)
    page.get_by_role("button", name="Delete", exact=True).press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Delete conversation").press("Enter")
    expect(link(page, 0)).to_be_focused()
    expect(link(page, 0)).to_have_attribute("href", re.compile(after.pattern))
    page.keyboard.press("j")
    expect(page).to_have_url(after)
    page.context.close()


def test_escape_leads_from_the_text_to_the_thread_and_from_the_search_to_the_list(page: Page) -> None:
    page.keyboard.press("j")
    expect(page.get_by_role("article").first).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("log", name="Messages")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(page.locator("[data-row][aria-current]")).to_be_focused()
    details = page.get_by_role("complementary", name="Conversation details")
    details.get_by_role("button", name="Edit contact").press("Enter")
    expect(details.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("log", name="Messages")).not_to_be_focused()
    page.keyboard.press("Tab")  # from where one was
    expect(details.locator(":focus")).to_have_count(1)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("a")
    expect(page.get_by_role("menu", name="Assign")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Assign").first).to_be_focused()
    page.context.close()


def test_control_z_takes_back_what_was_sent_and_never_only_seems_to(page: Page) -> None:
    box = open_mail(page)
    page.keyboard.press("r")
    expect(box).to_have_class(re.compile("ProseMirror"))
    page.keyboard.type("The keys are here")
    page.keyboard.press("Control+Enter")
    offer = page.get_by_role("button", name="Undo")
    expect(offer).to_be_visible()
    expect(box).to_have_text("")
    page.keyboard.press("Control+z")
    expect(box).to_have_text("The keys are here")
    expect(offer).to_be_hidden()
    page.keyboard.type("!")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.get_by_role("button", name="Reopen", exact=True)).to_be_visible()
    expect(page.get_by_role("log", name="Messages")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(box).to_have_text("The keys are here!")
    expect(box).to_be_focused()

    page.keyboard.press("Control+Enter")
    expect(offer).to_be_visible()
    expect(offer).to_be_hidden(timeout=20_000)  # too late: it is on its way
    page.keyboard.press("Control+z")
    page.keyboard.type("P.S.")
    expect(box).to_have_text("P.S.")
    page.context.close()


def test_who_comes_to_what_was_begun_goes_on_behind_it(page: Page) -> None:
    box = open_mail(page)
    page.keyboard.press("r")
    expect(box).to_have_class(re.compile("ProseMirror"))
    box.press("Control+a")
    page.keyboard.type("The flat")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(box).to_have_text("")
    page.keyboard.press("k")
    expect(box).to_have_text("The flat")
    page.keyboard.press("r")
    page.keyboard.type(" is")
    expect(box).to_have_text("The flat is")
    page.reload()
    expect(box).to_have_text("The flat is")
    page.keyboard.press("r")
    page.keyboard.type(" yours")
    expect(box).to_have_text("The flat is yours")
    page.context.close()


def test_a_form_that_is_kept_gives_the_focus_back_to_what_opened_it(page: Page) -> None:
    page.keyboard.press("j")
    details = page.get_by_role("complementary", name="Conversation details")
    edit, add = (details.get_by_role("button", name=name) for name in ("Edit contact", "Add note"))
    edit.focus()
    page.keyboard.press("Enter")
    expect(details.get_by_label("Name", exact=True)).to_be_focused()
    details.get_by_role("button", name="Cancel").press("Enter")
    expect(edit).to_be_focused()
    add.focus()
    page.keyboard.press("Enter")
    expect(details.get_by_role("textbox", name="Note")).to_be_focused()
    page.keyboard.type("Prefers mornings")
    page.keyboard.press("Control+Enter")
    expect(details.get_by_text("Prefers mornings")).to_be_visible()
    expect(add).to_be_focused()
    page.context.close()


def test_who_writes_where_a_colleague_archives_and_deletes_is_told_that_the_text_is_kept(
    browser: Browser, office: AppServer, page: Page
) -> None:
    box = open_mail(page)
    page.keyboard.press("r")
    box.press("Control+a")
    page.keyboard.type("Shall we say Thursday?")
    luis = inbox_of(browser, office, "luis")
    luis.goto(page.url)
    luis.get_by_role("button", name="Archive", exact=True).click()
    kept = page.get_by_role("alert").filter(has_text="What you were writing is kept.")
    expect(kept).to_be_visible()
    page.get_by_role("button", name="Answer it").press("Enter")
    expect(box).to_be_focused()
    expect(box).to_have_text("Shall we say Thursday?")
    luis.get_by_role("button", name="Delete", exact=True).click()
    luis.get_by_role("dialog").get_by_role("button", name="Delete conversation").click()
    expect(page.get_by_role("alert").filter(has_text="This conversation is not here")).to_be_visible()
    expect(kept).to_be_visible()
    expect(page.locator("[data-row]:focus")).to_have_count(0)  # the rest of the sentence opens none
    for one in (page, luis):
        one.context.close()
