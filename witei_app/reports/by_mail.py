"""The report by e-mail, each week or month, to whoever was chosen for it.

That it was sent is written down in the transaction that queues it: a worker that is killed neither loses one nor sends
it twice. What stands in it is what the reader may know when it is sent.
"""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from html import escape

from sqlalchemy import update
from sqlmodel import col, delete, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.people import find_colleague
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.db import Session, reading, transaction
from witei_app.errors import NotAllowed, Refused
from witei_app.models import AuditAction, ReportMail, User, Workspace
from witei_app.outbox.stop_link import StopLink
from witei_app.outbox.system_mail import drop_waiting, queue_html
from witei_app.reports.asked import may_know_figures
from witei_app.reports.choices import dates_label
from witei_app.reports.page import Report, report_of
from witei_app.reports.rows import user_rows
from witei_app.reports.span import zone_of
from witei_app.reports.wanted import Wanted
from witei_app.settings import settings
from witei_app.texts import translate

STOP = StopLink("stop reports", "/unsubscribe/reports/")
NEVER, WEEKLY, MONTHLY = "", "week", "month"
_SHORT = 13
SENT_FROM = time(7)  # by the workspace's clocks, on Mondays and on the first of the month


@dataclass(frozen=True)
class MailRow:
    """A user, and how often the report comes to them."""

    id: int
    name: str
    email: str
    every: str


async def report_mails(db: Session, actor: Actor) -> list[MailRow]:
    """Whom the actor may choose it for: administrators everybody who may know figures, others themselves."""
    _must_know(actor)
    query = (
        select(User, ReportMail.every)
        .outerjoin(ReportMail, col(ReportMail.user_id) == col(User.id))
        .where(User.workspace_id == actor.workspace_id, col(User.is_active))
        .order_by(User.name)
    )
    if not actor.is_admin:
        query = query.where(col(User.id) == actor.user_id)
    found = (await db.exec(query)).all()
    return [
        MailRow(user.id, user.name, user.email, every or NEVER)
        for user, every in found
        if may_know_figures(Actor.of(user))
    ]


async def choose_mail(db: Session, actor: Actor, user_id: int, every: str) -> None:
    """Send the report to this user each week or month, or no more. Only administrators choose for others."""
    _must_know(actor)
    if user_id != actor.user_id:
        actor.must_administer()
    if every not in (NEVER, WEEKLY, MONTHLY):
        raise Refused("Choose how often from the list.")
    user = await find_colleague(db, actor, user_id)
    had = (await db.exec(select(ReportMail.every).where(ReportMail.user_id == user.id))).first() or NEVER
    if every != had:
        note(db, actor, AuditAction.REPORT_MAIL_CHOSEN, user.email, {"report_mail": (had or "never", every or "never")})
    await db.exec(delete(ReportMail).where(col(ReportMail.user_id) == user.id))
    if every:
        workspace = await db.get_one(Workspace, actor.workspace_id)
        begun, _ = last_period(every, _here(workspace))
        mail = ReportMail(user_id=user.id, workspace_id=user.workspace_id, every=every, sent_for=begun.isoformat())
        db.add(mail)


def _must_know(actor: Actor) -> None:
    if not may_know_figures(actor):
        raise NotAllowed("You do not have the permission for this. Ask an administrator.")


def last_period(every: str, here: datetime) -> tuple[date, date]:
    """The first and the last day of the week or month whose report is the last that was due."""
    day = here.date() if here.time() >= SENT_FROM else here.date() - timedelta(days=1)
    begun = day - timedelta(days=day.weekday()) if every == WEEKLY else day.replace(day=1)
    last = begun - timedelta(days=1)
    return last - timedelta(days=6) if every == WEEKLY else last.replace(day=1), last


def _here(workspace: Workspace) -> datetime:
    return now().astimezone(zone_of(workspace.time_zone))


async def mail_next_report() -> bool:
    """Queue one report that is due. False when none is."""
    async with reading() as db:
        query = select(ReportMail, Workspace).join(Workspace, col(Workspace.id) == col(ReportMail.workspace_id))
        found = (await db.exec(query.order_by(col(ReportMail.user_id)))).all()
    for mail, workspace in found:
        if _is_due(mail, workspace):
            async with transaction() as db:
                if await _mail(db, mail.user_id):
                    return True
    return False


async def make_report_anew(db: Session, user: User) -> None:
    """The user may know something else now: what waits to be sent is taken back, and comes with what may be known."""
    if await drop_waiting(db, user, STOP.address(user.id)):
        theirs = update(ReportMail).where(col(ReportMail.user_id) == user.id)
        await db.exec(theirs.values(sent_for=""))


def _is_due(mail: ReportMail, workspace: Workspace) -> bool:
    return last_period(mail.every, _here(workspace))[0].isoformat() > mail.sent_for


async def _mail(db: Session, user_id: int) -> bool:
    """Two workers come here one after the other: the second finds that it was sent."""
    query = select(ReportMail).where(ReportMail.user_id == user_id).with_for_update()
    mail = (await db.exec(query)).one_or_none()
    user = await db.get_one(User, user_id)
    workspace = await db.get_one(Workspace, user.workspace_id)
    if mail is None or not _is_due(mail, workspace):
        return False
    first, last = last_period(mail.every, _here(workspace))
    mail.sent_for = first.isoformat()
    actor = Actor.of(user)
    if user.is_active and may_know_figures(actor):
        await _queue(
            db, replace(actor, language=actor.language or workspace.language), user, Wanted("dates", first, last)
        )
    return True


async def _queue(db: Session, actor: Actor, user: User, wanted: Wanted) -> None:
    report = await report_of(db, actor, wanted)
    stop = STOP.address(user.id)
    when = dates_label(report.span, actor.language)
    subject = translate("Conversation report, {dates}", actor.language, dates=when)
    await queue_html(db, user, subject, _body(report, actor.language, stop), actor.language, stop)


def _body(report: Report, language: str, stop: str) -> str:
    """Tables alone, with their looks on each cell: mail programs keep little else."""
    cards = report.cards(language).rows()
    link = f"{settings().public_url}{report.wanted.address()}"
    end = _link(stop, translate("No more of these e-mails", language))
    return "".join(
        [
            f"<h2>{escape(translate('Conversation report', language))}</h2>",
            f"<p>{escape(dates_label(report.span, language))}</p>",
            _table([[card.name, card.value, card.remark] for card in cards], numbers=(1,)),
            _users(report, language),
            f"<p>{_link(link, translate('Open the report', language))}</p>",
            f"<p><small>{end}</small></p>",
        ]
    )


def _users(report: Report, language: str) -> str:
    rows = user_rows(report.found, report.names, report.wanted, language)
    if len(rows) < 2:
        return ""
    names = ("User", "Conversations", "Closed", "Messages sent", "First response", "Closing")
    heading = [translate(name, language) for name in names]
    lines = [[one.name, str(one.new), str(one.closed), str(one.sent), one.first_response, one.closing] for one in rows]
    return f"<h3>{escape(translate('By user', language))}</h3>{_table([heading, *lines], numbers=range(1, len(names)))}"


def _table(rows: list[list[str]], numbers: Container[int]) -> str:
    """`numbers` are the columns that stand at the right."""
    lines = ("".join(_cell(text, is_number=column in numbers) for column, text in enumerate(row)) for row in rows)
    looks = "border-collapse:collapse;font-size:14px"
    return f'<table style="{looks}">{"".join(f"<tr>{line}</tr>" for line in lines)}</table>'


def _cell(text: str, *, is_number: bool) -> str:
    side = "right" if is_number else "left"
    whole = ";white-space:nowrap" if len(text) < _SHORT else ""  # "10 d 19 h" in one line
    style = f"padding:6px 14px 6px 0;border-bottom:1px solid #e5e5df;text-align:{side};vertical-align:top{whole}"
    return f'<td style="{style}">{escape(text)}</td>'


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address, quote=True)}">{escape(words)}</a>'


async def stop_by_link(db: Session, token: str) -> None:
    """Whoever has the mail may stop such mail: the address in it is signed. Refuses a token that is not ours."""
    user = await STOP.reader(db, token)
    await db.exec(delete(ReportMail).where(col(ReportMail.user_id) == user.id))
