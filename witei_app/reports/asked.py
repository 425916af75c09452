"""What is asked for, within what the actor may know. Every figure begins here, so that none can forget it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from witei_app.accounts.actor import Actor
from witei_app.accounts.office_hours import Hours
from witei_app.errors import NotAllowed
from witei_app.models import Conversation, ConversationEvent, EventKind, Reach
from witei_app.reports.days import Place
from witei_app.reports.sources import Source

NOBODY = 0


@dataclass(frozen=True)
class Filters:
    """What narrows the figures. `user_id` is whose, None for everybody's together, 0 for what is nobody's.

    `channel` "" is every channel; `widget_id` and `origin` are None for all, 0 and "" for those without.
    """

    user_id: int | None = None
    channel: str = ""
    widget_id: int | None = None
    origin: str | None = None


@dataclass(frozen=True)
class Asked:
    """A workspace's figures from `start` up to, not including, `end`; `hours` make times count only office hours."""

    workspace_id: int
    start: datetime
    end: datetime
    filters: Filters = field(default_factory=Filters)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    hours: Hours | None = None

    @property
    def user_id(self) -> int | None:
        return self.filters.user_id

    @property
    def place(self) -> Place:
        return Place(self.workspace_id, self.zone)

    def during(self, start: datetime, end: datetime) -> "Asked":
        """The same for another range."""
        return replace(self, start=start, end=end)

    def wants(self, source: Source) -> bool:
        """Whether what began there counts."""
        only = self.filters
        return (
            only.channel in ("", source.channel)
            and only.widget_id in (None, source.widget_id)
            and only.origin in (None, source.origin)
        )


def sees_everybody(actor: Actor) -> bool:
    """Whether the actor may know the figures of the whole team."""
    return actor.is_admin or actor.permissions.report_scope == Reach.ALL


def may_know_figures(actor: Actor) -> bool:
    """Whether the actor may know any figures: at least their own."""
    is_allowed = actor.user_id is not None and actor.permissions.report_scope != Reach.NONE
    return is_allowed or sees_everybody(actor)


def ask(
    actor: Actor,
    start: datetime,
    end: datetime,
    filters: Filters = Filters(),
    *,
    zone: ZoneInfo | None = None,
    hours: Hours | None = None,
) -> Asked:
    """What the actor asks for. Whoever may know only their own figures gets those, whatever is asked for.

    Refuses those who may know no figures.
    """
    if not may_know_figures(actor):
        raise NotAllowed("You do not have the permission for this. Ask an administrator.")
    if not sees_everybody(actor):
        filters = replace(filters, user_id=actor.user_id)
    return Asked(actor.workspace_id, start, end, filters, zone or ZoneInfo("UTC"), hours)


def happened(asked: Asked, *kinds: EventKind) -> ColumnElement[bool]:
    """The entries of the log of these kinds in the range, of anybody. The conversation must be joined."""
    event = ConversationEvent
    conditions: list[Any] = [col(event.workspace_id) == asked.workspace_id, col(event.kind).in_(kinds)]
    conditions += [col(event.at) >= asked.start, col(event.at) < asked.end]
    return and_(*conditions, *from_source(asked))


def from_source(asked: Asked) -> list[ColumnElement[bool]]:
    """The conditions that the entry's conversation began where is asked for. The conversation must be joined."""
    only = asked.filters
    conditions = [col(ConversationEvent.channel) == only.channel] if only.channel else []
    conditions += [col(Conversation.widget_id) == only.widget_id] if only.widget_id is not None else []
    conditions += [col(Conversation.origin) == only.origin] if only.origin is not None else []
    return conditions


def of_user(asked: Asked, column: Any) -> tuple[ColumnElement[bool], ...]:
    """The condition that `column` is the user asked for, none for everybody."""
    return () if asked.user_id is None else (column == asked.user_id,)
