"""Unread is each user's own."""

from tests.cast import Cast, act, give, open_conversation, write_in
from witei_app.accounts.actor import Actor
from witei_app.conversations.archive import archive
from witei_app.conversations.inbox import inbox_page
from witei_app.conversations.read import MOST_COUNTED, count_unread, mark_read, mark_unread
from witei_app.conversations.recipients import Recipients
from witei_app.conversations.reply import send_reply
from witei_app.conversations.view import View
from witei_app.conversations.write_first import write_first
from witei_app.db import reading, transaction
from witei_app.live.events import ConversationRead, Event
from witei_app.mail.types import Address


async def unread(actor: Actor) -> tuple[int, list[bool]]:
    """The badge, and the dots in the list."""
    async with reading() as db:
        lines, _ = await inbox_page(db, actor, View())
        return await count_unread(db, actor), [line.is_unread for line in lines]


async def test_a_new_message_is_unread_for_everybody_until_each_has_read_it(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    assert await unread(cast.ana) == await unread(cast.luis) == (1, [True])
    await act(cast.ana, opened, mark_read)
    assert await unread(cast.ana) == (0, [False])
    assert await unread(cast.luis) == (1, [True])


async def test_the_next_message_makes_it_unread_again(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, mark_read)
    await write_in(opened)
    assert await unread(cast.ana) == (1, [True])


async def test_a_colleagues_answer_is_nothing_unread(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, mark_read)
    await act(cast.luis, opened, send_reply, "Hello")
    assert await unread(cast.ana) == (0, [False])


async def test_it_can_be_left_for_later(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, mark_read)
    await act(cast.ana, opened, mark_unread)
    assert await unread(cast.ana) == (1, [True])


async def test_also_where_only_the_team_has_written(cast: Cast) -> None:
    async with transaction() as db:
        to_lena = Recipients(to=(Address("Lena", "lena@b.test"),))
        begun = await write_first(db, cast.ana, to_lena, "Viewing", "<p>Hello</p>", with_signature=False)
    assert await unread(cast.ana) == (0, [False])
    await act(cast.ana, begun.id, mark_unread)
    assert await unread(cast.ana) == (1, [True])
    assert await unread(cast.luis) == (0, [False])
    await act(cast.ana, begun.id, mark_read)
    assert await unread(cast.ana) == (0, [False])


async def test_the_badge_counts_what_the_user_sees_and_what_is_open(cast: Cast) -> None:
    evas, archived = await open_conversation(cast.marco), await open_conversation(cast.marco)
    await give(cast.ana, evas, cast.eva)
    await act(cast.ana, archived, archive)
    assert (await unread(cast.eva))[0] == 1
    assert (await unread(cast.ana))[0] == 1
    assert (await unread(cast.vera))[0] == 0


async def test_the_badge_stops_counting_at_a_hundred(lite_cast: Cast) -> None:
    for _ in range(MOST_COUNTED + 5):
        await open_conversation(lite_cast.marco)
    assert (await unread(lite_cast.ana))[0] == MOST_COUNTED


async def test_reading_is_announced_with_who_read(cast: Cast, announced: list[Event]) -> None:
    opened = await open_conversation(cast.marco)
    message = await write_in(opened)
    await act(cast.ana, opened, mark_read)
    assert announced[-1] == ConversationRead(cast.sol, opened, cast.ana.user_id or 0, message.id)
