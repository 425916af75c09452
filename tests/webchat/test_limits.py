"""How much one may write."""

from collections.abc import Iterator

import pytest

from tests.webchat.conftest import Agency, Visit, closing, conversations, texts
from witei_app.settings import settings
from witei_app.webchat import limits
from witei_app.webchat.limits import chat_limits, is_here, network
from witei_app.webchat.page import LONGEST_TEXT


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
    assert (await marco.say(" \n "))["code"] == "empty"
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
        assert await chat_limits.wait_for_message("marco", "203.0.113.5", 1) == 0
    assert await chat_limits.wait_for_message("marco", "203.0.113.5", 1) > 0
    assert await chat_limits.wait_for_message("carla", "203.0.113.5", 1) == 0


def test_a_subscriber_is_an_address_or_a_64() -> None:
    assert network("203.0.113.5") == "203.0.113.5"
    assert network("2001:db8:1:2:aaaa::1") == network("2001:db8:1:2:bbbb::2") == "2001:db8:1:2::/64"
    assert is_here("127.0.0.1")
    assert is_here("::1")
    assert not is_here("203.0.113.5")
