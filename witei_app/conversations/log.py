"""The append-only log of what happened to a conversation: reports read it, the thread shows parts of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import Session
from witei_app.models import Channel, Conversation, ConversationEvent, EventKind, ReportLate
from witei_app.outbox.webhooks.tell import Happening, tell

# A day is packed an hour after its end (`reports.days`); until long before that, nothing is late.
SOON = timedelta(minutes=20)
# What of it webhooks are told; tickets and quotes are told where they change, for they may have no conversation.
_TOLD = {
    EventKind.OPENED: Happening.CONVERSATION_CREATED,
    EventKind.ASSIGNED: Happening.CONVERSATION_ASSIGNED,
    EventKind.ARCHIVED: Happening.CONVERSATION_ARCHIVED,
    EventKind.REOPENED: Happening.CONVERSATION_REOPENED,
    EventKind.DELETED: Happening.CONVERSATION_DELETED,
    EventKind.RESTORED: Happening.CONVERSATION_RESTORED,
    EventKind.RATED: Happening.CONVERSATION_RATED,
    EventKind.MESSAGE_IN: Happening.MESSAGE_RECEIVED,
    EventKind.MESSAGE_OUT: Happening.MESSAGE_SENT,
    EventKind.NOTE: Happening.NOTE_CREATED,
}


def record(
    db: Session,
    actor: Actor,
    conversation: Conversation,
    kind: EventKind,
    *,
    at: datetime | None = None,
    origin: str = "",
    is_automatic: bool = False,
    is_first_reply: bool = False,
    stars: int | None = None,
    is_news: bool = True,
    **data: int | str | None,
) -> None:
    """Write down what happened, after which message, and who did it. `data` holds ids and words, no contents.

    The conversation is as it became by it. What is no news (it came long ago) is told to no webhook.
    """
    moment = at or now()
    _note_if_late(db, conversation.workspace_id, moment)
    entry = _entry(conversation, kind, moment)
    entry.user_id, entry.data, entry.origin = actor.user_id, data, origin[:64]
    entry.previous_id = int(data.get("before") or 0) if kind == EventKind.ASSIGNED else 0
    entry.is_automatic, entry.stars = is_automatic, stars
    if kind == EventKind.ARCHIVED or is_first_reply:
        entry.seconds = max(0, int((moment - conversation.opened_at).total_seconds()))
    db.add(entry)
    if is_news and _is_told(kind, conversation):
        _tell(db, actor, conversation, _TOLD[kind], data, stars)


def _entry(conversation: Conversation, kind: EventKind, moment: datetime) -> ConversationEvent:
    return ConversationEvent(
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.id,
        kind=kind,
        after_number=conversation.last_number,
        channel=conversation.channel,
        assignee_id=conversation.assignee_id or 0,
        backlog=backlog_change(kind, conversation.is_archived, conversation.deleted_at is not None),
        opened_at=conversation.opened_at,
        at=moment,
    )


def _is_told(kind: EventKind, conversation: Conversation) -> bool:
    """Mail is told when it has left (outbox/deliver.py); a message of a web chat is there at once."""
    return kind in _TOLD and (kind != EventKind.MESSAGE_OUT or conversation.channel == Channel.WEB_CHAT)


def _tell(
    db: Session,
    actor: Actor,
    conversation: Conversation,
    happening: Happening,
    data: Mapping[str, int | str | None],
    stars: int | None,
) -> None:
    more: dict[str, int | str | None] = {"message_id": data["message_id"]} if data.get("message_id") else {}
    if happening == Happening.CONVERSATION_ASSIGNED:
        more["previous_assignee_id"] = data.get("before")
    if stars is not None:
        more["stars"] = stars
    tell(
        db,
        conversation.workspace_id,
        happening,
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        channel=str(conversation.channel),
        status=str(conversation.status),
        assignee_id=conversation.assignee_id,
        user_id=actor.user_id,
        **more,
    )


def _note_if_late(db: Session, workspace_id: int, moment: datetime) -> None:
    """Days that are over are packed for reports; what is added to one has it packed again. Once for each hour."""
    if moment > now() - SOON:
        return
    hour = (workspace_id, moment.replace(minute=0, second=0, microsecond=0))
    noted: set[tuple[int, datetime]] = db.info.setdefault("late_hours", set())
    if hour not in noted:
        noted.add(hour)
        db.add(ReportLate(workspace_id=workspace_id, at=moment))


def backlog_change(kind: EventKind, is_archived: bool, is_deleted: bool) -> int:
    """How many open conversations came to the assignee; the flags are those after it. The bin holds no backlog."""
    match kind:
        case EventKind.OPENED:
            return 1
        case EventKind.ARCHIVED:
            return 0 if is_deleted else -1
        case EventKind.REOPENED:
            return 0 if is_deleted else 1
        case EventKind.DELETED:
            return 0 if is_archived else -1
        case EventKind.RESTORED:
            return 0 if is_archived else 1
        case EventKind.ASSIGNED:
            return 0 if is_archived or is_deleted else 1
        case _:
            return 0
