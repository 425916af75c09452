"""A token and a webhook made on their pages: what the API does with the one is told to the other."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from threading import Thread
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import let_in
from tests.conftest import StartApp
from tests.servers import AppServer

Told = Queue[dict[str, Any]]


@pytest.fixture
def program() -> Iterator[tuple[str, Told]]:
    """A program elsewhere: its address, and what it was told."""
    told: Told = Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: the test says what came."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", told
    server.shutdown()
    server.server_close()


@pytest.fixture
def app(start_app: StartApp) -> AppServer:
    return start_app(WITEI_WEBHOOK_LOCAL_NETWORKS="127.0.0.0/8")


def make_token(page: Page, app: AppServer) -> str:
    page.goto(f"{app.base_url}/settings/api")
    page.get_by_role("button", name="New token").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("Website form")
    for right in ("Read: Contacts", "Write: Contacts"):
        dialog.get_by_role("checkbox", name=right).check()
    dialog.get_by_role("button", name="Make the token").click()
    shown = page.get_by_role("status").locator("code")
    expect(shown).to_contain_text("conv_")
    return shown.inner_text()


def add_webhook(page: Page, app: AppServer, url: str) -> None:
    page.goto(f"{app.base_url}/settings/webhooks")
    page.get_by_role("button", name="Add webhook").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Address").fill("https://10.0.0.1/")
    dialog.get_by_role("checkbox", name="contact.created").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("private network")
    expect(dialog.get_by_role("textbox", name="Address")).to_have_value("https://10.0.0.1/")
    dialog.get_by_role("textbox", name="Address").fill(url)
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").locator("code")).to_contain_text("whsec_")


def test_what_a_program_does_another_one_is_told(page: Page, app: AppServer, program: tuple[str, Told]) -> None:
    url, told = program
    let_in(page.context, app.base_url, "admin")
    token = make_token(page, app)
    add_webhook(page, app, url)

    with httpx.Client(base_url=f"{app.base_url}/api/v1", headers={"Authorization": f"Bearer {token}"}) as client:
        made = client.post("/contacts", json={"name": "Rosa", "email": "rosa@contact.test"})
        assert made.status_code == 201
        assert client.get("/conversations").json()["code"] == "insufficient_scope"
        event = told.get(timeout=15)
        assert (event["type"], event["data"]["contact_id"]) == ("contact.created", made.json()["id"])

        hook = page.get_by_role("region", name=url.split("/")[2])
        hook.get_by_role("button", name="Send a test").click()
        assert told.get(timeout=15)["type"] == "webhook.test"
        hook.get_by_role("button", name="Deliveries").click()
        deliveries = page.get_by_role("table", name="Deliveries")
        expect(deliveries.get_by_role("row")).to_have_count(3)
        expect(deliveries.get_by_text("delivered")).to_have_count(2)
        deliveries.get_by_role("button", name="Send contact.created again").click()
        assert told.get(timeout=15)["id"] == event["id"]

        page.goto(f"{app.base_url}/settings/api")
        page.get_by_role("button", name="Revoke Website form").click()
        page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        expect(page.get_by_text("No token yet")).to_be_visible()
        assert client.get("/contacts").status_code == 401
    expect(page.get_by_text(token)).to_have_count(0)
