"""Erasing a person: counted before, nothing of them found afterwards, and reports with the figures that they had."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from tests.cast import Cast, act, all_of, get, open_conversation, write_in
from tests.conversations.test_bin import administrator
from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.archive import archive
from witei_app.conversations.erased_words import forget_erased_words
from witei_app.conversations.log import record
from witei_app.conversations.reply import send_reply, write_note
from witei_app.conversations.search import search_messages
from witei_app.crm.contacts import contact_of_address
from witei_app.crm.edit import ContactInput, save_contact
from witei_app.crm.erase import AT_ONCE, KIND, erase_contact, erase_preview, erase_rest
from witei_app.crm.merge import merge_contacts
from witei_app.crm.notes import add_note
from witei_app.crm.quotes import new_quote
from witei_app.crm.tickets import TicketInput, open_ticket
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.files import keep
from witei_app.jobs.kinds import KINDS
from witei_app.jobs.run import work_next
from witei_app.models import (
    Attachment,
    AuditEntry,
    BlockedAddress,
    Contact,
    Conversation,
    ConversationEvent,
    EventKind,
    InboundMail,
    Job,
    JobState,
    Message,
    UnusedFile,
    User,
    Visitor,
    VisitorToken,
    Widget,
    metadata,
)
from witei_app.reports.asked import Asked
from witei_app.reports.figures import figures_of

SECRETS = ("marco", "peña", "pena", "contact.test", "zafiro", "600111222")


async def fill(cast: Cast, conversations: int = 1) -> list[int]:
    """Marco with one of everything, some conversations, and a contact that was merged into him."""
    admin = administrator(cast.ana)
    made = []
    for number in range(conversations):
        made.append(await open_conversation(cast.marco, f"Zafiro {number}", "¿Zafiro?"))
        await act(cast.ana, made[-1], send_reply, "<p>Marco, el zafiro</p>")
    await act(cast.ana, made[0], write_note, "<p>zafiro</p>")
    await act(cast.ana, made[0], archive)
    async with transaction() as db:
        await save_contact(db, admin, cast.marco.id, ContactInput("Marco", "Peña", "marco@contact.test", "600111222"))
        await add_note(db, admin, cast.marco.id, "zafiro")
        ticket = await open_ticket(db, admin, TicketInput("Zafiro roto"), contact_id=cast.marco.id)
        await new_quote(db, admin, cast.marco.id)
        other = await contact_of_address(db, cast.sol, "m2@contact.test", "Marco dos", "E-mail")
        await merge_contacts(db, admin, cast.marco.id, other.id, {})
        message = (await db.exec(select(Message).where(Message.conversation_id == made[0]).limit(1))).one()
        mail = InboundMail(workspace_id=cast.sol, sha256=await keep(b"zafiro"), envelope_from="Marco@contact.test")
        widget = Widget(workspace_id=cast.sol, key="k", name="Web")
        db.add_all([mail, widget])
        await db.flush()
        message.inbound_mail_id = mail.id
        visitor = Visitor(workspace_id=cast.sol, widget_id=widget.id, token_hash="t", contact_id=cast.marco.id)
        visitor.email = "marco@contact.test"
        db.add(visitor)
        await db.flush()
        db.add(VisitorToken(workspace_id=cast.sol, visitor_id=visitor.id, token_hash="u"))
        plan = Attachment(workspace_id=cast.sol, message_id=message.id, sha256=await keep(b"a plan"), name="zafiro.pdf")
        blocked = BlockedAddress(workspace_id=cast.sol, network="203.0.113.7/32", about="Marco Peña")
        db.add_all([plan, blocked])
        talk = await db.get_one(Conversation, made[0])
        record(db, admin, talk, EventKind.QUOTE_ACCEPTED, number="2026-0001", name="Marco Peña")
        assert ticket.id
    return made


async def erase(actor: Actor, contact_id: int) -> Job | None:
    async with transaction() as db:
        return await erase_contact(db, actor, contact_id)


async def found_words() -> list[str]:
    """Where in the whole database, the search index too, something of Marco can still be read."""
    found = []
    async with reading() as db:
        for table in metadata.sorted_tables:
            for row in (await db.exec(table.select())).all():  # type: ignore[call-overload]
                words = str(tuple(row)).lower()
                found += [f"{table.name}: {secret}" for secret in SECRETS if secret in words]
    return found


async def test_nothing_of_them_is_left_and_reports_keep_their_figures(cast: Cast) -> None:
    admin = administrator(cast.ana)
    conversation, *_ = await fill(cast)
    other = await open_conversation(await _another(cast), "Something else")
    asked = Asked(cast.sol, now() - timedelta(days=1), now() + timedelta(days=1))
    async with reading() as db:
        row = await erase_preview(db, admin, cast.marco.id)
        before = await figures_of(db, asked)
        assert (await search_messages(db, admin, "zafiro")).found
    assert (row.conversations, row.messages, row.files, row.mails, row.notes) == (1, 4, 1, 1, 1)
    assert (row.tickets, row.quotes, row.visits, row.ratings) == (1, 1, 1, 0)
    assert await erase(admin, cast.marco.id) is None
    assert await found_words() == []
    async with reading() as db:
        assert await figures_of(db, asked) == before
        assert (await search_messages(db, admin, "zafiro")).found == []
        with pytest.raises(NotFound):
            await erase_preview(db, admin, cast.marco.id)
    shell: Conversation = await get(Conversation, conversation)
    assert (shell.contact_name, shell.subject, shell.emptied_at is None) == ("", "", False)
    assert len(await all_of(UnusedFile)) == 2
    assert [one.contact_id for one in await all_of(AuditEntry) if one.action == "contact_erased"] == [cast.marco.id]
    assert len(await all_of(Message, Message.conversation_id == other)) == 1
    again = await write_in(other, "Still here")
    assert again.id


async def _another(cast: Cast) -> Contact:
    async with transaction() as db:
        return await contact_of_address(db, cast.sol, "lena@other.test", "Lena", "E-mail")


async def test_without_conversations_not_even_a_row_is_left(lite_cast: Cast) -> None:
    await erase(administrator(lite_cast.ana), lite_cast.marco.id)
    assert await all_of(Contact) == []


async def test_who_writes_again_is_somebody_new(lite_cast: Cast) -> None:
    await fill(lite_cast)
    await erase(administrator(lite_cast.ana), lite_cast.marco.id)
    async with transaction() as db:
        again = await contact_of_address(db, lite_cast.sol, "marco@contact.test", "Marco", "E-mail")
    assert again.id != lite_cast.marco.id


async def test_many_conversations_are_the_workers(lite_cast: Cast) -> None:
    await fill(lite_cast, AT_ONCE + 2)
    job = await erase(administrator(lite_cast.ana), lite_cast.marco.id)
    assert job is not None
    async with transaction() as db:
        (await db.get_one(User, lite_cast.ana.user_id)).role = "admin"
    while await work_next(KINDS):
        pass
    done: Job = await get(Job, job.id)
    assert (done.kind, done.state, done.done, done.total) == (KIND, JobState.DONE, AT_ONCE + 2, AT_ONCE + 2)
    assert await found_words() == []
    events: list[Any] = await all_of(ConversationEvent)
    assert events


async def test_what_a_stopped_job_leaves_goes_all_the_same(lite_cast: Cast) -> None:
    await fill(lite_cast, AT_ONCE + 1)
    await erase(administrator(lite_cast.ana), lite_cast.marco.id)
    while await erase_rest():
        pass
    assert await found_words() == []


async def test_only_an_administrator_of_the_same_workspace_erases(lite_cast: Cast) -> None:
    for actor in (lite_cast.luis, administrator(lite_cast.vera)):
        with pytest.raises(Refused):
            await erase(actor, lite_cast.marco.id)
        async with reading() as db:
            with pytest.raises(Refused):
                await erase_preview(db, actor, lite_cast.marco.id)
    assert (await get(Contact, lite_cast.marco.id)).email


async def test_the_files_of_the_database_hold_no_word_of_it_any_more(lite_cast: Cast, sqlite_url: str) -> None:
    path = Path(sqlite_url.partition("///")[2])
    await fill(lite_cast)
    await write_in(await open_conversation(await _another(lite_cast)), "Something else")
    assert holds_zafiro(path)
    await erase(administrator(lite_cast.ana), lite_cast.marco.id)
    while await forget_erased_words():
        pass
    assert not holds_zafiro(path)
    async with reading() as db:
        assert (await search_messages(db, administrator(lite_cast.ana), "something")).found


def holds_zafiro(path: Path) -> bool:
    """Anywhere in the database's file or its log; the index leaves out the first letters that it shares with a word."""
    held = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
    return b"afiro" in held.lower()


async def test_the_index_of_search_forgets_the_letters(lite_cast: Cast) -> None:
    await fill(lite_cast)
    await erase(administrator(lite_cast.ana), lite_cast.marco.id)
    async with reading() as db:
        query = text("SELECT count(*) FROM contact_search WHERE contact_search MATCH 'marco'")
        assert (await db.exec(query)).scalar_one() == 0  # type: ignore[call-overload]
