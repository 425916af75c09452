"""What was written is found, by whoever may read it, newest first, with its words marked."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from tests.cast import Cast, Configure, act, counted_queries, get, give, make_cast, open_conversation, write_in
from witei_app import db as database
from witei_app.accounts.actor import Actor
from witei_app.conversations import hits as finding
from witei_app.conversations import search as searching
from witei_app.conversations.delete import delete, restore
from witei_app.conversations.hits import Hits
from witei_app.conversations.move import move, split
from witei_app.conversations.reply import send_reply, write_note
from witei_app.conversations.search import Found, Look, found_row, marked, search_messages
from witei_app.conversations.terms import plain, terms_of
from witei_app.conversations.undo import undo_send
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.models import Conversation, Message
from witei_app.patience import TooLong


@pytest.fixture
async def postgres_cast(postgres_url: str, configure: Configure) -> AsyncIterator[Cast]:
    """Everybody, on PostgreSQL."""
    database.connect(postgres_url)
    yield await make_cast()
    await database.dispose()


async def found(actor: Actor, search: str) -> list[int]:
    """The conversations, as they are listed."""
    return [one.conversation_id for one in (await page(actor, search))[0]]


async def page(actor: Actor, search: str, before: int = 0) -> tuple[list[Found], int]:
    look = await looked(actor, search, before, patience=60)
    assert look.since is None
    return look.found, look.place


async def looked(actor: Actor, search: str, before: int = 0, *, patience: float) -> Look:
    async with reading() as db:
        return await search_messages(db, actor, search, before, patience)


FOUND_BY = {
    "jardín": True,
    "JARDIN": True,
    "jar": True,
    "ja": False,
    "jardines": False,
    "terraza jardin": True,
    "jardin piscina": False,
    '"con jardin"': True,
    '"jardin con"': False,
    "A-1234": True,
    "1234-A": False,
    "penas": True,
    "ático": True,
    "de": False,
    "   ": False,
    '" OR 1=1 --': False,
    "(jardin": True,
    "jardin* ": True,
    "jardin:*'": True,
    "\\": False,
}


TEXT = "¿Tiene terraza con jardín? Ref. A-1234, en Las Peñas_Altas, un ático de 3 habitaciones."


async def test_words_are_found_without_case_and_accents(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, TEXT)
    for search, is_found in FOUND_BY.items():
        assert await found(cast.ana, search) == ([opened] if is_found else []), search
        assert await found(cast.vera, search) == [], search


async def test_subjects_are_found_too(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, "Hello", subject="Piso en Chamberí")
    await write_in(opened, "Again", subject="Re: Piso en Chamberí")
    assert await found(cast.ana, "chamberi piso") == [opened]


async def test_newest_first_each_conversation_once(cast: Cast) -> None:
    first = await open_conversation(cast.marco, "the garage", "and the garage door")
    second = await open_conversation(cast.marco, "a garage")
    assert await found(cast.ana, "garage") == [second, first]
    await write_in(first, "garage?")
    (newest, _), place = await page(cast.ana, "garage")
    assert (newest.conversation_id, newest.number, place) == (first, 3, 0)


async def test_only_what_one_may_see(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, "the lighthouse")
    assert await found(cast.eva, "lighthouse") == []
    await give(cast.ana, opened, cast.eva)
    assert await found(cast.eva, "lighthouse") == [opened]
    await act(cast.ana, opened, delete)
    assert await found(cast.ana, "lighthouse") == await found(cast.eva, "lighthouse") == []
    async with transaction() as db:
        await restore(db, cast.ana, await db.get_one(Conversation, opened))
    assert await found(cast.ana, "lighthouse") == [opened]


async def test_notes_are_found_by_users_alone(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, write_note, "<p>He is a lighthouse keeper</p>")
    (row,), _ = await page(cast.luis, "lighthouse")
    assert found_row(row, "lighthouse", cast.luis).is_note
    assert await found(Actor.system(cast.sol), "lighthouse") == []


async def test_what_was_called_back_is_found_no_more(cast: Cast, configure: Any) -> None:
    configure(UNDO_SECONDS="10")
    opened = await open_conversation(cast.marco)
    sent: Message = await act(cast.ana, opened, send_reply, "<p>The lighthouse is free</p>")
    assert await found(cast.ana, "lighthouse") == [opened]
    async with transaction() as db:
        await undo_send(db, cast.ana, sent.id)
    assert await found(cast.ana, "lighthouse") == []


async def test_a_moved_mail_is_found_where_it_is(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, "the lighthouse", "the garage")
    async with reading() as db:
        message = (await search_messages(db, cast.ana, "lighthouse")).found[0]
    async with transaction() as db:
        other = await split(db, cast.ana, message.id)
    assert await found(cast.ana, "lighthouse") == [other]
    async with transaction() as db:
        await move(db, cast.ana, message.id, opened)
    assert await found(cast.ana, "lighthouse") == [opened]


async def test_pages_go_on_where_the_last_ended(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)
    monkeypatch.setattr(searching, "READ_AT_ONCE", 3)
    opened = [await open_conversation(cast.marco, "a garage", "the garage") for _ in range(5)]
    listed: list[int] = []
    place = 0
    while True:
        rows, place = await page(cast.ana, "garage", place)
        listed += [row.conversation_id for row in rows if row.conversation_id not in listed]
        if not place:
            break
    assert listed == opened[::-1]


async def test_who_may_see_few_is_shown_them_however_many_there_are(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "AT_ONCE", 3)
    own = await open_conversation(cast.marco, "a garage")
    await give(cast.ana, own, cast.eva)
    for _ in range(7):
        await open_conversation(cast.marco, "the garage")
    assert await found(cast.eva, "garage") == [own]


async def test_when_time_is_up_it_is_said_how_far_back_was_looked_and_one_may_go_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"AT_ONCE": 2, "FIRST_STRETCH": 2, "LEAST_STRETCH": 1, "OVERDUE": 10**7}.items():
        monkeypatch.setattr(finding, name, value)
    opened = [await open_conversation(cast.marco, "a garage") for _ in range(5)]
    look = await looked(cast.ana, "garage", patience=1e-5)
    assert [one.conversation_id for one in look.found] == opened[:2:-1]
    assert look.since == (await get(Message, look.place)).created_at
    rest, _ = await page(cast.ana, "garage", look.place)
    assert [one.conversation_id for one in rest] == opened[2::-1]


async def test_what_takes_far_too_long_is_broken_off_and_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(*_: object) -> AsyncIterator[Hits]:
        raise TooLong
        yield

    monkeypatch.setattr(searching, "hits", slow)
    with pytest.raises(Refused, match="takes too long just now"):
        await looked(cast.ana, "garage", patience=1)


@pytest.mark.parametrize("few", [-1, 10**9], ids=["one by one", "from the index"])
async def test_postgresql_finds_the_same_both_ways(
    postgres_cast: Cast, few: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FEW", few)
    for text_of in (TEXT, "the garage", "a garage"):
        await open_conversation(postgres_cast.marco, text_of)
    async with transaction() as db:
        await db.exec(text("ANALYZE message"))  # type: ignore[call-overload]
    for search, is_found in FOUND_BY.items():
        assert bool(await found(postgres_cast.ana, search)) == is_found, search
        assert await found(postgres_cast.vera, search) == [], search


async def test_a_page_costs_the_same_however_much_there_is(cast: Cast) -> None:
    asked = []
    for _ in range(3):
        await open_conversation(cast.marco, "a garage", "another garage")
        with counted_queries() as queries:
            await page(cast.ana, "garage")
        asked.append(len([one for one in queries.statements if one.startswith("SELECT") or "pg_stats" in one]))
    assert asked in ([2, 2, 2], [3, 3, 3])  # SQLite's index and the messages; PostgreSQL is asked what it expects, too


def test_found_words_are_marked_and_nothing_else_changes() -> None:
    pieces = marked("¿Hay jardín? <b>Jardines</b> & jardin\n\nSí.", terms_of("JARDIN"))
    assert [piece.text for piece in pieces if piece.is_found] == ["jardín", "Jardines", "jardin"]
    assert "".join(piece.text for piece in pieces) == "¿Hay jardín? <b>Jardines</b> & jardin Sí."


def test_the_excerpt_is_around_the_first_found_word() -> None:
    pieces = marked("far away " * 100 + "a garage " + "and so on " * 100, terms_of("garage"))
    assert pieces[0].text == "… "
    assert [piece.text for piece in pieces if piece.is_found] == ["garage"]
    assert sum(len(piece.text) for piece in pieces) < 240


@given(text=st.text(max_size=300), search=st.text(max_size=60))
def test_marking_never_changes_the_words(text: str, search: str) -> None:
    pieces = marked(text, terms_of(search))
    shown = "".join(piece.text for piece in pieces).removeprefix("… ").removesuffix("…")
    assert plain(shown) in plain(" ".join(text.split()))
