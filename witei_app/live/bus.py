"""Carries events to every listener: in this process, or through Redis to all processes.

A listener is a plain function that takes one event and returns at once (it puts things in queues, sets flags).
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Protocol

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from witei_app.live.events import Event, from_json, to_json

Listener = Callable[[Event], None]
CHANNEL = "witei:events"
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
            _hand_out(event)


class RedisBus:
    """Several processes: published once, heard by all of them, this one included."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, health_check_interval=15)

    async def publish(self, *events: Event) -> None:
        """Send the events; without Redis this process at least hears them itself."""
        if not events:
            return
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for event in events:
                    pipe.publish(CHANNEL, to_json(event))
                await pipe.execute()
        except (RedisError, OSError):
            log.warning("bus.away", events=len(events))
            await InProcessBus().publish(*events)

    async def listen(self) -> None:
        """Hand out what comes, for ever; connects again when the connection is lost."""
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    async for message in pubsub.listen():
                        _hand_out_line(message["data"])
            except (RedisError, OSError):
                log.warning("bus.reconnecting")
                await asyncio.sleep(1)

    async def close(self) -> None:
        """Close the connections."""
        with contextlib.suppress(RedisError, OSError):
            await self._redis.aclose()


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


def _hand_out_line(line: bytes) -> None:
    try:
        event = from_json(line)
    except (ValueError, KeyError, TypeError, AttributeError):  # a newer version beside us knows more kinds
        log.warning("bus.not_understood", size=len(line))
        return
    _hand_out(event)


def _hand_out(event: Event) -> None:
    for listener in _listeners:
        try:
            listener(event)
        except Exception:  # one listener's fault must not silence the others
            log.exception("bus.listener_failed", kind=type(event).__name__)
