"""The chat on an agency's own page of another origin: strict policy, twice, other pages, in a frame, its API."""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_web_chat import chat, log, say
from tests.servers import AppServer

OPEN = "Open chat"


class Site(ThreadingHTTPServer):
    """A page with the chat's line on it twice, under the policy of docs/web-chat.md; and a frame of it."""

    def __init__(self, embed: str, line: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.policy = f"default-src 'none'; script-src {embed}; frame-src {embed} 'self'"
        self.line = line
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        inside = (
            '<iframe src="/" width="600" height="560"></iframe>' if self.path == "/framed" else self.server.line * 2
        )
        body = f'<!doctype html><html lang="en"><title>Sol</title><body><h1>Flats</h1>{inside}</body></html>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", self.server.policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def admin(browser: Browser, app_server: AppServer) -> Page:
    """The administrator, in the settings of the web chat."""
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{app_server.base_url}/login")
    page.get_by_label("E-mail").fill("admin@demo.test")
    page.get_by_label("Password").fill("demo-demo-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/conversations*")
    page.goto(f"{app_server.base_url}/settings/web-chat")
    return page


@pytest.fixture
def site(admin: Page, app_server: AppServer) -> Iterator[Site]:
    """The agency's site."""
    line = admin.locator("aside .copy-line code").first.inner_text()
    server = Site(app_server.base_url, line)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


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


def test_the_chat_in_a_frame_and_by_a_dead_link(page: Page, site: Site, app_server: AppServer) -> None:
    page.goto(f"{site.url}/framed")
    inner = page.frame_locator("iframe").first
    inner.get_by_role("button", name=OPEN, exact=True).click()
    said = f"From a frame {uuid4().hex[:6]}"
    say(inner.frame_locator("iframe[title='Chat']"), said)
    expect(inner.frame_locator("iframe[title='Chat']").get_by_role("log")).to_contain_text("Sent")

    key = site.line.split('data-key="')[1].split('"')[0]
    page.goto(f"{app_server.base_url}/embed/chat/{key}?lang=en#back=forged")
    expect(page.get_by_text("This link is not valid any more.")).to_be_visible()
    assert "#" not in page.url
    expect(page.get_by_role("log")).not_to_contain_text(said)
