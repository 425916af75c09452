"""The list: paging, views and search, always the same number of queries."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import insert

from tests.cast import Cast, act, counted_queries, give, open_conversation, write_in
from witei_app.accounts.actor import Actor
from witei_app.conversations.archive import archive
from witei_app.conversations.counts import Counts, read_counts
from witei_app.conversations.inbox import inbox_page, personal_lines
from witei_app.conversations.reply import send_reply
from witei_app.conversations.view import Line, Place, View, belongs_in, parts_of, rank_of
from witei_app.crm.contacts import contact_of_address, search_text
from witei_app.db import reading, transaction
from witei_app.models import Channel, Contact, Conversation


async def page(actor: Actor, view: View | None = None, after: Place | None = None) -> tuple[list[int], Place | None]:
    """The ids of a page of three, and where the next begins."""
    async with reading() as db:
        lines, place = await inbox_page(db, actor, view or View(), after, limit=3)
    return [line.id for line in lines], place


async def listed(actor: Actor, view: View) -> list[int]:
    """All ids of a view."""
    async with reading() as db:
        return [line.id for line in (await inbox_page(db, actor, view))[0]]


async def at_once(cast: Cast, quantity: int) -> list[int]:
    """Conversations whose last messages came in the same microsecond."""
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    one = Conversation(workspace_id=cast.sol, contact_id=cast.marco.id, contact_name="Marco", last_message_at=moment)
    async with transaction() as db:
        await db.exec(insert(Conversation), params=[one.model_dump(exclude={"id"}) for _ in range(quantity)])
    return await listed(cast.ana, View())


async def test_each_conversation_comes_once_and_newest_first_though_all_came_at_once(cast: Cast) -> None:
    await at_once(cast, 10)
    found: list[int] = []
    place: Place | None = None
    while True:
        ids, place = await page(cast.ana, after=place)
        found += ids
        if place is None:
            break
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found) == 10


async def test_what_moves_between_two_pages_neither_hides_nor_doubles_the_others(cast: Cast) -> None:
    opened = [await open_conversation(cast.marco) for _ in range(8)]
    first, place = await page(cast.ana)
    await write_in(opened[0])  # from the last page to the top
    await write_in(first[0])
    await act(cast.ana, first[1], archive)
    await open_conversation(cast.marco)
    second, place = await page(cast.ana, after=place)
    third, place = await page(cast.ana, after=place)
    assert [*first, *second, *third] == opened[:0:-1]
    assert place is None


async def test_the_views_are_whose_and_which(cast: Cast) -> None:
    nobodys, anas, luises, archived = [await open_conversation(cast.marco) for _ in range(4)]
    await give(cast.ana, anas, cast.ana)
    await give(cast.ana, luises, cast.luis)
    await act(cast.ana, archived, archive)
    expected = {
        View(): [luises, anas, nobodys],
        View("mine"): [anas],
        View("unassigned"): [nobodys],
        View(str(cast.luis.user_id)): [luises],
        View("all", "archived"): [archived],
    }
    assert {view: await listed(cast.ana, view) for view in expected} == expected


async def test_a_channel_alone_and_what_needs_a_reply_alone(cast: Cast) -> None:
    mail, chat = await open_conversation(cast.marco), await open_conversation(cast.marco, channel=Channel.WEB_CHAT)
    answered = await open_conversation(cast.marco)
    await act(cast.ana, answered, send_reply, "Yes, it is")
    expected = {
        View(channel="email"): [answered, mail],
        View(channel="web_chat"): [chat],
        View(needs_reply=True): [chat, mail],
        View(needs_reply=True, channel="email"): [mail],
        View("mine", needs_reply=True): [],
    }
    assert {view: await listed(cast.ana, view) for view in expected} == expected
    async with reading() as db:
        assert await read_counts(db, cast.ana, "open", "web_chat") == Counts(1, 0, 1)
        assert await read_counts(db, cast.ana, "needs_reply") == Counts(2, 0, 2)
        assert await read_counts(db, cast.ana, "needs_reply", "email") == Counts(1, 0, 1)


async def test_the_longest_waiting_come_first_then_the_newest(cast: Cast) -> None:
    longest, answered, last, older = [await open_conversation(cast.marco) for _ in range(4)]
    for done in (older, answered):
        await act(cast.ana, done, send_reply, "Yes, it is")
    await write_in(longest)  # waits since the first message, not since the newest
    view = View(order="waiting")
    first, place = await page(cast.ana, view)
    rest, end = await page(cast.ana, view, place)
    assert [*first, *rest] == [longest, last, answered, older]
    assert end is None
    assert await listed(cast.ana, View(order="waiting", needs_reply=True)) == [longest, last]


async def test_ranks_put_lines_in_the_order_of_the_database(cast: Cast) -> None:
    opened = [await open_conversation(cast.marco) for _ in range(5)]
    await at_once(cast, 3)
    await act(cast.ana, opened[2], send_reply, "Yes")
    for view in (View(), View(order="waiting"), View(order="waiting", needs_reply=True), View(needs_reply=True)):
        async with reading() as db:
            lines, _ = await inbox_page(db, cast.ana, view)
        assert lines == sorted(lines, key=lambda line: (rank_of(line, view), line.id), reverse=True)


async def test_a_changed_line_belongs_where_the_database_would_show_it(cast: Cast) -> None:
    opened = [await open_conversation(cast.marco) for _ in range(3)]
    await give(cast.ana, opened[0], cast.eva)
    await give(cast.ana, opened[1], cast.ana)
    await act(cast.ana, opened[2], archive)
    await act(cast.ana, opened[1], send_reply, "Yes")
    whose, statuses, channels = ("all", "mine", "unassigned", "2"), ("open", "archived"), ("", "email", "web_chat")
    views = [
        View(one, status, channel=channel, needs_reply=needs_reply)
        for one, status, channel, needs_reply in product(whose, statuses, channels, (False, True))
    ]
    async with reading() as db:
        lines = await personal_lines(db, cast.ana, opened)
    for actor in (cast.ana, cast.luis, cast.eva, cast.vera):
        for view in views:
            told = {line.id for line in lines if belongs_in(line, actor, view)}
            assert told == set(await listed(actor, view)), (actor.name, view)


@pytest.fixture
async def people(cast: Cast) -> dict[str, int]:
    """Conversations with people whose names are hard to find."""
    found = {}
    for name, email, phone in (
        ("Íñigo Peña", "inigo@casa.test", "+34 600 11 22 33"),
        ("ÁNGELES 100%", "a_b.2024-05@casa.test", ""),
        ("Strauß Łukasz", "axb@casa.test", "911223344"),
    ):
        async with transaction() as db:
            contact = await contact_of_address(db, cast.sol, email, name, "E-mail")
            contact.phone = phone
            contact.search_text = search_text(contact)
        found[name.split()[0]] = await open_conversation(contact)
    return found


FOUND_BY = {
    "pena": ["Íñigo"],
    "IÑI": ["Íñigo"],
    "peña íñigo": ["Íñigo"],
    "angeles": ["ÁNGELES"],
    "STRAUSS": ["Strauß"],
    "casa.test": ["Strauß", "ÁNGELES", "Íñigo"],
    "600112233": ["Íñigo"],
    "600 11 22": ["Íñigo"],
    "(600)11-22.33": ["Íñigo"],
    "911-22-33": ["Strauß"],
    "2024-05": ["ÁNGELES"],
    "0%": ["ÁNGELES"],
    "%": ["ÁNGELES"],
    "a_b": ["ÁNGELES"],
    "_": ["ÁNGELES"],
    "\\": [],
    "' OR 1=1 --": [],
    "   ": ["Strauß", "ÁNGELES", "Íñigo"],
}


async def test_search_finds_any_part_of_name_mail_and_phone(cast: Cast, people: dict[str, int]) -> None:
    for search, names in FOUND_BY.items():
        assert await listed(cast.ana, View(search=search)) == [people[name] for name in names], search
        assert await listed(cast.vera, View(search=search)) == []


async def test_a_page_is_one_query_however_long_the_list(cast: Cast) -> None:
    for quantity in (10, 990):
        await at_once(cast, quantity)
        for view in (View(), View("mine", "archived"), View(search="pe"), View(order="waiting")):
            with counted_queries() as queries:
                lines, place = await _first(cast.ana, view)
            assert len(queries) == len(parts_of(view))
    assert len(lines) == 50
    assert place is not None


async def _first(actor: Actor, view: View) -> tuple[list[Line], Place | None]:
    async with reading() as db:
        return await inbox_page(db, actor, view)


async def test_whatever_a_view_is_called_it_is_a_view_and_no_fault(lite_cast: Cast) -> None:
    opened = await open_conversation(lite_cast.marco)
    assert await listed(lite_cast.ana, View("9" * 30)) == []
    for strange in ("²", "٣", "-1", "1; DROP TABLE user", "All"):
        assert await listed(lite_cast.ana, View(strange)) in ([opened], [])


async def test_a_line_says_what_happened_last(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, "First", subject="Flat")
    await give(cast.ana, opened, cast.luis)
    async with reading() as db:
        (line,), _ = await inbox_page(db, cast.ana, View())
        contact = await db.get_one(Contact, cast.marco.id)
    assert (line.contact_name, line.subject, line.preview) == (contact.full_name, "Flat", "First")
    assert (line.assignee_name, line.needs_reply, line.is_unread) == ("Luis Soto", True, True)
    assert datetime.now(UTC) - line.last_message_at < timedelta(minutes=1)
