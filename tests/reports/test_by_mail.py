"""The report by e-mail: when it is due, once, with what its reader may see."""

from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select, update

from tests.cast import Cast, act, all_of, give, open_conversation
from witei_app.accounts.actor import Actor
from witei_app.accounts.permissions import SENIOR
from witei_app.accounts.team import change_access
from witei_app.conversations.reply import send_reply
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.models import AuditEntry, Delivery, Reach, ReportMail, Role, SystemMail, User
from witei_app.notifications.attention import note_attention
from witei_app.outbox.system_mail import SEALED_AS, system_letter
from witei_app.reports.by_mail import (
    MONTHLY,
    NEVER,
    WEEKLY,
    choose_mail,
    last_period,
    mail_next_report,
    report_mails,
    stop_by_link,
)
from witei_app.secrets import unseal

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("every", "here", "first", "last"),
    [
        (WEEKLY, "2026-11-23T07:00", "2026-11-16", "2026-11-22"),  # a Monday
        (WEEKLY, "2026-11-23T06:59", "2026-11-09", "2026-11-15"),
        (WEEKLY, "2026-11-29T23:00", "2026-11-16", "2026-11-22"),
        (MONTHLY, "2026-12-01T07:00", "2026-11-01", "2026-11-30"),
        (MONTHLY, "2026-12-01T06:00", "2026-10-01", "2026-10-31"),
        (MONTHLY, "2026-03-31T12:00", "2026-02-01", "2026-02-28"),
    ],
)
def test_a_report_is_about_the_week_or_month_that_is_over(every: str, here: str, first: str, last: str) -> None:
    found = last_period(every, datetime.fromisoformat(here).replace(tzinfo=MADRID))
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


def boss(cast: Cast) -> Actor:
    return replace(cast.ana, is_admin=True)


async def chosen(actor: Actor, user: Actor, every: str) -> None:
    assert user.user_id
    async with transaction() as db:
        await choose_mail(db, actor, user.user_id, every)


async def let_time_pass() -> None:
    """The reports that were chosen are due."""
    async with transaction() as db:
        await db.exec(update(ReportMail).values(sent_for="2020-01-01"))


async def mails() -> list[tuple[str, str]]:
    return [(mail.recipient_name, unseal(mail.body, SEALED_AS)) for mail in await all_of(SystemMail)]


async def test_it_comes_once_when_it_is_due(cast: Cast) -> None:
    await chosen(boss(cast), cast.luis, WEEKLY)
    assert await mail_next_report() is False
    await let_time_pass()
    assert await mail_next_report() is True
    assert await mail_next_report() is False
    assert [name for name, _ in await mails()] == ["Luis Soto"]


async def test_each_gets_what_they_may_see_when_it_is_sent(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await give(cast.ana, opened, cast.ana)
    await act(cast.ana, opened, send_reply, "<p>Yes</p>")
    for user in (cast.luis, cast.eva):
        await chosen(boss(cast), user, WEEKLY)
    async with transaction() as db:
        await db.exec(update(User).where(col(User.name) == "Luis Soto").values(report_scope=Reach.NONE))
        await db.exec(update(User).where(col(User.name) == "Eva Gil").values(report_scope=Reach.OWN))
    await let_time_pass()
    while await mail_next_report():
        pass
    [(name, body)] = await mails()
    assert name == "Eva Gil"
    assert "Ana Ruiz" not in body


async def test_what_waits_to_be_sent_stays_whoever_comes_and_is_made_anew_for_who_may_know_less(cast: Cast) -> None:
    """The mail server may be away for hours."""
    await act(cast.ana, await open_conversation(cast.marco), send_reply, "<p>Yes</p>")
    await chosen(boss(cast), cast.luis, WEEKLY)
    async with transaction() as db:
        await db.exec(update(User).where(col(User.name) == "Luis Soto").values(report_scope=Reach.ALL))
    await let_time_pass()
    assert await mail_next_report() is True
    async with transaction() as db:
        await note_attention(db, cast.luis)
    waiting = select(Delivery.system_mail_id).where(col(Delivery.system_mail_id).is_not(None))
    async with reading() as db:
        assert len((await db.exec(waiting)).all()) == 1
    async with transaction() as db:
        await change_access(db, boss(cast), cast.luis.user_id or 0, Role.USER, replace(SENIOR, report_scope=Reach.OWN))
    assert await mail_next_report() is True
    async with reading() as db:
        assert (await db.exec(waiting)).all() == [(await all_of(SystemMail))[1].id]


async def test_it_is_read_line_by_line_in_a_mail_program(lite_cast: Cast) -> None:
    await act(lite_cast.ana, await open_conversation(lite_cast.marco), send_reply, "<p>Yes</p>")
    await chosen(boss(lite_cast), lite_cast.luis, WEEKLY)
    await let_time_pass()
    await mail_next_report()
    async with reading() as db:
        (delivery,) = (await db.exec(select(Delivery).where(col(Delivery.system_mail_id).is_not(None)))).all()
        mail = message_from_bytes((await system_letter(db, delivery)).raw, EmailMessage, policy=default)
    html, text = (mail.get_body((kind,)) for kind in ("html", "plain"))
    assert html is not None
    assert text is not None
    assert html.get_content().count("<tr>") == 8
    begun = [line.split()[:2] for line in text.get_content().splitlines() if line.startswith(("Mensajes", "Cerradas"))]
    assert begun == [["Cerradas", "0"], ["Mensajes", "enviados"], ["Mensajes", "recibidos"]]


async def test_who_may_choose_for_whom(cast: Cast) -> None:
    await chosen(cast.luis, cast.luis, MONTHLY)
    for actor, user in ((cast.luis, cast.eva), (boss(cast), cast.vera)):
        with pytest.raises(Refused):
            await chosen(actor, user, WEEKLY)
    with pytest.raises(Refused):
        await chosen(boss(cast), cast.eva, "day")
    async with transaction() as db:
        assert [row.name for row in await report_mails(db, cast.luis)] == ["Luis Soto"]
        assert "Vera Coto" not in [row.name for row in await report_mails(db, boss(cast))]
    await chosen(cast.luis, cast.luis, NEVER)
    assert await all_of_mails() == []
    assert [entry.changes["report_mail"] for entry in await all_of(AuditEntry)] == [
        ["never", "month"],
        ["month", "never"],
    ]


async def test_the_link_in_the_mail_ends_it(cast: Cast) -> None:
    await chosen(boss(cast), cast.luis, WEEKLY)
    await let_time_pass()
    await mail_next_report()
    [mail] = await all_of(SystemMail)
    async with transaction() as db:
        await stop_by_link(db, mail.unsubscribe.rpartition("/")[2])
    assert await all_of_mails() == []


async def all_of_mails() -> list[ReportMail]:
    async with transaction() as db:
        return list((await db.exec(select(ReportMail))).all())
