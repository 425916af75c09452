"""What a contact does with a quote under its link, and how the team hears of it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast, act, all_of, announced, get, open_conversation
from tests.crm.test_quotes import write
from witei_app.clock import now
from witei_app.conversations.files import waiting_files
from witei_app.conversations.reply import send_reply
from witei_app.crm.quote_file import attach_quote, pdf_of
from witei_app.crm.quote_link import answer_quote, link_to, note_reading, offer_of
from witei_app.crm.quote_states import expire_quotes, set_state
from witei_app.crm.quotes import find_quote, new_quote
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.live.events import ConversationChanged, Event, MessageChanged
from witei_app.mail.parse import parse_mail
from witei_app.models import Contact, ConversationEvent, Delivery, EventKind, Quote, QuoteState, Workspace
from witei_app.outbox.letter import letter_of

__all__ = ["announced"]


async def sent(cast: Cast, opened: int) -> tuple[Quote, str]:
    """A quote that went out in this conversation, and its link's token."""
    quote = await write(cast.ana, cast.marco.id)
    async with transaction() as db:
        await attach_quote(db, cast.ana, opened, quote.id)
    async with reading() as db:
        files = await waiting_files(db, cast.ana, opened)
    await act(cast.ana, opened, send_reply, "Here", files=files)
    return quote, link_to(quote).rpartition("/")[2]


async def answer(token: str, accepts: bool = True, name: str = "Marco Peña", words: str = "") -> None:
    async with transaction() as db:
        await answer_quote(db, token, accepts=accepts, name=name, answer=words)


async def kinds(opened: int) -> list[str]:
    events = await all_of(ConversationEvent, ConversationEvent.conversation_id == opened)
    return [event.kind for event in events if event.kind.startswith("quote")]


async def test_reading_and_accepting_show_in_the_conversation(cast: Cast, announced: list[Event]) -> None:
    opened = await open_conversation(cast.marco)
    await open_conversation(cast.marco)  # a newer one, which has no quote
    quote, token = await sent(cast, opened)
    announced.clear()
    for _ in range(2):
        async with transaction() as db:
            await note_reading(db, token)
    await answer(token, words="When do we start?\0\n")
    await answer(token)  # pressed twice
    assert await kinds(opened) == [EventKind.QUOTE_READ, EventKind.QUOTE_ACCEPTED]
    stored = await get(Quote, quote.id)
    assert (stored.state, stored.answered_by, stored.answer) == ("accepted", "Marco Peña", "When do we start?")
    (event,) = await all_of(ConversationEvent, ConversationEvent.kind == EventKind.QUOTE_ACCEPTED)
    assert event.data == {"quote": quote.id, "number": quote.number, "name": "Marco Peña"}
    for kind in (ConversationChanged, MessageChanged):
        assert {one.conversation_id for one in announced if isinstance(one, kind)} == {opened}


async def test_the_link_stands_in_the_letter_as_well_as_in_the_paper(cast: Cast) -> None:
    async with transaction() as db:
        (await db.get_one(Contact, cast.marco.id)).language = "en"
    opened = await open_conversation(cast.marco)
    quote, token = await sent(cast, opened)
    async with reading() as db:
        letter = await letter_of(db, (await all_of(Delivery))[-1].id)
    parsed = parse_mail(letter.raw)
    assert f'href="{link_to(quote)}"' in parsed.html
    assert f"Read quote {quote.number} online, accept or decline it ({link_to(quote)})" in parsed.text
    async with reading() as db:
        assert (await offer_of(db, token)).quote.id == quote.id


async def test_a_declined_quote_is_not_accepted_afterwards(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    quote, token = await sent(cast, opened)
    await answer(token, accepts=False)
    with pytest.raises(Refused, match="already"):
        await answer(token)
    assert ((await get(Quote, quote.id)).state, await kinds(opened)) == ("declined", [EventKind.QUOTE_DECLINED])


async def test_two_answers_at_once_are_one(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    _, token = await sent(cast, opened)
    results = await asyncio.gather(*(answer(token, accepts=one % 2 == 0) for one in range(6)), return_exceptions=True)
    assert sum(isinstance(one, Refused) for one in results) == 3
    assert len(await kinds(opened)) == 1


@pytest.mark.parametrize("state", ["draft", "withdrawn", "expired", "over"])
async def test_what_is_not_on_offer_is_not_accepted(cast: Cast, state: str) -> None:
    quote, token = await sent(cast, await open_conversation(cast.marco))
    async with transaction() as db:
        row = await find_quote(db, cast.ana, quote.id)
        row.state = "sent" if state == "over" else state
        row.valid_until = now().date() - timedelta(days=3) if state == "over" else None
    with pytest.raises(NotFound if state == "draft" else Refused):
        await answer(token)
    if state != "draft":
        async with reading() as db:
            assert (await offer_of(db, token)).state == ("expired" if state == "over" else state)


@pytest.mark.parametrize("name", ["", "  ", "\0\r\n"])
async def test_an_answer_has_a_name(lite_cast: Cast, name: str) -> None:
    _, token = await sent(lite_cast, await open_conversation(lite_cast.marco))
    with pytest.raises(Refused, match="name"):
        await answer(token, name=name)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.text(max_size=80))
async def test_a_forged_link_opens_nothing(lite_cast: Cast, token: str) -> None:
    with pytest.raises(NotFound):
        async with reading() as db:
            await offer_of(db, token)


async def test_a_link_cut_or_changed_opens_nothing(lite_cast: Cast) -> None:
    _, token = await sent(lite_cast, await open_conversation(lite_cast.marco))
    for forged in (token[:-1], token + "x", "Mg." + token.partition(".")[2], token.swapcase()):
        with pytest.raises(NotFound):
            async with reading() as db:
                await offer_of(db, forged)


async def test_the_offer_is_in_the_contacts_language(lite_cast: Cast) -> None:
    quote, token = await sent(lite_cast, await open_conversation(lite_cast.marco))
    for spoken, said_in in (("en", "en"), ("", "es"), ("de", "es")):
        async with transaction() as db:
            (await db.get_one(Contact, lite_cast.marco.id)).language = spoken
        async with reading() as db:
            assert (await offer_of(db, token)).language == said_in
            assert (await pdf_of(db, quote))[0].startswith("Quote" if said_in == "en" else "Presupuesto")


async def test_users_withdraw_and_offer_again(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    quote, token = await sent(cast, opened)
    for state in ("withdrawn", "sent"):
        async with transaction() as db:
            await set_state(db, cast.luis, quote.id, state)
    assert await kinds(opened) == [EventKind.QUOTE_WITHDRAWN, EventKind.QUOTE_SENT]
    await answer(token)
    assert (await get(Quote, quote.id)).state == QuoteState.ACCEPTED


async def test_expiring_shows_in_the_conversation(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    quote, _ = await sent(cast, opened)
    async with transaction() as db:
        (await find_quote(db, cast.ana, quote.id)).valid_until = now().date() - timedelta(days=2)
    assert (await expire_quotes(), await expire_quotes()) == (1, 0)
    assert await kinds(opened) == [EventKind.QUOTE_EXPIRED]


class Dropped(Exception):
    """Somebody changed their mind before it was stored."""


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drops=st.lists(st.booleans(), min_size=1, max_size=12))
async def test_numbers_have_no_gap_and_no_double_whoever_drops_out(cast: Cast, drops: list[bool]) -> None:
    async with transaction() as db:
        workspace = Workspace(name="New", mailbox=f"new-{now().timestamp()}")
        db.add(workspace)
        await db.flush()
        contact = Contact(workspace_id=workspace.id, name="Lena")
        db.add(contact)
    actor = replace(cast.ana, workspace_id=workspace.id)

    async def make(drops_out: bool) -> None:
        async with transaction() as db:
            await new_quote(db, actor, contact.id)
            if drops_out:
                raise Dropped

    await asyncio.gather(*(make(one) for one in drops), return_exceptions=True)
    numbers = [quote.number for quote in await all_of(Quote, Quote.workspace_id == workspace.id)]
    assert sorted(int(number[5:]) for number in numbers) == list(range(1, drops.count(False) + 1))
