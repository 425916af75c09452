"""Users come by invitation and go with everything handed over; an administrator always remains."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import PASSWORD, Cast, act, all_of, get, give, open_conversation, write_in
from witei_app.accounts.actor import Actor
from witei_app.accounts.handing_over import Had, give_out_what_is_left
from witei_app.accounts.hashing import hash_password
from witei_app.accounts.joining import invited_user, take_up_invitation
from witei_app.accounts.links import make_link, user_of_link
from witei_app.accounts.permissions import AGENT, READ_ONLY
from witei_app.accounts.sign_in import check_password, open_session, user_of_token
from witei_app.accounts.team import (
    NOBODY,
    change_access,
    count_handed_over,
    deactivate,
    invite,
    invite_again,
    list_team,
    reactivate,
    turn_off_app,
    turn_off_app_of,
    withdraw_invitation,
)
from witei_app.accounts.tokens import bearer_of, make_token
from witei_app.clock import now
from witei_app.conversations.archive import archive
from witei_app.conversations.read import count_unread
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.files import load
from witei_app.live.events import AccessChanged, Event
from witei_app.mail.parse import parse_mail
from witei_app.models import (
    AuditEntry,
    Contact,
    Conversation,
    Delivery,
    DemoMail,
    LinkKind,
    OneTimeLink,
    Quote,
    Role,
    Ticket,
    User,
    Widget,
)
from witei_app.outbox.deliver import deliver_next
from witei_app.outbox.transport import DemoMailbox


async def administrator(actor: Actor) -> Actor:
    """The actor as administrator."""
    async with transaction() as db:
        user = await db.get_one(User, actor.user_id)
        user.role = Role.ADMIN
    return Actor.of(user)


async def do(rule: Any, actor: Actor, *arguments: Any) -> Any:
    async with transaction() as db:
        return await rule(db, actor, *arguments)


async def invited(cast: Cast, email: str = "Nora@Sol.test") -> tuple[str, User]:
    """Nora, invited by Ana; gives the link's token."""
    link = await do(invite, await administrator(cast.ana), email, "Nora Vidal", Role.USER, AGENT)
    return link.rpartition("/")[2], (await all_of(User))[-1]


async def take_up(token: str, name: str = "Nora") -> User:
    async with transaction() as db:
        return await take_up_invitation(db, token, name, hash_password(PASSWORD))


async def test_an_invitation_arrives_is_taken_up_once_and_signs_in(cast: Cast) -> None:
    await open_conversation(cast.marco)
    token, nora = await invited(cast)
    assert (nora.email, nora.is_active, nora.is_invited) == ("nora@sol.test", False, True)
    assert await deliver_next(DemoMailbox())
    mail = parse_mail(await load((await all_of(DemoMail))[0].sha256))
    assert mail.to[0].email == "nora@sol.test"
    assert mail.is_automatic
    assert f"/invite/{token}" in mail.text
    assert (await all_of(Delivery))[0].state == "sent"
    await take_up(token, " Nora  Vidal ")
    async with reading() as db:
        user = await check_password(db, "nora@sol.test", PASSWORD, "192.0.2.1")
        assert await count_unread(db, Actor.of(user)) == 0
    assert (user.name, Actor.of(user).permissions) == ("Nora Vidal", AGENT)
    await open_conversation(cast.marco)
    async with reading() as db:
        assert await count_unread(db, Actor.of(user)) == 1
    with pytest.raises(Refused, match="not valid any more"):
        await take_up(token)


async def test_the_body_of_a_mail_with_a_link_is_sealed_and_the_token_kept_as_a_hash(lite_cast: Cast) -> None:
    token, _ = await invited(lite_cast)
    async with reading() as db:
        connection = await db.connection()
        for table in ("one_time_link", "system_mail"):
            assert token not in repr((await connection.exec_driver_sql(f"SELECT * FROM {table}")).all())


async def test_who_is_invited_cannot_sign_in_before(lite_cast: Cast) -> None:
    await invited(lite_cast)
    with pytest.raises(Refused, match="wrong"):
        async with reading() as db:
            await check_password(db, "nora@sol.test", "", "192.0.2.1")


async def test_after_a_week_a_newer_one_or_a_withdrawal_the_link_is_dead(cast: Cast) -> None:
    token, nora = await invited(cast)
    newer = (await do(invite_again, await administrator(cast.ana), nora.id)).rpartition("/")[2]
    with pytest.raises(Refused):
        await take_up(token)
    async with transaction() as db:
        link = await db.get_one(OneTimeLink, (await all_of(OneTimeLink))[-1].id)
        assert timedelta(days=6, hours=23) < link.expires_at - now() <= timedelta(days=7)
        link.expires_at = now() - timedelta(seconds=1)
    with pytest.raises(Refused):
        await take_up(newer)
    again = (await do(invite_again, await administrator(cast.ana), nora.id)).rpartition("/")[2]
    await do(withdraw_invitation, await administrator(cast.ana), nora.id)
    with pytest.raises(Refused):
        await take_up(again)
    acts = [entry.action for entry in await all_of(AuditEntry)]
    assert acts == ["invited", "invited_again", "invited_again", "invitation_withdrawn"]


@pytest.mark.parametrize("token", ["", "x", "\0", "IjEi.x", "a" * 10_000, "é.\ud800"])
async def test_a_forged_link_opens_nothing(lite_cast: Cast, token: str) -> None:
    with pytest.raises(Refused, match="not valid any more"):
        async with reading() as db:
            await invited_user(db, token)


async def test_a_taken_address_is_not_invited_whoever_has_it(cast: Cast) -> None:
    admin = await administrator(cast.ana)
    for address in ("luis@sol.test", "VERA@norte.test", "no address"):
        with pytest.raises(Refused):
            await do(invite, admin, address, "X", Role.USER, AGENT)


async def test_an_address_that_two_invite_at_once_is_invited_once(cast: Cast) -> None:
    admins = [await administrator(cast.ana), await administrator(cast.vera)]
    asked = (do(invite, admin, "new@sol.test", "X", Role.USER, AGENT) for admin in admins)
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(one) for one in results if isinstance(one, Exception)] == [Refused]


async def test_only_administrators_manage_the_team_and_only_their_own(cast: Cast) -> None:
    calls: list[tuple[Any, ...]] = [
        (list_team,),
        (invite, "x@sol.test", "X", Role.ADMIN, AGENT),
        (invite_again, cast.luis.user_id),
        (withdraw_invitation, cast.luis.user_id),
        (change_access, cast.luis.user_id, Role.ADMIN, AGENT),
        (count_handed_over, cast.luis.user_id),
        (deactivate, cast.luis.user_id, NOBODY),
        (turn_off_app, cast.luis.user_id),
        (reactivate, cast.luis.user_id),
    ]
    before = await all_of(User, User.workspace_id == cast.sol)
    manager = replace(cast.eva, levels=cast.ana.levels)
    for rule, *arguments in calls:
        with pytest.raises(Refused, match="Only administrators"):
            await do(rule, manager, *arguments)
    vera = await administrator(cast.vera)
    for rule, *arguments in calls[2:]:
        with pytest.raises(NotFound):
            await do(rule, vera, *arguments)
    assert {user.email for user in await do(list_team, vera)} == {"vera@norte.test"}
    assert await all_of(User, User.workspace_id == cast.sol) == before


async def test_other_levels_are_told_to_the_users_tabs(cast: Cast, announced: list[Event]) -> None:
    await do(change_access, await administrator(cast.ana), cast.luis.user_id, Role.USER, READ_ONLY)
    assert announced == [AccessChanged(cast.sol, cast.luis.user_id or 0)]
    assert not Actor.of(await get(User, cast.luis.user_id or 0)).permissions.can_write


async def test_who_may_answer_no_more_hands_on_the_open_conversations(cast: Cast) -> None:
    open_one, archived = await open_conversation(cast.marco), await open_conversation(cast.marco)
    for one in (open_one, archived):
        await give(cast.luis, one, cast.luis)
    await act(cast.luis, archived, archive)
    ana, luis = await administrator(cast.ana), cast.luis.user_id
    for wrong in (cast.vera.user_id, luis):
        with pytest.raises(Refused):
            await do(change_access, ana, luis, Role.USER, READ_ONLY, wrong)
    assert (await get(User, luis or 0)).can_write
    await do(change_access, ana, luis, Role.USER, replace(AGENT, conversation_scope="none"), cast.eva.user_id)
    assert (await get(Conversation, open_one)).assignee_id == cast.eva.user_id
    assert (await get(Conversation, archived)).assignee_id == luis


async def test_open_conversations_stay_with_who_may_answer_and_where_nobody_is_named(lite_cast: Cast) -> None:
    conversation = await open_conversation(lite_cast.marco)
    await give(lite_cast.luis, conversation, lite_cast.luis)
    ana, luis = await administrator(lite_cast.ana), lite_cast.luis.user_id
    await do(change_access, ana, luis, Role.USER, AGENT, lite_cast.eva.user_id)
    await do(change_access, ana, luis, Role.USER, READ_ONLY)
    assert (await get(Conversation, conversation)).assignee_id == luis


async def test_levels_that_stay_as_they_are_are_no_news(lite_cast: Cast) -> None:
    ana = await administrator(lite_cast.ana)
    for _ in range(2):
        await do(change_access, ana, lite_cast.luis.user_id, Role.USER, AGENT)
    assert [entry.action for entry in await all_of(AuditEntry)] == ["access_changed"]


async def test_who_lost_phone_and_codes_is_let_in_by_an_administrator_and_told(cast: Cast) -> None:
    ana, luis = await administrator(cast.ana), cast.luis.user_id or 0
    async with transaction() as db:
        for user_id in (luis, ana.user_id):
            (await db.get_one(User, user_id)).two_factor_secret = "sealed"
    with pytest.raises(Refused, match="in your profile"):
        await do(turn_off_app, ana, ana.user_id)
    await do(turn_off_app, ana, luis)
    assert (await get(User, luis)).two_factor_secret == ""
    assert [one.recipient for one in await all_of(Delivery)] == ["luis@sol.test"]
    with pytest.raises(Refused, match="has no"):
        await do(turn_off_app, ana, luis)
    async with transaction() as db:
        assert await turn_off_app_of(db, "Ana@Sol.test") == "Ana Ruiz"
    noted = [(entry.action, entry.about, entry.user_id) for entry in await all_of(AuditEntry)]
    assert noted == [("two_factor_off", "luis@sol.test", ana.user_id), ("two_factor_off", "ana@sol.test", None)]


async def test_at_least_one_administrator_remains(cast: Cast) -> None:
    ana = await administrator(cast.ana)
    with pytest.raises(Refused, match="At least one"):
        await do(change_access, ana, ana.user_id, Role.USER, AGENT)
    with pytest.raises(Refused, match="yourself"):
        await do(deactivate, ana, ana.user_id, NOBODY)
    await administrator(cast.luis)
    await do(change_access, ana, ana.user_id, Role.USER, AGENT)


async def test_two_administrators_who_dismiss_each_other_leave_one(cast: Cast) -> None:
    ana, luis = await administrator(cast.ana), await administrator(cast.luis)
    results = await asyncio.gather(
        do(change_access, ana, luis.user_id, Role.USER, AGENT),
        do(change_access, luis, ana.user_id, Role.USER, AGENT),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Refused) for result in results) == 1


async def test_who_leaves_hands_everything_over_and_is_signed_out(cast: Cast, announced: list[Event]) -> None:
    open_one, archived = await open_conversation(cast.marco), await open_conversation(cast.marco)
    for one in (open_one, archived):
        await give(cast.luis, one, cast.luis)
    await act(cast.luis, archived, archive)
    async with transaction() as db:
        (await db.get_one(Contact, cast.marco.id)).responsible_id = cast.luis.user_id
        token = await open_session(db, await db.get_one(User, cast.luis.user_id), "192.0.2.1", "Firefox")
        ticket = Ticket(workspace_id=cast.sol, number=1, contact_id=cast.marco.id, assignee_id=cast.luis.user_id)
        quote = Quote(workspace_id=cast.sol, number="2026-0001", contact_id=cast.marco.id, author_id=cast.luis.user_id)
        db.add_all([ticket, quote, Widget(workspace_id=cast.sol, key="k", name="Web", assignee_id=cast.luis.user_id)])
    ana = await administrator(cast.ana)
    assert await do(count_handed_over, ana, cast.luis.user_id) == Had(1, 1, 1, 1)
    await do(deactivate, ana, cast.luis.user_id, cast.eva.user_id)
    assert (await get(Conversation, open_one)).assignee_id == cast.eva.user_id
    assert (await get(Conversation, archived)).assignee_id == cast.luis.user_id
    assert (await get(Contact, cast.marco.id)).responsible_id == cast.eva.user_id
    assert (await get(Ticket, ticket.id)).assignee_id == cast.eva.user_id
    assert (await get(Quote, quote.id)).author_id == cast.eva.user_id
    assert [one.assignee_id for one in await all_of(Widget)] == [cast.eva.user_id]
    assert await give_out_what_is_left() == 0
    async with reading() as db:
        assert await user_of_token(db, token) is None
    assert announced[-1] == AccessChanged(cast.sol, cast.luis.user_id or 0)
    await do(reactivate, ana, cast.luis.user_id)
    assert (await get(User, cast.luis.user_id or 0)).is_active


async def test_who_is_brought_back_finds_links_sessions_and_tokens_of_before_dead(cast: Cast) -> None:
    ana = await administrator(cast.ana)
    async with transaction() as db:
        user = await db.get_one(User, cast.luis.user_id)
        tokens = [await make_token(db, cast.luis, "Before", ["contacts:read"])]
        link = await make_link(db, user, LinkKind.EMAIL, "luis@elsewhere.test")
    await do(deactivate, ana, cast.luis.user_id, NOBODY)
    async with transaction() as db:  # what was on its way while Luis was being deactivated
        tokens.append(await make_token(db, cast.luis, "Meanwhile", ["contacts:read"]))
        session = await open_session(db, user, "192.0.2.1", "Firefox")
    await do(reactivate, ana, cast.luis.user_id)
    async with reading() as db:
        assert [await bearer_of(db, token) for token in tokens] == [None, None]
        assert await user_of_token(db, session) is None
        with pytest.raises(Refused):
            await user_of_link(db, link.rpartition("/")[2], LinkKind.EMAIL)
        assert await check_password(db, "luis@sol.test", PASSWORD, "192.0.2.1")


async def test_a_successor_is_an_active_colleague_who_may_answer_or_nobody(cast: Cast) -> None:
    ana, conversation = await administrator(cast.ana), await open_conversation(cast.marco)
    await give(cast.luis, conversation, cast.luis)
    await do(change_access, ana, cast.eva.user_id, Role.USER, READ_ONLY)
    for wrong in (cast.vera.user_id, cast.luis.user_id, cast.eva.user_id, 10**9):
        with pytest.raises(Refused):
            await do(deactivate, ana, cast.luis.user_id, wrong)
    assert (await get(User, cast.luis.user_id or 0)).is_active
    await do(deactivate, ana, cast.luis.user_id, NOBODY)
    assert (await get(Conversation, conversation)).assignee_id is None


async def test_who_is_given_something_while_leaving_keeps_nothing(cast: Cast) -> None:
    """Two administrators at once: one lets Luis go, the other gives him a conversation."""
    ana, conversation = await administrator(cast.ana), await open_conversation(cast.marco)
    await asyncio.gather(
        do(deactivate, ana, cast.luis.user_id, cast.eva.user_id),
        give(ana, conversation, cast.luis),
        return_exceptions=True,
    )
    assert (await get(Conversation, conversation)).assignee_id in {None, cast.eva.user_id}


async def test_two_administrators_who_hand_to_each_others_leaver_lose_nothing(cast: Cast) -> None:
    ana, conversation = await administrator(cast.ana), await open_conversation(cast.marco)
    await give(cast.luis, conversation, cast.luis)
    await asyncio.gather(
        do(deactivate, ana, cast.luis.user_id, cast.eva.user_id),
        do(deactivate, ana, cast.eva.user_id, cast.luis.user_id),
        return_exceptions=True,
    )
    has_it = (await get(Conversation, conversation)).assignee_id
    assert (await get(User, has_it)).is_active


async def test_an_old_conversation_of_who_left_goes_on_with_somebody(cast: Cast) -> None:
    ana, conversation = await administrator(cast.ana), await open_conversation(cast.marco)
    await give(cast.luis, conversation, cast.luis)
    await act(cast.luis, conversation, archive)
    await do(deactivate, ana, cast.luis.user_id, cast.eva.user_id)
    await write_in(conversation)
    assert await give_out_what_is_left() == 1
    assert (await get(Conversation, conversation)).assignee_id is None
