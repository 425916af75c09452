"""An administrator sets up the chat, and the agency's site shows it."""

import re
from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import serious_faults
from tests.browser.people import inbox_of, page_of
from tests.browser.test_web_chat import chat, log, open_chat, say, site_of
from tests.conftest import StartApp
from tests.servers import AppServer
from witei_app.clock import now

YELLOW = "rgb(255, 212, 0)"


def settings_of(browser: Browser, app: AppServer, who: str = "admin") -> Page:
    """The page of the chat's settings."""
    return page_of(browser, app, who, "/settings/web-chat")


def save(page: Page) -> None:
    """Press Save, and see that it was done."""
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()


def test_what_is_typed_while_the_server_saves_stays(browser: Browser, start_app: StartApp) -> None:
    app = start_app()
    admin = settings_of(browser, app)
    name = admin.get_by_role("form", name="Widget").get_by_label("Name").first
    name.fill("Our site")
    with app.stalled():
        admin.get_by_role("button", name="Save").click()
        name.press("End")
        name.press_sequentially(" by the sea")
    expect(admin.get_by_text("Saved.")).to_be_visible()
    expect(name).to_have_value("Our site by the sea")
    expect(admin.get_by_role("navigation", name="Widgets")).to_contain_text("Our site")
    save(admin)
    expect(admin.get_by_role("navigation", name="Widgets")).to_contain_text("Our site by the sea")


def test_what_an_administrator_changes_is_on_the_site(page: Page, browser: Browser, start_app: StartApp) -> None:
    app = start_app()
    admin = settings_of(browser, app)
    admin.get_by_role("textbox", name="Colour", exact=True).fill("#ffd400")
    expect(admin.get_by_text("Black letters on it: contrast 14.7 to 1.")).to_be_visible()
    admin.get_by_label("Words on the button").fill("Ask us")
    admin.get_by_label("In this language").select_option("en")
    expect(admin.get_by_label("Welcome")).to_have_value(
        "Hello! Looking for a home, or selling yours? Write to us: we are here."
    )
    admin.get_by_label("Welcome").fill("Looking for a home by the sea?")
    expect(admin.get_by_role("img", name="How the chat looks")).to_contain_text("Looking for a home by the sea?")
    save(admin)

    page.goto(site_of(app))
    button = page.get_by_role("button", name="Ask us, Open chat", exact=True)
    expect(button).to_contain_text("Ask us")
    expect(button).to_have_css("background-color", YELLOW)
    frame = open_chat(page, app)
    expect(log(frame)).to_contain_text("Looking for a home by the sea?")
    expect(frame.get_by_role("banner").or_(frame.locator("header"))).to_have_css("background-color", YELLOW)
    admin.reload()
    expect(admin.get_by_text("Seen on 127.0.0.1")).to_be_visible()

    admin.get_by_role("switch", name="Show the chat").click()
    save(admin)
    stranger = browser.new_context().new_page()
    stranger.goto(site_of(app))
    stranger.wait_for_load_state("networkidle")
    expect(stranger.get_by_role("heading", level=1)).to_be_visible()
    expect(stranger.get_by_role("button")).to_have_count(0)
    expect(chat(stranger).locator("body")).to_have_count(0)


def test_who_is_no_administrator_is_shown_no_form(browser: Browser, app_server: AppServer) -> None:
    ana = settings_of(browser, app_server, "ana")
    expect(ana.get_by_text("Only administrators manage web chats")).to_be_visible()
    expect(ana.get_by_role("button", name="Save")).to_have_count(0)


def test_the_picture_shows_what_is_asked_as_the_chat_does(browser: Browser, app_server: AppServer) -> None:
    admin = settings_of(browser, app_server)
    admin.get_by_label("In this language").select_option("en")
    admin.get_by_role("combobox", name="Phone", exact=True).select_option("optional")
    admin.get_by_role("switch", name="The visitor must agree").click()
    admin.get_by_label("Address of your privacy policy").fill("https://sol.example/privacy")
    picture = admin.get_by_role("img", name="How the chat looks")
    expect(picture).to_contain_text("Your phone number (optional)")
    expect(picture).to_contain_text("I agree that my data are used to answer me. Privacy policy")


def test_a_mistake_is_said_and_what_was_typed_stays(browser: Browser, app_server: AppServer) -> None:
    admin = settings_of(browser, app_server)
    admin.get_by_label("Where it may run, one to a line").fill("http://agency.example")
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_role("alert")).to_contain_text("https pages only")
    expect(admin.get_by_label("Where it may run, one to a line")).to_have_value("http://agency.example")


def test_another_widget_drops_no_changes_unasked(browser: Browser, start_app: StartApp) -> None:
    admin = settings_of(browser, start_app())
    words, dialog = admin.get_by_label("Words on the button"), admin.get_by_role("dialog")
    words.fill("Ask us")
    admin.get_by_role("button", name="New widget").click()
    dialog.get_by_role("button", name="Go back").click()
    expect(dialog).to_have_count(0)
    expect(words).to_have_value("Ask us")
    admin.get_by_role("button", name="New widget").click()
    dialog.get_by_role("button", name="Discard changes").click()
    expect(words).to_have_value("")
    admin.get_by_role("navigation", name="Widgets").get_by_role("button").first.click()
    expect(admin.get_by_role("button", name=re.compile("^Delete "))).to_be_visible()  # nothing was changed: it is there
    expect(dialog).to_have_count(0)


def test_questions_come_first_and_each_side_sees_the_other_typing(
    page: Page, browser: Browser, start_app: StartApp
) -> None:
    app = start_app()
    admin = settings_of(browser, app)
    admin.get_by_role("combobox", name="Name", exact=True).select_option("required")
    admin.get_by_role("combobox", name="E-mail", exact=True).select_option("optional")
    admin.get_by_label("In this language").select_option("en")
    admin.get_by_label("Questions to begin with").fill("Is it sold?\nMay I see it?")
    save(admin)
    frame = open_chat(page, app)
    say(frame, "Is the flat free?")
    expect(log(frame).get_by_text("Is the flat free?")).to_have_count(0)
    frame.get_by_label("Your name").fill("Marco Torres")
    frame.get_by_label("Your e-mail address").fill("marco@contact.test")
    frame.get_by_role("button", name="May I see it?").click()
    expect(log(frame).get_by_text("May I see it?")).to_be_visible()
    expect(frame.get_by_role("textbox", name="Your message")).to_have_value("Is the flat free?")
    frame.get_by_role("button", name="Send", exact=True).click()
    expect(log(frame).get_by_text("Sent")).to_have_count(2)
    expect(frame.get_by_label("Your name")).to_have_count(0)

    ana = inbox_of(browser, app, "ana")
    ana.get_by_role("listitem").filter(has_text="Is the flat free?").click()
    details = ana.get_by_role("complementary", name="Conversation details")
    expect(details).to_contain_text("marco@contact.test not verified")
    expect(details.get_by_role("link", name="Inmobiliaria Sol")).to_have_attribute("href", site_of(app))
    frame.get_by_role("textbox", name="Your message").press_sequentially("And")
    expect(ana.get_by_text("Marco Torres is typing…")).to_be_visible()
    ana.get_by_role("textbox", name="Message", exact=True).click()
    ana.keyboard.type("Yes")
    expect(frame.locator(".dots")).to_be_visible()


def test_when_nobody_is_there_an_address_is_asked_for(page: Page, browser: Browser, start_app: StartApp) -> None:
    app = start_app()
    admin = settings_of(browser, app)
    admin.get_by_role("switch", name="Outside these hours").click()
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        admin.get_by_label(day).fill("")
    admin.get_by_label("Sunday").fill("3:00-3:01")
    far = [f"{now() + timedelta(days=days):%Y-%m-%d}" for days in range(8)]
    admin.get_by_label("Holidays").fill(" ".join(far))
    save(admin)
    frame = open_chat(page, app)
    when = r"We are back Sunday, \w+ \w+, \d+:\d\d"  # which Sunday
    expect(frame.get_by_role("status")).to_contain_text(re.compile("Leave your e-mail address.* " + when))
    say(frame, "Good evening")
    expect(log(frame)).to_contain_text("Sent")
    frame.get_by_label("Your e-mail address").fill("marco@contact.test")
    frame.get_by_role("button", name="Leave it").click()
    expect(frame.get_by_role("status")).to_contain_text("We will also answer you by e-mail.")

    hurried = open_chat(browser.new_context(locale="en-GB").new_page(), app)
    hurried.get_by_label("Your e-mail address").fill("nora@contact.test")
    say(hurried, "Good evening, I am Nora")
    expect(hurried.get_by_role("status")).to_contain_text(re.compile(r"We answer you by e-mail\. " + when))
    expect(hurried.get_by_label("Your e-mail address")).to_have_count(0)


def test_whoever_is_blocked_is_told_and_may_be_let_in_again(
    page: Page, browser: Browser, app_server: AppServer
) -> None:
    said = f"Buy followers {uuid4().hex[:6]}"
    frame = open_chat(page, app_server)
    say(frame, said)
    expect(log(frame)).to_contain_text("Sent")
    admin = settings_of(browser, app_server)
    admin.goto(f"{app_server.base_url}/conversations")
    admin.get_by_role("list", name="Conversations").get_by_role("listitem").filter(has_text=said).click()
    admin.get_by_role("button", name="Block this visitor").click()
    admin.get_by_role("dialog").get_by_role("button", name="Block", exact=True).click()
    expect(frame.get_by_text("You can no longer write here.")).to_be_visible()
    expect(frame.get_by_role("textbox", name="Your message")).to_be_disabled()
    details = admin.get_by_role("complementary", name="Conversation details")
    expect(details).to_contain_text("Blocked by")
    page.reload()
    expect(chat(page).get_by_text("You can no longer write here.")).to_be_visible()

    admin.goto(f"{app_server.base_url}/settings/web-chat")
    blocked = admin.get_by_role("table", name="Blocked")
    expect(blocked.get_by_role("row")).to_have_count(2)  # the headings, and this one
    typed = admin.get_by_label("Address or network")
    typed.fill("0.0.0.0/0")
    admin.get_by_role("button", name="Block", exact=True).click()
    expect(admin.get_by_role("alert")).to_contain_text("This network is too large")
    expect(typed).to_have_value("0.0.0.0/0")
    typed.fill("203.0.113.7")
    admin.get_by_role("button", name="Block", exact=True).click()
    admin.get_by_role("button", name="Unblock 203.0.113.7").click()
    expect(blocked.get_by_role("row")).to_have_count(2)
    blocked.get_by_role("button").click()
    expect(blocked).to_have_count(0)
    page.reload()
    expect(log(chat(page))).to_contain_text(said)
    expect(chat(page).get_by_role("textbox", name="Your message")).to_be_enabled()


def test_the_line_that_speaks_first_asks_for_nothing_before_it_is_due(
    page: Page, browser: Browser, start_app: StartApp
) -> None:
    app = start_app()
    admin = settings_of(browser, app)
    admin.get_by_role("switch", name="Show a line beside the button").click()
    admin.get_by_label("After how many seconds").fill("60")
    admin.get_by_role("textbox", name="Colour", exact=True).fill("#ffffff")
    admin.get_by_label("In this language").select_option("en")
    admin.get_by_label("What it says").fill("May we help you?")
    expect(admin.get_by_role("img", name="How the chat looks")).to_contain_text("May we help you?")
    save(admin)

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("/embed/")[2].partition("?")[0]))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.clock.install()
    page.goto(site_of(app))
    expect(page.get_by_role("button", name="Open chat", exact=True)).to_be_visible()
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.clock.run_for(90_000)  # in a tab behind another one
    page.evaluate("delete document.hidden")
    page.clock.run_for(40_000)
    assert [name for name in asked if name] == ["loader.js"]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.clock.run_for(30_000)
    expect(page.get_by_role("status")).to_contain_text("May we help you?")
    assert [name for name in asked if name] == ["loader.js", "nudge.js"]
    page.get_by_role("status").get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("status")).to_have_count(0)
    page.reload()
    page.clock.run_for(90_000)
    assert [name for name in asked if name][-1] == "loader.js"  # once to each visitor

    for scheme in ("light", "dark"):  # white on white, and on black: everything can still be read and seen
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # what still fades in has less contrast
        page.evaluate("Witei.open()")
        say(chat(page), f"Good morning, {scheme}")
        expect(log(chat(page))).to_contain_text(f"Good morning, {scheme}")
        expect(log(chat(page))).to_contain_text("Sent")
        expect(log(chat(page))).not_to_contain_text("Sending")
        embedded = next(part for part in page.frames if "/embed/chat/" in part.url)
        assert serious_faults(embedded) == []
        assert serious_faults(page) == []


def test_when_nobody_answers_for_so_long_an_address_is_asked_for(
    page: Page, browser: Browser, start_app: StartApp
) -> None:
    app = start_app()
    admin = settings_of(browser, app)
    admin.get_by_label("Ask for an address when nobody has answered").fill("5")
    save(admin)
    page.clock.install()
    frame = open_chat(page, app)
    say(frame, "Is anybody there?")
    expect(log(frame)).to_contain_text("Sent")
    address = frame.get_by_label("Your e-mail address")
    page.clock.fast_forward("04:30")
    expect(address).to_have_count(0)
    page.clock.fast_forward("01:00")
    expect(frame.get_by_text("If you cannot wait, leave your e-mail address")).to_be_visible()
    address.fill("marco@contact.test")
    address.press("Enter")
    expect(frame.get_by_text("We will also answer you by e-mail.")).to_be_visible()
