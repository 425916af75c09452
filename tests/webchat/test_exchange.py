"""The chat by HTTP, where WebSockets are blocked."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.cast import eventually
from tests.webchat.conftest import PAGE, Agency, Frame, conversations, texts
from witei_app.conversations.reply import send_reply
from witei_app.conversations.visible import find_conversation
from witei_app.db import transaction
from witei_app.live import bus
from witei_app.live.events import Event, VisitorHere, VisitorsStay
from witei_app.webchat import present, present_by_http
from witei_app.webchat.visitors import new_token, token_hash


class Browser:
    """A visitor without WebSockets."""

    def __init__(self, port: int, key: str) -> None:
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30)
        self.key = key
        self.token = new_token()

    async def post(self, body: Any) -> httpx.Response:
        """Anything at all."""
        return await self.client.post("/embed/exchange", content=body if isinstance(body, bytes) else json.dumps(body))

    async def exchange(self, *frames: Frame, since: int = 0, wait: int = 0) -> list[Frame]:
        """Hello and these frames; gives what came back."""
        hello = {"t": "hello", "token": self.token, "since": since, "page": PAGE, "lang": "es"}
        said = [json.dumps(frame) for frame in (hello, *frames)]
        answer = await self.post({"key": self.key, "frames": said, "wait": wait})
        assert answer.status_code == 200, answer.text
        return [json.loads(frame) for frame in answer.json()]


@pytest.fixture
async def browser(sol: Agency, port: int) -> Browser:
    return Browser(port, sol.key)


async def test_a_message_is_stored_once_and_acknowledged(browser: Browser) -> None:
    say = {"t": "say", "id": "message-0001", "text": "hola"}
    for _ in range(2):
        answers = await browser.exchange(say)
        assert [answer["id"] for answer in answers if answer["t"] == "said"] == ["message-0001"]
    assert await texts() == ["hola"]
    assert len(await conversations()) == 1


async def test_who_waits_hears_an_answer_at_once(sol: Agency, browser: Browser) -> None:
    await browser.exchange({"t": "say", "id": "message-0001", "text": "hola"})
    waiting = asyncio.create_task(browser.exchange(since=1, wait=20))
    await asyncio.sleep(0.2)
    [conversation] = await conversations()
    async with transaction() as db:
        await send_reply(db, sol.ana, await find_conversation(db, sol.ana, conversation.id), "<p>Buenos días</p>")

    welcome, message = await asyncio.wait_for(waiting, 15)  # before its time is over

    assert welcome["messages"] == []
    assert message["text"] == "Buenos días"


async def test_who_waits_in_vain_is_let_go(browser: Browser) -> None:
    [welcome] = await browser.exchange(wait=1)
    assert welcome["t"] == "welcome"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{}", 400),
        (b"x" * 100_000, 400),
        ({"key": "sol", "frames": []}, 400),
        ({"key": "sol", "frames": ["{}"]}, 400),
        ({"key": "sol", "frames": ['{"t":"ping"}']}, 400),
        ({"key": "sol", "frames": ['{"t":"hello"}'], "wait": 3600}, 400),
        ({"key": "nobody", "frames": ['{"t":"hello"}']}, 404),
        ({"key": "sol", "frames": ['{"t":"hello"}']}, 200),
    ],
)
async def test_only_what_is_to_the_letter_is_taken(browser: Browser, body: Any, status: int) -> None:
    assert (await browser.post(body)).status_code == status
    assert await conversations() == []


async def test_a_page_of_another_origin_is_refused(browser: Browser) -> None:
    browser.client.headers["Origin"] = "https://evil.example"
    assert (await browser.post({"key": "sol", "frames": ['{"t":"hello"}']})).status_code == 403


async def test_who_has_the_chat_open_is_listed_until_they_ask_no_more(
    sol: Agency, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(present_by_http, "SILENT_SECONDS", 2.0)
    monkeypatch.setattr(present_by_http, "SAY_SECONDS", 0.1)
    present._here.clear()
    said: list[Event] = []
    ends = [bus.subscribe(listener) for listener in (present.hear, said.append)]
    for _ in range(3):
        await browser.exchange()
        await asyncio.sleep(0.2)
        assert [one.event.page_url for one in present.present(sol.workspace.id)] == [PAGE["url"]]
    # They came once: that they go on asking makes nobody's screen look again.
    assert len([event for event in said if isinstance(event, VisitorHere)]) == 1

    async def nobody() -> bool:
        return present.present(sol.workspace.id) == []

    assert await eventually(nobody)
    for end in ends:
        end()


async def test_who_asks_another_process_has_not_left(
    sol: Agency, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(present_by_http, "SILENT_SECONDS", 1.5)
    monkeypatch.setattr(present_by_http, "SAY_SECONDS", 0.1)
    present._here.clear()
    end = bus.subscribe(present.hear)
    await browser.exchange()

    async def is_silent() -> bool:
        await bus.publish(VisitorsStay(sol.workspace.id, (token_hash(browser.token), "of nobody")))
        return not present_by_http._asking

    assert await eventually(is_silent)
    assert len(present.present(sol.workspace.id)) == 1
    end()
