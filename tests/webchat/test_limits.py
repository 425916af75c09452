"""How much one may write."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests.cast import eventually
from tests.webchat.conftest import Agency, Visit, closing, conversations, texts
from witei_app.http import widget_talk
from witei_app.settings import settings
from witei_app.webchat import limits
from witei_app.webchat.limits import Wait, chat_limits, is_here, network
from witei_app.webchat.look import LONGEST_TEXT


@pytest.fixture
def _behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WITEI_TRUSTED_PROXY_HOPS", "1")
    settings.cache_clear()
    yield
    settings.cache_clear()


async def test_who_writes_too_fast_is_told_when_to_go_on(lite_sol: Agency, visit: Visit) -> None:
    marco = await visit(lite_sol.key)
    await marco.hello()
    answers = [await marco.say(f"message {number}") for number in range(13)]
    assert [answer["t"] for answer in answers] == ["said"] * 12 + ["refused"]
    refusal = answers[-1]
    assert refusal["code"] == "slow_down"
    assert 1 <= refusal["after"] <= 5
    assert refusal["text"].startswith("Escribe muy deprisa")
    assert len(await texts()) == 12


async def test_a_message_that_is_too_long_or_empty_is_refused_in_words(lite_sol: Agency, visit: Visit) -> None:
    marco = await visit(lite_sol.key)
    await marco.hello()
    assert (await marco.say("x" * (LONGEST_TEXT + 1)))["code"] == "too_long"
    for nothing in (" \n ", "\u200b\u200d"):
        assert (await marco.say(nothing))["code"] == "empty"
    assert (await marco.say("x" * LONGEST_TEXT))["t"] == "said"


@pytest.mark.usefixtures("_behind_a_proxy")
async def test_one_address_begins_only_so_many_conversations(
    lite_sol: Agency, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CHATS_BY_ADDRESS", (limits.parse("2 per 1 hour"),))
    answers = []
    for address in ("203.0.113.5", "203.0.113.5", "203.0.113.5", "203.0.113.6"):
        visitor = await visit(lite_sol.key, additional_headers={"X-Forwarded-For": address})
        await visitor.hello()
        answers.append((await visitor.say("hola"))["t"])
    assert answers == ["said", "said", "refused", "said"]
    assert len(await conversations()) == 3


async def test_a_flood_of_frames_closes_the_socket(lite_sol: Agency, visit: Visit) -> None:
    marco = await visit(lite_sol.key)
    await marco.hello()
    for _ in range(150):
        await marco.send({"t": "ping"})
    assert await closing(marco) == (4429, "Too many frames.")


async def test_one_visitors_excess_is_not_anothers(lite_sol: Agency) -> None:
    for _ in range(12):
        assert await chat_limits.wait_for_message("marco", "203.0.113.5", 1) == Wait()
    assert (await chat_limits.wait_for_message("marco", "203.0.113.5", 1)).text == "slow_down"
    assert await chat_limits.wait_for_message("carla", "203.0.113.5", 1) == Wait()


def test_a_subscriber_is_an_address_or_a_64() -> None:
    assert network("203.0.113.5") == "203.0.113.5"
    assert network("2001:db8:1:2:aaaa::1") == network("2001:db8:1:2:bbbb::2") == "2001:db8:1:2::/64"
    assert is_here("127.0.0.1")
    assert is_here("::1")
    assert not is_here("203.0.113.5")


async def test_too_many_bytes_are_refused_whoever_sends_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEGABYTES_BY_ADDRESS", (limits.parse("30 per 10 minutes"),))
    monkeypatch.setattr(limits, "MEGABYTES_BY_WIDGET", (limits.parse("60 per 1 hour"),))
    twenty = 20 * 1024 * 1024
    assert await chat_limits.wait_for_bytes("marco", "203.0.113.5", 1, twenty) == 0
    assert await chat_limits.wait_for_bytes("carla", "203.0.113.5", 1, twenty) > 0  # the same address
    assert await chat_limits.wait_for_bytes("carla", "203.0.113.6", 1, twenty) == 0
    for _ in range(3):
        assert await chat_limits.wait_for_bytes("nora", "127.0.0.1", 2, twenty) == 0
    assert await chat_limits.wait_for_bytes("nora", "127.0.0.1", 2, 1) > 0  # the widget has had sixty


async def test_when_others_are_too_many_the_message_waits_and_says_so(
    lite_sol: Agency, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CHATS_BY_WIDGET", (limits.parse("1 per 1 hour"),))
    answers = []
    for _ in range(2):
        visitor = await visit(lite_sol.key)
        await visitor.hello()
        answers.append(await visitor.say("hola"))
    assert [answer["t"] for answer in answers] == ["said", "refused"]
    assert (answers[1]["code"], answers[1]["after"]) == ("busy", limits.MOST_PATIENCE)
    assert answers[1]["text"].startswith("Estamos recibiendo")


@pytest.mark.parametrize("of", ["SOCKETS_BY_WIDGET", "SOCKETS_BY_VISITOR"])
async def test_so_many_connections_are_open_and_no_more(
    lite_sol: Agency, visit: Visit, monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    monkeypatch.setattr(widget_talk, of, 2)
    first = await visit(lite_sol.key)
    await first.hello()
    second = await visit(lite_sol.key, first.token)
    await second.hello()
    third = await visit(lite_sol.key, first.token)
    with suppress(ConnectionClosed):
        await third.send({"t": "hello", "token": first.token})
    assert await closing(third) == (4429, "Too many connections.")
    await second.connection.close()

    async def is_let_in() -> bool:
        again = await visit(lite_sol.key, first.token)
        with suppress(ConnectionClosed):
            return bool(await again.hello())
        return False

    assert await eventually(is_let_in)
