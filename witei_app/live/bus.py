"""Carries events to every listener: in this process at once, and through Redis to all others.

A listener is a plain function that takes one event and returns at once (it puts things in queues, sets flags).
"""

import asyncio
import contextlib
import json
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Protocol

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from witei_app.live import away
from witei_app.live.events import Event, EventsMissed, ProcessBegun, from_fields, to_fields

Listener = Callable[[Event], None]
CHANNEL = "witei:events"
PROCESS = secrets.token_hex(8)
# A Redis that answers nothing for so long is away: paused, or the machine is gone without a word.
PATIENCE_SECONDS = 5.0
QUIET_SECONDS = 5.0
AGAIN_SECONDS = 1.0
AT_ONCE = 200
# What waits for a Redis that is away. Beyond it the others are told by the gap that they have missed something.
MOST_WAITING = 2000
MOST_PROCESSES = 1000

log = structlog.get_logger()
_listeners: list[Listener] = []


class Bus(Protocol):
    """Where events go after a commit."""

    async def publish(self, *events: Event) -> None: ...


class InProcessBus:
    """One process: listeners are called directly."""

    async def publish(self, *events: Event) -> None:
        """Hand the events to the listeners, in order."""
        for event in events:
            hand_out(event)


class RedisBus:
    """Several processes. Nobody waits for Redis: `speak` sends what was published, `listen` hears what others say.

    Each line says whose it is and its number there, so that one that comes twice is heard once, and a gap is noticed.
    """

    def __init__(self, url: str, process: str = PROCESS, tell: Listener | None = None) -> None:
        self._redis = Redis.from_url(
            url,
            socket_connect_timeout=PATIENCE_SECONDS,
            socket_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),  # by itself it would connect again without a word about what was missed
        )
        self._process = process
        self._tell = tell or hand_out
        self._number = 0
        self._waiting: deque[str] = deque(maxlen=MOST_WAITING)
        self._bell = asyncio.Event()
        self._heard: OrderedDict[str, int] = OrderedDict()
        self._is_listening = self._was_lost = False

    async def publish(self, *events: Event) -> None:
        """Hear the events here, and have them sent to the others."""
        for event in events:
            self._tell(event)
            self._number += 1
            self._waiting.append(json.dumps({"by": self._process, "n": self._number, "event": to_fields(event)}))
        self._bell.set()

    async def speak(self) -> None:
        """Send what was published, for ever; what Redis did not take is sent again."""
        while True:
            await self._bell.wait()
            self._bell.clear()
            while self._waiting:
                try:
                    await self._send()
                except (RedisError, OSError) as fault:
                    away.note(away.BUS, fault)
                    await asyncio.sleep(AGAIN_SECONDS)
            if self._is_listening:
                away.back(away.BUS)

    async def listen(self) -> None:
        """Hand out what the others say, for ever; connects again when the connection is lost."""
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    await self._hear(pubsub)
            except (RedisError, OSError, TimeoutError) as fault:
                self._is_listening, self._was_lost = False, True
                away.note(away.BUS, fault)
                await asyncio.sleep(AGAIN_SECONDS)

    async def close(self) -> None:
        """Send what still waits, and close the connections."""
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while self._waiting:
                    await self._send()
        with contextlib.suppress(RedisError, OSError):
            await self._redis.aclose()

    async def _send(self) -> None:
        lines = list(self._waiting)[:AT_ONCE]
        async with self._redis.pipeline(transaction=False) as pipe:
            for line in lines:
                pipe.publish(CHANNEL, line)
            await pipe.execute()
        for line in lines:  # meanwhile the oldest may have been dropped
            if self._waiting and self._waiting[0] == line:
                self._waiting.popleft()

    async def _hear(self, pubsub: PubSub) -> None:
        while True:
            message = await pubsub.get_message(timeout=QUIET_SECONDS)
            if message is None:
                await pubsub.ping()
                message = await pubsub.get_message(timeout=PATIENCE_SECONDS)
            if message is None:
                raise TimeoutError("Redis says nothing")
            if message["type"] == "subscribe":
                await self._begin()
            elif message["type"] == "message":
                self._take(message["data"])

    async def _begin(self) -> None:
        """From here on all is heard; what was said before, after a lost connection, was not."""
        was_lost, self._was_lost, self._is_listening = self._was_lost, False, True
        if was_lost:
            self._tell(EventsMissed(0))
        await self.publish(ProcessBegun(0))  # once it is sent, Redis is back

    def _take(self, line: bytes) -> None:
        try:
            fields = json.loads(line)
            process, number = str(fields["by"]), int(fields["n"])
            is_new = process != self._process and self._is_next(process, number)
            event = from_fields(fields["event"]) if is_new else None
        except (ValueError, KeyError, TypeError, AttributeError):  # a newer version beside us knows more kinds
            log.warning("bus.not_understood", size=len(line))
            return
        if event is not None:
            self._tell(event)

    def _is_next(self, process: str, number: int) -> bool:
        """Whether it was not heard before. Of a process heard for the first time nothing was missed."""
        last = self._heard.pop(process, number - 1)
        self._heard[process] = max(last, number)
        if len(self._heard) > MOST_PROCESSES:
            self._heard.popitem(last=False)
        if number > last + 1:
            self._tell(EventsMissed(0))
        return number > last


_bus: Bus = InProcessBus()


def use(bus: Bus) -> None:
    """Publish through this bus from now on."""
    global _bus
    _bus = bus


def subscribe(listener: Listener) -> Callable[[], None]:
    """Call the listener for each event that this process hears. Returns the function that ends it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


async def publish(*events: Event) -> None:
    """Tell everybody. Called by `db.transaction()` after the commit; rules use `announce`."""
    if events:
        await _bus.publish(*events)


def hand_out(event: Event) -> None:
    """Tell the listeners of this process alone."""
    for listener in _listeners:
        try:
            listener(event)
        except Exception:  # one listener's fault must not silence the others
            log.exception("bus.listener_failed", kind=type(event).__name__)
