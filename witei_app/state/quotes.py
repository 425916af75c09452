"""The pages of quotes: the list, and one quote with its lines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import reflex as rx
from sqlmodel import select

from witei_app.accounts.actor import Actor
from witei_app.crm.lists import quotes_page
from witei_app.crm.money import euros
from witei_app.crm.quote_edit import LineInput, as_typed, save_quote
from witei_app.crm.quote_link import link_to
from witei_app.crm.quote_states import set_state
from witei_app.crm.quotes import (
    copy_quote,
    find_quote,
    line_total,
    lines_of,
    totals,
)
from witei_app.crm.rows import QuoteRow, TotalsRow
from witei_app.crm.worded import line_row, quote_log, quote_row, totals_row
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.models import Contact, Quote, QuoteLine, QuoteState
from witei_app.state.about_contact import Form, as_form
from witei_app.state.following import REST, Following
from witei_app.state.list_page import plain
from witei_app.state.record_list import RecordList
from witei_app.state.signed_in import SignedInState, as_id, as_text

MOST_LINES = 100
_AMOUNTS = ("quantity", "price", "vat")


@dataclass(frozen=True)
class EditedLine:
    """A line in the form. `key` names its fields; a line that is read anew gets a new one."""

    key: int
    description: str = ""
    quantity: str = "1"
    price: str = ""
    vat: str = "21"
    amount: str = ""
    is_added: bool = False


class QuotesState(RecordList, SignedInState):
    """The list, of one state or all."""

    FIRST = {"state": ""}

    rows: list[QuoteRow] = []

    async def _page(self, db: Session, actor: Actor, before: int) -> tuple[list[QuoteRow], int]:
        return await quotes_page(db, actor, self.chosen["state"], self.search, before)


class QuotePageState(Following, SignedInState):
    """One quote, the one in the address (`asked_id`); a draft's lines are a form.

    `is_behind`: a colleague changed it, and the form does not show that. When `behind_turn` changes, a form in which
    nothing was typed comes anew by itself.
    """

    head: QuoteRow = QuoteRow()
    lines: list[EditedLine] = []
    sums: TotalsRow = TotalsRow()
    valid_until: str = ""
    link: str = ""
    log: list[str] = []
    answer: str = ""
    is_draft: bool = False
    is_missing: bool = False
    fault: str = ""
    form_number: int = 0
    asked_id: int = 0
    is_behind: bool = False
    behind_turn: int = 0
    _known: tuple[str, ...] = ()  # all that is written there, as it was read last
    _lines_read: list[EditedLine] = []
    _last_key: int = 0
    _is_offering: bool = False

    @rx.event
    async def arrive(self):
        """Read the quote in the address."""
        await self._enter_page()
        self.head, self.lines, self.fault, self._is_offering = QuoteRow(), [], "", False
        self.asked_id = as_id(self.router.url.path.rstrip("/").rpartition("/")[2])
        await self._load()

    @rx.event
    async def show_anew(self):
        """What a colleague wrote, in place of what stands in the form."""
        self.fault = ""
        await self._load()

    @rx.event
    async def add_line(self):
        """One more, empty."""
        if len(self.lines) < MOST_LINES:
            self.lines = [*self.lines, EditedLine(self._new_key(), is_added=True)]

    @rx.event
    async def remove_line(self, key: int):
        """Take a line out; it is gone when the quote is saved."""
        self._add_up([line for line in plain(self.lines) if line.key != as_id(key)])

    @rx.event
    async def weigh(self, key: int, name: str, typed: str):
        """The sums follow what is typed; nothing is kept before `save`."""
        if name not in _AMOUNTS:
            return
        said = {name: as_text(typed, 40)}
        self._add_up([replace(line, **said) if line.key == as_id(key) else line for line in plain(self.lines)])

    @rx.event
    async def offer_too(self):
        """The form comes next: it is to be kept and, if it can be, offered."""
        self._is_offering = True

    @rx.event
    async def save(self, form: Form):
        """Keep title, validity and lines; what is refused stays in the form."""
        is_saved, is_offering = False, self._is_offering
        self._is_offering = False
        lines = [self._line_of(form, line.key) for line in self.lines]
        async with self._acting() as (db, actor):
            await self._check_overtaken(db, actor)
            title, valid_until = as_text(as_form(form).get("title"), 500), as_text(as_form(form).get("valid_until"), 20)
            await save_quote(db, actor, self.head.id, title=title, valid_until=valid_until, lines=lines)
            if is_offering:
                await set_state(db, actor, self.head.id, QuoteState.SENT)
            is_saved = True
        self.fault, self.notice = self.notice, ""
        if is_saved:
            self.fault = ""
            await self._load()
            self._say_done("Saved")

    @rx.event
    async def go_to(self, state: str):
        """Sent, accepted, declined."""
        async with self._acting() as (db, actor):
            await set_state(db, actor, self.head.id, as_text(state, 16))
        await self._load()

    @rx.event
    async def copy_it(self):
        """A new draft with the same lines."""
        address = ""
        async with self._acting() as (db, actor):
            copy = await copy_quote(db, actor, self.head.id)
            address = f"/quotes/{copy.id}"
        return rx.redirect(address) if address else None

    def _add_up(self, lines: list[EditedLine]) -> None:
        language = self._reading_language()
        read = as_typed([LineInput("", line.quantity, line.price, line.vat) for line in lines], language)
        self.lines = [
            replace(line, amount=euros(line_total(one), language) if one else "")
            for line, one in zip(lines, read, strict=True)
        ]
        self.sums = totals_row(totals([one for one in read if one]), language)

    def _new_key(self) -> int:
        self._last_key += 1
        return self._last_key

    def _line_of(self, form: Form, key: int) -> LineInput:
        names = ("description", "quantity", "price", "vat")
        return LineInput(*(as_text(as_form(form).get(f"{name}-{key}"), 1_000) for name in names))

    async def _check_overtaken(self, db: Session, actor: Actor) -> None:
        quote = await find_quote(db, actor, self.head.id)
        known, self._known = self._known, _written(quote, await lines_of(db, quote))
        if known != self._known and quote.state == QuoteState.DRAFT:
            self.is_behind = True
            raise Refused("This is not saved yet. Save again to put yours in the place of theirs.")

    def _is_shown(self) -> bool:
        return self.asked_id > 0

    def _rest(self) -> float:
        return REST

    async def _catch_up(self) -> None:
        """A form keeps what is typed in it; all else is read anew."""
        if not self.is_draft or self.is_missing or not self.head.id:
            await self._load()
            return
        async with self._looking() as (db, actor):
            quote = await find_quote(db, actor, self.asked_id)
            if _written(quote, await lines_of(db, quote)) == self._known:
                return
            self.is_behind = True
        if self.is_behind and plain(self.lines) == plain(self._lines_read):
            self.behind_turn += 1

    async def _load(self) -> None:
        async with self._looking() as (db, actor):
            try:
                quote = await find_quote(db, actor, self.asked_id)
            except NotFound:
                self.is_missing = True
                return
            contact = (await db.exec(select(Contact).where(Contact.id == quote.contact_id))).one()
            found = await lines_of(db, quote)
            self._show(quote, found, quote_row(quote, contact.full_name, actor), actor)

    def _show(self, quote: Quote, found: Sequence[QuoteLine], head: QuoteRow, actor: Actor) -> None:
        self.is_missing, self.is_behind, self.is_draft = False, False, quote.state == QuoteState.DRAFT
        self._known = _written(quote, found)
        self.link = "" if self.is_draft else link_to(quote)
        self.log, self.answer = quote_log(quote, actor), quote.answer
        self.valid_until = quote.valid_until.isoformat() if quote.valid_until else ""
        rows = [line_row(line, actor) for line in found]
        lines = [
            EditedLine(self._new_key(), row.description, row.quantity, row.price, row.vat, row.amount) for row in rows
        ] or [EditedLine(self._new_key())]
        self.lines = self._lines_read = lines
        self.sums = totals_row(totals(found), actor.language) if found else replace(TotalsRow(), total=head.total)
        self.head = head
        self.form_number += 1


def _written(quote: Quote, lines: Sequence[QuoteLine]) -> tuple[str, ...]:
    amounts = [(line.quantity.normalize(), line.price.normalize(), line.vat.normalize()) for line in lines]
    words = [line.description for line in lines]
    return (quote.state, quote.title, str(quote.valid_until or ""), *words, *map(str, amounts))
