"""What is new is told on other pages, in the bell, across tabs, by the title and sign of a tab that nobody looks at."""

import re
import smtplib

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.people import let_in
from tests.conftest import StartApp
from tests.line import Line
from tests.servers import AppServer

PATIENCE = 40_000


def mail(app: AppServer, name: str, text: str) -> None:
    """A new contact writes."""
    address = f"{name.split()[0].lower()}@contact.test"
    with smtplib.SMTP("127.0.0.1", app.smtp_port) as smtp:
        raw = f"From: {name} <{address}>\r\nSubject: Flat\r\n\r\n{text}\r\n"
        smtp.sendmail(address, ["sol@localhost.test"], raw.encode())


def signed_in(context: BrowserContext, address: str, who: str, path: str) -> Page:
    """A user's page of the app at this address."""
    let_in(context, address, who)
    page = context.new_page()
    page.goto(f"{address}{path}")
    page.get_by_role("button", name="Notifications").wait_for()
    return page


def bell(page: Page) -> str:
    """The text on the bell."""
    return page.get_by_role("button", name="Notifications").inner_text()


def test_the_bell_tells_elsewhere_and_is_read_in_all_tabs(browser: Browser, start_app: StartApp) -> None:
    app = start_app()
    context = browser.new_context(locale="en-GB")
    ana = signed_in(context, app.base_url, "ana", "/contacts")
    other = context.new_page()
    other.goto(f"{app.base_url}/quotes")
    luis = signed_in(browser.new_context(locale="en-GB"), app.base_url, "luis", "/conversations")
    eva = signed_in(browser.new_context(locale="en-GB"), app.base_url, "eva", "/contacts")

    mail(app, "Iria Lago", "Is it free?")
    expect(ana.locator(".alert")).to_contain_text("Iria Lago wrote, nobody has it yet", timeout=PATIENCE)
    for page in (ana, other):
        expect(page.get_by_role("button", name="Notifications")).to_contain_text("1 new")
    expect(eva.get_by_role("button", name="Notifications")).not_to_contain_text("new")

    luis.get_by_role("list", name="Conversations").get_by_role("listitem").filter(has_text="Iria Lago").first.click()
    luis.get_by_role("button", name="Assign").first.click()
    luis.get_by_role("menuitemradio", name="Ana").click()
    expect(ana.locator(".alert")).to_contain_text("Luis Ortega gave you Iria Lago")
    ana.get_by_role("button", name="Notifications").click()
    panel = ana.get_by_role("dialog", name="Notifications")
    expect(panel.get_by_role("listitem").filter(has_text="Iria Lago")).to_have_count(2)
    expect(panel.get_by_role("listitem").first).to_contain_text("Luis Ortega gave you Iria Lago unread")

    # The panel is open while the next one comes: it is there at once.
    mail(app, "Xoel Castro", "Hello")
    expect(panel.get_by_role("listitem").first).to_contain_text("Xoel Castro", timeout=PATIENCE)
    panel.get_by_role("button", name="Mark as read: Xoel Castro").click()
    expect(other.get_by_role("button", name="Notifications")).to_contain_text("1 new")
    ana.keyboard.press("Escape")
    expect(ana.get_by_role("button", name="Notifications")).to_be_focused()
    ana.keyboard.press("Enter")
    panel.get_by_role("link", name="Luis Ortega gave you Iria Lago").click()
    ana.get_by_role("log", name="Messages").get_by_text("Is it free?").wait_for()
    expect(other.get_by_role("button", name="Notifications")).not_to_contain_text("new")
    # Loaded anew, nothing is told a second time.
    other.reload()
    other.get_by_role("button", name="Notifications").wait_for()
    expect(other.locator(".alert")).to_have_count(0)

    expect(other).to_have_title(re.compile(r"^\(\d+\) Quotes$"))
    badge = "document.querySelector('.rail .entry .count').firstChild.textContent.trim()"
    other.wait_for_function(f"document.title.startsWith('(' + {badge} + ')')")  # it follows a second later
    unread = other.title().partition(")")[0].lstrip("(")
    sign = other.locator("link[rel=icon]").get_attribute("href") or ""
    assert sign.startswith("data:image/svg+xml,")
    assert f"%3E{unread}%3C" in sign


def test_each_chooses_what_is_told_and_how(browser: Browser, start_app: StartApp) -> None:
    app = start_app()
    context = browser.new_context(locale="en-GB", permissions=[])
    ana = signed_in(context, app.base_url, "ana", "/profile")
    switch = ana.get_by_role("switch", name="New messages that nobody has yet: In the app")
    expect(switch).to_be_checked()
    switch.click()
    expect(switch).not_to_be_checked()
    ana.reload()
    expect(switch).not_to_be_checked()
    ana.goto(f"{app.base_url}/contacts")
    luis = signed_in(browser.new_context(locale="en-GB"), app.base_url, "luis", "/contacts")
    mail(app, "Iria Lago", "Is it free?")
    expect(luis.get_by_role("button", name="Notifications")).to_contain_text("1 new", timeout=PATIENCE)
    expect(ana.locator(".alert")).to_have_count(0)
    assert bell(ana).strip() == "Notifications"

    # What is told over the page neither gives way to what is not, nor stays for ever because of it.
    luis.goto(f"{app.base_url}/conversations")
    luis.get_by_role("list", name="Conversations").get_by_role("listitem").filter(has_text="Iria Lago").first.click()
    luis.get_by_role("button", name="Assign").first.click()
    luis.get_by_role("menuitemradio", name="Ana").click()
    expect(ana.locator(".alert")).to_contain_text("Luis Ortega gave you Iria Lago")
    mail(app, "Xoel Castro", "Is it free?")
    expect(luis.get_by_role("button", name="Notifications")).to_contain_text("1 new", timeout=PATIENCE)
    expect(ana.locator(".alert")).not_to_contain_text("Xoel Castro", timeout=1)
    expect(ana.locator(".alert")).to_have_count(0, timeout=10_000)


def test_the_browser_is_asked_on_a_click_alone(browser: Browser, app_server: AppServer) -> None:
    context = browser.new_context(locale="en-GB", permissions=["notifications"])
    page = context.new_page()
    # What the system would show cannot be seen from here: the constructor notes it.
    page.add_init_script(
        "window.shown = []; window.asked = 0;"
        "const Real = Notification;"
        "window.Notification = class { constructor(title) { shown.push(title); } close() {}"
        " static get permission() { return 'granted'; }"
        " static async requestPermission() { asked += 1; return 'granted'; } };"
    )
    let_in(page.context, app_server.base_url, "ana")
    page.goto(f"{app_server.base_url}/profile")
    test = page.get_by_role("button", name="Test notification")
    test.wait_for()
    assert page.evaluate("asked") == 0
    test.click()
    page.get_by_text("This browser shows notifications while you are in another tab or window.").wait_for()
    assert page.evaluate("shown") == ["Notifications are on"]
    assert page.evaluate("asked") == 1


def test_the_browser_tells_it_once_and_only_where_no_tab_is_looked_at(browser: Browser, start_app: StartApp) -> None:
    app = start_app()
    context = browser.new_context(locale="en-GB", permissions=["notifications"])
    # As the system does, one tag is one notification; which tab has the focus is what the test says.
    context.add_init_script(
        "window.isFocused = false; window.shown = [];"
        "document.hasFocus = () => isFocused;"
        "window.look = is => { isFocused = is; dispatchEvent(new Event(is ? 'focus' : 'blur')); };"
        "window.Notification = class { constructor(title, { tag }) { shown.push(`${title} ${tag}`); } close() {}"
        " static get permission() { return 'granted'; } };"
    )
    tabs = [signed_in(context, app.base_url, "ana", "/contacts"), context.new_page()]
    tabs[1].goto(f"{app.base_url}/conversations")
    tabs[1].get_by_role("list", name="Conversations").get_by_role("listitem").first.wait_for()

    def told(name: str) -> list[list[str]]:
        mail(app, name, "Is it free?")
        expect(tabs[0].locator(".alert")).to_contain_text(name, timeout=PATIENCE)
        tabs[0].wait_for_timeout(1_000)
        return [[one.rpartition(" ")[0] for one in tab.evaluate("shown.splice(0)")] for tab in tabs]

    tabs[0].evaluate("look(true)")
    assert told("Iria Lago") == [[], []]
    tabs[0].evaluate("look(false)")
    tabs[1].evaluate("look(true)")  # looked at with Conversations open: the other one is silent, too
    assert told("Xoel Castro") == [[], []]
    tabs[1].evaluate("look(false)")  # another window, or another program
    first, second = told("Noa Rey")
    assert set(first + second) == {"Noa Rey wrote, nobody has it yet"}


def test_after_a_lost_line_and_after_sleep_the_pages_catch_up_by_themselves(
    browser: Browser, start_app: StartApp
) -> None:
    line = Line()
    address = f"http://localhost:{line.port}"
    app = start_app(WITEI_BASE_URL=address)
    line.target = app.port
    context = browser.new_context(locale="en-GB")
    inbox = signed_in(context, address, "ana", "/conversations")
    other = context.new_page()
    other.goto(f"{address}/contacts")
    other.get_by_role("button", name="Notifications").wait_for()
    people = inbox.get_by_role("list", name="Conversations").get_by_role("listitem")
    people.first.wait_for()
    other.wait_for_timeout(1000)

    line.cut()
    for page in (inbox, other):
        expect(page.get_by_text("Reconnecting… what you write is kept")).to_be_visible()
    mail(app, "Carla Corte", "Are you there?")
    inbox.wait_for_timeout(2000)
    line.mend()
    expect(people.filter(has_text="Carla Corte").first).to_be_visible(timeout=PATIENCE)
    for page in (inbox, other):
        expect(page.get_by_text("Reconnecting… what you write is kept")).to_have_count(0)
        expect(page.get_by_role("button", name="Notifications")).to_contain_text("1 new")

    sleep = context.new_cdp_session(other)
    sleep.send("Page.setWebLifecycleState", {"state": "frozen"})
    mail(app, "Iker Frio", "Good night")
    expect(people.filter(has_text="Iker Frio").first).to_be_visible(timeout=PATIENCE)
    sleep.send("Page.setWebLifecycleState", {"state": "active"})
    expect(other.get_by_role("button", name="Notifications")).to_contain_text("2 new")
