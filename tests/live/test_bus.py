"""Events cross processes whole, in order, and survive bad listeners, bad words and a Redis that goes away."""

import asyncio
import dataclasses
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.cast import eventually
from tests.servers import RedisServer
from witei_app.live import away, bus
from witei_app.live.bus import CHANNEL, InProcessBus, RedisBus
from witei_app.live.events import (
    KINDS,
    DeliveryQueued,
    Event,
    EventsMissed,
    MailStored,
    ProcessBegun,
    from_fields,
    to_fields,
)
from witei_app.tasks import end

SAMPLES: dict[str, Any] = {"int": 7, "str": "añ\n", "bool": True, "int | None": None, "tuple": ((1, 2), (3, 4))}
NO_EVENTS: list[str | bytes] = ["", "{", "[1]", b"\xff", '{"kind": "MailStored"}']
NO_EVENTS.append('{"by": "x", "n": 1, "event": {"kind": "FromANewerVersion", "workspace_id": 1}}')
NO_EVENTS.append('{"by": "x", "n": 2, "event": []}')


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_event_arrives_as_it_was_sent(kind: type[Event]) -> None:
    fields = {
        field.name: SAMPLES[getattr(field.type, "__name__", str(field.type))] for field in dataclasses.fields(kind)
    }
    event = kind(**fields)
    assert from_fields(json.loads(json.dumps(to_fields(event)))) == event


def test_what_a_newer_version_says_besides_is_left_out() -> None:
    assert from_fields({**to_fields(MailStored(1)), "more": 2}) == MailStored(1)


def test_every_kind_of_event_can_cross() -> None:
    assert set(KINDS.values()) == set(Event.__subclasses__())


async def test_a_listener_that_fails_silences_nobody(announced: list[Event]) -> None:
    def fails(_: Event) -> None:
        raise RuntimeError("no")

    end = bus.subscribe(fails)
    await bus.publish(MailStored(1), DeliveryQueued(2))
    end()
    assert announced == [MailStored(1), DeliveryQueued(2)]


@asynccontextmanager
async def process(redis: RedisServer, name: str) -> AsyncIterator[tuple[RedisBus, list[Event]]]:
    """A bus at work as each process has one, and what is heard there, but for processes that begin."""
    heard: list[Event] = []
    one = RedisBus(redis.url(), name, lambda event: heard.append(event) if event != ProcessBegun(0) else None)
    tasks = [asyncio.create_task(one.listen()), asyncio.create_task(one.speak())]

    async def is_there() -> bool:
        return one._is_listening

    assert await eventually(is_there)
    yield one, heard
    await end(tasks)
    await one.close()


def has_heard(events: list[Event], quantity: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return len(events) >= quantity

    return look


async def test_another_process_hears_all_in_order_and_this_one_at_once(redis: RedisServer) -> None:
    async with process(redis, "one") as (one, own), process(redis, "two") as (_, heard):
        events = [DeliveryQueued(n) for n in range(200)]
        await one.publish(*events[:100])
        for event in events[100:]:
            await one.publish(event)
        assert own == events
        assert await eventually(has_heard(heard, 200))
        assert heard == own == events


async def test_words_that_are_no_event_end_nothing(redis: RedisServer) -> None:
    async with process(redis, "one") as (one, _), process(redis, "two") as (_, heard):
        async with Redis.from_url(redis.url()) as client:
            for words in NO_EVENTS:
                await client.publish(CHANNEL, words)
        await one.publish(MailStored(1))
        assert await eventually(has_heard(heard, 1))
        assert heard == [MailStored(1)]


async def test_a_lost_connection_is_made_again_and_it_is_told_that_something_was_missed(redis: RedisServer) -> None:
    async with process(redis, "one") as (one, _), process(redis, "two") as (_, heard):
        async with Redis.from_url(redis.url()) as client:
            await client.client_kill_filter(_type="pubsub")
        await one.publish(MailStored(1))

        async def told() -> bool:
            await one.publish(MailStored(2))
            return MailStored(2) in heard

        assert await eventually(told)
        assert EventsMissed(0) in heard


async def test_what_comes_twice_is_heard_once_and_a_gap_is_noticed(redis: RedisServer) -> None:
    async with process(redis, "two") as (_, heard), Redis.from_url(redis.url()) as client:
        for number in (1, 2, 2, 1, 3, 5):
            line = {"by": "one", "n": number, "event": to_fields(MailStored(number))}
            await client.publish(CHANNEL, json.dumps(line))
        assert await eventually(has_heard(heard, 5))
        assert heard == [MailStored(1), MailStored(2), MailStored(3), EventsMissed(0), MailStored(5)]


async def test_nobody_waits_for_a_redis_that_is_away_and_what_was_said_is_sent_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "AGAIN_SECONDS", 0.05)
    own = RedisServer(tmp_path)
    async with process(own, "one") as (one, own_heard), process(own, "two") as (_, heard):
        own.stop()
        async with asyncio.timeout(20):  # it comes back after this
            await one.publish(MailStored(1))
        assert own_heard == [MailStored(1)]

        async def is_noticed() -> bool:
            return away.is_away(away.BUS)

        assert await eventually(is_noticed)
        own.start()

        async def is_told() -> bool:  # or that something was missed, who was not yet listening again
            return bool({MailStored(1), EventsMissed(0)} & set(heard)) and not away.is_away(away.BUS)

        assert await eventually(is_told)
    own.stop()


async def test_a_redis_that_answers_nothing_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QUIET_SECONDS", "PATIENCE_SECONDS", "AGAIN_SECONDS"):
        monkeypatch.setattr(bus, name, 0.2)
    own = RedisServer(tmp_path)
    async with process(own, "one"):
        os.kill(own.process.pid, signal.SIGSTOP)

        async def is_noticed() -> bool:
            return away.is_away(away.BUS)

        assert await eventually(is_noticed)
        os.kill(own.process.pid, signal.SIGCONT)

        async def is_back() -> bool:
            return not away.is_away(away.BUS)

        assert await eventually(is_back)
    own.stop()


async def test_nothing_is_sent_for_nothing(announced: list[Event]) -> None:
    await InProcessBus().publish()
    assert announced == []
