"""The bell: one's own notifications a page at a time, how many are unread, marking them read.

Each read joins the conversation: what one may not see (any more) is neither listed nor counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, tuple_, update
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.visible import may_see
from witei_app.db import Session, transaction
from witei_app.live.events import NotificationsChanged, announce
from witei_app.mail.encrypted import in_readers_words
from witei_app.mail.plain import preview
from witei_app.models import Conversation, Message, NoticeKind, Notification, User
from witei_app.notifications.choices import Ways
from witei_app.notifications.rows import NoticeRow
from witei_app.texts import translate
from witei_app.texts.people import initials, tint
from witei_app.texts.when import when_label

PAGE = 20
MOST_COUNTED = 100
KEPT = timedelta(days=30)
MOST_CLEARED = 1000
_TEXT = 600
_TITLES = {
    NoticeKind.MESSAGE: "{contact} wrote to you",
    NoticeKind.ASSIGNED: "{by} gave you {contact}",
    NoticeKind.MENTIONED: "{by} mentioned you: {contact}",
    NoticeKind.UNASSIGNED: "{contact} wrote, nobody has it yet",
}


@dataclass(frozen=True)
class Place:
    """Where a page ended: the next one begins after it."""

    at: datetime
    id: int


def shown_kinds(choices: dict[NoticeKind, Ways]) -> list[str]:
    """The kinds that the user wants in the app."""
    return [str(kind) for kind, ways in choices.items() if ways.in_app]


async def notices_page(
    db: Session, actor: Actor, kinds: Iterable[str], after: Place | None = None, limit: int = PAGE
) -> tuple[list[NoticeRow], Place | None]:
    """The newest first, and where the next page begins (None: that was all). One query."""
    query = _notices(actor, kinds)
    if after is not None:
        query = query.where(tuple_(col(Notification.at), col(Notification.id)) < tuple_(after.at, after.id))
    newest_first = query.order_by(col(Notification.at).desc(), col(Notification.id).desc())
    found = (await db.exec(newest_first.limit(limit + 1))).all()
    last = found[limit - 1][0] if len(found) > limit else None
    moment = now()
    return [_row(one, actor, moment) for one in found[:limit]], Place(last.at, last.id) if last else None


async def count_notices(db: Session, actor: Actor, kinds: Iterable[str]) -> int:
    """How many are unread, counted up to MOST_COUNTED. One query."""
    unread = _own(actor, kinds, Notification.id).where(col(Notification.read_at).is_(None)).limit(MOST_COUNTED)
    return int((await db.exec(select(func.count()).select_from(unread.subquery()))).one())


async def unread_notices(
    db: Session, actor: Actor, kinds: Iterable[str], language: str, limit: int
) -> tuple[list[NoticeRow], list[datetime]]:
    """The newest unread ones, worded, and when each came. One query."""
    query = _notices(actor, kinds).where(col(Notification.read_at).is_(None))
    newest_first = query.order_by(col(Notification.at).desc(), col(Notification.id).desc()).limit(limit)
    found = (await db.exec(newest_first)).all()
    reader, moment = replace(actor, language=language), now()
    return [_row(one, reader, moment) for one in found], [one[0].at for one in found]


async def read_notice(db: Session, actor: Actor, notice_id: int) -> None:
    """One of one's own is read, in all tabs."""
    await _mark(db, actor, col(Notification.id) == notice_id)


async def read_all_notices(db: Session, actor: Actor) -> None:
    """All of one's own are read, in all tabs."""
    await _mark(db, actor)


async def clear_old_notices() -> bool:
    """Forget some that are older than KEPT, read or not. False when there is none left."""
    async with transaction() as db:
        old = select(Notification.id).where(Notification.at < now() - KEPT).limit(MOST_CLEARED)
        cleared = await db.exec(delete(Notification).where(col(Notification.id).in_(old)))
    return bool(cleared.rowcount)


def title_of(kind: str, contact: str, by: str, language: str) -> str:
    """What happened, in one line."""
    return translate(_TITLES[NoticeKind(kind)], language, contact=contact, by=by)


async def newest_notice(db: Session, actor: Actor, kind: str, conversation_id: int) -> NoticeRow:
    """What the actor was told last of this kind there; an empty row when the actor may not see it (any more)."""
    query = _notices(actor, [kind]).where(Notification.conversation_id == conversation_id)
    found = (await db.exec(query)).first()
    return _row(found, actor, now()) if found else NoticeRow()


def _notices(actor: Actor, kinds: Iterable[str]) -> Any:
    query = _own(
        actor,
        kinds,
        Notification,
        Conversation.contact_id,
        Conversation.contact_name,
        Conversation.preview,
        Conversation.subject,
        User.name,
        func.substr(Message.text, 1, _TEXT).label("text"),
    )
    query = query.outerjoin(User, col(User.id) == col(Notification.by_id))
    # Read again with its workspace: a number alone, here without a foreign key, opens nothing elsewhere.
    said = (col(Message.id) == col(Notification.message_id)) & (col(Message.workspace_id) == actor.workspace_id)
    return query.outerjoin(Message, said)


def _own(actor: Actor, kinds: Iterable[str], *columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Notification)
        .join(Conversation, col(Conversation.id) == col(Notification.conversation_id))
        .where(Notification.user_id == actor.user_id, col(Notification.kind).in_(list(kinds)), may_see(actor))
    )


async def _mark(db: Session, actor: Actor, *which: Any) -> None:
    marked = await db.exec(
        update(Notification)
        .where(col(Notification.user_id) == actor.user_id, col(Notification.read_at).is_(None), *which)
        .values(read_at=now())
    )
    if marked.rowcount and actor.user_id is not None:
        announce(db, NotificationsChanged(actor.workspace_id, (actor.user_id,)))


def _row(found: Any, actor: Actor, moment: datetime) -> NoticeRow:
    notice, contact_id, contact, line, subject, by, said = found
    return NoticeRow(
        id=notice.id,
        conversation_id=notice.conversation_id,
        kind=notice.kind,
        title=title_of(notice.kind, contact, by or "", actor.language),
        text=in_readers_words(preview(said or "") or line or subject, actor.language),
        initials=initials(contact),
        tint=tint(contact_id),
        when=when_label(notice.at, moment, actor.time_zone, actor.language),
        at=notice.at.isoformat(),
        is_unread=notice.read_at is None,
    )
