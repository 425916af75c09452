"""Sessions and links that are over are forgotten after a month; those that open something stay."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col

from tests.cast import Cast, all_of
from witei_app.accounts.links import make_link, use_link
from witei_app.accounts.sign_in import close_session, open_session
from witei_app.accounts.tidy import drop_old_links, drop_old_sessions
from witei_app.clock import now
from witei_app.db import transaction
from witei_app.models import Delivery, DeliveryState, DemoMail, LinkKind, OneTimeLink, SignInSession, SystemMail, User
from witei_app.outbox.system_mail import drop_old_system_mail, forget_old_system_mail, queue_system_mail

LONG_AGO = now() - timedelta(days=31)


async def test_sessions_that_ended_a_month_ago_are_forgotten(cast: Cast) -> None:
    async with transaction() as db:
        ana = await db.get_one(User, cast.ana.user_id)
        tokens = [await open_session(db, ana, "192.0.2.1", name) for name in ("old", "expired", "closed", "open")]
    async with transaction() as db:
        for token in tokens[:3:2]:
            await close_session(db, token)
        await db.exec(update(SignInSession).where(col(SignInSession.device) == "old").values(revoked_at=LONG_AGO))
        await db.exec(update(SignInSession).where(col(SignInSession.device) == "expired").values(expires_at=LONG_AGO))
    assert [await drop_old_sessions() for _ in range(2)] == [2, 0]
    assert [session.device for session in await all_of(SignInSession)] == ["closed", "open"]


async def test_links_that_opened_or_missed_their_door_are_forgotten(cast: Cast) -> None:
    for actor, kind in ((cast.ana, LinkKind.RESET), (cast.luis, LinkKind.RESET), (cast.eva, LinkKind.RESET)):
        async with transaction() as db:
            link = await make_link(db, await db.get_one(User, actor.user_id), kind)
    async with transaction() as db:
        await use_link(db, link.rpartition("/")[2], LinkKind.RESET)
        mine = col(OneTimeLink.user_id) == cast.luis.user_id
        await db.exec(update(OneTimeLink).where(mine).values(expires_at=LONG_AGO))
        await db.exec(update(OneTimeLink).where(col(OneTimeLink.user_id) == cast.eva.user_id).values(used_at=LONG_AGO))
    assert [await drop_old_links() for _ in range(2)] == [2, 0]
    assert [link.user_id for link in await all_of(OneTimeLink)] == [cast.ana.user_id]


async def test_what_mails_of_the_program_said_is_forgotten_once_they_left(cast: Cast) -> None:
    async with transaction() as db:
        for subject in ("left", "waits", "new"):
            await queue_system_mail(db, await db.get_one(User, cast.ana.user_id), subject, ["Marco wrote"])
    mails = {mail.subject: mail.id for mail in await all_of(SystemMail)}
    async with transaction() as db:
        old = col(SystemMail.subject) != "new"
        await db.exec(update(SystemMail).where(old).values(created_at=now() - timedelta(days=4)))
        gone = col(Delivery.system_mail_id) != mails["waits"]
        await db.exec(update(Delivery).where(gone).values(state=DeliveryState.SENT))
    assert [await forget_old_system_mail() for _ in range(2)] == [1, 0]
    left = {mail.id: (mail.subject, bool(mail.body)) for mail in await all_of(SystemMail)}
    assert left == {mails["left"]: ("", False), mails["waits"]: ("waits", True), mails["new"]: ("new", True)}


async def test_mails_of_the_program_are_gone_a_month_later_but_for_those_on_their_way_and_the_demos(cast: Cast) -> None:
    async with transaction() as db:
        for subject in ("left", "shown", "waits", "new"):
            await queue_system_mail(db, await db.get_one(User, cast.ana.user_id), subject, ["Marco wrote"])
    deliveries = dict(zip(("left", "shown", "waits", "new"), await all_of(Delivery), strict=True))
    async with transaction() as db:
        db.add(DemoMail(workspace_id=cast.sol, delivery_id=deliveries["shown"].id, sha256="5" * 64))
        old = col(SystemMail.subject) != "new"
        await db.exec(update(SystemMail).where(old).values(created_at=LONG_AGO))
        gone = col(Delivery.id) != deliveries["waits"].id
        await db.exec(update(Delivery).where(gone).values(state=DeliveryState.SENT))
    await forget_old_system_mail()
    assert [await drop_old_system_mail() for _ in range(2)] == [1, 0]
    assert [one.id for one in await all_of(Delivery)] == [deliveries[name].id for name in ("shown", "waits", "new")]
