"""A colleague comes, learns what they may do while a page is open, forgets the password, and goes."""

import re
from urllib.parse import urlsplit

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.demo_mailbox import newest_mail_to
from tests.browser.people import inbox_of, page_of
from tests.conftest import StartApp
from tests.servers import AppServer

DEMO = "demo-demo-demo"
NEW = "a password of four words"


@pytest.fixture(scope="module")
def office(start_shared_app: StartApp) -> AppServer:
    """An app of its own, whose team may change."""
    return start_shared_app()


def fresh_page(browser: Browser) -> Page:
    return browser.new_context(locale="en-GB").new_page()


def sign_in(page: Page, app: AppServer, email: str, password: str = DEMO) -> None:
    page.goto(f"{app.base_url}/login")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def team_of(browser: Browser, office: AppServer) -> Page:
    admin = page_of(browser, office, "admin", "/settings/team")
    expect(admin.get_by_role("table", name="Team")).to_contain_text("Ana Ruiz")
    return admin


def test_a_permission_is_taken_away_in_an_open_tab(browser: Browser, office: AppServer):
    ana = inbox_of(browser, office, "ana")
    ana.get_by_role("list", name="Conversations").get_by_role("listitem").first.click()
    expect(ana.get_by_role("button", name="Delete", exact=True)).to_be_visible()
    expect(ana.get_by_role("button", name="Send", exact=True)).to_be_visible()

    admin = team_of(browser, office)
    expect(admin.get_by_role("row").filter(has_text="Ana Ruiz")).to_contain_text("here now")
    admin.get_by_role("button", name="Permissions of Ana Ruiz").click()
    admin.get_by_role("combobox", name="Ready-made set").select_option("Read only")
    expect(admin.get_by_role("switch", name="Delete conversations")).not_to_be_checked()
    admin.get_by_role("button", name="Save", exact=True).click()

    expect(ana.get_by_text("You may read this conversation, not answer it.")).to_be_visible()
    for gone in ("Delete", "Archive", "Assign", "Send", "New conversation", "Edit contact", "Add note", "Open ticket"):
        expect(ana.get_by_role("button", name=gone, exact=True)).to_have_count(0)

    admin.get_by_role("button", name="Permissions of Ana Ruiz").click()
    admin.get_by_role("combobox", name="Conversations", exact=True).select_option("Only own")
    admin.get_by_role("switch", name="Answer, note and archive").click()
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(ana.get_by_role("tab", name="Unassigned")).to_be_visible()
    expect(ana.get_by_text("You may read this conversation, not answer it.")).to_have_count(0)


def test_who_sees_no_conversations_is_told_why_the_list_is_empty(browser: Browser, office: AppServer):
    luis, admin = inbox_of(browser, office, "luis"), team_of(browser, office)
    for level, words in (("Nothing", "This is not among your permissions"), ("Everything", "needs reply")):
        admin.get_by_role("button", name="Permissions of Luis Ortega").click()
        admin.get_by_role("combobox", name="Conversations", exact=True).select_option(level)
        admin.get_by_role("button", name="Save", exact=True).click()
        expect(luis.get_by_role("list", name="Conversations")).to_contain_text(words)


def test_who_may_answer_no_more_hands_on_what_is_open(browser: Browser, office: AppServer):
    admin = team_of(browser, office)
    admin.get_by_role("button", name="Permissions of Eva Soler").click()
    heir = admin.get_by_role("combobox", name="Who gets the open conversations")
    expect(admin.get_by_role("combobox", name="Ready-made set")).to_be_visible()
    expect(heir).to_have_count(0)
    admin.get_by_role("combobox", name="Ready-made set").select_option("Read only")
    expect(admin.get_by_text("Eva Soler may not answer the")).to_be_visible()
    heir.select_option("Marta Sol")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_role("dialog")).to_have_count(0)
    admin.get_by_role("button", name="Deactivate Eva Soler").click()
    expect(admin.get_by_role("dialog")).to_contain_text("open conversations 0,")


def test_figures_on_the_screen_go_with_the_permission(browser: Browser, office: AppServer):
    luis = page_of(browser, office, "luis", "/reports/conversations")
    expect(luis.get_by_role("list", name="Figures").get_by_role("listitem").first).to_be_visible()

    admin = team_of(browser, office)
    admin.get_by_role("button", name="Permissions of Luis Ortega").click()
    admin.get_by_role("combobox", name="Reports", exact=True).select_option("Nothing")
    admin.get_by_role("button", name="Save", exact=True).click()

    expect(luis.get_by_role("heading", name="This is not among your permissions")).to_be_visible()
    expect(luis.get_by_role("list", name="Figures")).to_have_count(0)
    expect(luis.get_by_role("navigation", name="Main").get_by_role("link", name="Reports")).to_have_count(0)


def test_what_was_refused_on_one_page_is_not_said_on_the_next(browser: Browser, office: AppServer):
    luis = inbox_of(browser, office, "luis")
    for goal, heading in (("/profile", "Profile"), ("/conversations", "Conversations")):
        luis.goto(f"{office.base_url}/settings/team")
        expect(luis.get_by_text("Only administrators may do this.")).to_be_visible()
        luis.goto(f"{office.base_url}{goal}")
        expect(luis.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        expect(luis.get_by_text("Only administrators may do this.")).to_have_count(0)


def test_from_an_invitation_to_the_inbox_and_out_again(browser: Browser, office: AppServer):
    admin = team_of(browser, office)
    admin.get_by_role("button", name="Invite").click()
    admin.get_by_label("E-mail").fill("nora@demo.test")
    admin.get_by_role("textbox", name="Name").fill("Nora Vidal")
    admin.get_by_role("combobox", name="Ready-made set").select_option("Senior agent")
    admin.get_by_role("button", name="Send the invitation").click()
    link = admin.get_by_role("status").locator("code").inner_text()

    nora = fresh_page(browser)
    expect(newest_mail_to(nora, office, "nora@demo.test")).to_contain_text("/invite/")
    nora.goto(office.base_url + urlsplit(link).path)
    nora.get_by_label("Password").fill(NEW)
    nora.get_by_role("button", name="Begin").click()
    nora.get_by_role("list", name="Conversations").get_by_role("listitem").first.click()
    nora.get_by_role("textbox", name="Message", exact=True).click()
    nora.keyboard.type("My first answer here.")
    nora.get_by_role("button", name="Send", exact=True).click()
    expect(nora.get_by_role("log", name="Messages").get_by_role("article").last).to_contain_text("My first answer")

    admin.reload()
    admin.get_by_role("button", name="Deactivate Nora Vidal").click()
    admin.get_by_role("combobox", name="To whom").select_option("Nobody: unassigned")
    admin.get_by_role("button", name="Deactivate", exact=True).click()
    expect(admin.get_by_role("row").filter(has_text="Nora Vidal")).to_contain_text("deactivated")
    nora.wait_for_url("**/login**")
    expect(nora.get_by_label("Password")).to_be_visible()


def test_a_forgotten_password_is_replaced_and_the_open_tab_signed_out(browser: Browser, office: AppServer):
    luis, elsewhere = inbox_of(browser, office, "luis"), fresh_page(browser)
    elsewhere.goto(f"{office.base_url}/login")
    elsewhere.get_by_role("link", name="Forgot your password?").click()
    elsewhere.get_by_label("E-mail").fill("luis@demo.test")
    elsewhere.get_by_role("button", name="Send the link").click()
    expect(elsewhere.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    found = re.search(r"/forgot/[\w.-]+", newest_mail_to(elsewhere, office, "luis@demo.test").inner_text())
    assert found is not None
    elsewhere.goto(office.base_url + found[0])
    elsewhere.get_by_label("New password").fill(NEW)
    elsewhere.get_by_role("button", name="Change the password").click()
    expect(elsewhere.get_by_text("Your password was changed.")).to_be_visible()
    luis.wait_for_url("**/login**")
    sign_in(elsewhere, office, "luis@demo.test", NEW)
    expect(elsewhere.get_by_role("list", name="Conversations").get_by_role("listitem").first).to_be_visible()


def test_one_sets_up_an_app_and_signs_in_with_it(browser: Browser, office: AppServer):
    eva = page_of(browser, office, "eva", "/profile")
    eva.get_by_role("button", name="Set up an app").click()
    key = eva.locator(".copy-line code").inner_text()
    eva.get_by_role("textbox", name="Code").fill(pyotp.TOTP(key).now())
    eva.get_by_role("button", name="Turn on").click()
    code = eva.get_by_role("list", name="Recovery codes").get_by_role("listitem").first.inner_text()

    again = fresh_page(browser)
    sign_in(again, office, "eva@demo.test")
    again.get_by_role("textbox", name="Code").fill("123456")
    again.get_by_role("button", name="Sign in").click()
    expect(again.get_by_role("alert")).to_contain_text("not right")
    again.get_by_role("textbox", name="Code").fill(code)
    again.get_by_role("button", name="Sign in").click()
    again.wait_for_url("**/conversations")


def test_name_signature_and_sessions_are_ones_own(browser: Browser, office: AppServer):
    admin, other = page_of(browser, office, "admin", "/profile"), inbox_of(browser, office, "admin")
    admin.get_by_role("textbox", name="Name").fill("Marta del Sol")
    admin.get_by_role("combobox", name="Language").select_option("Español")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_role("heading", name="Perfil")).to_be_visible()
    admin.get_by_role("combobox", name="Idioma").select_option("English")
    admin.get_by_role("button", name="Guardar", exact=True).click()
    expect(admin.get_by_role("heading", name="Profile")).to_be_visible()

    admin.get_by_role("textbox", name="Signature").click()
    admin.keyboard.press("Control+End")
    admin.keyboard.type(" until six")
    admin.get_by_role("button", name="Save the signature").click()
    expect(admin.get_by_role("figure")).to_contain_text("until six")
    admin.get_by_role("textbox", name="Signature").click()
    admin.keyboard.press("Control+A")
    admin.keyboard.press("Backspace")
    admin.get_by_role("button", name="Save the signature").click()
    expect(admin.get_by_role("figure")).to_contain_text("No signature yet.")

    rows = admin.get_by_role("table", name="Signed in on").get_by_role("row")
    expect(rows.filter(has_text="this one")).to_have_count(1)
    rows.get_by_role("button", name="Sign out").first.click()
    admin.get_by_role("dialog").get_by_role("button", name="Sign out", exact=True).click()
    other.wait_for_url("**/login**")
    admin.get_by_role("button", name="Sign out everywhere").click()
    admin.wait_for_url("**/login**")


@pytest.mark.parametrize("path", ["/profile", "/settings/team"])
def test_the_pages_are_accessible(browser: Browser, office: AppServer, path: str):
    admin = page_of(browser, office, "admin", path)
    expect(admin.get_by_role("heading", level=1)).to_be_visible()
    results = Axe().run(admin)
    assert results.violations_count == 0, results.generate_report()


def test_an_app_that_is_required_is_set_up_by_who_has_a_page_open(browser: Browser, start_app: StartApp):
    app = start_app()
    luis, admin = inbox_of(browser, app, "luis"), page_of(browser, app, "admin", "/settings/workspace")
    admin.get_by_role("switch", name="Everybody needs an authenticator app").click()
    luis.wait_for_url("**/login**")
    expect(luis.get_by_text("Your workspace requires an authenticator app now.")).to_be_visible()
    admin.goto(f"{app.base_url}/settings/workspace")
    expect(admin.get_by_label("Password")).to_be_visible()
