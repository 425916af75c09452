"""Events cross processes whole, in order, and survive bad listeners, bad words and a Redis that goes away."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.cast import eventually
from tests.servers import RedisServer, free_port
from witei_app.live import bus
from witei_app.live.bus import CHANNEL, InProcessBus, RedisBus
from witei_app.live.events import KINDS, DeliveryQueued, Event, MailStored, from_json, to_json

SAMPLES: dict[str, Any] = {"int": 7, "str": "añ\n", "bool": True, "int | None": None, "tuple": ((1, 2), (3, 4))}
NO_EVENTS: list[str | bytes] = ["", "{", "[1]", b"\xff", '{"kind": "MailStored"}']
NO_EVENTS.append('{"kind": "FromANewerVersion", "workspace_id": 1}')


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_event_arrives_as_it_was_sent(kind: type[Event]) -> None:
    fields = {
        field.name: SAMPLES[getattr(field.type, "__name__", str(field.type))] for field in dataclasses.fields(kind)
    }
    event = kind(**fields)
    assert from_json(to_json(event)) == event


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
async def other_process(redis: RedisServer) -> AsyncIterator[None]:
    """A bus that listens, as another process has it; hands out to whoever listens here."""
    other = RedisBus(redis.url())
    listening = asyncio.create_task(other.listen())
    client = Redis.from_url(redis.url())

    async def is_there() -> bool:
        return bool((await client.pubsub_numsub(CHANNEL))[0][1])

    assert await eventually(is_there)
    yield
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await other.close()
    await client.aclose()


def heard(events: list[Event], quantity: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return len(events) >= quantity

    return look


async def test_another_process_hears_all_in_order(redis: RedisServer, announced: list[Event]) -> None:
    sender = RedisBus(redis.url())
    async with other_process(redis):
        events = [DeliveryQueued(n) for n in range(200)]
        await sender.publish(*events[:100])
        for event in events[100:]:
            await sender.publish(event)
        assert await eventually(heard(announced, 200))
    assert announced == events
    await sender.close()


async def test_words_that_are_no_event_end_nothing(redis: RedisServer, announced: list[Event]) -> None:
    async with other_process(redis), Redis.from_url(redis.url()) as client:
        for words in NO_EVENTS:
            await client.publish(CHANNEL, words)
        await client.publish(CHANNEL, to_json(MailStored(1)))
        assert await eventually(heard(announced, 1))
    assert announced == [MailStored(1)]


async def test_a_lost_connection_is_made_again(redis: RedisServer, announced: list[Event]) -> None:
    async with other_process(redis), Redis.from_url(redis.url()) as client:
        await client.client_kill_filter(_type="pubsub")

        async def told() -> bool:
            await client.publish(CHANNEL, to_json(MailStored(1)))
            return bool(announced)

        assert await eventually(told)


async def test_without_redis_the_own_process_hears_at_least(announced: list[Event]) -> None:
    alone = RedisBus(f"redis://127.0.0.1:{free_port()}/0")
    await alone.publish(MailStored(1))
    assert announced == [MailStored(1)]
    await alone.close()


async def test_nothing_is_sent_for_nothing(announced: list[Event]) -> None:
    await InProcessBus().publish()
    assert announced == []
