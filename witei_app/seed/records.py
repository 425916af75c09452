"""What the CRM knows about contacts: notes, tickets, quotes."""

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from sqlmodel import SQLModel

from witei_app.crm.money import rounded
from witei_app.models import (
    ContactNote,
    Quote,
    QuoteLine,
    QuoteState,
    Ticket,
    TicketEntry,
    TicketEntryKind,
    TicketState,
)
from witei_app.seed.content.crm import CONTACT_NOTES, QUOTES, TICKETS
from witei_app.seed.hours import DAY, moment
from witei_app.seed.office import Numbers, Office
from witei_app.seed.tables import Row, Style

VAT = Decimal(21)
_IN_ENGLISH = tuple(note for note in CONTACT_NOTES if note.startswith(("Speaks", "Travels")))
_IN_SPANISH = tuple(note for note in CONTACT_NOTES if note not in _IN_ENGLISH)

# What becomes of one offer after the other: some of each, however few there are. Two are still to be answered.
_COURSES = (
    *(QuoteState.SENT, QuoteState.ACCEPTED, QuoteState.DRAFT, QuoteState.ACCEPTED, QuoteState.DECLINED),
    *(QuoteState.SENT, QuoteState.EXPIRED),
)
_YOUNG = {QuoteState.SENT, QuoteState.DRAFT}


class Records:
    """Writes records about contacts of one workspace, with numbers that count up."""

    def __init__(
        self,
        office: Office,
        numbers: Numbers,
        style: Style,
        write: Callable[[type[SQLModel], Row], None],
        rng: random.Random,
        until: int,
    ) -> None:
        self.office, self.numbers, self.style, self.write = office, numbers, style, write
        self.rng, self.until = rng, until
        self.tickets = self.quotes = 0

    def note(self, contact_id: int, language: str, since: int) -> None:
        """A remark that somebody wrote down."""
        body = self.rng.choice(_IN_ENGLISH if language == "en" else _IN_SPANISH)
        at = self.style.moment(self._after(since))
        ids = (self.numbers.take(ContactNote), self.office.workspace_id, contact_id)
        self.write(ContactNote, (*ids, self._somebody(), body, at))

    def ticket(self, contact_id: int, since: int) -> None:
        """An incident in some state."""
        self.tickets += 1
        title, priority = TICKETS[self.tickets % len(TICKETS)]
        state = self.rng.choice(tuple(TicketState)).value
        user_id, at = self._somebody(), self._after(since)
        ids = (self.numbers.take(Ticket), self.office.workspace_id, self.tickets, contact_id, user_id)
        self.write(Ticket, (*ids, title, state, priority, self.style.moment(at)))
        self._history(ids[0], user_id, title, state, at)

    def _history(self, ticket_id: int, user_id: int, title: str, state: str, at: int) -> None:
        """Whoever has it opened it, and brought it to the state that it is in, one after the other."""
        course = tuple(TicketState)[: [*TicketState].index(TicketState(state)) + 1]
        lines = [(TicketEntryKind.OPENED, "", title), *((TicketEntryKind.STATE, *two) for two in pairwise(course))]
        for kind, before, after in lines:
            ids = (self.numbers.take(TicketEntry), self.office.workspace_id, ticket_id, user_id)
            self.write(TicketEntry, (*ids, kind.value, str(before), str(after), self.style.moment(at)))
            at = self._after(at)

    def quote(self, contact_id: int, name: str, since: int) -> None:
        """An offer, whose state fits its date, to the contact with that name."""
        self.quotes += 1
        title, least, most = QUOTES[self.quotes % len(QUOTES)]
        price = Decimal(self.rng.randint(least, most)) / 100
        total = rounded(price * (100 + VAT) / 100)
        state = _COURSES[self.quotes % len(_COURSES)]
        at = self._after(max(since, self.until - 20 * DAY) if state in _YOUNG else since)
        if state == QuoteState.EXPIRED and at + 30 * DAY >= self.until:
            state = QuoteState.ACCEPTED
        written = moment(at)
        label = f"{written.year}-{self.quotes:04d}"
        valid_until = self.style.day((written + timedelta(days=30)).date())
        quote_id = self.numbers.take(Quote)
        ids = (quote_id, self.office.workspace_id, label, contact_id, self._somebody())
        what = (*ids, title, self.style.amount(total), state.value, valid_until)
        self.write(Quote, (*what, self.style.moment(at), *self._course(state, at, name)))
        amounts = (self.style.amount(Decimal(1)), self.style.amount(price), self.style.amount(VAT))
        line_ids = (self.numbers.take(QuoteLine), self.office.workspace_id, quote_id, 0)
        self.write(QuoteLine, (*line_ids, title, *amounts))

    def _course(self, state: str, at: int, name: str) -> Row:
        """When it was sent, read and answered, and by whom."""
        if state == QuoteState.DRAFT:
            return (None, None, None, "")
        sent, read, answered = sorted(self._after(at) for _ in range(3))
        is_answered = state in {QuoteState.ACCEPTED, QuoteState.DECLINED}
        was_read = is_answered or self.rng.random() < 0.6
        return (
            self.style.moment(sent),
            self.style.moment(read) if was_read else None,
            self.style.moment(answered) if is_answered else None,
            name if is_answered else "",
        )

    def _somebody(self) -> int:
        return self.rng.choice(self.office.users)

    def _after(self, since: int) -> int:
        return since + int((self.until - since) * self.rng.random())
