"""The digest: one mail for all that waits, to who is away; none for what was read, no double from a killed worker."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from tests.cast import Cast, act, all_of, give, open_conversation, write_in
from witei_app.accounts.actor import Actor
from witei_app.accounts.permissions import SENIOR
from witei_app.accounts.sign_in import close_sessions, open_session
from witei_app.accounts.team import NOBODY, change_access, deactivate
from witei_app.clock import now
from witei_app.conversations.read import mark_read
from witei_app.db import reading, transaction
from witei_app.errors import NotFound
from witei_app.models import Attention, Delivery, NoticeKind, Notification, Role, SystemMail, User
from witei_app.notifications import digest
from witei_app.notifications.attention import note_attention
from witei_app.notifications.choices import choose, own_choices
from witei_app.outbox.system_mail import SEALED_AS, system_letter
from witei_app.secrets import unseal


async def given(cast: Cast, to: Actor, *texts: str) -> int:
    """A conversation of this user's in which the contact wrote, some minutes ago."""
    opened = await open_conversation(cast.marco)
    await give(cast.ana, opened, to)
    for text in texts or ("Are you there?",):
        await write_in(opened, text)
    await back(Notification, "at", minutes=2)
    return opened


async def back(table: type, column: str, minutes: float) -> None:
    """Turn the clock of these rows back."""
    rows = await all_of(table) if hasattr(table, "id") else []
    async with transaction() as db:
        if not rows:
            await db.exec(update(table).values({column: now() - timedelta(minutes=minutes)}))
        for row in rows:
            moved = getattr(row, column) - timedelta(minutes=minutes)
            await db.exec(update(table).where(col(table.id) == row.id).values({column: moved}))  # type: ignore[attr-defined]


async def here(actor: Actor) -> None:
    """The actor does something in the app."""
    async with transaction() as db:
        await note_attention(db, actor)


async def signed_in(actor: Actor) -> None:
    """A browser with a session."""
    async with transaction() as db:
        await open_session(db, await db.get_one(User, actor.user_id), "127.0.0.1", "tests")


async def work() -> int:
    """What the worker does each time; how many mails it queued."""
    quantity = 0
    while await digest.mail_next_digest():
        quantity += 1
    return quantity


async def mails() -> list[SystemMail]:
    return await all_of(SystemMail)


async def test_who_is_signed_out_gets_one_mail_for_all_that_waits(cast: Cast) -> None:
    first = await given(cast, cast.eva, "One", "Two", "Three")
    second = await given(cast, cast.eva, "Four")
    assert await work() == 1
    mail = (await mails())[0]
    delivery = (await all_of(Delivery))[0]
    assert delivery.recipient == "eva@sol.test"
    async with reading() as db:
        letter = await system_letter(db, delivery)
    raw = message_from_bytes(letter.raw, policy=default)
    body = raw.get_body(("html",))
    assert body is not None
    html = body.get_content()
    assert f"/conversations/{first}" in html
    assert f"/conversations/{second}" in html
    assert "Marco Peña te ha escrito" in html  # the workspace's language, as long as Eva never came
    assert raw["List-Unsubscribe"] == f"<{mail.unsubscribe}>"
    assert raw["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert raw["Auto-Submitted"] == "auto-generated"


async def test_who_is_here_gets_none_until_away_for_ten_minutes(cast: Cast) -> None:
    await signed_in(cast.eva)
    await here(cast.eva)
    await given(cast, cast.eva)
    assert await work() == 0
    await back(Attention, "seen_at", minutes=11)
    assert await work() == 1


async def test_who_signs_out_gets_it_without_waiting(cast: Cast) -> None:
    await signed_in(cast.eva)
    await here(cast.eva)
    await given(cast, cast.eva)
    async with transaction() as db:
        await close_sessions(db, await db.get_one(User, cast.eva.user_id))
    assert await work() == 1


async def test_what_came_just_now_waits_for_what_comes_with_it(lite_cast: Cast) -> None:
    opened = await open_conversation(lite_cast.marco)
    await give(lite_cast.ana, opened, lite_cast.eva)
    assert await work() == 0


async def test_nothing_is_mailed_that_was_read_or_went_out_of_sight(cast: Cast) -> None:
    read, taken = await given(cast, cast.eva), await given(cast, cast.eva)
    await act(cast.eva, read, mark_read)
    await act_assign(cast, taken, cast.luis)
    await back(Notification, "at", minutes=2)
    assert await work() == 1
    assert [delivery.recipient for delivery in await all_of(Delivery)] == ["luis@sol.test"]


async def act_assign(cast: Cast, conversation_id: int, to: Actor) -> None:
    await give(cast.ana, conversation_id, to)


async def test_what_nobody_has_is_mailed_to_nobody_unless_chosen(lite_cast: Cast) -> None:
    await open_conversation(lite_cast.marco)
    await back(Notification, "at", minutes=2)
    assert await work() == 0


async def test_a_second_mail_needs_something_new_and_a_growing_pause(lite_cast: Cast) -> None:
    opened = await given(lite_cast, lite_cast.eva)
    assert await work() == 1
    await pass_time(60)
    assert await work() == 0  # nothing new since
    await pass_time(-60)
    for minutes, quantity in ((13, 0), (3, 1), (28, 0), (3, 1)):
        await pass_time(minutes)
        await write_in(opened)
        async with transaction() as db:
            newest = update(Notification).where(col(Notification.kind) == NoticeKind.MESSAGE)
            await db.exec(newest.values(at=now() - timedelta(seconds=61)))
        assert (minutes, await work()) == (minutes, quantity)
    await here(lite_cast.eva)
    assert (await all_of_attention())[0].mails == 0


async def test_what_waits_to_be_sent_comes_anew_with_what_may_be_seen_now(cast: Cast) -> None:
    """The mail server may be away for hours."""
    boss, luis = replace(cast.ana, is_admin=True), cast.luis.user_id or 0
    nobodys = await open_conversation(cast.marco, "The zafiro is nobody's")
    async with transaction() as db:
        await choose(db, cast.luis, NoticeKind.UNASSIGNED, "by_mail", True)
    await given(cast, cast.luis)
    await write_in(nobodys, "The zafiro?")
    await back(Notification, "at", minutes=2)
    assert await work() == 1
    async with transaction() as db:
        await change_access(db, boss, luis, Role.USER, replace(SENIOR, conversation_scope="own"))
    assert await work() == 1
    (delivery,) = await all_of(Delivery)
    first, anew = (unseal(mail.body, SEALED_AS) for mail in await mails())
    assert delivery.system_mail_id == (await mails())[1].id
    assert ("zafiro" in first, "zafiro" in anew, "there?" in anew) == (True, False, True)


async def test_who_is_deactivated_is_mailed_nothing_that_waited(cast: Cast) -> None:
    await given(cast, cast.eva)
    assert await work() == 1
    async with transaction() as db:
        await deactivate(db, replace(cast.ana, is_admin=True), cast.eva.user_id or 0, NOBODY)
    assert await all_of(Delivery) == []
    assert await work() == 0


async def all_of_attention() -> list[Attention]:
    async with reading() as db:
        return list((await db.exec(select(Attention))).all())


async def pass_time(minutes: float) -> None:
    """All that happened is longer ago."""
    await back(Notification, "at", minutes)
    for one in await all_of_attention():
        assert one.mailed_at is not None
        async with transaction() as db:
            await db.exec(update(Attention).values(mailed_at=one.mailed_at - timedelta(minutes=minutes)))


async def test_a_worker_killed_in_the_middle_sends_neither_none_nor_two(
    lite_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await given(lite_cast, lite_cast.eva)

    async def killed(*_: object) -> None:
        raise SystemExit

    whole = digest.queue_html
    monkeypatch.setattr(digest, "queue_html", killed)
    with pytest.raises(SystemExit):
        await work()
    assert await mails() == []
    monkeypatch.setattr(digest, "queue_html", whole)
    assert await work() == 1
    assert await work() == 0
    assert len(await mails()) == 1


async def test_who_comes_back_before_it_is_sent_does_not_get_it(cast: Cast) -> None:
    await given(cast, cast.eva)
    assert await work() == 1
    await here(cast.eva)
    assert await all_of(Delivery) == []


async def test_it_speaks_the_users_language(lite_cast: Cast) -> None:
    async with transaction() as db:
        (await db.get_one(User, lite_cast.eva.user_id)).language = "en"
    await given(lite_cast, lite_cast.eva)
    await work()
    assert (await mails())[0].subject == "Marco Peña wrote to you, and 1 more"


async def test_the_signed_link_ends_the_mail_of_its_user_alone(cast: Cast) -> None:
    await given(cast, cast.eva)
    await work()
    token = (await mails())[0].unsubscribe.rpartition("/")[2]
    async with transaction() as db:
        await digest.stop_by_link(db, token)
    async with reading() as db:
        assert not any(ways.by_mail for ways in (await own_choices(db, cast.eva.user_id)).values())
        assert (await own_choices(db, cast.ana.user_id))[NoticeKind.MESSAGE].by_mail
    for forged in (token[:-1], token + "x", "", "1.x"):
        async with transaction() as db:
            with pytest.raises(NotFound):
                await digest.stop_by_link(db, forged)
