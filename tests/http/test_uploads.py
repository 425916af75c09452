"""Posting files: who may, how large, from where; and the visitor's way to them."""

import os
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import update
from starlette.applications import Starlette

from tests.cast import Cast, Configure, act, all_of, cast, configure, lite_cast, open_conversation
from witei_app.accounts.actor import Actor
from witei_app.accounts.sign_in import open_session
from witei_app.clock import now
from witei_app.conversations.bin import drop_unused_files
from witei_app.conversations.files import detach
from witei_app.conversations.reply import send_reply
from witei_app.db import reading, transaction
from witei_app.http import files, uploads, widget
from witei_app.http.session import COOKIE
from witei_app.models import Channel, UnusedFile, Upload, User
from witei_app.settings import settings
from witei_app.webchat.files import files_of

__all__ = ["cast", "configure", "lite_cast"]
PAGE = {"X-Requested-With": "witei"}


async def client_of(actor: Actor | None) -> httpx.AsyncClient:
    """A browser that the actor has signed in with."""
    app = Starlette(routes=[*uploads.routes, *files.routes, *widget.routes])
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app.test")
    if actor is not None:
        async with transaction() as db:
            user = await db.get_one(User, actor.user_id)
            client.cookies.set(COOKIE, await open_session(db, user, "127.0.0.1", "test"))
    return client


async def post(actor: Actor | None, conversation: Any, data: bytes = b"plan", **more: Any) -> httpx.Response:
    """The actor attaches a file."""
    async with await client_of(actor) as client:
        posted = {"file": (more.pop("name", "plan.txt"), data)}
        return await client.post(
            "/uploads", data={"conversation": str(conversation)}, files=posted, headers=more.pop("headers", PAGE)
        )


async def test_a_file_is_taken_in_for_who_sees_the_conversation(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    answer = await post(cast.ana, opened)
    (waiting,) = await all_of(Upload)
    assert (answer.status_code, answer.json()) == (201, {"id": waiting.id})
    for actor, status in ((cast.vera, 422), (cast.eva, 422), (None, 401)):
        assert (await post(actor, opened)).status_code == status
    assert len(await all_of(Upload)) == 1


async def test_a_form_that_is_none_is_refused_in_the_readers_words(lite_cast: Cast) -> None:
    opened = await open_conversation(lite_cast.marco)
    for name, headers in (("ñ" * 5_000, PAGE), ("plan.txt", PAGE | {"Content-Type": "multipart/form-data"})):
        answer = await post(lite_cast.ana, opened, name=name, headers=headers | {"Accept-Language": "es"})
        assert answer.status_code == 400
        assert answer.json()["error"].startswith("No se pudo subir")


async def test_other_sites_cannot_post(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    for headers in ({}, {**PAGE, "Origin": "http://evil.test"}):
        assert (await post(cast.ana, opened, headers=headers)).status_code == 403
    assert (await post(cast.ana, opened, headers={**PAGE, "Origin": "http://app.test"})).status_code == 201


async def test_too_large_is_refused_while_it_comes(cast: Cast, configure: Configure) -> None:
    configure(MAX_UPLOAD_MB="1")
    opened = await open_conversation(cast.marco)
    for size in (1024 * 1024 + 1, 3 * 1024 * 1024):
        answer = await post(cast.ana, opened, b"x" * size)
        assert (answer.status_code, answer.json()["error"]) == (413, "A file may have 1 MB.")
    assert (await post(cast.ana, opened, b"x" * 1024 * 1024)).status_code == 201


async def test_the_bytes_of_what_is_refused_or_taken_out_go_again(lite_cast: Cast, configure: Configure) -> None:
    configure(MAX_UPLOAD_MB="1")
    opened = await open_conversation(lite_cast.marco)
    parts = [letter * 700_000 for letter in (b"a", b"b")]
    assert [(await post(lite_cast.ana, opened, part)).status_code for part in parts] == [201, 422]
    await act(lite_cast.ana, opened, lambda db, actor, _: detach(db, actor, 1))
    async with transaction() as db:
        await db.exec(update(UnusedFile).values(created_at=now() - timedelta(days=1)))
    for path in (settings().data_dir / "files").glob("*/*"):
        os.utime(path, (0, 0))
    assert await drop_unused_files() == 2
    assert list((settings().data_dir / "files").glob("*/*")) == []


async def test_nonsense_is_answered_in_words(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    assert (await post(cast.ana, "no number")).status_code == 400
    assert "program" in (await post(cast.ana, opened, name="setup.exe")).json()["error"]
    async with await client_of(cast.ana) as client:
        for body in (b"", b"--x\r\nnonsense", b"\0" * 100):
            answer = await client.post(
                "/uploads", content=body, headers={**PAGE, "Content-Type": "multipart/form-data; boundary=x"}
            )
            assert answer.status_code == 400


async def test_a_visitor_gets_the_files_of_answers_and_no_others(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, channel=Channel.WEB_CHAT)
    await post(cast.ana, opened, b"the plan")
    message = await act(cast.ana, opened, send_reply, "", files=await all_of(Upload))
    async with reading() as db:
        ((shown,),) = (await files_of(db, [message])).values()
    async with await client_of(None) as client:
        answer = await client.get(shown["url"])
        assert (answer.status_code, answer.content) == (200, b"the plan")
        assert answer.headers["content-disposition"].startswith("attachment")
        for forged in (shown["url"][:-2], "/embed/files/WzEsMV0.x", "/embed/files/x"):
            assert (await client.get(forged)).status_code == 404
