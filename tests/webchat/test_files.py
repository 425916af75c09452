"""Files that visitors send: with a message, once, their own alone, seen by both sides; none dangerous, not too many."""

import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col, select

from tests.cast import Configure, configure
from tests.webchat.conftest import Agency, Frame, Visit, Visitor, conversations, open_agency, texts
from witei_app.clock import now
from witei_app.conversations.files import KEPT
from witei_app.db import reading, transaction
from witei_app.files import path_of
from witei_app.models import Attachment, VisitorFile, Widget
from witei_app.texts.visitors import words
from witei_app.webchat import limits
from witei_app.webchat.files import drop_old_visitor_files
from witei_app.webchat.limits import chat_limits
from witei_app.webchat.visitors import new_token

__all__ = ["configure"]
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89" + bytes(40)
pytestmark = pytest.mark.usefixtures("configure")


async def upload(
    port: int, token: str | None, name: str = "gotera.png", data: bytes = PNG, **more: Any
) -> httpx.Response:
    key, headers = more.pop("key", "sol"), more.pop("headers", {"Origin": f"http://localhost:{port}"})
    async with httpx.AsyncClient() as browser:
        address = f"http://localhost:{port}/embed/upload?key={key}&lang=es"
        return await browser.post(address, data={"token": token or ""}, files={"file": (name, data)}, headers=headers)


async def say(visitor: Visitor, text: str, ids: list[int], message_id: str = "") -> Frame:
    message_id = message_id or str(uuid.uuid4())
    await visitor.send({"t": "say", "id": message_id, "text": text, "files": ids})
    return await visitor.hear("said", "refused", where=lambda frame: frame.get("id") == message_id)


async def test_a_file_goes_with_its_message_once_and_both_sides_see_it(sol: Agency, visit: Visit, port: int) -> None:
    marco = await visit(sol.key)
    await marco.hello()
    other = await visit(sol.key, marco.token)
    await other.hello()
    number = (await upload(port, marco.token)).json()["id"]
    answer = await say(marco, "", [number], "message-0001")
    assert answer["t"] == "said"
    [file] = answer["files"]
    assert (file["name"], file["kind"]) == ("gotera.png", "picture")
    assert (await other.hear("message"))["files"] == [file]
    assert await say(marco, "", [number], "message-0001") == answer

    [conversation] = await conversations()
    assert conversation.preview == "📎"
    async with reading() as db:
        assert (await db.exec(select(VisitorFile))).all() == []
        [kept] = (await db.exec(select(Attachment))).all()
    assert path_of(kept.sha256).read_bytes() == PNG
    async with httpx.AsyncClient() as browser:
        shown = await browser.get(f"http://localhost:{port}{file['url']}")
    assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
    back = await visit(sol.key, marco.token)
    assert (await back.hello())["messages"][0]["files"] == [file]


async def test_nobody_fills_the_disk(
    lite_sol: Agency, port: int, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(TRUSTED_PROXY_HOPS="1")
    monkeypatch.setattr(limits, "MEGABYTES_BY_ADDRESS", (limits.parse("4 per 1 hour"),))
    monkeypatch.setattr(limits, "MEGABYTES_BY_WIDGET", (limits.parse("7 per 1 hour"),))
    answers = []
    for address in ["203.0.113.5"] * 3 + ["203.0.113.6"] * 2:
        headers = {"Origin": f"http://localhost:{port}", "X-Forwarded-For": address}
        answers.append((await upload(port, new_token(), data=PNG + bytes(1_500_000), headers=headers)).status_code)
    assert answers == [201, 201, 429, 201, 429]


async def test_nobody_takes_the_file_of_another(lite_sol: Agency, visit: Visit, port: int) -> None:
    marco, mallory = await visit(lite_sol.key), await visit(lite_sol.key)
    await marco.hello()
    await mallory.hello()
    number = (await upload(port, marco.token)).json()["id"]
    assert (await say(mallory, "", [number]))["code"] == "file_gone"
    assert "files" not in await say(mallory, "mine?", [number])
    assert len((await say(marco, "it is mine", [number, number, 999]))["files"]) == 1
    assert await texts() == ["mine?", "it is mine"]


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("virus.exe", b"MZ\x90", 422),
        ("photo.png", b"MZ\x90", 422),
        ("empty.txt", b"", 422),
        ("big.bin", b"x" * 1_100_000, 413),
    ],
)
async def test_programs_empty_and_too_large_files_are_refused_in_words(
    lite_sol: Agency, port: int, configure: Any, name: str, data: bytes, status: int
) -> None:
    configure(MAX_UPLOAD_MB="1")
    answer = await upload(port, new_token(), name, data)
    assert (answer.status_code, bool(answer.json()["error"])) == (status, True)


async def test_an_empty_file_is_called_empty(lite_sol: Agency, port: int) -> None:
    answer = await upload(port, new_token(), "foto.jpg", b"")
    assert answer.json()["error"] == words("es")["file_empty"]


async def test_where_files_are_not_wanted_or_from_elsewhere_none_is_taken(lite_sol: Agency, port: int) -> None:
    token = new_token()
    assert (await upload(port, token, key="nobody")).status_code == 404
    assert (await upload(port, token, headers={"Origin": "https://evil.example"})).status_code == 403
    assert (await upload(port, "no-token")).status_code == 400
    async with transaction() as db:
        await db.exec(update(Widget).values(takes_files=False))
    assert (await upload(port, token)).status_code == 403


async def test_a_visitor_sends_no_more_than_so_many(lite_sol: Agency, port: int) -> None:
    token = new_token()
    answers = [(await upload(port, token)).status_code for _ in range(22)]
    assert answers == [201] * 20 + [429] * 2
    chat_limits.forget()


async def test_a_hostile_name_is_a_name(lite_sol: Agency, visit: Visit, port: int) -> None:
    marco = await visit(lite_sol.key)
    await marco.hello()
    number = (await upload(port, marco.token, "../../<img src=x onerror=alert(1)>.pdf", b"%PDF-1.4")).json()["id"]
    [file] = (await say(marco, "", [number]))["files"]
    assert "/" not in file["name"]
    assert "kind" not in file


async def test_what_no_message_took_is_forgotten_after_a_day(lite_sol: Agency, port: int) -> None:
    await upload(port, new_token())
    assert await drop_old_visitor_files() == 0
    async with transaction() as db:
        await db.exec(update(VisitorFile).values(created_at=now() - KEPT - timedelta(minutes=1)))
    assert await drop_old_visitor_files() == 1
    async with reading() as db:
        assert (await db.exec(select(col(VisitorFile.id)))).all() == []


async def test_a_file_for_one_agency_does_not_go_to_another(lite_sol: Agency, visit: Visit, port: int) -> None:
    await open_agency("Casas Norte", "norte")
    marco = await visit("norte")
    await marco.hello()
    number = (await upload(port, marco.token, key="sol")).json()["id"]
    assert (await say(marco, "", [number]))["code"] == "file_gone"
