"""What was written is found, by whoever may read it, newest first, with its words marked."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast, act, counted_queries, give, open_conversation, write_in
from witei_app.accounts.actor import Actor
from witei_app.conversations import search as searching
from witei_app.conversations.delete import delete, restore
from witei_app.conversations.move import move, split
from witei_app.conversations.reply import send_reply, write_note
from witei_app.conversations.search import Found, found_row, marked, plain, search_messages, terms_of
from witei_app.conversations.undo import undo_send
from witei_app.db import reading, transaction
from witei_app.models import Conversation, Message


async def found(actor: Actor, search: str) -> list[int]:
    """The conversations, as they are listed."""
    return [one.conversation_id for one in (await page(actor, search))[0]]


async def page(actor: Actor, search: str, before: int = 0) -> tuple[list[Found], int]:
    async with reading() as db:
        return await search_messages(db, actor, search, before)


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


async def test_words_are_found_without_case_and_accents(cast: Cast) -> None:
    text = "¿Tiene terraza con jardín? Ref. A-1234, en Las Peñas_Altas, un ático de 3 habitaciones."
    opened = await open_conversation(cast.marco, text)
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
        message = (await search_messages(db, cast.ana, "lighthouse"))[0][0]
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


async def test_who_may_see_few_goes_on_after_a_bounded_look(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "LOOKED_AT", 3)
    own = await open_conversation(cast.marco, "a garage")
    await give(cast.ana, own, cast.eva)
    for _ in range(4):
        await open_conversation(cast.marco, "the garage")
    rows, place = await page(cast.eva, "garage")
    assert rows == []
    rows, place = await page(cast.eva, "garage", place)
    assert ([row.conversation_id for row in rows], place) == ([own], 0)


async def test_at_most_two_queries(cast: Cast) -> None:
    for _ in range(3):
        await open_conversation(cast.marco, "a garage", "another garage")
        with counted_queries() as queries:
            await page(cast.ana, "garage")
        assert len(queries) == 2


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
