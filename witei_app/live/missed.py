"""What the bus could not carry: the log in the database is looked at again and again, and what nobody was told of is
told here.

A process may be killed between its commit and its word on the bus, and Redis may be away for hours. The same look says
whether the database is there; whether it takes what is written is tried when somebody could not.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, update
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import reading, transaction
from witei_app.live import away, bus
from witei_app.live.events import ConversationChanged, Event, MessageAdded
from witei_app.models import DIRECTIONS_OF_MESSAGES, ConversationEvent, EventKind, Workspace
from witei_app.outage import is_outage

LOOK_SECONDS = 5.0
LOOK_WHEN_AWAY_SECONDS = 1.0
PATIENCE_SECONDS = 3.0
AT_ONCE = 500
REMEMBERED = timedelta(minutes=2)
log = structlog.get_logger()


class Missed:
    """One for each process."""

    def __init__(self) -> None:
        self._heard: dict[int, datetime] = {}  # conversation: when the bus last told of it
        # What was written earlier may be seen later: each entry is looked at twice, two looks one after the other.
        self._from: int | None = None
        self._seen = 0
        self._suspected: set[str] = set()
        self._bell = asyncio.Event()

    def hear(self, event: Event) -> None:
        """Note what the bus tells."""
        if isinstance(event, MessageAdded | ConversationChanged):
            self._heard[event.conversation_id] = now()

    def suspect(self, what: str) -> None:
        """Something failed or takes long: look now."""
        self._suspected.add(what)
        self._bell.set()

    async def keep_looking(self) -> None:
        """Look, for ever."""
        while True:
            suspected, self._suspected = self._suspected, set()
            self._bell.clear()
            await _probe(self._look, away.DATABASE)
            is_suspected = away.is_away(away.WRITING) or away.WRITING in suspected
            if is_suspected and not away.is_away(away.DATABASE):
                await _probe(_write, away.WRITING)
            is_away = away.is_away(away.DATABASE) or away.is_away(away.WRITING)
            if is_away:
                await asyncio.sleep(LOOK_WHEN_AWAY_SECONDS)
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._bell.wait()

    async def _look(self) -> None:
        if self._from is None:
            async with reading(is_probe=True) as db:
                self._from = self._seen = (await db.exec(select(func.max(ConversationEvent.id)))).one() or 0
        since, self._from = self._from, self._seen
        while entries := await _entries_after(since):
            for entry in entries:
                heard = self._heard.get(entry.conversation_id)
                if heard is None or heard < entry.at:
                    bus.hand_out(_event_of(entry))
            since = self._seen = max(entry.id for entry in entries)
            if len(entries) < AT_ONCE:
                break
        oldest = now() - REMEMBERED
        self._heard = {number: at for number, at in self._heard.items() if at > oldest}


async def _probe(look: Callable[[], Awaitable[None]], what: str) -> None:
    """Away is what fails, and what does not answer in time; the answer is waited for all the same."""
    looking = asyncio.ensure_future(look())
    try:
        _, late = await asyncio.wait([looking], timeout=PATIENCE_SECONDS)
        if late:
            away.note(what, TimeoutError("no answer"))
        await looking
    except Exception as fault:
        if is_outage(fault):
            away.note(what, fault)
        else:
            log.exception("missed.fault")
    else:
        away.back(what)
    finally:
        looking.cancel()


async def _entries_after(number: int) -> Sequence[ConversationEvent]:
    query = select(ConversationEvent).where(col(ConversationEvent.id) > number)
    async with reading(is_probe=True) as db:
        return (await db.exec(query.order_by(col(ConversationEvent.id)).limit(AT_ONCE))).all()


def _event_of(entry: ConversationEvent) -> Event:
    message_id, direction = entry.data.get("message_id"), DIRECTIONS_OF_MESSAGES.get(EventKind(entry.kind))
    if direction is None or not isinstance(message_id, int):
        return ConversationChanged(entry.workspace_id, entry.conversation_id)
    return MessageAdded(entry.workspace_id, entry.conversation_id, message_id, entry.after_number, direction)


async def _write() -> None:
    """A full disk or a file that may not be written is found out by writing: a row as it is."""
    async with transaction() as db:
        first = select(func.min(Workspace.id)).scalar_subquery()
        await db.exec(update(Workspace).where(col(Workspace.id) == first).values(name=Workspace.name))
