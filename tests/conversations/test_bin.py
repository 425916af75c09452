"""The bin: administrators see it and take things out; what goes for good leaves nothing but the figures."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import select

from tests.cast import Cast, act, all_of, get, open_conversation, write_in
from tests.conversations.test_counts import counters_equal_a_recount
from witei_app.accounts.actor import Actor
from witei_app.accounts.office import save_bin_days
from witei_app.clock import now
from witei_app.conversations.bin import (
    contents_of,
    delete_for_good,
    drop_unused_files,
    empty_next_due,
    find_in_bin,
    look_at,
)
from witei_app.conversations.bunch import KINDS, act_on_several
from witei_app.conversations.delete import delete, restore
from witei_app.conversations.draft import keep_draft
from witei_app.conversations.inbox import inbox_page
from witei_app.conversations.receive import IncomingFile
from witei_app.conversations.reply import send_reply
from witei_app.conversations.view import View
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.files import keep, path_of
from witei_app.models import (
    Attachment,
    Conversation,
    ConversationEvent,
    Delivery,
    Draft,
    InboundMail,
    Message,
    ReadCursor,
    UnusedFile,
)


def administrator(actor: Actor) -> Actor:
    return replace(actor, is_admin=True)


async def listed(actor: Actor) -> list[int]:
    async with reading() as db:
        return [line.id for line in (await inbox_page(db, actor, View(status="bin")))[0]]


async def binned(cast: Cast, mail: bytes = b"a mail", file: bytes = b"a file") -> int:
    """A deleted conversation with everything that one can have."""
    async with transaction() as db:
        raw = InboundMail(workspace_id=cast.sol, sha256=await keep(mail), state="done", verdict="unknown")
        db.add(raw)
    files = (IncomingFile(await keep(file), "plan.pdf", "application/pdf", len(file)),)
    opened = await open_conversation(cast.marco, "Here is the plan", inbound_mail_id=raw.id, files=files)
    await act(cast.ana, opened, send_reply, "Thank you")
    await act(cast.luis, opened, keep_draft, "<p>And</p>")
    await act(cast.ana, opened, delete)
    return opened


async def go_for_good(actor: Actor, conversation_id: int) -> None:
    async with transaction() as db:
        await delete_for_good(db, actor, await find_in_bin(db, actor, conversation_id))


async def test_administrators_see_the_bin_and_nobody_else_does(cast: Cast) -> None:
    opened = await binned(cast)
    boss = administrator(cast.ana)
    assert await listed(boss) == [opened]
    for actor in (cast.ana, cast.eva, cast.vera, administrator(cast.vera)):
        assert await listed(actor) == []
        async with reading() as db:
            with pytest.raises(NotFound):
                await find_in_bin(db, actor, opened)
            with pytest.raises(NotFound):
                await look_at(db, actor, opened)
    async with transaction() as db:
        await restore(db, boss, await find_in_bin(db, boss, opened))
    assert await listed(boss) == []
    await counters_equal_a_recount()


async def test_what_goes_for_good_leaves_its_figures_and_nothing_else(cast: Cast) -> None:
    opened = await binned(cast)
    before = [(event.kind, event.seconds, event.at) for event in await all_of(ConversationEvent)]
    async with reading() as db:
        contents = await contents_of(db, opened)
    assert (contents.messages, contents.files, contents.drafts) == (2, 1, 1)
    await go_for_good(administrator(cast.ana), opened)
    for table in (Message, Attachment, Delivery, InboundMail):
        assert await all_of(table) == []
    async with reading() as db:
        assert not (await db.exec(select(Draft))).all()
        assert not (await db.exec(select(ReadCursor))).all()
    shell = await get(Conversation, opened)
    assert (shell.subject, shell.preview, shell.contact_name) == ("", "", "")
    after = [(event.kind, event.seconds, event.at) for event in await all_of(ConversationEvent)]
    assert after[:-1] == before
    assert await listed(administrator(cast.ana)) == []
    await counters_equal_a_recount()


async def test_files_go_when_nobody_else_has_them(cast: Cast) -> None:
    first, second = await binned(cast, b"first", b"shared"), await binned(cast, b"second", b"shared")
    await go_for_good(administrator(cast.ana), first)
    mail, shared = [(await keep(data)) for data in (b"first", b"shared")]
    assert await drop_unused_files() == 0  # too soon: somebody may be storing the same
    await make_old(mail, shared)
    assert await drop_unused_files() == 2
    assert not path_of(mail).exists()
    assert path_of(shared).exists()
    assert await all_of(UnusedFile) == []
    await go_for_good(administrator(cast.ana), second)
    await make_old(shared)
    await drop_unused_files()
    assert not path_of(shared).exists()


async def make_old(*hashes: str) -> None:
    long_ago = now() - timedelta(days=1)
    for sha256 in hashes:
        os.utime(path_of(sha256), (long_ago.timestamp(), long_ago.timestamp()))
    async with transaction() as db:
        await db.exec(update(UnusedFile).values(created_at=long_ago))


async def test_the_worker_empties_what_has_waited_for_the_days_of_the_workspace(cast: Cast) -> None:
    opened = await binned(cast)
    assert not await empty_next_due()
    async with transaction() as db:
        await db.exec(update(Conversation).values(deleted_at=now() - timedelta(days=8)))
    assert not await empty_next_due()  # thirty days, when nobody said otherwise
    async with transaction() as db:
        await save_bin_days(db, administrator(cast.ana), 7)
    assert await empty_next_due()
    assert not await empty_next_due()
    assert (await get(Conversation, opened)).emptied_at is not None


async def test_only_administrators_delete_for_good_and_choose_the_days(cast: Cast) -> None:
    opened = await binned(cast)
    async with transaction() as db:
        conversation = await db.get_one(Conversation, opened)
        with pytest.raises(Refused):
            await delete_for_good(db, cast.ana, conversation)
        with pytest.raises(Refused):
            await save_bin_days(db, cast.ana, 7)
        for days in (0, 366):
            with pytest.raises(Refused):
                await save_bin_days(db, administrator(cast.ana), days)


async def test_several_come_back_or_go_for_good_at_once(cast: Cast) -> None:
    opened = [await binned(cast, bytes([n]), bytes([n, n])) for n in range(3)]
    boss = administrator(cast.luis)
    async with transaction() as db:
        outcome = await act_on_several(db, boss, KINDS["restore"], opened[:1])
        gone = await act_on_several(db, boss, KINDS["delete_for_good"], opened)
        refused = await act_on_several(db, cast.ana, KINDS["delete_for_good"], opened)
    assert (outcome.done, gone.done, refused.done) == (1, 2, 0)
    assert [one.emptied_at is not None for one in await all_of(Conversation)] == [False, True, True]
    await write_in(opened[0])
    await counters_equal_a_recount()
