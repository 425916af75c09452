"""The pages' socket is for who is signed in: nobody else costs a tab's state, and one person costs so many."""

import asyncio
import json
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.state.conftest import NAMESPACE, Running, Tab, all_states, cookie_of
from witei_app.accounts.sign_in import close_session
from witei_app.db import transaction
from witei_app.http import tabs_door


async def all_told(tab: Tab) -> list[str]:
    """What the tab hears until it is told to go, or nothing more."""
    heard: list[str] = []
    async with asyncio.timeout(30):
        while not heard or not heard[-1].startswith("41"):
            heard.append(str(await tab.connection.recv()))
    return heard


def states(app: Any) -> int:
    """How many tabs have a state."""
    return len(app.state_manager.states)


@pytest.fixture
def app() -> Any:
    from witei_app.witei_app import app

    return app


async def test_who_is_not_signed_in_hears_where_to_and_costs_no_state(running: Running, app: Any) -> None:
    ended = await cookie_of(running.cast.ana)
    async with transaction() as db:
        await close_session(db, ended)
    before = states(app)
    for cookie in ("", "forged", ended):
        async with running.tab(cookie) as tab:
            heard = await all_told(tab)
        assert any('"_redirect"' in frame and '"/login"' in frame for frame in heard)
    assert states(app) == before


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://localhost:1", "http://localhost.evil.test"])
async def test_a_page_of_another_origin_gets_no_socket(running: Running, origin: str) -> None:
    for cookie in ("", await cookie_of(running.cast.ana)):
        with pytest.raises(InvalidStatus, match="403"):
            async with running.tab(cookie, origin=origin):
                pass


async def test_it_is_what_reflex_says_to_a_tab_whose_session_is_over(running: Running) -> None:
    cookie = await cookie_of(running.cast.ana)
    async with running.tab(cookie) as tab:
        await tab.hear_out()
        async with transaction() as db:
            await close_session(db, cookie)
        inbox = next(state for state in all_states() if state.__name__ == "ConversationsPageState")
        await tab.send(f"{inbox.get_full_name()}.arrive", {})
        while '"_redirect"' not in (by_reflex := str(await tab.connection.recv())):
            pass
    async with running.tab(cookie) as tab:
        by_us = next(frame for frame in await all_told(tab) if '"_redirect"' in frame)
    assert payload(by_us)["events"][0]["payload"] == payload(by_reflex)["events"][0]["payload"]


def payload(frame: str) -> Any:
    return json.loads(frame.removeprefix(f"42{NAMESPACE},"))[1]


async def test_a_silent_one_is_closed(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs_door, "_PATIENCE", 0.2)
    async with running.tab() as tab:
        async with asyncio.timeout(30):
            await tab.connection.wait_closed()


async def test_one_person_opens_so_many_tabs(running: Running, monkeypatch: pytest.MonkeyPatch, app: Any) -> None:
    monkeypatch.setattr(tabs_door, "MOST_LATELY", 3)
    tabs_door.room.forget()  # what the tests before had open
    ana, luis = await cookie_of(running.cast.ana), await cookie_of(running.cast.luis)
    for number in range(3):
        async with running.tab(ana, f"tab-{number}") as tab:
            await tab.hear_out()
    before = states(app)
    async with running.tab(ana, "one-more") as tab:
        assert not any('"_redirect"' in frame for frame in await all_told(tab))
    assert states(app) == before
    for cookie, token in ((ana, "tab-1"), (luis, "another")):
        async with running.tab(cookie, token) as tab:
            await tab.hear_out()
