"""A tab's line is lost, its state, the database: what it shows is the truth again, and nothing half written is gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlmodel import col, select

from tests.cast import act, open_conversation, write_in
from tests.screen import Screen, until
from tests.state.conftest import Running, cookie_of
from witei_app.accounts.actor import Actor
from witei_app.conversations.draft import keep_draft, keep_draft_kind
from witei_app.conversations.thread import PAGE
from witei_app.db import reading
from witei_app.live import away, bus, relay, tabs
from witei_app.live.events import EventsMissed
from witei_app.models import Direction, Message


@asynccontextmanager
async def tab_of(running: Running, actor: Actor, conversation_id: int) -> AsyncIterator[Screen]:
    """A tab of the actor's, with the conversation open."""
    async with Screen(running.url, await cookie_of(actor)) as tab:
        await tab.open(conversation_id)
        yield tab


async def messages_of(conversation_id: int) -> list[int]:
    """What the database says."""
    query = select(Message.id).where(Message.conversation_id == conversation_id).order_by(col(Message.number))
    async with reading() as db:
        return list((await db.exec(query)).all())


async def test_what_is_open_stays_open_when_the_line_was_lost_and_what_came_is_there(
    running: Running,
) -> None:
    opened = await open_conversation(running.cast.marco)
    async with tab_of(running, running.cast.ana, opened) as tab:
        await tab.ask("details", "details_state", "write_note")
        await until(lambda: tab.var("details_state", "editing"))
        token = tab.token
        losing = asyncio.create_task(tab.lose_the_line())
        await write_in(opened)
        await losing
        await until(lambda: len(tab.messages()) == 2)
        assert (tab.token, tab.var("details_state", "editing")) == (token, "note")
        await write_in(opened, "And now?")
        await until(lambda: len(tab.messages()) == 3)
        assert tab.messages() == await messages_of(opened)


async def test_a_dead_line_that_nobody_has_noticed_makes_no_copy_of_the_tab(running: Running) -> None:
    opened = await open_conversation(running.cast.marco)
    async with tab_of(running, running.cast.ana, opened) as tab:
        await tab.ask("details", "details_state", "write_note")
        await until(lambda: tab.var("details_state", "editing"))
        again = Screen(running.url, tab._headers["Cookie"].partition("=")[2], tab.path)
        again.token, again.lines = tab.token, 1
        async with again:
            await until(lambda: again.messages())
            assert (again.token, again.var("details_state", "editing")) == (tab.token, "note")
            await write_in(opened)
            await until(lambda: len(again.messages()) == 2)


async def test_a_lost_state_brings_itself_back(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    from witei_app.witei_app import app

    opened = await open_conversation(running.cast.marco)
    async with tab_of(running, running.cast.ana, opened) as tab:
        app.state_manager.states.clear()  # type: ignore[attr-defined]
        for text in ("One", "Two"):
            await write_in(opened, text)
        await until(lambda: len(tab.messages()) == 3)
        assert tab.lines == 2
        await write_in(opened, "Three")
        await until(lambda: len(tab.messages()) == 4)
        assert tab.rows() == [opened]


async def test_when_events_were_missed_the_screen_becomes_what_the_database_says(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = await open_conversation(running.cast.marco)
    async with tab_of(running, running.cast.ana, opened) as tab:

        async def lose(*_: object) -> None: ...

        with monkeypatch.context() as silent:
            silent.setattr(bus, "publish", lose)
            silent.setattr("witei_app.db.bus.publish", lose)
            for number in range(3):
                await write_in(opened, f"Unheard {number}")
            other = await open_conversation(running.cast.marco, "Another flat?")
        assert len(tab.messages()) == 1
        bus.hand_out(EventsMissed(0))
        await until(lambda: len(tab.messages()) == 4)
        await until(lambda: tab.rows() == [other, opened])


async def test_a_flood_shows_its_end(running: Running) -> None:
    opened = await open_conversation(running.cast.marco)
    async with tab_of(running, running.cast.ana, opened) as tab:
        frozen = tabs.tab_of(next(iter(tabs._tabs)))
        assert frozen is not None
        frozen.is_told, frozen.told_at = True, asyncio.get_running_loop().time() + 1000  # it is busy with something
        for number in range(PAGE + 10):
            await write_in(opened, f"Flood {number}")
        frozen.is_told = False
        await write_in(opened, "The last one")
        expected = await messages_of(opened)
        await until(lambda: tab.messages() and tab.messages()[-1] == expected[-1])
        assert tab.messages() == expected[-len(tab.messages()) :]
        assert tab.var("thread_state", "has_older")


async def test_while_the_database_is_away_it_is_said_and_asked_for_again(running: Running) -> None:
    opened = await open_conversation(running.cast.marco)
    async with tab_of(running, running.cast.ana, opened) as tab:
        away.note(away.DATABASE)
        await until(lambda: tab.var("live_state", "trouble") == "database")
        await tab.ask("inbox", "inbox_state", "show", whose="mine")
        await until(lambda: tab.var("signed_in_state", "notice"))
        arriving = asyncio.create_task(Screen(running.url, await cookie_of_luis(running)).__aenter__())
        await asyncio.sleep(0.5)
        away.back(away.DATABASE)
        luis = await arriving
        assert luis.rows() == [opened], "who came while it was away is shown the page, too"
        await luis.__aexit__()
        await until(lambda: tab.var("live_state", "trouble") == "" and not tab.var("signed_in_state", "notice"))
        await write_in(opened)
        await until(lambda: len(tab.messages()) == 2)


async def cookie_of_luis(running: Running) -> str:
    """Opened before: nobody signs in without a database."""
    away.back(away.DATABASE)
    try:
        return await cookie_of(running.cast.luis)
    finally:
        away.note(away.DATABASE)


async def test_what_was_written_as_a_note_stays_one(running: Running) -> None:
    cast = running.cast
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, keep_draft_kind, is_note=True)
    await act(cast.ana, opened, keep_draft, "<p>He haggles</p>")
    async with tab_of(running, cast.ana, opened) as tab:
        assert tab.var("composer_state", "is_note")
        # The server has forgotten it, and the screen has not: what counts is what the screen said.
        await tab.ask("composer", "composer_state", "toggle_note")
        await until(lambda: not tab.var("composer_state", "is_note"))
        name = "sending_state"
        await tab.ask("sending", name, "send", conversation_id=opened, html="<p>No</p>", client_id="a", is_note=True)
        await until(lambda: len(tab.messages()) == 2)
    async with reading() as db:
        kinds = (await db.exec(select(Message.direction).where(Message.conversation_id == opened))).all()
    assert sorted(kinds) == sorted([Direction.IN, Direction.NOTE])


async def test_the_note_after_a_note_stays_one_and_what_comes_next_begins_with_the_signature(running: Running) -> None:
    cast = running.cast
    opened, other = await open_conversation(cast.marco), await open_conversation(cast.marco)
    composer, sending = ("composer", "composer_state"), ("sending", "sending_state")
    async with tab_of(running, cast.ana, opened) as tab:
        await tab.ask(*composer, "toggle_note")
        await tab.ask(*sending, "send", conversation_id=opened, html="<p>No</p>", client_id="a", is_note=True)
        await until(lambda: len(tab.messages()) == 2)
        await tab.ask(*composer, "toggle_signature")
        await until(lambda: not tab.var("composer_state", "has_signature"))
        await tab.open(other)
        assert tab.var("composer_state", "has_signature")  # left out of one message, it was not left out of all
        # What was written last is told when the other conversation is on the screen already.
        await tab.ask(*composer, "keep", conversation_id=opened, html="<p>He haggles</p>", number=1, is_note=True)
        await until(lambda: tab.var("composer_state", "kept_save") == 1)
        assert not tab.var("composer_state", "is_note")
        await tab.open(opened)
        assert tab.var("composer_state", "is_note")


async def test_a_note_stays_one_where_the_app_has_begun_anew(running: Running) -> None:
    opened = await open_conversation(running.cast.marco)
    async with tab_of(running, running.cast.ana, opened) as tab:
        ask = ("composer", "composer_state", "keep")
        await tab.ask(*ask, conversation_id=opened, html="<p>He haggles</p>", number=1, is_note=True)
        await until(lambda: tab.var("composer_state", "is_note"))
        # What the screen said before a press on Note changes nothing after it.
        await tab.ask(*ask[:2], "toggle_note")
        await tab.ask(*ask, conversation_id=opened, html="<p>He haggles.</p>", number=2, is_note=True)
        await until(lambda: tab.var("composer_state", "kept_save") == 2)
        assert not tab.var("composer_state", "is_note")


async def test_a_tab_that_could_not_show_its_news_is_told_again(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "BEHIND_SECONDS", 0.2)
    opened = await open_conversation(running.cast.marco)
    async with tab_of(running, running.cast.ana, opened) as tab:
        tabs.note_behind(next(iter(tabs._tabs)))
        frames = tab.frames
        await until(lambda: tab.frames > frames)
