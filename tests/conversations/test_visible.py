"""Whatever one asks for: Vera is in another workspace, Eva sees only her own, nobody sees the bin."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.cast import Cast, act, all_of, get, give, open_conversation
from witei_app.accounts.actor import Actor
from witei_app.conversations.archive import archive, reopen
from witei_app.conversations.assign import assign
from witei_app.conversations.counts import BIN, Counts, read_counts
from witei_app.conversations.delete import delete
from witei_app.conversations.inbox import inbox_page, personal_lines
from witei_app.conversations.read import mark_read, mark_unread
from witei_app.conversations.reply import send_reply, write_note
from witei_app.conversations.view import View
from witei_app.conversations.visible import find_conversation, see_conversation
from witei_app.db import reading, transaction
from witei_app.errors import NotFound
from witei_app.models import Conversation, ConversationEvent, ConversationScope, Message, ReadCursor

RULES: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (archive, ()),
    (reopen, ()),
    (delete, ()),
    (assign, (1,)),
    (send_reply, ("Hello",)),
    (write_note, ("Hello",)),
    (mark_read, ()),
    (mark_unread, ()),
]


@pytest.mark.parametrize(("rule", "arguments"), RULES, ids=[rule.__name__ for rule, _ in RULES])
async def test_no_rule_reaches_what_the_actor_may_not_see(
    lite_cast: Cast, rule: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    opened = await open_conversation(lite_cast.marco)
    await give(lite_cast.ana, opened, lite_cast.luis)
    before = await get(Conversation, opened), len(await all_of(ConversationEvent))
    for actor in (lite_cast.eva, lite_cast.vera):
        with pytest.raises(NotFound):
            await act(actor, opened, rule, *arguments)
    assert (await get(Conversation, opened), len(await all_of(ConversationEvent))) == before
    assert len(await all_of(Message)) == 1
    async with reading() as db:
        assert await db.get(ReadCursor, (lite_cast.eva.user_id, opened)) is None


async def sees(actor: Actor, opened: int) -> set[bool]:
    """Whether the actor sees it: by id, to act on, in the list, as a single line."""
    async with transaction() as db:
        ways = set()
        for find in (see_conversation, find_conversation):
            try:
                ways.add((await find(db, actor, opened)).id == opened)
            except NotFound:
                ways.add(False)
        lines, _ = await inbox_page(db, actor, View())
        ways.add(opened in [line.id for line in lines])
        ways.add(opened in [line.id for line in await personal_lines(db, actor, [opened])])
    return ways


async def test_each_sees_what_the_scope_allows(cast: Cast) -> None:
    nobodys, luises, evas = [await open_conversation(cast.marco) for _ in range(3)]
    await give(cast.ana, luises, cast.luis)
    await give(cast.ana, evas, cast.eva)
    seen = {
        cast.ana: [True, True, True],
        cast.eva: [False, False, True],
        cast.vera: [False, False, False],
        replace(cast.eva, scope=ConversationScope.OWN_AND_UNASSIGNED): [True, False, True],
        replace(cast.eva, scope=ConversationScope.NONE): [False, False, False],
    }
    for actor, expected in seen.items():
        assert [await sees(actor, opened) for opened in (nobodys, luises, evas)] == [{may} for may in expected]


async def test_nobody_sees_the_bin(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, delete)
    assert await sees(cast.ana, opened) == {False}


async def test_the_counters_tell_of_nothing_out_of_sight(cast: Cast) -> None:
    evas, _ = await open_conversation(cast.marco), await open_conversation(cast.marco)
    await give(cast.ana, evas, cast.eva)
    partly = replace(cast.eva, scope=ConversationScope.OWN_AND_UNASSIGNED)
    nothing = replace(cast.eva, scope=ConversationScope.NONE)
    async with reading() as db:
        counts = [await read_counts(db, who, "open") for who in (cast.ana, partly, cast.eva, nothing, cast.vera)]
    assert counts == [Counts(2, 0, 1), Counts(2, 1, 1), Counts(1, 1, 0), Counts(), Counts()]


async def test_how_much_is_in_the_bin_is_known_to_administrators(cast: Cast) -> None:
    await act(cast.ana, await open_conversation(cast.marco), delete)
    async with reading() as db:
        counts = [(await read_counts(db, replace(cast.ana, is_admin=it), BIN)).all for it in (False, True)]
    assert counts == [0, 1]
