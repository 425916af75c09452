"""Each level of the permissions, asked where it is enforced: by the rules themselves."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cast import Cast, act, all_of, get, give, open_conversation
from witei_app.accounts.actor import Actor
from witei_app.accounts.permissions import AGENT, EVERYTHING, READ_ONLY, SETS, Permissions, changed, set_name
from witei_app.conversations.archive import archive, reopen
from witei_app.conversations.assign import assign
from witei_app.conversations.delete import delete
from witei_app.conversations.reply import send_reply, write_note
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.models import Conversation, Message, Role, User
from witei_app.sender_domains.domains import add_domain
from witei_app.templates.library import delete_template, save_template

DENIED = "do not have the permission"


def without(actor: Actor, **levels: object) -> Actor:
    """The actor with single levels changed."""
    return replace(actor, levels=replace(actor.levels, **levels))  # type: ignore[arg-type]


async def test_who_only_reads_neither_answers_nor_notes_nor_assigns_nor_archives(cast: Cast) -> None:
    ana = without(cast.ana, can_write=False)
    conversation_id = await open_conversation(cast.marco)
    before = await get(Conversation, conversation_id)
    calls: list[tuple[Any, ...]] = [(send_reply, "Hi"), (write_note, "Hi"), (assign, ana.user_id), (archive,)]
    for rule, *arguments in calls:
        with pytest.raises(Refused, match=DENIED):
            await act(ana, conversation_id, rule, *arguments)
    assert await get(Conversation, conversation_id) == before
    assert len(await all_of(Message)) == 1
    await act(cast.luis, conversation_id, archive)
    with pytest.raises(Refused, match=DENIED):
        await act(ana, conversation_id, reopen)


async def test_who_may_not_assign_to_others_takes_what_nobody_has_and_gives_it_back(cast: Cast) -> None:
    ana = without(cast.ana, can_assign_others=False)
    conversation_id = await open_conversation(cast.marco)
    with pytest.raises(Refused, match=DENIED):
        await act(ana, conversation_id, assign, cast.luis.user_id)
    await act(ana, conversation_id, assign, ana.user_id)
    await act(ana, conversation_id, assign, None)
    await give(cast.luis, conversation_id, cast.luis)
    for target in (ana.user_id, None):
        with pytest.raises(Refused, match=DENIED):
            await act(ana, conversation_id, assign, target)
    assert (await get(Conversation, conversation_id)).assignee_id == cast.luis.user_id


async def test_deleting_needs_its_permission(cast: Cast) -> None:
    conversation_id = await open_conversation(cast.marco)
    with pytest.raises(Refused, match=DENIED):
        await act(without(cast.ana, can_delete=False), conversation_id, delete)
    await act(cast.ana, conversation_id, delete)
    assert (await get(Conversation, conversation_id)).deleted_at is not None


async def test_shared_templates_are_changed_by_those_who_manage_them(cast: Cast) -> None:
    manager = without(cast.ana, template_level="manage")
    async with transaction() as db:
        shared = await save_template(db, manager, 0, title="Hello", html="<p>Hello</p>", is_shared=True)
    for rule in (
        lambda db: save_template(db, cast.luis, shared.id, title="X", html="<p>X</p>", is_shared=True),
        lambda db: save_template(db, cast.luis, shared.id, title="X", html="<p>X</p>", is_shared=False),
        lambda db: delete_template(db, cast.luis, shared.id),
    ):
        with pytest.raises(Refused):
            async with transaction() as db:
                await rule(db)
    async with transaction() as db:
        await save_template(db, cast.luis, 0, title="Mine", html="<p>Mine</p>", is_shared=False)


async def test_sender_domains_are_for_whom_they_are_given_to(lite_cast: Cast) -> None:
    with pytest.raises(Refused, match=DENIED):
        async with transaction() as db:
            await add_domain(db, lite_cast.ana, "sol-homes.example.com")
    async with transaction() as db:
        await add_domain(db, without(lite_cast.ana, can_manage_sender_domains=True), "sol-homes.com")


async def test_an_administrator_may_do_everything_whatever_the_columns_say(cast: Cast) -> None:
    async with transaction() as db:
        user = await db.get_one(User, cast.eva.user_id)
        READ_ONLY.give_to(user)
        user.role = Role.ADMIN
    async with reading() as db:
        admin = Actor.of(await db.get_one(User, cast.eva.user_id))
    assert admin.permissions == EVERYTHING
    assert admin.sees(None)


async def test_levels_come_back_from_the_database_as_they_were_given(cast: Cast) -> None:
    for name, levels in SETS.items():
        async with transaction() as db:
            levels.give_to(await db.get_one(User, cast.luis.user_id))
        assert set_name(Actor.of(await get(User, cast.luis.user_id or 0)).permissions) == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("can_write", "yes"),
        ("can_write", 1),
        ("role", "admin"),
        ("is_admin", True),
        ("give_to", True),
        ("can_fly", True),
        ("contact_scope", "none"),
        ("quote_scope", "everything"),
        ("conversation_scope", ["all"]),
        (["can_write"], False),
        (None, None),
    ],
)
def test_what_is_no_level_changes_nothing(name: object, value: object) -> None:
    assert changed(AGENT, name, value) == AGENT


def test_levels_change_one_by_one() -> None:
    assert changed(AGENT, "can_delete", True) == replace(AGENT, can_delete=True)
    assert changed(AGENT, "quote_scope", "none") == replace(AGENT, quote_scope="none")
    assert set_name(replace(AGENT, can_export=True)) == ""
    assert set_name(Permissions()) == ""
