"""Who has a conversation."""

import pytest

from tests.cast import Cast, act, all_of, get, give, open_conversation
from witei_app.conversations.assign import assign
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.live.events import ConversationChanged, Event
from witei_app.models import Contact, Conversation, ConversationEvent, EventKind, User
from witei_app.state.contacts import people_of


async def test_assigning_tells_who_had_it_and_who_has_it(cast: Cast, announced: list[Event]) -> None:
    opened = await open_conversation(cast.marco)
    await give(cast.ana, opened, cast.eva)
    await give(cast.ana, opened, cast.luis)
    assert (await get(Conversation, opened)).assignee_id == cast.luis.user_id
    assert ConversationChanged(cast.sol, opened, assignee_before=cast.eva.user_id) in announced
    events = await all_of(ConversationEvent, ConversationEvent.kind == EventKind.ASSIGNED)
    assert [(e.data["before"], e.data["after"]) for e in events] == [
        (None, cast.eva.user_id),
        (cast.eva.user_id, cast.luis.user_id),
    ]


async def test_nobody_can_have_it(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await give(cast.ana, opened, cast.luis)
    await give(cast.luis, opened, None)
    assert (await get(Conversation, opened)).assignee_id is None


async def test_users_of_other_workspaces_and_those_who_left_cannot_have_it(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    async with transaction() as db:
        (await db.get_one(User, cast.luis.user_id)).is_active = False
    for stranger in (cast.vera.user_id, cast.luis.user_id, 10**15):
        with pytest.raises(NotFound, match="not in your workspace"):
            await act(cast.ana, opened, assign, stranger)
    assert (await get(Conversation, opened)).assignee_id is None


@pytest.mark.parametrize("levels", [{"conversation_scope": "none"}, {"can_write": False}])
async def test_who_may_not_answer_cannot_have_it_and_is_not_offered(lite_cast: Cast, levels: dict[str, object]) -> None:
    opened = await open_conversation(lite_cast.marco)
    async with transaction() as db:
        luis = await db.get_one(User, lite_cast.luis.user_id)
        for name, level in levels.items():
            setattr(luis, name, level)
    with pytest.raises(Refused, match="Luis Soto may not answer conversations"):
        await give(lite_cast.ana, opened, lite_cast.luis)
    assert (await get(Conversation, opened)).assignee_id is None
    async with reading() as db:
        offered = {row.name: row.takes_conversations for row in await people_of(db, lite_cast.ana)}
    assert (offered[lite_cast.luis.name], offered[lite_cast.eva.name]) == (False, True)


async def test_who_gives_away_what_she_alone_saw_loses_sight_of_it(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await give(cast.ana, opened, cast.eva)
    await give(cast.eva, opened, cast.luis)
    with pytest.raises(NotFound):
        await give(cast.eva, opened, cast.eva)


async def test_new_conversations_go_to_the_user_who_is_responsible_for_the_contact(cast: Cast) -> None:
    async with transaction() as db:
        marco = await db.get_one(Contact, cast.marco.id)
        marco.responsible_id = cast.eva.user_id
    assert (await get(Conversation, await open_conversation(marco))).assignee_id == cast.eva.user_id
