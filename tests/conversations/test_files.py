"""Files that wait in a draft and go with the answer."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.cast import Cast, Configure, act, all_of, get, open_conversation
from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations import files
from witei_app.conversations.draft import keep_draft, waiting_rows
from witei_app.conversations.files import NEW, NewFile, attach, checked_type, detach, drop_old_uploads, waiting_files
from witei_app.conversations.first_draft import keep_first_draft
from witei_app.conversations.reply import send_reply, write_note
from witei_app.conversations.thread import thread_page
from witei_app.conversations.worded import message_rows
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.files import keep, path_of
from witei_app.models import Attachment, Conversation, Delivery, Message, Upload
from witei_app.outbox.letter import letter_of

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489") + b"\0" * 40


async def put(actor: Actor, conversation_id: int, data: bytes = b"the plan", name: str = "plan.pdf") -> Upload:
    """The actor attaches a file."""
    file = NewFile(await keep(data), name, checked_type(name, data), len(data))
    async with transaction() as db:
        return await attach(db, actor, conversation_id, file)


async def waiting(actor: Actor, conversation_id: int) -> list[str]:
    """The names of the files in the actor's draft."""
    async with reading() as db:
        return [file.name for file in await waiting_rows(db, actor, conversation_id)]


async def send(actor: Actor, conversation_id: int, text: str = "Here it is") -> Message:
    """The actor sends what waits."""
    async with reading() as db:
        mine = await waiting_files(db, actor, conversation_id)
    return await act(actor, conversation_id, send_reply, text, files=mine)


async def test_a_file_waits_in_its_senders_draft_alone(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await put(cast.ana, opened)
    assert await waiting(cast.ana, opened) == ["plan.pdf"]
    assert await waiting(cast.luis, opened) == await waiting(cast.vera, opened) == []


async def test_it_goes_with_the_mail_once(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await put(cast.ana, opened, b"the plan of the flat")
    message = await send(cast.ana, opened)
    (file,) = await all_of(Attachment)
    assert (file.message_id, file.name, message.has_files) == (message.id, "plan.pdf", True)
    assert await waiting(cast.ana, opened) == []
    (delivery,) = await all_of(Delivery)
    async with reading() as db:
        letter = await letter_of(db, delivery.id)
    assert b"plan.pdf" in letter.raw
    assert b"dGhlIHBsYW4gb2YgdGhlIGZsYXQ" in letter.raw.replace(b"\r\n", b"")


async def test_a_file_alone_is_an_answer_and_the_line_names_it(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await put(cast.ana, opened)
    await send(cast.ana, opened, "")
    assert (await get(Conversation, opened)).preview == "plan.pdf"


async def test_a_note_keeps_files_in_the_team(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    upload = await put(cast.ana, opened)
    await act(cast.ana, opened, write_note, "", files=[upload])
    assert len(await all_of(Attachment)) == 1
    assert await all_of(Delivery) == []


async def test_a_refused_answer_keeps_its_files(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    upload = await put(cast.ana, opened)
    with pytest.raises(Refused):
        await act(cast.ana, opened, send_reply, "x" * 600_000, files=[upload])
    assert await waiting(cast.ana, opened) == ["plan.pdf"]


async def test_only_its_owner_removes_it(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    upload = await put(cast.ana, opened)
    for actor in (cast.luis, cast.vera):
        with pytest.raises(NotFound):
            async with transaction() as db:
                await detach(db, actor, upload.id)
    async with transaction() as db:
        await detach(db, cast.ana, upload.id)
    assert await waiting(cast.ana, opened) == []


async def test_who_does_not_see_the_conversation_attaches_nothing(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    for actor in (cast.eva, cast.vera):
        with pytest.raises(NotFound):
            await put(actor, opened)


async def test_more_than_fits_into_a_message_is_refused(cast: Cast, configure: Configure) -> None:
    configure(MAX_UPLOAD_MB="1")
    opened = await open_conversation(cast.marco)
    await put(cast.ana, opened, b"a" * 700_000)
    with pytest.raises(Refused, match="1 MB together"):
        await put(cast.ana, opened, b"b" * 700_000)


async def test_the_thread_shows_files_in_one_query(lite_cast: Cast) -> None:
    opened = await open_conversation(lite_cast.marco)
    await put(lite_cast.ana, opened, PNG, "../../etc/house.png")
    await send(lite_cast.ana, opened)
    async with reading() as db:
        conversation = await db.get_one(Conversation, opened)
        entries, _ = await thread_page(db, conversation)
    (file,) = message_rows(entries, conversation, lite_cast.ana)[-1].files
    assert (file.name, file.is_image, file.url.startswith("/files/")) == ("house.png", True, True)


async def test_what_nobody_sent_is_forgotten_after_a_month_with_its_bytes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("witei_app.files.UNNAMED_SECONDS", -1)
    opened = await open_conversation(cast.marco)
    await put(cast.ana, opened, b"sent")
    await send(cast.ana, opened)
    old, same = await put(cast.ana, opened, b"never sent"), await put(cast.ana, opened, b"sent")
    fresh = await put(cast.ana, opened, b"just now")
    async with transaction() as db:
        for upload in (await db.exec(select(Upload).where(Upload.id != fresh.id))).all():
            upload.created_at = now() - files.KEPT - timedelta(minutes=1)
    assert await drop_old_uploads() == 2
    assert [path_of(file.sha256).exists() for file in (old, same, fresh)] == [False, True, True]
    assert await drop_old_uploads() == 0


async def test_files_are_kept_as_long_as_what_is_written_beside_them(cast: Cast) -> None:
    opened, other = await open_conversation(cast.marco), await open_conversation(cast.marco)
    await act(cast.ana, opened, keep_draft, "<p>Here is the plan</p>")
    beside = await put(cast.ana, opened, b"beside it")
    await put(cast.luis, opened, b"of somebody who writes nothing")
    await put(cast.ana, other, b"elsewhere")
    first = await put(cast.ana, NEW, b"of a new one")
    async with transaction() as db:
        await keep_first_draft(db, cast.ana, subject="The plan")
        for upload in (await db.exec(select(Upload))).all():
            upload.created_at = now() - files.KEPT - timedelta(minutes=1)
    assert await drop_old_uploads() == 2
    assert {upload.id for upload in await all_of(Upload)} == {beside.id, first.id}


@pytest.mark.parametrize(
    ("name", "data"),
    [("setup.exe", b"x"), ("photo.jpg", b"MZ\x90\0"), ("a.PS1", b"x"), ("run", b"\x7fELF\2"), ("nothing.pdf", b"")],
)
def test_programs_and_nothing_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(Refused):
        checked_type(name, data)


@pytest.mark.parametrize(
    ("name", "data", "media"),
    [
        ("a.png", PNG, "image/png"),
        ("a.txt", PNG, "image/png"),
        ("a.png", b"<script>alert(1)</script>", "application/octet-stream"),
        ("a.pdf", b"%PDF-1.7", "application/pdf"),
        ("a.html", b"<script>alert(1)</script>", "text/html"),
        ("no ending", b"abc", "application/octet-stream"),
    ],
)
def test_a_picture_is_what_its_bytes_say(name: str, data: bytes, media: str) -> None:
    assert checked_type(name, data) == media
