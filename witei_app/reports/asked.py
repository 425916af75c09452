"""What is asked for, within what the actor may know. Every figure begins here, so that none can forget it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from witei_app.accounts.actor import Actor
from witei_app.errors import NotAllowed
from witei_app.models import ConversationEvent, EventKind, Reach

NOBODY = 0


@dataclass(frozen=True)
class Asked:
    """A workspace's figures from `start` up to, not including, `end`.

    `user_id` is whose, None for everybody's together, 0 for what is nobody's; `channel` "" is every channel.
    """

    workspace_id: int
    start: datetime
    end: datetime
    user_id: int | None = None
    channel: str = ""

    def during(self, start: datetime, end: datetime) -> "Asked":
        """The same for another range."""
        return replace(self, start=start, end=end)


def sees_everybody(actor: Actor) -> bool:
    """Whether the actor may know the figures of the whole team."""
    return actor.is_admin or actor.permissions.report_scope == Reach.ALL


def ask(actor: Actor, start: datetime, end: datetime, user_id: int | None = None, channel: str = "") -> Asked:
    """What the actor asks for. Whoever may know only their own figures gets those, whatever is asked for.

    Refuses those who may know no figures.
    """
    if not sees_everybody(actor):
        if actor.user_id is None or actor.permissions.report_scope == Reach.NONE:
            raise NotAllowed("You do not have the permission for this. Ask an administrator.")
        user_id = actor.user_id
    return Asked(actor.workspace_id, start, end, user_id, channel)


def happened(asked: Asked, *kinds: EventKind, before: bool = False) -> ColumnElement[bool]:
    """The events of these kinds in the range, or all those `before` it; of anybody."""
    event = ConversationEvent
    conditions: list[Any] = [col(event.workspace_id) == asked.workspace_id, col(event.kind).in_(kinds)]
    conditions += [col(event.at) < (asked.start if before else asked.end)]
    conditions += [] if before else [col(event.at) >= asked.start]
    conditions += [col(event.channel) == asked.channel] if asked.channel else []
    return and_(*conditions)


def of_user(asked: Asked, column: Any) -> tuple[ColumnElement[bool], ...]:
    """The condition that `column` is the user asked for, none for everybody."""
    return () if asked.user_id is None else (column == asked.user_id,)
