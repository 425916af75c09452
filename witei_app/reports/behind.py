"""What is behind a number: exactly the conversations that made it, with the moments that did."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import and_, case, false, func, or_
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.visible import may_see
from witei_app.db import Session
from witei_app.models import Conversation, ConversationEvent, EventKind
from witei_app.reports.asked import NOBODY, Asked, happened, of_user, sees_everybody
from witei_app.reports.new import holder_at, opened_for
from witei_app.reports.office_clock import in_office
from witei_app.reports.open import openings_at

FIGURES = ("new", "closed", "sent", "received", "first_response", "per_user", "rated", "open")
MOST = 100
# How many entries are looked at for a page whose narrowing is not the database's to check.
AT_ONCE = 2_000


@dataclass(frozen=True)
class Narrowing:
    """A part of a figure. `since` and `until` are seconds since 1970; `over` (or as long) and `under` are seconds that
    it took; `slot` is the hour of the week on the clocks, Monday 0:00 is 0. `after` is where a page goes on: the
    microseconds since 1970 and the number of an entry.
    """

    user: int | None = None
    since: int | None = None
    until: int | None = None
    over: int | None = None
    under: int | None = None
    slot: int | None = None
    channel: str | None = None
    widget: int | None = None
    origin: str | None = None
    after: tuple[int, int] | None = None


@dataclass(frozen=True)
class Evidence:
    """One entry of the log that a figure counted. `contact_name` is "" when the actor may not see the conversation,
    or when it `is_deleted`.

    `seconds` are those by which the figure counts: in office hours, when it does.
    """

    id: int
    conversation_id: int
    contact_name: str
    channel: str
    opened_at: datetime
    at: datetime
    seconds: int | None
    user_id: int
    stars: int | None = None
    is_deleted: bool = False

    @property
    def place(self) -> tuple[int, int]:
        """Where the page after it begins."""
        return (self.at - _EPOCH) // timedelta(microseconds=1), self.id


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def evidence(
    db: Session,
    actor: Actor,
    asked: Asked,
    figure: str,
    narrowing: Narrowing = Narrowing(),
    most: int | None = MOST,
) -> Sequence[Evidence]:
    """The entries behind a figure, in the order of time; at most `most` of them, all when None.

    A page is found by keyset: the last of many costs what the first does.
    """
    found: list[Evidence] = []
    while True:
        batch = await _batch(db, actor, asked, figure, narrowing, most)
        found += [one for one in _timed(batch, asked) if _is_within(one, asked, narrowing)]
        if len(batch) < AT_ONCE or (most is not None and len(found) >= most):
            return found[:most]
        narrowing = replace(narrowing, after=batch[-1].place)


async def _batch(
    db: Session, actor: Actor, asked: Asked, figure: str, narrowing: Narrowing, most: int | None
) -> list[Evidence]:
    event = ConversationEvent
    name = case((may_see(actor), col(Conversation.contact_name)), else_="")
    columns: list[Any] = [event.id, event.conversation_id, name, event.channel, event.opened_at, event.at]
    columns += [event.seconds, _whose(figure, asked, narrowing), event.stars]
    columns += [col(Conversation.deleted_at).is_not(None)]
    narrowed = _asked_within(actor, asked, narrowing)
    query = (
        select(*columns)
        .join(Conversation, col(Conversation.id) == col(event.conversation_id))
        .where(*_counted(narrowed, figure, narrowing), *_narrowed(narrowing, figure))
        .order_by(col(event.at), col(event.id))
        .limit(most if most is not None and _is_for_the_database(narrowing) else AT_ONCE)
    )
    return [Evidence(*row) for row in (await db.exec(query)).all()]


def _asked_within(actor: Actor, asked: Asked, narrowing: Narrowing) -> Asked:
    """The narrower question; whoever may know only their own figures asks for nobody else's."""
    only = asked.filters
    if narrowing.user is not None and sees_everybody(actor) and only.user_id in (None, narrowing.user):
        only = replace(only, user_id=narrowing.user)
    if narrowing.widget is not None:
        only = replace(only, widget_id=narrowing.widget)
    if narrowing.origin is not None:
        only = replace(only, origin=narrowing.origin)
    return replace(asked, filters=replace(only, channel=narrowing.channel or only.channel))


def _whose(figure: str, asked: Asked, narrowing: Narrowing) -> Any:
    if figure in ("new", "per_user"):
        return holder_at(asked.end)
    if figure == "open":
        return holder_at(_end(asked, narrowing))
    if figure in ("sent", "first_response"):
        return func.coalesce(ConversationEvent.user_id, NOBODY)
    return col(ConversationEvent.assignee_id)


def _counted(asked: Asked, figure: str, narrowing: Narrowing) -> Sequence[Any]:
    event, by_people = ConversationEvent, col(ConversationEvent.is_automatic) == false()
    match figure:
        case "new":
            return opened_for(asked)
        case "per_user":
            return [*opened_for(asked), holder_at(asked.end) != NOBODY]
        case "open":
            return openings_at(asked, _end(asked, narrowing))
        case "closed":
            return [happened(asked, EventKind.ARCHIVED), *of_user(asked, col(event.assignee_id))]
        case "rated":
            return [happened(asked, EventKind.RATED), *of_user(asked, col(event.assignee_id))]
        case "received":
            return [happened(asked, EventKind.MESSAGE_IN), by_people, *of_user(asked, col(event.assignee_id))]
        case _:
            first = [col(event.seconds).is_not(None)] if figure == "first_response" else []
            author = func.coalesce(event.user_id, NOBODY)
            return [happened(asked, EventKind.MESSAGE_OUT), by_people, *first, *of_user(asked, author)]


def _end(asked: Asked, narrowing: Narrowing) -> datetime:
    """The end of the part that is asked for."""
    return asked.end if narrowing.until is None else min(asked.end, _moment(narrowing.until))


def _narrowed(narrowing: Narrowing, figure: str) -> list[Any]:
    at = col(ConversationEvent.at)
    conditions: list[Any] = []
    if narrowing.since is not None and figure != "open":  # what was open at the end may have been so for long
        conditions.append(at >= _moment(narrowing.since))
    if narrowing.until is not None:
        conditions.append(at < _moment(narrowing.until))
    if narrowing.after is not None:
        moment = _EPOCH + timedelta(microseconds=min(narrowing.after[0], 10**16))
        later = and_(at == moment, col(ConversationEvent.id) > narrowing.after[1])
        conditions += [at >= moment, or_(at > moment, later)]  # the first is what an index is searched by
    return conditions


def _moment(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=min(seconds, 10**10))


def _is_for_the_database(narrowing: Narrowing) -> bool:
    return narrowing.over is None and narrowing.under is None and narrowing.slot is None


def _timed(batch: Sequence[Evidence], asked: Asked) -> Sequence[Evidence]:
    timed = [one for one in batch if one.seconds is not None]
    if asked.hours is None or not asked.hours.is_on or not timed:
        return batch
    end = np.array([int(one.at.timestamp()) for one in timed])
    took = in_office(asked.hours, end, np.array([one.seconds for one in timed]))
    seconds = {one.id: int(taken) for one, taken in zip(timed, took, strict=True)}
    return [replace(one, seconds=seconds.get(one.id)) for one in batch]


def _is_within(one: Evidence, asked: Asked, narrowing: Narrowing) -> bool:
    if narrowing.slot is not None:
        here = one.at.astimezone(asked.zone)
        if here.weekday() * 24 + here.hour != narrowing.slot:
            return False
    if narrowing.over is not None and (one.seconds is None or one.seconds < narrowing.over):
        return False
    return narrowing.under is None or (one.seconds is not None and one.seconds < narrowing.under)
