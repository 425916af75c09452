"""The chat on an agency's own page of another origin: strict policy, twice, other pages, in a frame, its API."""

import hashlib
import hmac
import json
import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from PIL import Image
from playwright.sync_api import (
    Browser,
    FilePayload,
    FloatRect,
    FrameLocator,
    Locator,
    Page,
    Route,
    ViewportSize,
    WebSocketRoute,
    expect,
)

from tests.browser.people import page_of
from tests.browser.test_web_chat import chat, log, say
from tests.servers import AppServer
from witei_app.webchat.look import LANGUAGES

OPEN = "Open chat"
VIEWPORT = '<meta name="viewport" content="width=device-width">'


class Site(ThreadingHTTPServer):
    """A page with the chat's line on it twice, under the policy of docs/web-chat.md; a frame of it; one that allows
    scripts by a nonce alone; one in Arabic."""

    def __init__(self, embed: str, line: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        by_nonce = f"default-src 'none'; script-src 'nonce-n1'; frame-src {embed}; require-trusted-types-for 'script'"
        self.policies = {"/nonce": by_nonce + "; trusted-types 'none'"}
        self.policy = f"default-src 'none'; script-src {embed}; frame-src {embed} 'self'"
        self.line = line
        self.url = f"http://127.0.0.1:{self.server_port}"

    def page(self, path: str) -> str:
        """What stands at an address."""
        line = self.line.replace("<script ", '<script nonce="n1" ')
        pages = {
            "/sandboxed": f'{VIEWPORT}<iframe src="/" sandbox="allow-scripts allow-forms" width="600" height="560">',
            "/words": f'<html lang="es">{VIEWPORT}{self.line.replace("<script ", "<script data-text=Escríbanos ")}',
            "/framed": f'<html lang="en">{VIEWPORT}<iframe src="/" width="600" height="560"></iframe>',
            "/arabic": f'<html lang="ar" dir="rtl">{VIEWPORT}<title>شقق</title><h1>شقق للبيع</h1>{line}',
            "/module": '<script data-key="x" src="data:text/javascript,1"></script>' + as_module(self.line),
            "/nonce": f'<html lang="en"><head>{line}</head><body><input aria-label="Search" autofocus>',
        }
        pages |= {f"/in/{lang}": f'<html lang="{lang}">{VIEWPORT}{line}' for lang in LANGUAGES}
        found = pages.get(path, f'<html lang="en">{VIEWPORT}<title>Sol</title><h1>Flats</h1>{line * 2}')
        return f"<!doctype html>{found}"


def as_module(line: str) -> str:
    """The line as some page builders rewrite it."""
    return re.sub(r' async| data-key="[^"]+"', "", line).replace("<script ", "<script type=module ")


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        body = self.server.page(self.path).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", self.server.policies.get(self.path, self.server.policy))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def admin(browser: Browser, app_server: AppServer) -> Page:
    """The administrator, in the settings of the web chat."""
    return page_of(browser, app_server, "admin", "/settings/web-chat")


@pytest.fixture
def site(admin: Page, app_server: AppServer) -> Iterator[Site]:
    """The agency's site."""
    line = admin.locator("aside .copy-line code").first.inner_text()
    server = Site(app_server.base_url, line)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def wait_for_greeting(frame: FrameLocator) -> None:
    """Until the server has said who one is here."""
    expect(log(frame)).to_have_attribute("aria-busy", "false")


def secret_of(admin: Page) -> str:
    admin.get_by_role("button", name="Show the secret").click()
    return admin.locator("form .copy-line code").inner_text()


def test_a_signed_in_visitor_on_a_strict_page(page: Page, admin: Page, site: Site, app_server: AppServer) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    user = f"u-{uuid4().hex[:8]}"
    email, question, answer = f"{user}@contact.test", f"Is it free? {user}", f"It is {user}"
    signature = hmac.new(secret_of(admin).encode(), f"{user}\n{email}".encode(), hashlib.sha256).hexdigest()

    page.goto(site.url)
    button = page.get_by_role("button", name=OPEN, exact=True)
    expect(button).to_have_count(1)  # the line is there twice
    page.evaluate("who => { Witei.on('unread', n => document.title = `${n} new`); Witei.identify(who); Witei.open() }",
                  {"id": user, "email": email, "name": "Nora Vidal", "signature": signature})  # fmt: skip
    say(chat(page), question)
    expect(log(chat(page))).to_contain_text("Sent")
    page.evaluate("Witei.close()")
    expect(page.locator("iframe[title='Chat']")).to_be_hidden()

    admin.goto(f"{app_server.base_url}/conversations/")
    admin.get_by_role("list", name="Conversations").get_by_role("listitem").filter(has_text=question).click()
    details = admin.get_by_role("complementary", name="Conversation details")
    expect(details).to_contain_text(f"Nora Vidal · {user} verified")
    admin.get_by_role("textbox", name="Message", exact=True).click()
    admin.keyboard.type(answer)
    expect(admin.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    admin.get_by_role("button", name="Send", exact=True).click()
    expect(page).to_have_title("1 new")
    expect(page.get_by_role("button", name="Open chat (1)")).to_be_visible()

    # Turbo-like navigation: another body, the script again; the chat stays as it is.
    page.evaluate("""line => {
      document.body = new DOMParser().parseFromString("<h1>Another page</h1>", "text/html").body;
      history.pushState({}, "", "/another");
      const script = Object.assign(document.createElement("script"), { src: line.match(/src="([^"]+)"/)[1] });
      document.body.append(script);
      Witei.open();
    }""", site.line)  # fmt: skip
    expect(log(chat(page))).to_contain_text(answer)
    expect(page).to_have_title("0 new")
    expect(page.locator("witei-chat")).to_have_count(1)
    expect(details.locator('a[href$="/another"]').first).to_be_attached()

    # A copy by mail, then everything goes.
    chat(page).get_by_role("button", name="More").click()
    chat(page).get_by_role("button", name="Send me a copy by e-mail").click()
    expect(chat(page).get_by_text(f"A copy is on its way to {email}.")).to_be_visible()
    chat(page).get_by_role("button", name="More").click()
    chat(page).get_by_role("button", name="Delete my data").click()
    chat(page).get_by_role("button", name="Delete", exact=True).click()
    expect(chat(page).get_by_text("Your data have been deleted.")).to_be_visible()
    expect(log(chat(page))).not_to_contain_text(question)
    expect(admin.get_by_role("list", name="Conversations").get_by_text(question)).to_have_count(0)
    assert faults == []


def test_the_chat_in_a_frame_and_by_a_dead_link(
    page: Page, browser: Browser, site: Site, app_server: AppServer
) -> None:
    page.goto(f"{site.url}/framed")
    inner = page.frame_locator("iframe").first
    inner.get_by_role("button", name=OPEN, exact=True).click()
    said = f"From a frame {uuid4().hex[:6]}"
    say(inner.frame_locator("iframe[title='Chat']"), said)
    expect(inner.frame_locator("iframe[title='Chat']").get_by_role("log")).to_contain_text("Sent")

    key = site.line.split('data-key="')[1].split('"')[0]
    stranger = browser.new_context().new_page()
    stranger.goto(f"{app_server.base_url}/embed/chat/{key}?lang=en#back=forged")
    expect(stranger.get_by_text("This link is not valid any more.")).to_be_visible()
    assert "#" not in stranger.url
    expect(stranger.get_by_role("log")).not_to_contain_text(said)


def watched(page: Page) -> list[str]:
    """What goes wrong on the page from now on."""
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    return faults


def test_the_next_page_goes_on_and_leaves_the_focus_where_it_is(page: Page, site: Site) -> None:
    faults = watched(page)
    page.goto(f"{site.url}/nonce")  # scripts by a nonce alone, and nothing may become script
    page.get_by_role("button", name=OPEN, exact=True).click()
    box = chat(page).get_by_role("textbox", name="Your message")
    expect(box).to_be_focused()
    box.fill("Half a sentence")
    page.reload()
    expect(box).to_have_value("Half a sentence")
    search = page.get_by_role("textbox", name="Search")
    expect(search).to_be_focused()
    page.evaluate("history.pushState({}, '', '/flats')")
    page.wait_for_timeout(300)
    expect(search).to_be_focused()
    assert page.evaluate("getComputedStyle(document.documentElement).overflow") == "visible"
    assert faults == []


def test_a_page_from_right_to_left_has_the_chat_so(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/arabic")
    page.get_by_role("button").click()
    frame = chat(page)
    say(frame, "مرحبا، هل الشقة متاحة؟")
    expect(log(frame)).to_contain_text("Sent")
    mine, theirs = frame.locator(".me .bubble").bounding_box(), frame.locator(".them .bubble").first.bounding_box()
    assert mine is not None
    assert theirs is not None
    assert mine["x"] < theirs["x"]
    send, box = frame.locator("#send").bounding_box(), frame.locator("#text").bounding_box()
    assert send is not None
    assert box is not None
    assert send["x"] < box["x"]


def test_the_keyboard_on_the_screen_covers_nothing(browser: Browser, site: Site) -> None:
    """What iOS tells of its keyboard: the visual viewport is shorter, the layout stays."""
    still = browser.new_context(
        viewport={"width": 820, "height": 1180}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    page = still.new_page()
    page.add_init_script("""
      const seen = Object.assign(new EventTarget(), { height: innerHeight, offsetTop: 0, scale: 1 });
      Object.defineProperty(window, "visualViewport", { get: () => seen });
      window.keyboard = (height, offsetTop = 0, scale = 1) => {
        Object.assign(seen, { height, offsetTop, scale });
        seen.dispatchEvent(new Event("resize"));
      };""")
    for width, height, seen in ((390, 844, 480), (844, 390, 170), (820, 1180, 640)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(site.url)
        page.evaluate("height => keyboard(height)", height)
        page.get_by_role("button", name=OPEN, exact=True).click()
        box = chat(page).get_by_role("textbox", name="Your message")
        expect(box).to_be_visible()
        before = page.locator("witei-chat iframe").bounding_box()
        page.evaluate("seen => keyboard(seen)", seen)
        covered = place_within(page, box, seen)
        page.evaluate("seen => keyboard(seen, 100, 2)", seen)  # zoomed in it says nothing
        after = box.bounding_box()
        assert after == covered
        page.evaluate("height => keyboard(height)", height)
        assert page.locator("witei-chat iframe").bounding_box() == pytest.approx(before)
        page.evaluate("Witei.close()")
        assert page.evaluate("[document.body.inert, document.documentElement.style.overflow]") == [False, ""]
        page.evaluate("sessionStorage.clear()")


def test_on_the_narrowest_phone_nothing_is_cut(browser: Browser, site: Site) -> None:
    phone: ViewportSize = {"width": 320, "height": 568}
    for lang in LANGUAGES:
        page = browser.new_context(viewport=phone, has_touch=True, is_mobile=True, reduced_motion="reduce").new_page()
        page.goto(f"{site.url}/in/{lang}")
        page.locator("witei-chat button").first.tap()
        expect(chat(page).locator("#log")).to_have_attribute("aria-busy", "false")
        page.reload()  # now it loads out of sight
        expect(chat(page).locator("#log")).to_have_attribute("aria-busy", "false")
        page.locator("witei-chat button").first.tap()
        expect(chat(page).locator("#text")).to_have_css("height", "39px")  # a line
        for some in ("#text", ".faces b"):
            assert chat(page).locator(some).evaluate("it => it.scrollWidth <= it.clientWidth"), (lang, some)
        page.context.close()


def test_a_clock_that_is_wrong_by_a_day_is_not_believed(browser: Browser, site: Site) -> None:
    for hours in (-24, 24):
        page = browser.new_context(locale="en-GB").new_page()
        page.add_init_script(f"const right = Date.now; Date.now = () => right() + {hours} * 3_600_000")
        page.goto(site.url)
        page.get_by_role("button", name=OPEN, exact=True).click()
        frame = chat(page)
        for text in ("Is it free?", "And the garage?"):
            say(frame, text)
        expect(log(frame).get_by_text("Sent")).to_have_count(2)
        expect(log(frame).locator(".day:visible")).to_have_count(0)
        expect(frame.get_by_label("Your e-mail address")).to_have_count(0)
        page.context.close()


def place_within(page: Page, box: Locator, height: int) -> FloatRect:
    """Where it is once it is in sight: another process lays out what is in the frame, a moment later."""
    for _ in range(50):
        found = box.bounding_box()
        if found is not None and 0 <= found["y"] <= height - found["height"]:
            return found
        page.wait_for_timeout(100)
    raise AssertionError(f"it stays at {found}, of {height} that are seen")


def test_emoji_by_the_keyboard_alone(page: Page, site: Site) -> None:
    asked: list[str] = []
    page.goto(site.url)
    page.get_by_role("button", name=OPEN, exact=True).click()
    frame = chat(page)
    expect(log(frame)).to_have_attribute("aria-busy", "false")
    page.on("request", lambda request: asked.append(request.url))
    button = frame.get_by_role("button", name="Insert emoji")
    button.focus()
    page.keyboard.press("Enter")
    expect(frame.get_by_role("searchbox", name="Search emoji")).to_be_focused()
    page.keyboard.type("HOU")
    expect(frame.get_by_role("dialog", name="Insert emoji").get_by_role("button")).to_have_count(3)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    box = frame.get_by_role("textbox", name="Your message")
    expect(box).to_be_focused()
    expect(box).to_have_value("🏡")
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(log(frame).locator(".big")).to_have_text("🏡")
    assert [url.partition("/embed/")[2] for url in asked if "/embed/" in url] == ["emoji.js?lang=en"]


def test_a_file_that_could_not_be_sent_is_tried_again(page: Page, site: Site) -> None:
    page.goto(site.url)
    page.get_by_role("button", name=OPEN, exact=True).click()
    frame = chat(page)
    expect(log(frame)).to_have_attribute("aria-busy", "false")
    picker = frame.locator("#picker")
    page.route("**/embed/upload*", lambda route: route.abort())
    files: list[FilePayload] = [
        {"name": f"plan-{n}.txt", "mimeType": "text/plain", "buffer": b"plan"} for n in range(1, 8)
    ]
    picker.set_input_files(files)  # more than one message takes
    retry = frame.get_by_role("button", name="Try again")
    expect(retry).to_have_count(7)
    expect(frame.get_by_text("plan-1.txt: The file could not be sent.")).to_be_visible()
    page.unroute("**/embed/upload*")
    retry.first.click()
    expect(log(frame).get_by_role("link", name="plan-1.txt")).to_be_visible()
    frame.get_by_role("button", name="Cancel").first.click()
    expect(retry).to_have_count(5)
    huge: FilePayload = {"name": "film.mp4", "mimeType": "video/mp4", "buffer": bytes(26 * 1024 * 1024)}
    picker.set_input_files([huge, files[6]])
    expect(frame.get_by_text("film.mp4: A file may have 25 MB.")).to_be_visible()
    expect(log(frame).get_by_role("link", name="plan-7.txt")).to_be_visible()


class Remembering:
    """A server that remembers what was said at these moments."""

    def __init__(self, *moments: datetime) -> None:
        self.said = [
            {"t": "message", "n": number, "by": "agent", "name": "Ana", "text": f"No. {number}", "at": at.isoformat()}
            for number, at in enumerate(moments, 1)
        ]

    def connect(self, socket: WebSocketRoute) -> None:
        welcome = {"t": "welcome", "thread": "known", "messages": self.said, "last": len(self.said), "known": True}
        socket.on_message(lambda frame: socket.send(json.dumps(welcome)) if '"hello"' in str(frame) else None)


def test_days_and_times_are_written_as_the_visitor_writes_them(browser: Browser, site: Site) -> None:
    here = ZoneInfo("America/Mexico_City")
    today = datetime.now(here).replace(hour=20, minute=5)
    days = [today - timedelta(days=days) for days in (300, 1, 0)]
    page = browser.new_context(locale="es-MX", timezone_id=str(here)).new_page()
    page.route_web_socket(re.compile("/embed/socket"), Remembering(*days).connect)
    page.goto(f"{site.url}/words")
    page.get_by_role("button").click()
    long_ago = format_date(days[0], "EEEE, d 'de' MMMM", "es").capitalize()
    expect(log_of_es(page).locator(".day:visible")).to_have_text([long_ago, "Ayer", "Hoy"])
    expect(log_of_es(page).locator(".meta").last).to_have_text("Ana · 8:05\u202fp.m.")


def log_of_es(page: Page) -> Locator:
    """The messages of a chat in Spanish."""
    return chat(page).get_by_role("log", name="Mensajes")


def test_after_a_lost_network_the_chat_says_so_no_more_and_tabs_agree(page: Page, admin: Page, site: Site) -> None:
    other = page.context.new_page()
    for one in (page, other):
        one.goto(site.url)
        one.get_by_role("button", name=OPEN, exact=True).click()
        wait_for_greeting(chat(one))
    page.bring_to_front()
    frame, said = chat(page), f"Two tabs {uuid4().hex[:6]}"
    say(frame, said)
    expect(log(chat(other))).to_contain_text(said)
    page.context.set_offline(True)
    expect(frame.get_by_text("No connection.")).to_be_visible()
    page.context.set_offline(False)
    expect(frame.get_by_text("No connection.")).to_be_hidden(timeout=30_000)

    for one in (page, other):
        one.evaluate("Witei.close()")
    admin.goto(f"{admin.url.partition('/settings')[0]}/conversations")
    admin.get_by_role("list", name="Conversations").get_by_role("listitem").filter(has_text=said).click()
    admin.get_by_role("textbox", name="Message", exact=True).click()
    admin.keyboard.type("For both")
    admin.get_by_role("button", name="Send", exact=True).click()
    for one in (page, other):
        expect(one.get_by_role("button", name="Open chat (1)")).to_be_visible()
    page.bring_to_front()
    page.get_by_role("button", name="Open chat (1)").click()
    expect(other.get_by_role("button", name=OPEN, exact=True)).to_be_visible()  # read in one is read in all


def test_who_types_before_the_chats_script_has_come_loses_nothing(page: Page, site: Site) -> None:
    held: list[Route] = []
    page.route(re.compile("/embed/chat.js"), lambda route: held.append(route))
    page.goto(site.url)
    page.get_by_role("button", name=OPEN, exact=True).click()
    said = f"Quick fingers {uuid4().hex[:6]}"
    chat(page).get_by_role("textbox", name="Your message").fill(said)
    expect(chat(page).get_by_role("button", name="Send", exact=True)).to_be_disabled()
    held[0].continue_()
    chat(page).get_by_role("button", name="Send", exact=True).click()
    expect(log(chat(page))).to_contain_text(said)
    expect(log(chat(page))).to_contain_text("Sent")

    page.reload(wait_until="commit")
    box = chat(page).get_by_role("textbox", name="Your message")
    box.fill("And by Enter")
    box.press("Enter")
    held[1].continue_()
    expect(log(chat(page))).to_contain_text("And by Enter")
    expect(box).to_have_value("")


def test_a_tab_that_is_welcomed_late_joins_what_the_first_one_began(page: Page, site: Site) -> None:
    """Both come as strangers; by the time the one is told so, the other has spoken."""
    other, held = page.context.new_page(), Held()
    other.route_web_socket(re.compile("/embed/socket"), held.connect)
    for one in (other, page):
        one.goto(site.url)
        one.get_by_role("button", name=OPEN, exact=True).click()
    said = f"Said first {uuid4().hex[:6]}"
    page.bring_to_front()
    wait_for_greeting(chat(page))
    say(chat(page), said)
    expect(log(chat(page))).to_contain_text("Sent")
    assert '"thread": null' in held.wait(other), "it is told that nothing was said"
    held.release()
    expect(log(chat(other))).to_contain_text(said)
    say(chat(other), "And second")
    expect(log(chat(page))).to_contain_text("And second")


def test_two_tabs_that_come_and_speak_in_the_same_instant_are_one_visitor(page: Page, admin: Page, site: Site) -> None:
    tabs, said = [page, page.context.new_page()], f"At once {uuid4().hex[:6]}"
    for tab in tabs:
        tab.goto(site.url)
        tab.wait_for_function("window.Witei")
    at = page.evaluate("Date.now() + 500")
    for tab in tabs:
        tab.evaluate("at => void setTimeout(Witei.open, at - Date.now())", at)
    for number, tab in enumerate(tabs):
        box = chat(tab).get_by_role("textbox", name="Your message")
        box.fill(f"{said} {number}")
        box.press("Enter")
    for tab in tabs:
        expect(log(chat(tab)).get_by_text(said)).to_have_count(2)
        expect(log(chat(tab)).get_by_text("Sending")).to_have_count(0)
    admin.goto(f"{admin.url.partition('/settings')[0]}/conversations")
    items = admin.get_by_role("list", name="Conversations").get_by_role("listitem")
    expect(items.filter(has_text=said)).to_have_count(1)


class Held:
    """What the server says to a tab's first socket, until it is released; later sockets hear everything at once."""

    def __init__(self) -> None:
        self.frames: list[str] = []
        self.socket: WebSocketRoute | None = None
        self.is_released = False

    def connect(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        if self.socket is None:
            self.socket = socket
            server.on_message(lambda frame: self._heard(str(frame)))

    def _heard(self, frame: str) -> None:
        if self.socket is not None and self.is_released:
            self.socket.send(frame)
        else:
            self.frames.append(frame)

    def wait(self, page: Page) -> str:
        """The first frame, once it has come."""
        for _ in range(100):
            if self.frames:
                return self.frames[0]
            page.wait_for_timeout(100)
        raise AssertionError("nothing came")

    def release(self) -> None:
        assert self.socket is not None
        self.is_released = True
        for frame in self.frames:
            self.socket.send(frame)


def test_a_browser_that_lets_the_frame_store_keeps_it_off_the_page(browser: Browser, site: Site) -> None:
    """The same site on another port is no third party; elsewhere browsers without such storage are as in the others."""
    page = browser.new_page()
    page.goto(site.url.replace("127.0.0.1", "localhost"))
    page.get_by_role("button", name=OPEN, exact=True).click()
    say(chat(page), "Kept in the frame")
    expect(log(chat(page))).to_contain_text("Sent")
    chat(page).get_by_role("textbox", name="Your message").fill("And a draft")
    names = page.evaluate("Object.keys(localStorage)")
    assert names == []
    page.reload()
    expect(log(chat(page))).to_contain_text("Kept in the frame")
    expect(chat(page).get_by_role("textbox", name="Your message")).to_have_value("And a draft")


def test_what_a_page_does_wrong_does_not_break_the_chat(page: Page, site: Site) -> None:
    page.goto(site.url)
    page.wait_for_function("window.Witei")
    page.evaluate("Witei.close()")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    page.evaluate("""() => {
      window.heard = [];
      Witei.on("unread", () => { throw new Error("of the page's own"); });
      Witei.on("unread", n => heard.push(n));
      const user = { id: 7, name: "Nora Vidal", rights: 1n };
      user.session = { user };
      Witei.identify(new Proxy(user, {}));
    }""")
    page.get_by_role("button", name=OPEN, exact=True).click()
    say(chat(page), "Is it free?")
    expect(log(chat(page))).to_contain_text("Sent")
    page.evaluate("history.pushState({}, '', '/flats')")
    page.wait_for_timeout(300)
    assert page.evaluate("heard") == [0]


def test_the_next_user_of_a_computer_does_not_read_the_last_ones_chat(page: Page, site: Site) -> None:
    sockets: list[str] = []
    other = page.context.new_page()
    for tab, user in ((page, "nora"), (other, "hugo")):
        tab.on("websocket", lambda socket: sockets.append(socket.url))
        tab.goto(site.url)
        tab.wait_for_function("window.Witei")
        tab.evaluate("id => { Witei.identify({ id }); Witei.open() }", user)
        tab.bring_to_front()  # a tab behind another one draws nothing, and a click may miss
        wait_for_greeting(chat(tab))
        say(chat(tab), f"I am {user}")
        expect(log(chat(tab))).to_contain_text("Sent")
    expect(log(chat(other))).not_to_contain_text("I am nora")
    before = len(sockets)
    page.wait_for_timeout(1_000)
    assert len(sockets) == before  # neither tab takes the other's place
    expect(log(chat(page))).not_to_contain_text("I am hugo")


def test_a_body_that_is_exchanged_below_the_open_chat_can_be_used_afterwards(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site.url)
    page.evaluate("""() => {
      window.late = document.body;
      late.remove();
      Witei.open();
      document.documentElement.append(late);
    }""")
    page.wait_for_function("document.body.inert")
    page.evaluate("""() => {
      window.aside = document.body.cloneNode(true);
      document.documentElement.replaceChild(document.createElement("body"), document.body);
    }""")
    page.wait_for_function("document.body.inert")
    chat(page).get_by_role("button", name="Close chat").click()
    page.evaluate("document.documentElement.replaceChild(aside, document.body)")
    page.wait_for_function("!document.body.inert")
    assert page.evaluate("document.documentElement.style.overflow") == ""
    page.evaluate("document.replaceChild(document.createElement('html'), document.documentElement)")  # as React may
    expect(page.locator("witei-chat")).to_have_count(1)


def test_over_the_whole_screen_nothing_of_the_page_covers_the_chat(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site.url)
    page.evaluate("""() => {
      const banner = document.body.appendChild(document.createElement("div"));
      banner.style = "position:fixed;inset:auto 0 0;height:80px;z-index:2147483647;background:#000";
      document.documentElement.style.zoom = 1.5;
      Witei.open();
    }""")
    expect(chat(page).get_by_role("textbox", name="Your message")).to_be_visible()
    box = page.locator("witei-chat iframe").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    page.wait_for_timeout(300)
    shown = Image.open(BytesIO(page.screenshot()))
    assert shown.getpixel((5, 840)) != (0, 0, 0)


def test_back_on_a_phone_closes_one_thing_after_the_other_and_leaves_the_history_alone(page: Page, site: Site) -> None:
    # Here Escape is what makes the request to close that Back makes on Android, unless somebody hears the key.
    page.add_init_script("addEventListener('keydown', event => event.stopImmediatePropagation(), true)")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site.url)
    before = page.evaluate("history.length")
    menu = chat(page).get_by_role("button", name="More", exact=True)
    for _ in range(2):
        page.get_by_role("button", name=OPEN, exact=True).click()
        wait_for_greeting(chat(page))
        expect(chat(page).get_by_role("dialog", name="Inmobiliaria Sol")).to_be_focused()
        menu.click()
        page.keyboard.press("Escape")
        expect(menu).to_have_attribute("aria-expanded", "false")
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name=OPEN, exact=True)).to_be_visible()
    assert page.evaluate("history.length") == before


def test_the_field_is_a_line_high_however_often_the_chat_is_opened(page: Page, site: Site) -> None:
    page.goto(site.url)
    page.get_by_role("button", name=OPEN, exact=True).click()
    wait_for_greeting(chat(page))
    height = chat(page).locator("#text").evaluate("box => box.style.height")
    assert height not in {"", "auto", "0px"}
    for _ in range(12):  # the frame may hear that it is open before it has a size
        page.evaluate("Witei.close()")
        expect(page.locator("iframe[title='Chat']")).to_be_hidden()
        page.evaluate("Witei.open()")
        expect(chat(page).locator("#text")).to_have_css("height", height)


def test_the_line_as_a_module_beside_another_vendors_is_ours(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/module")
    page.get_by_role("button", name=OPEN, exact=True).click()
    wait_for_greeting(chat(page))


def test_a_browser_of_some_years_ago_has_the_chat(page: Page, site: Site) -> None:
    """Safari before 16."""
    page.add_init_script("""
      window.CSSStyleSheet = class { constructor() { throw new TypeError("Illegal constructor"); } };
      delete HTMLFormElement.prototype.requestSubmit;
      delete Crypto.prototype.randomUUID;""")
    page.goto(f"{site.url}/nonce")
    page.get_by_role("button", name=OPEN, exact=True).click()
    said = f"Old but loved {uuid4().hex[:6]}"
    chat(page).get_by_role("textbox", name="Your message").fill(said)
    page.keyboard.press("Enter")
    expect(log(chat(page)).get_by_text(said)).to_be_visible()
    expect(log(chat(page))).to_contain_text("Sent")
    chat(page).get_by_role("button", name="Insert emoji").click()
    expect(chat(page).get_by_role("dialog", name="Insert emoji")).to_have_css("position", "absolute")


def test_a_chat_that_could_not_be_loaded_comes_when_the_server_does(page: Page, site: Site) -> None:
    tries: list[Route] = []

    def away_at_first(route: Route) -> None:
        tries.append(route)
        route.abort() if len(tries) < 2 else route.continue_()

    page.route("**/embed/chat/*", away_at_first)
    page.goto(site.url)
    before = page.evaluate("history.length")
    page.get_by_role("button", name=OPEN, exact=True).click()
    expect(chat(page).get_by_role("textbox", name="Your message")).to_be_visible(timeout=15_000)
    assert page.evaluate("history.length") == before


def test_in_a_frame_that_has_no_origin_the_chat_says_that_it_cannot(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/sandboxed")
    outer = page.frame_locator("iframe")
    outer.get_by_role("button", name=OPEN, exact=True).click()
    frame = outer.frame_locator("iframe[title='Chat']")
    expect(frame.get_by_text("The chat is not available right now.")).to_be_visible()
    expect(frame.get_by_role("button", name="Send", exact=True)).to_be_disabled()


def test_a_button_with_words_is_named_by_them_and_by_what_it_does(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/words")
    button = page.get_by_role("button", name="Escríbanos, Abrir chat", exact=True)
    expect(button).to_contain_text("Escríbanos")
    button.click()
    expect(page.get_by_role("button", name="Cerrar chat", exact=True)).to_be_visible()


class Refusing:
    """A server that refuses what is said at first, and then never answers it."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.is_over = False

    def connect(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def on_message(raw: str | bytes) -> None:
            frame = json.loads(raw)
            if frame["t"] != "say" or self.is_over:
                return server.send(raw)
            self.said.append(frame["id"])
            if len(self.said) == 1:
                socket.send(json.dumps({"t": "refused", "id": frame["id"], "text": "Not like that."}))
            return None

        socket.on_message(on_message)


def test_what_waits_since_before_a_reload_goes_before_what_is_written_then(page: Page, site: Site) -> None:
    page.goto(site.url)
    page.get_by_role("button", name=OPEN, exact=True).click()
    wait_for_greeting(chat(page))
    page.route_web_socket(re.compile("/embed/socket"), lambda socket: None)  # nobody answers
    page.route("**/embed/exchange", lambda route: route.abort())
    page.reload()
    words = [f"{number} {uuid4().hex[:6]}" for number in range(4)]
    for text in words[:2]:
        say(chat(page), text)
    page.reload()
    for text in words[2:]:
        say(chat(page), text)
    expect(log(chat(page)).locator(".me .bubble")).to_have_text(words)
    page.unroute("**/embed/exchange")
    expect(log(chat(page)).get_by_text("Sending")).to_have_count(0, timeout=40_000)
    expect(log(chat(page)).locator(".me .bubble")).to_have_text(words)


class Line:
    """The way to the server, which can be cut, or die without a word until another one is opened."""

    def __init__(self) -> None:
        self.sockets: list[WebSocketRoute] = []
        self.dead: list[WebSocketRoute] = []
        self.is_cut = False

    def connect(self, socket: WebSocketRoute) -> None:
        if self.is_cut:
            return socket.close(code=1001)
        self.sockets.append(socket)
        server = socket.connect_to_server()
        socket.on_message(lambda raw: None if socket in self.dead else server.send(raw))
        return None

    def cut(self) -> None:
        self.is_cut = True
        self.sockets[-1].close(code=1001)

    def die(self) -> None:
        self.dead.append(self.sockets[-1])


@pytest.mark.parametrize("is_noticed", [True, False])
def test_what_is_asked_for_without_a_line_is_done_when_there_is_one(page: Page, site: Site, is_noticed: bool) -> None:
    line, said = Line(), f"Forget me {uuid4().hex[:6]}"
    page.route_web_socket(re.compile("/embed/socket"), line.connect)
    page.goto(site.url)
    page.get_by_role("button", name=OPEN, exact=True).click()
    say(chat(page), said)
    expect(log(chat(page))).to_contain_text("Sent")
    if is_noticed:
        line.cut()
        expect(chat(page).get_by_text("No connection.")).to_be_visible()
    else:
        line.die()
    chat(page).get_by_role("button", name="More", exact=True).click()
    chat(page).get_by_role("button", name="Delete my data").click()
    chat(page).get_by_role("button", name="Delete", exact=True).click()
    line.is_cut = False
    expect(log(chat(page))).not_to_contain_text(said, timeout=40_000)
    expect(chat(page).locator("#notice.good")).to_be_visible()


def test_what_is_tried_again_after_a_refusal_outlives_a_reload_and_comes_once(page: Page, site: Site) -> None:
    server = Refusing()
    page.route_web_socket(re.compile("/embed/socket"), server.connect)
    page.goto(site.url)
    page.get_by_role("button", name=OPEN, exact=True).click()
    said = f"Once more {uuid4().hex[:6]}"
    say(chat(page), said)
    expect(log(chat(page))).to_contain_text("Not like that.")
    chat(page).get_by_role("button", name="Try again").click()
    expect(log(chat(page))).to_contain_text("Sending…")
    for _ in range(50):
        if len(server.said) == 2:
            break
        page.wait_for_timeout(100)
    server.is_over = True
    page.reload()
    expect(log(chat(page)).get_by_text(said)).to_have_count(1)
    expect(log(chat(page))).to_contain_text("Sent")
    assert len(set(server.said)) == 1
    page.reload()
    expect(log(chat(page)).get_by_text(said)).to_have_count(1)
