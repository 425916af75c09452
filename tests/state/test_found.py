"""What a search finds in messages, as far back as there is time for; then it goes on when it is asked to."""

import pytest

from tests.cast import eventually, open_conversation
from tests.state.conftest import Running, cookie_of
from tests.state.test_live_pages import arrive, handler, shows
from witei_app.conversations import hits
from witei_app.crm.contacts import contact_of_address
from witei_app.db import transaction
from witei_app.live.events import AccessChanged, announce
from witei_app.models import ConversationScope, User
from witei_app.state import found
from witei_app.state.inbox import PIECES


async def test_what_comes_while_one_searches_is_listed_where_the_search_finds_it(running: Running) -> None:
    cast = running.cast
    before = await open_conversation(cast.marco)
    async with transaction() as db:
        nora = await contact_of_address(db, cast.sol, "nora@contact.test", "Nora Vila", "E-mail")
    async with running.tab(await cookie_of(cast.ana)) as tab:
        await tab.send(handler("conversations_page_state.arrive"), {})
        await tab.send(handler("inbox_state.find"), {"search": "pena mar"})
        await tab.hear_out()
        other, of_marco = await open_conversation(nora), await open_conversation(cast.marco)

        async def listed() -> bool:
            held = await tab.shown()
            ids = {row["id"] for part in ("rows", *PIECES) for row in held[f"inbox_state.{part}"]}
            assert other not in ids
            return ids == {before, of_marco}

        assert await eventually(listed)


async def test_a_search_that_had_no_time_says_how_far_it_came_and_goes_on(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hits, "AT_ONCE", 2)
    monkeypatch.setattr(hits, "OVERDUE", 10**7)
    monkeypatch.setattr(found, "PATIENCE", 1e-5)
    for _ in range(3):
        await open_conversation(running.cast.marco, "a garage")
    async with running.tab(await cookie_of(running.cast.ana)) as tab:
        await arrive(tab, "conversations_page_state", "/conversations")
        await tab.send(handler("inbox_state.find"), {"search": "garage"})
        assert await eventually(shows(tab, "found_state.found_turn", 1))
        held = await tab.shown()
        assert (len(held["found_state.found"]), held["found_state.has_more_found"]) == (2, False)
        assert held["found_state.found_since"]
        await tab.send(handler("found_state.look_further"), {})
        assert await eventually(shows(tab, "found_state.found_turn", 2))
        held = await tab.shown()
        assert (len(held["found_state.found"]), held["found_state.found_since"]) == (3, "")
        assert held["found_state.is_looking_further"] is False


async def test_what_was_found_goes_with_the_permission_to_see_it(running: Running) -> None:
    ana = running.cast.ana
    await open_conversation(running.cast.marco, "a garage")
    async with running.tab(await cookie_of(ana)) as tab:
        await arrive(tab, "conversations_page_state", "/conversations")
        await tab.send(handler("inbox_state.find"), {"search": "garage"})
        assert await eventually(shows(tab, "found_state.found_turn", 1))
        assert (await tab.shown())["found_state.found"]
        async with transaction() as db:
            (await db.get_one(User, ana.user_id)).conversation_scope = ConversationScope.OWN
            announce(db, AccessChanged(ana.workspace_id, ana.user_id or 0))
        assert await eventually(shows(tab, "found_state.found", []))
