"""The visitors' open sockets in this process, and how they hear of what happens in their conversation.

One listener on the bus for all of them, no task for a socket that is silent: an event of a conversation that
somebody here looks at starts a short task, which ends when everybody has been told.
"""

import asyncio
import contextlib
import ipaddress
import json
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import structlog
from sqlmodel import select

from witei_app.db import reading
from witei_app.live import bus
from witei_app.live.events import (
    AddressBlocked,
    ConversationChanged,
    ConversationRead,
    Event,
    MessageAdded,
    UserTyping,
    VisitorGone,
    VisitorSeen,
    WidgetClosed,
)
from witei_app.models import Conversation, Direction, Message, Visitor
from witei_app.webchat.chat import asks_rating, read_by_team
from witei_app.webchat.faces import faces_of
from witei_app.webchat.files import files_of
from witei_app.webchat.protocol import BLOCKED, Outgoing, message_frame
from witei_app.webchat.recent import recall

log = structlog.get_logger()
PATIENCE_SECONDS = 10
EMPTIED: Outgoing = {}  # nothing is left of the conversation


@dataclass(eq=False, slots=True)
class Line:
    """An open socket. Before the visitor's first message it has no conversation, only a token."""

    send: Callable[[str], Awaitable[None]]
    close: Callable[[], Awaitable[None]]
    token_hash: str
    conversation_id: int | None = None
    workspace_id: int = 0
    network: str = ""
    widget_id: int = 0


class Switchboard:
    """Which lines belong to which conversation."""

    def __init__(self) -> None:
        self._by_conversation: dict[int, set[Line]] = defaultdict(set)
        self._unspoken: dict[str, set[Line]] = defaultdict(set)
        self._waiting: dict[int, deque[Event]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsubscribe: Callable[[], None] | None = None

    def add(self, line: Line) -> None:
        """Tell this line what happens from now on."""
        self._unsubscribe = self._unsubscribe or bus.subscribe(self._heard)
        if line.conversation_id is None:
            self._unspoken[line.token_hash].add(line)
        else:
            self._by_conversation[line.conversation_id].add(line)

    def move(self, line: Line, conversation_id: int | None) -> None:
        """The visitor's words opened a conversation: the first one, or a new one because the old one was erased."""
        if conversation_id != line.conversation_id:
            self.remove(line)
            line.conversation_id = conversation_id
            self.add(line)

    def remove(self, line: Line) -> None:
        """The line is closed."""
        _discard(self._unspoken, line.token_hash, line)
        if line.conversation_id is not None:
            _discard(self._by_conversation, line.conversation_id, line)
        if not self._unspoken and not self._by_conversation and self._unsubscribe:
            self._unsubscribe()
            self._unsubscribe = None

    def has_unspoken(self, token_hash: str) -> bool:
        """Whether the visitor with this token, who has not written, has a tab here."""
        return token_hash in self._unspoken

    def _heard(self, event: Event) -> None:
        match event:
            case MessageAdded(direction=Direction.NOTE) | VisitorSeen(is_typing=True):
                return
            case AddressBlocked():
                self._start(self._turn_away(event))
                return
            case WidgetClosed(widget_id=widget_id):
                self._start(self._let_go(widget_id))
                return
            case MessageAdded(conversation_id=conversation_id, number=number):
                is_ours = conversation_id in self._by_conversation or (number == 1 and bool(self._unspoken))
            case (
                ConversationRead(conversation_id=conversation_id)
                | ConversationChanged(conversation_id=conversation_id)
                | UserTyping(conversation_id=conversation_id)
                | VisitorSeen(conversation_id=conversation_id)
                | VisitorGone(conversation_id=conversation_id)
            ):
                is_ours = conversation_id in self._by_conversation
            case _:
                return
        if is_ours:
            self._queue(conversation_id, event)

    def _queue(self, conversation_id: int, event: Event) -> None:
        if conversation_id in self._waiting:
            self._waiting[conversation_id].append(event)
            return
        self._waiting[conversation_id] = deque([event])
        self._start(self._tell_all(conversation_id))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _turn_away(self, event: AddressBlocked) -> None:
        blocked = ipaddress.ip_network(event.network)
        for line in self._all():
            address = line.network.partition("/")[0]
            if line.workspace_id == event.workspace_id and address and ipaddress.ip_address(address) in blocked:
                await self._send(line, json.dumps(BLOCKED))
                await self._hang_up(line)

    async def _let_go(self, widget_id: int) -> None:
        """Who comes back is told that there is no chat; what was written and not sent yet stays in the browser."""
        for line in self._all():
            if line.widget_id == widget_id:
                await self._hang_up(line)

    def _all(self) -> list[Line]:
        return [line for some in (*self._by_conversation.values(), *self._unspoken.values()) for line in some]

    async def _tell_all(self, conversation_id: int) -> None:
        waiting = self._waiting[conversation_id]
        try:
            while waiting:
                await self._tell(conversation_id, waiting.popleft())
        except Exception:  # the database is away: who was not told must ask again
            log.exception("webchat.not_told", conversation=conversation_id)
            for line in list(self._by_conversation.get(conversation_id, ())):
                await self._hang_up(line)
        finally:
            del self._waiting[conversation_id]

    async def _tell(self, conversation_id: int, event: Event) -> None:
        if isinstance(event, MessageAdded) and event.number == 1:
            await self._connect(conversation_id)
        lines = self._by_conversation.get(conversation_id)
        frame = await _frame(event) if lines else None
        if not lines or frame is None:
            return
        if frame is EMPTIED:  # who comes back finds a new chat
            for line in list(lines):
                await self._hang_up(line)
            return
        text = json.dumps(frame, ensure_ascii=False)
        for line in list(lines):
            await self._send(line, text)
            if isinstance(event, VisitorGone):
                await self._hang_up(line)

    async def _connect(self, conversation_id: int) -> None:
        """The visitor's first message made the conversation: all tabs that hold the same token belong to it now."""
        async with reading() as db:
            query = select(Visitor.token_hash).where(Visitor.conversation_id == conversation_id)
            token_hash = (await db.exec(query)).first()
        for line in self._unspoken.pop(token_hash or "", ()):
            line.conversation_id = conversation_id
            self._by_conversation[conversation_id].add(line)

    async def _send(self, line: Line, text: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await line.send(text)
        except Exception:  # gone, or too slow: it comes back and asks "since n"
            await self._hang_up(line)

    async def _hang_up(self, line: Line) -> None:
        self.remove(line)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await line.close()


switchboard = Switchboard()


def _discard(lines: dict[Any, set[Line]], key: Any, line: Line) -> None:
    if key in lines:
        lines[key].discard(line)
        if not lines[key]:
            del lines[key]


async def _frame(event: Event) -> Outgoing | None:
    match event:
        case UserTyping(name=name):
            return {"t": "typing", "name": name}
        case VisitorGone(why=why):
            return {"t": "gone", "why": why}
        case VisitorSeen(number=number):
            return {"t": "seen", "n": number}
        case MessageAdded(conversation_id=conversation_id, message_id=message_id, number=number):
            if (known := recall(conversation_id, message_id, number)) is not None:
                return known
            async with reading() as db:
                message = await db.get(Message, message_id)
                if message is None:
                    return None
                files, faces = await files_of(db, [message]), await faces_of(db, [message])
                return message_frame(message, files.get(message_id, ()), faces.get(message_id, ""))
        case ConversationRead(conversation_id=conversation_id):
            async with reading() as db:
                return {"t": "read", "n": await read_by_team(db, conversation_id)}
        case ConversationChanged(conversation_id=conversation_id):
            async with reading() as db:
                conversation = await db.get(Conversation, conversation_id)
                if conversation is None or conversation.emptied_at is not None:
                    return EMPTIED
                return {"t": "rate", "asked": await asks_rating(db, conversation_id)}
    return None
