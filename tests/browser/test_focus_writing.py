"""Where the focus is while one writes: what is taken out, closed or pressed in a mail leaves no letters to commands."""

import re
import smtplib
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import inbox_of, page_of, rows
from tests.browser.test_main_walk import MAIL_PATIENCE, line
from tests.conftest import StartApp
from tests.servers import AppServer


@pytest.fixture(scope="module")
def office(start_shared_app: StartApp) -> AppServer:
    """The demo agency, for the tests of this file."""
    return start_shared_app()


@pytest.fixture
def page(browser: Browser, office: AppServer) -> Page:
    """Ana's inbox, where nothing is open yet and all of it has come: keys are heard."""
    page = inbox_of(browser, office, "ana")
    page.wait_for_load_state("networkidle")
    return page


def composer(page: Page) -> Locator:
    """Where an answer is written."""
    return page.get_by_role("textbox", name="Message", exact=True)


def write_in_html(app: AppServer, name: str) -> None:
    """Somebody writes a mail that is shown in a frame."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{name} <{name.split()[0].lower()}@framed.test>", "sol@localhost.test"
    mail["Subject"] = "The keys"
    mail.set_content("Hello")
    mail.add_alternative("<table bgcolor='#eee'><tr><td><b>Hello</b> Ana</td></tr></table>", subtype="html")
    with smtplib.SMTP("127.0.0.1", app.smtp_port) as smtp:
        smtp.send_message(mail)


def test_who_takes_a_recipient_or_a_file_out_goes_on_writing(page: Page, tmp_path: Path) -> None:
    rows(page).filter(has_text="e-mail").first.locator("[data-row]").focus()
    page.keyboard.press("Enter")
    to = page.get_by_role("combobox", name="To", exact=True)
    expect(to).to_be_visible()
    at = page.url
    page.locator(".composer").get_by_role("button", name="Remove").first.press("Enter")
    expect(to).to_be_focused()
    page.keyboard.type("eve@elsewhere.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Remove eve@elsewhere.example")).to_be_visible()

    files = [tmp_path / "one.txt", tmp_path / "two.txt"]
    for file in files:
        file.write_text("x")
    page.locator(".composer input[type=file]").set_input_files(files)
    remove = [page.get_by_role("button", name=f"Remove {name}.txt") for name in ("one", "two")]
    expect(remove[1]).to_be_visible()
    remove[0].press("Enter")
    expect(remove[1]).to_be_focused()
    page.keyboard.press("Enter")
    expect(composer(page)).to_be_focused()
    assert page.url == at
    page.context.close()


def test_escape_in_the_text_of_a_dialog_closes_it_and_recipients_leave_the_focus_in_it(page: Page) -> None:
    page.keyboard.press("j")
    expect(page.get_by_role("article").first).to_be_visible()
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="New conversation")
    to = dialog.get_by_role("combobox", name="To", exact=True)
    expect(to).to_be_focused()
    page.keyboard.type("eve@elsewhere.example")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Remove eve@elsewhere.example").press("Enter")
    expect(to).to_be_focused()
    text = composer(page).and_(dialog.locator("[contenteditable]"))
    text.focus()
    expect(text).to_have_class(re.compile("ProseMirror"))
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("[data-row]:focus")).to_have_count(1)
    page.context.close()


def test_escape_in_a_search_that_found_nothing_empties_it_and_stays_there(page: Page) -> None:
    search = page.get_by_role("searchbox", name="Search contacts")
    page.keyboard.press("/")
    page.keyboard.type("nobody at all")
    expect(page.get_by_role("status").filter(has_text="Nothing found.")).to_be_attached()
    page.keyboard.press("Escape")
    expect(search).to_be_focused()
    expect(search).to_have_value("")
    expect(page.locator("[data-row]").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-row]:focus")).to_have_count(1)
    page.context.close()


def test_keys_that_are_pressed_in_a_mail_count_on_the_page(page: Page, office: AppServer) -> None:
    for name in ("Nora Vega", "Iria Lago"):
        write_in_html(office, name)
        expect(line(page, name)).to_be_visible(timeout=MAIL_PATIENCE)
    line(page, "Iria Lago").click()
    log, mail = page.get_by_role("log", name="Messages"), page.frame_locator("iframe.frame").get_by_text("Hello")
    mail.click()
    page.keyboard.press("Escape")
    expect(log).to_be_focused()
    mail.click()
    page.keyboard.press("a")
    expect(page.get_by_role("menuitem", name="Assign to me")).to_be_focused()
    page.keyboard.press("Escape")
    expect(log).to_be_focused()
    mail.click()
    page.keyboard.press("r")
    expect(composer(page)).to_be_focused()
    mail.dblclick()
    page.keyboard.press("Control+c")
    expect(page.locator("iframe.frame")).to_be_focused()  # or the copy would be of nothing
    at = page.url
    page.keyboard.press("j")
    expect(page).not_to_have_url(at)
    expect(page.locator("[data-row]:focus")).to_have_count(1)
    page.context.close()


def test_what_a_dialog_found_is_walked_and_chosen_by_keys_alone(browser: Browser, office: AppServer) -> None:
    page = page_of(browser, office, "ana", "/contacts/8")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.get_by_role("button", name="Merge").press("ArrowUp")  # which is nothing here
    page.get_by_role("button", name="Merge").press("Enter")
    dialog = page.get_by_role("dialog", name="Merge with another contact")
    search = dialog.get_by_role("searchbox", name="Find the other contact")
    expect(search).to_be_focused()
    page.keyboard.type("jan vogel")
    expect(dialog.get_by_role("status")).to_have_text("1 found")
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("button").filter(has_text="Jan Vogel")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(search).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("radio").first).to_be_focused()
    assert faults == []
    page.context.close()


def test_a_dialog_that_was_left_with_its_page_is_not_open_there_again(browser: Browser, office: AppServer) -> None:
    page = page_of(browser, office, "ana", "/tickets")
    page.get_by_role("heading", level=1).wait_for()
    page.get_by_role("link", name="Contacts", exact=True).click()
    begin = page.get_by_role("button", name="New contact")
    begin.click()
    expect(page.get_by_role("dialog", name="New contact")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Tickets", level=1)).to_be_visible()
    page.get_by_role("link", name="Contacts", exact=True).click()
    expect(begin).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    begin.click()
    expect(page.get_by_role("dialog", name="New contact")).to_be_visible()
    page.reload()  # who stays on the page has it
    expect(page.get_by_role("dialog", name="New contact")).to_be_visible()
    page.context.close()


def test_on_a_phone_the_focus_goes_with_the_pane_that_is_shown(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    second = page.locator("[data-row]").nth(1)
    second.focus()
    page.keyboard.press("Enter")
    log, details = page.get_by_role("log", name="Messages"), page.get_by_role("button", name="Details", exact=True)
    expect(log).to_be_focused()
    page.keyboard.press("i")
    expect(page.get_by_role("button", name="Close details")).to_be_focused()
    page.keyboard.press("Escape")
    expect(details).to_be_focused()
    page.get_by_role("button", name="Back to the list").press("Enter")
    expect(second).to_be_focused()
    page.context.close()
