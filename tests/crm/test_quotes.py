"""Quotes: their numbers, their sums to the cent, their states, and their way into a message."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast, act, all_of, get, give, open_conversation
from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.doubts import doubts_about_reply
from witei_app.conversations.files import waiting_files
from witei_app.conversations.recipients import Recipients
from witei_app.conversations.reply import send_reply
from witei_app.conversations.thread import thread_page
from witei_app.conversations.worded import message_rows
from witei_app.crm.quote_edit import LineInput, save_quote
from witei_app.crm.quote_file import attach_quote
from witei_app.crm.quote_pdf import Sheet, quote_pdf
from witei_app.crm.quote_states import expire_quotes, set_state
from witei_app.crm.quotes import (
    copy_quote,
    find_quote,
    lines_of,
    new_quote,
    totals,
)
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.files import path_of
from witei_app.mail.types import Address
from witei_app.models import Attachment, Contact, Conversation, Quote, QuoteLine, QuoteState, UnusedFile, Upload

LINES = [LineInput("Fees", "1", "1.020,30", "21"), LineInput("Certificate", "2,5", "10", "10"), LineInput("  ")]
SPANISH = {"language": "es"}


async def write(actor: Actor, contact_id: int, lines: list[LineInput] = LINES) -> Quote:
    """A draft with lines, typed the Spanish way."""
    from dataclasses import replace

    async with transaction() as db:
        quote = await new_quote(db, actor, contact_id)
        spaniard = replace(actor, language="es")
        return await save_quote(db, spaniard, quote.id, title="Letting", valid_until="2026-12-31", lines=lines)


async def test_numbers_count_up_in_their_year_without_gap_or_double(cast: Cast) -> None:
    async with transaction() as db:
        db.add(Quote(workspace_id=cast.sol, number="1999-0007", contact_id=cast.marco.id))

    async def make() -> str:
        async with transaction() as db:
            return (await new_quote(db, cast.ana, cast.marco.id)).number

    numbers = await asyncio.gather(*(make() for _ in range(5)))
    year = numbers[0][:4]
    assert sorted(numbers) == [f"{year}-000{number}" for number in range(1, 6)]


async def test_lines_are_added_up_as_invoices_are(cast: Cast) -> None:
    quote = await write(cast.ana, cast.marco.id)
    async with reading() as db:
        sums = totals(await lines_of(db, quote))
    assert (sums.net, sums.total) == (Decimal("1045.30"), Decimal("1262.06"))
    assert [tuple(map(str, rate)) for rate in sums.vat] == [
        ("10.00", "25.00", "2.50"),
        ("21.00", "1020.30", "214.26"),
    ]
    stored = await get(Quote, quote.id)
    assert (stored.total, stored.valid_until) == (Decimal("1262.06"), date(2026, 12, 31))


@given(st.lists(st.tuples(st.decimals(0, 9999, places=3), st.decimals(-99999, 99999, places=2)), max_size=20))
def test_a_total_is_its_lines_and_their_tax_to_the_cent(amounts: list[tuple[Decimal, Decimal]]) -> None:
    lines = [QuoteLine(workspace_id=1, quote_id=1, quantity=q, price=p, vat=Decimal(21)) for q, p in amounts]
    sums = totals(lines)
    assert sums.total == sums.net + sum((tax for _, _, tax in sums.vat), Decimal(0))
    assert abs(sums.total - sums.net * Decimal("1.21")) <= Decimal("0.005")


@pytest.mark.parametrize(
    "line",
    [
        LineInput("x", "one"),
        LineInput("x", "1", "1,234.567"),
        LineInput("x", "1", "NaN"),
        LineInput("x", "1", "1e9"),
        LineInput("x", "1", "999999999999"),
        LineInput("x", "1", "1", "101"),
        LineInput("x", "1", "1", "-4"),
    ],
)
async def test_what_is_no_amount_is_refused_and_the_draft_stays(lite_cast: Cast, line: LineInput) -> None:
    quote = await write(lite_cast.ana, lite_cast.marco.id)
    with pytest.raises(Refused):
        async with transaction() as db:
            await save_quote(db, lite_cast.ana, quote.id, title="Letting", valid_until="", lines=[line])
    assert len(await all_of(QuoteLine)) == 2


async def test_sending_a_draft_makes_it_sent_and_its_card_says_so(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    quote = await write(cast.ana, cast.marco.id)
    async with transaction() as db:
        await attach_quote(db, cast.ana, opened, quote.id)
    async with reading() as db:
        files = await waiting_files(db, cast.ana, opened)
    await act(cast.ana, opened, send_reply, "Here", files=files)
    assert (await get(Quote, quote.id)).state == QuoteState.SENT
    (file,) = await all_of(Attachment)
    assert (file.quote_id, file.content_type) == (quote.id, "application/pdf")
    async with reading() as db:
        conversation = await db.get_one(Conversation, opened)
        entries, _ = await thread_page(db, conversation)
    (card,) = message_rows(entries, conversation, cast.ana)[-1].files
    assert (quote.number in card.quote_title, card.quote_total, card.quote_state) == (True, "€1,262.06", "sent")


async def test_what_waits_in_an_answer_is_the_quote_as_it_is_now(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    quote = await write(cast.ana, cast.marco.id)
    async with transaction() as db:
        before = await attach_quote(db, cast.ana, opened, quote.id)
    async with transaction() as db:
        dearer = [LineInput("Fees", "1", "5000", "0")]
        await save_quote(db, cast.luis, quote.id, title="Letting", valid_until="", lines=dearer)
    (waiting,) = await all_of(Upload)
    assert (waiting.id, waiting.size) == (before.id, path_of(waiting.sha256).stat().st_size)
    assert waiting.sha256 != before.sha256
    assert [file.sha256 for file in await all_of(UnusedFile)] == [before.sha256]


async def test_a_draft_that_lost_its_lines_does_not_leave(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    quote = await write(cast.ana, cast.marco.id)
    async with transaction() as db:
        await attach_quote(db, cast.ana, opened, quote.id)
        await save_quote(db, cast.ana, quote.id, title="Letting", valid_until="", lines=[])
    async with reading() as db:
        files = await waiting_files(db, cast.ana, opened)
    with pytest.raises(Refused, match="Write the lines"):
        await act(cast.ana, opened, send_reply, "Here", files=files)
    assert (await get(Quote, quote.id)).state == QuoteState.DRAFT


@pytest.mark.parametrize(
    ("state", "said"),
    [("sent", []), ("accepted", []), ("withdrawn", ["Quote 2026-0001 cannot be accepted any more: it is withdrawn."])],
)
async def test_who_sends_a_quote_that_is_over_is_asked(cast: Cast, state: str, said: list[str]) -> None:
    opened = await open_conversation(cast.marco)
    quote = await write(cast.ana, cast.marco.id)
    async with transaction() as db:
        await attach_quote(db, cast.ana, opened, quote.id)
        quote = await find_quote(db, cast.ana, quote.id)
        quote.state, quote.number = state, "2026-0001"
    to_marco = Recipients(to=(Address("", "marco@contact.test"),))
    async with reading() as db:
        conversation, files = await db.get_one(Conversation, opened), await waiting_files(db, cast.ana, opened)
        found = await doubts_about_reply(db, cast.ana, conversation, "Here", recipients=to_marco, files=files)
    assert found == said


async def test_what_was_sent_is_not_changed_but_copied(cast: Cast) -> None:
    quote = await write(cast.ana, cast.marco.id)
    async with transaction() as db:
        await set_state(db, cast.ana, quote.id, "sent")
    with pytest.raises(Refused, match="Duplicate"):
        async with transaction() as db:
            await save_quote(db, cast.ana, quote.id, title="x", valid_until="", lines=[])
    async with transaction() as db:
        copy = await copy_quote(db, cast.ana, quote.id)
    assert (copy.state, copy.total, copy.number != quote.number) == ("draft", quote.total, True)
    assert len(await all_of(QuoteLine, QuoteLine.quote_id == copy.id)) == 2


@pytest.mark.parametrize("lines", [[], [LineInput("  ", "1", "", "21")]])
async def test_what_is_not_written_is_not_offered(cast: Cast, lines: list[LineInput]) -> None:
    opened = await open_conversation(cast.marco)
    quote = await write(cast.ana, cast.marco.id, lines)
    with pytest.raises(Refused, match="Write the lines"):
        async with transaction() as db:
            await set_state(db, cast.ana, quote.id, "sent")
    async with transaction() as db:
        bare = await new_quote(db, cast.ana, cast.marco.id)
    with pytest.raises(Refused, match="title"):
        async with transaction() as db:
            await attach_quote(db, cast.ana, opened, bare.id)


async def test_a_price_without_words_is_not_lost_silently(lite_cast: Cast) -> None:
    with pytest.raises(Refused, match="price"):
        await write(lite_cast.ana, lite_cast.marco.id, [*LINES, LineInput("", "1", "500")])
    assert await all_of(QuoteLine) == []


@pytest.mark.parametrize(("before", "after"), [("draft", "accepted"), ("sent", "draft"), ("sent", "nonsense")])
async def test_states_follow_each_other(lite_cast: Cast, before: str, after: str) -> None:
    quote = await write(lite_cast.ana, lite_cast.marco.id)
    async with transaction() as db:
        (await find_quote(db, lite_cast.ana, quote.id)).state = before
    with pytest.raises(Refused):
        async with transaction() as db:
            await set_state(db, lite_cast.ana, quote.id, after)


async def test_a_quote_for_somebody_else_is_not_attached(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    async with transaction() as db:
        other = Contact(workspace_id=cast.sol, name="Lena")
        db.add(other)
        await db.flush()
        quote = await new_quote(db, cast.ana, other.id)
    with pytest.raises(Refused, match="somebody else"):
        async with transaction() as db:
            await attach_quote(db, cast.ana, opened, quote.id)


async def test_only_who_sees_the_contact_sees_the_quote(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    quote = await write(cast.ana, cast.marco.id)
    for actor in (cast.eva, cast.vera):
        with pytest.raises(NotFound):
            async with reading() as db:
                await find_quote(db, actor, quote.id)
        with pytest.raises(NotFound):
            await write(actor, cast.marco.id)
    await give(cast.ana, opened, cast.eva)
    async with reading() as db:
        assert (await find_quote(db, cast.eva, quote.id)).id == quote.id


async def test_unanswered_quotes_expire_after_their_last_day(cast: Cast) -> None:
    late, good = await write(cast.ana, cast.marco.id), await write(cast.ana, cast.marco.id)
    async with transaction() as db:
        for quote, day in ((late, now().date() - timedelta(days=2)), (good, now().date())):
            row = await find_quote(db, cast.ana, quote.id)
            row.state, row.valid_until = QuoteState.SENT, day
    assert await expire_quotes() == 1
    assert ((await get(Quote, late.id)).state, (await get(Quote, good.id)).state) == ("expired", "sent")
    assert await expire_quotes() == 0


def test_a_pdf_holds_any_name_and_is_the_same_twice() -> None:
    contact = Contact(id=1, workspace_id=1, name="Łukasz Żółć Пётр 王")
    quote = Quote(id=1, workspace_id=1, number="2026-0007", contact_id=1, title="Peñón, 3º €", total=Decimal(5))
    line = QuoteLine(workspace_id=1, quote_id=1, description="x" * 500, price=Decimal("1.10"))
    sheet = Sheet("Inmobiliaria Sol", contact, "es", "Europe/Madrid", "Ana Ruiz")
    pdf = quote_pdf(quote, [line] * 60, sheet)
    assert pdf.startswith(b"%PDF")
    assert pdf == quote_pdf(quote, [line] * 60, sheet)
