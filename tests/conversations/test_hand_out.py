"""New conversations go to the contact's responsible user, else where the workspace says."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.cast import Cast, get, open_conversation
from witei_app.accounts.office import save_hand_out
from witei_app.db import transaction
from witei_app.errors import Refused
from witei_app.live import tabs
from witei_app.models import Contact, Conversation, User, Workspace


@pytest.fixture(autouse=True)
def _nobody_watches() -> Iterator[None]:
    yield
    for tab in list(tabs.all_tabs()):
        tabs.leave(tab.token)


async def choose(cast: Cast, new_go_to: str, coordinator_id: int = 0) -> None:
    async with transaction() as db:
        await save_hand_out(db, replace(cast.ana, is_admin=True), new_go_to, coordinator_id)


async def assignees(cast: Cast, many: int) -> list[int | None]:
    """Who gets so many new conversations, one after the other."""
    return [(await get(Conversation, await open_conversation(cast.marco))).assignee_id for _ in range(many)]


async def test_by_default_nobody_gets_them(cast: Cast) -> None:
    tabs.watch("ana", cast.ana)
    assert await assignees(cast, 1) == [None]


async def test_a_coordinator_gets_them_until_they_leave(cast: Cast) -> None:
    await choose(cast, "coordinator", cast.luis.user_id or 0)
    assert await assignees(cast, 1) == [cast.luis.user_id]
    async with transaction() as db:
        (await db.get_one(User, cast.luis.user_id)).is_active = False
    assert await assignees(cast, 1) == [None]


async def test_who_may_not_answer_gets_none(cast: Cast) -> None:
    luis, eva = cast.luis.user_id or 0, cast.eva.user_id or 0
    await choose(cast, "coordinator", luis)
    async with transaction() as db:
        (await db.get_one(Contact, cast.marco.id)).responsible_id = eva
        (await db.get_one(User, eva)).conversation_scope = "none"
    contact = await get(Contact, cast.marco.id)
    assert (await get(Conversation, await open_conversation(contact))).assignee_id == luis
    async with transaction() as db:
        (await db.get_one(User, luis)).can_write = False
    assert (await get(Conversation, await open_conversation(contact))).assignee_id is None
    with pytest.raises(Refused, match="Eva Gil may not answer"):
        await choose(cast, "coordinator", eva)


async def test_those_who_are_present_get_them_in_turn(cast: Cast) -> None:
    await choose(cast, "in_turn")
    assert await assignees(cast, 1) == [None]
    for actor in (cast.ana, cast.eva, cast.vera):
        tabs.watch(actor.name, actor)
    ana, eva = cast.ana.user_id, cast.eva.user_id
    assert await assignees(cast, 3) == [ana, eva, ana]
    async with transaction() as db:
        (await db.get_one(User, eva)).can_write = False
    assert await assignees(cast, 2) == [ana, ana]


async def test_the_responsible_user_comes_first(cast: Cast) -> None:
    await choose(cast, "coordinator", cast.luis.user_id or 0)
    async with transaction() as db:
        contact = await db.get_one(Contact, cast.marco.id)
        contact.responsible_id = cast.eva.user_id
    conversation = await open_conversation(contact)
    assert (await get(Conversation, conversation)).assignee_id == cast.eva.user_id


@pytest.mark.parametrize("choice", ["", "somebody", "coordinator"])
async def test_what_is_no_choice_is_refused(lite_cast: Cast, choice: str) -> None:
    with pytest.raises(Refused):
        await choose(lite_cast, choice)
    with pytest.raises(Refused):
        await choose(lite_cast, "coordinator", lite_cast.vera.user_id or 0)
    with pytest.raises(Refused, match="Only administrators"):
        async with transaction() as db:
            await save_hand_out(db, lite_cast.ana, "nobody", 0)
    assert (await get(Workspace, lite_cast.sol)).coordinator_id is None
