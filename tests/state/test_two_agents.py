"""Two agents and a contact act at random, two at once, a thousand times, while both look at the screens: nothing is
lost, nothing is sent twice, and in the end both screens show what the database holds."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

from sqlmodel import col, select

from tests.cast import Cast, act, all_of, open_conversation, write_in
from tests.conversations.test_counts import counters_equal_a_recount, numbers_have_no_gap, the_log_replays
from tests.state.conftest import Running, Tab, cookie_of
from tests.state.test_every_handler import arrival
from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.archive import archive, reopen
from witei_app.conversations.assign import assign
from witei_app.conversations.bunch import KINDS, act_on_several
from witei_app.conversations.delete import delete
from witei_app.conversations.inbox import inbox_page
from witei_app.conversations.read import mark_read, mark_unread
from witei_app.conversations.reply import send_reply, write_note
from witei_app.conversations.snooze import snooze, wake
from witei_app.conversations.view import View
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.models import Conversation, Delivery, Direction, Message
from witei_app.state import list_page
from witei_app.state.inbox import PIECES as LIST_PIECES
from witei_app.state.thread import PIECES as THREAD_PIECES

STEPS = 1_000
AT_ONCE = 2
LOOKED_AT_EVERY = 40
Deed = Callable[[Cast, Actor, int, Random], Awaitable[object]]


async def reply(_: Cast, who: Actor, it: int, dice: Random) -> None:
    """Some of them are the same click twice."""
    await act(who, it, send_reply, f"<p>Answer {dice.random()}</p>", client_id=f"{who.name} {dice.randrange(200)}")


async def several(cast: Cast, who: Actor, _: int, dice: Random) -> None:
    name = dice.choice(["assign", "archive", "reopen", "read", "unread", "wake"])
    ids = [conversation.id for conversation in await all_of(Conversation)]
    async with transaction() as db:
        await act_on_several(db, who, KINDS[name], ids, cast.luis.user_id or 0)


DEEDS: list[Deed] = [
    reply,
    reply,
    several,
    lambda _, who, it, dice: act(who, it, write_note, f"Careful {dice.random()}"),
    lambda _, who, it, dice: write_in(it, f"Marco writes {dice.random()}"),
    lambda _, who, it, dice: write_in(it, f"Marco writes {dice.random()}"),
    lambda _, who, it, dice: act(who, it, archive),
    lambda _, who, it, dice: act(who, it, reopen),
    lambda cast, who, it, dice: act(who, it, assign, dice.choice([None, cast.ana.user_id, cast.luis.user_id])),
    lambda _, who, it, dice: act(who, it, dice.choice([mark_read, mark_unread])),
    lambda _, who, it, dice: act(who, it, snooze, now() + timedelta(hours=dice.randrange(1, 9))),
    lambda _, who, it, dice: act(who, it, wake),
]


async def test_a_thousand_random_acts_of_two_at_once(running: Running) -> None:
    cast, dice = running.cast, Random(7)
    looked_at, *others = [await open_conversation(cast.marco, f"Flat {n}") for n in range(4)]
    async with running.tab(await cookie_of(cast.ana)) as ana, running.tab(await cookie_of(cast.luis)) as luis:
        for tab in (ana, luis):
            await tab.send(arrival(), {}, path=f"/conversations/{looked_at}")
            await tab.hear_out()
        for step in range(STEPS // AT_ONCE):
            await asyncio.gather(*(one(cast, who, [looked_at, *others], dice) for who in (cast.ana, cast.luis)))
            if step % LOOKED_AT_EVERY == 0:
                await asyncio.gather(ana.hear_out(), luis.hear_out())
                ana.frames.clear()
                luis.frames.clear()
        await both_show_what_is_there(cast, looked_at, ana, luis)
    await the_books_are_right()


async def one(cast: Cast, who: Actor, conversations: list[int], dice: Random) -> None:
    """Half of the acts concern the conversation that both look at. The others are deleted now and then, too."""
    it = conversations[0] if dice.random() < 0.5 else dice.choice(conversations[1:])
    with suppress(Refused):
        if it != conversations[0] and dice.random() < 0.05:
            await act(who, it, delete)
        else:
            await dice.choice(DEEDS)(cast, who, it, dice)


async def the_books_are_right() -> None:
    await counters_equal_a_recount()
    sent = await all_of(Message, Message.direction == Direction.OUT)
    assert len({(message.conversation_id, message.client_id) for message in sent}) == len(sent)
    assert [one.message_id for one in await all_of(Delivery)] == [message.id for message in sent]
    for conversation in await all_of(Conversation):
        await numbers_have_no_gap(conversation)
        await the_log_replays(conversation)


async def both_show_what_is_there(cast: Cast, looked_at: int, ana: Tab, luis: Tab) -> None:
    """As soon as the last pushes have come."""
    for attempt in range(200):
        screens = [await screen(tab) for tab in (ana, luis)]
        expected = await truth(cast, looked_at)
        if all(shown[0] == expected[0] and expected[1][-len(shown[1]) :] == shown[1] for shown in screens):
            assert all(shown[1] for shown in screens)
            return
        await asyncio.sleep(0.1 * (attempt > 0))
    assert screens == [expected, expected]


async def truth(cast: Cast, looked_at: int) -> tuple[list[tuple[Any, ...]], list[int]]:
    """The open list, and the messages of the thread."""
    async with reading() as db:
        lines, _ = await inbox_page(db, cast.ana, View())
        query = select(Message.id).where(Message.conversation_id == looked_at).order_by(col(Message.number))
        messages = list((await db.exec(query)).all())
    return [(line.id, line.assignee_name, line.needs_reply) for line in lines], messages


async def screen(tab: Tab) -> tuple[list[tuple[Any, ...]], list[int]]:
    """The same as the tab shows it."""
    held = await tab.shown()
    inbox = {key.rpartition(".")[2]: value for key, value in held.items() if key.startswith("inbox_state.")}
    thread = {key.rpartition(".")[2]: value for key, value in held.items() if key.startswith("thread_state.")}
    return listed(inbox), written(thread)


def listed(inbox: dict[str, Any]) -> list[tuple[Any, ...]]:
    newest = {row["id"]: row for part in ("rows", *LIST_PIECES) for row in inbox[part]}
    rows = [row for row in newest.values() if row["id"] not in inbox["gone"]]
    rows.sort(key=lambda row: (row["rank"], row["id"]), reverse=True)
    assert all(len(inbox[part]) <= list_page.IN_A_PIECE for part in LIST_PIECES)
    return [(row["id"], row["assignee_name"], row["needs_reply"]) for row in rows]


def written(thread: dict[str, Any]) -> list[int]:
    turn = thread["turn"]
    parts = ["messages", *THREAD_PIECES[turn:], *THREAD_PIECES[:turn]]
    newest = {row["id"]: row for part in parts for row in thread[part]}
    return [row_id for row_id, row in newest.items() if row["kind"] != "event" and row_id not in thread["withdrawn"]]
