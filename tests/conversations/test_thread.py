"""The open conversation: its pages, its system lines, what came since; always the same number of queries."""

from tests.cast import Cast, act, counted_queries, get, give, open_conversation, pane_of, write_in
from witei_app.accounts.actor import Actor
from witei_app.conversations.archive import archive
from witei_app.conversations.log import record
from witei_app.conversations.receive import IncomingFile
from witei_app.conversations.reply import send_reply, write_note
from witei_app.conversations.rows import MessageRow
from witei_app.conversations.thread import (
    Entry,
    entries_of,
    entries_since,
    last_event_id,
    thread_page,
)
from witei_app.conversations.visible import find_conversation
from witei_app.conversations.worded import message_rows
from witei_app.db import reading, transaction
from witei_app.models import ContactNote, Conversation, Delivery, DeliveryState, EventKind, Ticket


async def page(opened: int, before: int | None = None, limit: int = 30) -> tuple[list[Entry], bool]:
    async with reading() as db:
        conversation = await db.get_one(Conversation, opened)
        return await thread_page(db, conversation, before, limit)


async def rows_of(cast: Cast, opened: int) -> list[MessageRow]:
    entries, _ = await page(opened)
    return message_rows(entries, await get(Conversation, opened), cast.ana)


def numbers(entries: list[Entry]) -> list[int]:
    return [entry.message.number for entry in entries if entry.message]


async def test_the_newest_page_comes_first_and_the_older_ones_join_without_a_gap(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, *(f"Line {n}" for n in range(1, 8)))
    newest, has_older = await page(opened, limit=3)
    assert (numbers(newest), has_older) == ([5, 6, 7], True)
    older, has_older = await page(opened, before=5, limit=3)
    assert (numbers(older), has_older) == ([2, 3, 4], True)
    oldest, has_older = await page(opened, before=2, limit=3)
    assert (numbers(oldest), has_older) == ([1], False)


async def test_what_happened_stands_between_the_messages_on_one_page_alone(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, "1", "2")
    await give(cast.ana, opened, cast.luis)
    await write_in(opened, "3")
    await act(cast.luis, opened, archive)
    await write_in(opened, "4")
    whole = [e.event.kind if e.event else e.message and e.message.text for e in (await page(opened))[0]]
    assert whole == ["1", "2", "assigned", "3", "archived", "reopened", "4"]
    paged: list[Entry] = []
    before, has_older = None, True
    while has_older:
        entries, has_older = await page(opened, before, limit=1)
        paged, before = [*entries, *paged], numbers(entries)[0]
    assert [e.event.kind if e.event else e.message and e.message.text for e in paged] == whole


async def test_events_are_told_in_words(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await give(cast.ana, opened, cast.luis)
    await give(cast.luis, opened, None)
    await give(cast.ana, opened, cast.ana)
    await act(cast.ana, opened, archive)
    await write_in(opened)
    assert [row.text for row in await rows_of(cast, opened) if row.kind == "event"] == [
        "Ana Ruiz assigned this conversation to Luis Soto",
        "Luis Soto made this conversation unassigned",
        "Ana Ruiz took this conversation",
        "Ana Ruiz archived this conversation",
        "Reopened by a new message",
    ]


async def test_quotes_and_tickets_are_told_of_between_the_messages(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    async with transaction() as db:
        conversation = await find_conversation(db, cast.ana, opened)
        system = Actor.system(cast.sol)
        record(db, cast.ana, conversation, EventKind.QUOTE_SENT, quote=1, number="2026-0001", name="")
        record(db, system, conversation, EventKind.QUOTE_READ, quote=1, number="2026-0001", name="")
        record(db, system, conversation, EventKind.QUOTE_ACCEPTED, quote=1, number="2026-0001", name="Marco P.")
        record(db, system, conversation, EventKind.QUOTE_EXPIRED, quote=1, number="2026-0001", name="")
        record(db, cast.luis, conversation, EventKind.TICKET_OPENED, ticket=1, number=7, state="open")
        record(db, cast.luis, conversation, EventKind.TICKET_CHANGED, ticket=1, number=7, state="closed")
    assert [row.text for row in await rows_of(cast, opened) if row.kind == "event"] == [
        "Ana Ruiz sent quote 2026-0001",
        "The contact has read quote 2026-0001",
        "Marco P. accepted quote 2026-0001",
        "Quote 2026-0001 has expired",
        "Luis Soto opened ticket 7",
        "Luis Soto changed ticket 7: closed",
    ]


async def test_another_subject_is_said_once(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, subject="Flat")
    for subject in ("Re: Flat", "The visit", "RE: The visit", "Flat"):
        await write_in(opened, subject=subject)
    assert [row.subject for row in await rows_of(cast, opened)] == ["", "", "The visit", "", "Flat"]


async def test_an_answer_shows_the_worst_state_of_its_deliveries_and_why(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    message = await act(cast.ana, opened, send_reply, "Hello")
    async with transaction() as db:
        failed = Delivery(workspace_id=cast.sol, message_id=message.id, recipient="x@y.test")
        failed.state, failed.reason = DeliveryState.FAILED, "The address does not exist or does not take our mail."
        db.add(failed)
    row = (await rows_of(cast, opened))[-1]
    assert (row.state, row.state_label) == ("failed", "not delivered")
    assert row.state_detail == "The address does not exist or does not take our mail."


async def test_files_are_listed_and_inline_pictures_are_not(cast: Cast) -> None:
    files = (
        IncomingFile("a" * 64, "plan.pdf", "application/pdf", 2048),
        IncomingFile("b" * 64, "logo.png", "image/png", 5, is_inline=True),
    )
    opened = await open_conversation(cast.marco, files=files)
    (row,) = await rows_of(cast, opened)
    assert [file.name for file in row.files] == ["plan.pdf"]


async def test_what_came_since_is_that_and_no_more(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, "1", "2")
    async with reading() as db:
        event = await last_event_id(db, opened)
    await write_in(opened, "3")
    await give(cast.ana, opened, cast.luis)
    async with reading() as db:
        since = await entries_since(db, opened, 2, event)
        nothing = await entries_since(db, opened, 3, await last_event_id(db, opened))
    assert numbers(since) == [3]
    assert [entry.event.kind for entry in since if entry.event] == ["assigned"]
    assert nothing == []


async def test_a_thread_and_the_details_cost_the_same_at_any_length(cast: Cast) -> None:
    asked = []
    for quantity in (3, 200):
        files = (IncomingFile("a" * 64, "plan.pdf", "application/pdf", 10),)
        opened = await open_conversation(cast.marco, *("Hello",) * quantity, files=files)
        await give(cast.ana, opened, cast.luis)
        await act(cast.ana, opened, send_reply, "Hi")
        async with transaction() as db:
            db.add(ContactNote(workspace_id=cast.sol, contact_id=cast.marco.id, body="Nice"))
            db.add(Ticket(workspace_id=cast.sol, number=quantity, contact_id=cast.marco.id, title="Key"))
        with counted_queries() as thread:
            await page(opened)
        with counted_queries() as details:
            row = await pane_of(cast.ana, opened)
        asked.append((len(thread), len(details)))
    # conversation, messages, events, files, deliveries, named
    # conversation, head, notes, history, tickets
    assert asked == [(6, 5), (6, 5)]
    assert (len(row.notes), len(row.history), len(row.tickets)) == (2, 1, 2)


async def test_single_messages_can_be_read_again(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    note = await act(cast.ana, opened, write_note, "Careful")
    async with reading() as db:
        assert numbers(await entries_of(db, opened, [note.id])) == [2]
        assert await entries_of(db, opened, []) == []


async def test_the_details_show_no_conversation_that_the_actor_may_not_see(cast: Cast) -> None:
    evas, luises = await open_conversation(cast.marco), await open_conversation(cast.marco)
    await give(cast.ana, evas, cast.eva)
    await give(cast.ana, luises, cast.luis)
    assert (await pane_of(cast.eva, evas)).history == []
    assert [card.id for card in (await pane_of(cast.ana, evas)).history] == [luises]
