"""A visitor on another origin's page and an agent in the inbox, in real browsers."""

import signal
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Browser, FrameLocator, Locator, Page, Request, ViewportSize, WebSocketRoute, expect

from tests.browser.axe import serious_faults
from tests.browser.people import inbox_of
from tests.conftest import StartApp
from tests.servers import AppServer

Visit = Callable[..., Page]
LAYOUT_SHIFTS = """new Promise(resolve => {
  let shifts = 0;
  new PerformanceObserver(list => shifts += list.getEntries().length).observe({type: "layout-shift", buffered: true});
  setTimeout(() => resolve(shifts), 300);
})"""
PHONE: ViewportSize = {"width": 390, "height": 844}


def site_of(app: AppServer) -> str:
    """The demo site under another origin than the one that it embeds from."""
    return f"http://127.0.0.1:{app.port}/demo/site"


def open_chat(page: Page, app: AppServer) -> FrameLocator:
    """The visitor comes to the site and opens the chat."""
    page.goto(site_of(app))
    page.get_by_role("button", name="Open chat").click()
    return chat(page)


def chat(page: Page) -> FrameLocator:
    """The chat's iframe."""
    return page.frame_locator("iframe[title='Chat']")


def say(frame: FrameLocator, text: str) -> None:
    """The visitor writes and sends."""
    frame.get_by_role("textbox", name="Your message").fill(text)
    frame.get_by_role("button", name="Send", exact=True).click()


def log(frame: FrameLocator) -> Locator:
    """The chat's messages."""
    return frame.get_by_role("log", name="Messages")


def test_a_chat_goes_back_and_forth_across_origins(page: Page, browser: Browser, app_server: AppServer) -> None:
    ana = inbox_of(browser, app_server, "ana")
    frame = open_chat(page, app_server)
    question, answer = f"¿Admite perros? {uuid4().hex[:6]}", f"Sí, claro {uuid4().hex[:6]}"

    say(frame, question)
    item = ana.get_by_role("list", name="Conversations").get_by_role("listitem").filter(has_text=question)
    item.click()
    expect(ana.get_by_role("log", name="Messages")).to_contain_text(question)
    expect(log(frame)).to_contain_text("Read")
    ana.get_by_role("textbox", name="Message", exact=True).click()
    ana.keyboard.type(answer)
    for _ in range(2):
        ana.keyboard.press("Enter")
    ana.keyboard.type("Un saludo")
    ana.get_by_role("button", name="Send", exact=True).click()

    expect(log(frame)).to_contain_text(answer)
    assert log(frame).locator("p:empty").evaluate("line => line.offsetHeight") > 10, "a line left empty is one"
    page.reload()
    for text in (question, answer):
        expect(log(chat(page)).get_by_text(text, exact=True)).to_have_count(1)


def test_before_the_first_click_there_is_one_script_and_no_trace(page: Page, app_server: AppServer) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.goto(site_of(app_server))
    expect(page.get_by_role("button", name="Open chat", exact=True)).to_be_visible()

    assert [url.split("?")[0] for url in asked if "/embed/" in url] == [f"{app_server.base_url}/embed/loader.js"]
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate(LAYOUT_SHIFTS) == 0


def test_an_open_chat_takes_three_requests_and_a_socket(page: Page, app_server: AppServer) -> None:
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    expect(log(open_chat(page, app_server))).to_have_attribute("aria-busy", "false")
    page.wait_for_timeout(500)  # the browser tells of a finished request a little later
    ours = [request for request in finished if "/embed/" in request.url]
    assert len({request.url for request in ours}) == 3
    assert sum(request.sizes()["responseBodySize"] for request in ours) <= 20 * 1024


def test_the_hosts_styles_and_ours_leave_each_other_alone(page: Page, app_server: AppServer) -> None:
    page.goto(site_of(app_server))
    button = page.get_by_role("button", name="Open chat", exact=True)
    before = button.bounding_box()
    body = page.evaluate("getComputedStyle(document.body).cssText")
    hostile = page.add_style_tag(content="*, button { letter-spacing: 9px !important; width: 300px !important }")
    assert button.bounding_box() == before
    hostile.evaluate("style => style.remove()")
    button.click()
    expect(log(chat(page))).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).cssText") == body


def test_the_keyboard_alone_opens_writes_and_closes(page: Page, app_server: AppServer) -> None:
    page.goto(site_of(app_server))
    page.get_by_role("button", name="Open chat", exact=True).focus()
    page.keyboard.press("Enter")
    box = chat(page).get_by_role("textbox", name="Your message")
    expect(box).to_be_focused()
    box.blur()  # as it is in Safari until something is typed
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    expect(log(chat(page)).get_by_text("one\ntwo")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Open chat", exact=True)).to_be_focused()


def test_a_phone_gets_the_whole_screen_and_the_page_back(browser: Browser, app_server: AppServer) -> None:
    page = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    frame = open_chat(page, app_server)
    expect(frame.get_by_role("button", name="Close chat")).to_be_visible()
    box = page.locator("iframe[title='Chat']").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    frame.get_by_role("button", name="Close chat").click()
    expect(page.locator("iframe[title='Chat']")).to_be_hidden()
    expect(page.get_by_role("button", name="Open chat", exact=True)).to_be_visible()


def test_the_chat_is_accessible_in_light_and_dark(browser: Browser, app_server: AppServer) -> None:
    for scheme in ("light", "dark"):
        page = browser.new_context(color_scheme=scheme).new_page()
        frame = open_chat(page, app_server)
        say(frame, "¿Sigue disponible?")
        expect(log(frame)).to_contain_text("Sent")
        embedded = next(part for part in page.frames if "/embed/chat/" in part.url)
        assert serious_faults(embedded) == []


def test_what_a_visitor_writes_is_text(page: Page, app_server: AppServer) -> None:
    frame = open_chat(page, app_server)
    hostile = "<img src=x onerror=alert(1)><b>bold</b> https://example.com/a?b=1."
    say(frame, hostile)
    expect(log(frame).get_by_text(hostile)).to_be_visible()
    expect(log(frame).locator("img, b")).to_have_count(0)
    expect(log(frame).get_by_role("link", name="https://example.com/a?b=1")).to_be_visible()


def test_it_works_by_http_where_websockets_are_blocked(page: Page, app_server: AppServer) -> None:
    tried: list[WebSocketRoute] = []

    def refuse(socket: WebSocketRoute) -> None:
        tried.append(socket)
        socket.close()

    page.route_web_socket("**/embed/socket*", refuse)
    frame = open_chat(page, app_server)
    words = ["by another way", "and once more"]
    for text in words:
        say(frame, text)
    expect(log(frame)).to_contain_text("Sent", timeout=20_000)
    expect(log(frame).get_by_text("Sending")).to_have_count(0)
    before = len(tried)
    page.reload()
    expect(log(chat(page)).locator(".me .bubble")).to_have_text(words)
    assert len(tried) == before, "what was found blocked on one page is not tried first on the next"


def test_nothing_is_lost_or_doubled_when_the_server_dies(page: Page, browser: Browser, start_app: StartApp) -> None:
    app = start_app()
    frame = open_chat(page, app)
    words = [f"numbered {number:02}" for number in range(1, 11)]
    for text in words[:4]:
        say(frame, text)
    app.stop(signal.SIGKILL)
    for text in words[4:7]:
        say(frame, text)
    app.start()
    for text in words[7:]:
        say(frame, text)

    expect(log(frame).get_by_text("Sending")).to_have_count(0, timeout=30_000)
    page.reload()
    expect(log(chat(page)).get_by_text("numbered")).to_have_text(words)
