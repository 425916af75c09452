"""A believable workspace of any size, the same for the same seed."""

import gc
import random
import sys
import time
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import SQLModel

from witei_app.clock import now
from witei_app.models import (
    Channel,
    Message,
    MessageTemplate,
    User,
    Widget,
    Workspace,
)
from witei_app.seed.apart import LoaderApart
from witei_app.seed.bulk import PLAIN, Loader, open_loader, plain_row
from witei_app.seed.hours import DAY, moment, starts, to_local, to_utc
from witei_app.seed.ledger import Ledger
from witei_app.seed.office import Numbers, Office
from witei_app.seed.records import Records
from witei_app.seed.staff import ADMIN, MAILBOX, NAME, staff, team, workspace_rows
from witei_app.seed.story import Brief, Story, pick_deal, tell
from witei_app.seed.tables import COLUMNS
from witei_app.seed.world import Person, person
from witei_app.settings import Settings

# What came before is read by everybody; after it, each user has read some.
_UNREAD_DAYS = 2
_PROGRESS_SECONDS = 5
# From here on it pays to start a second process.
LARGE = 50_000


@dataclass(frozen=True)
class Plan:
    """What was asked for."""

    conversations: int
    messages: int
    contacts: int
    users: int
    days: int
    seed: int


def make_synthetic(
    settings: Settings,
    *,
    conversations: int,
    messages: int,
    contacts: int,
    users: int,
    days: int,
    seed: int,
    until: datetime | None = None,
) -> None:
    """Add the workspace with exactly these quantities, up to the moment `until` (now). Ends the process when that
    makes no sense or the workspace is there already. On SQLite the app must not be running."""
    plan = Plan(conversations, messages, contacts, users, days, seed)
    _check(plan)
    end = int((until or now()).timestamp())
    begun = time.monotonic()
    loader: Loader = (LoaderApart if messages >= LARGE else open_loader)(settings.database, end)
    try:
        if loader.ask(f"SELECT id FROM workspace WHERE mailbox = '{MAILBOX}'") is not None:  # noqa: S608
            sys.exit(f"{NAME} is in this database already.")
        gc.disable()  # millions of rows come and go without cycles; looking for some takes a quarter of the time
        _Agency(plan, loader, settings, end).fill()
        print("Indexes and constraints.", flush=True)
        loader.finish()
    finally:
        loader.close()
        gc.enable()
    seconds = time.monotonic() - begun
    print(f"{loader.written:,} rows in {seconds:.1f} s, {loader.written / seconds:,.0f} a second. Sign in as {ADMIN}.")


def _check(plan: Plan) -> None:
    for name in ("conversations", "contacts", "users", "days"):
        if getattr(plan, name) < 1:
            sys.exit(f"--{name}: at least 1")
    if plan.messages < plan.conversations:
        sys.exit("--messages: at least one for each conversation")


class _Agency:
    """Makes the stories of one workspace and passes their rows on."""

    def __init__(self, plan: Plan, loader: Loader, settings: Settings, end: int) -> None:
        self.plan, self.loader, self.end = plan, loader, end
        self.until = to_local(end)
        self.rng = random.Random(plan.seed)
        self.one = random.Random()
        self.write, loader.report, self.reported_at = loader.write, self._report, time.monotonic()
        self.numbers = Numbers(self._next_ids())
        self.first_message = self.numbers.next_id[Message]
        self.founded = moment(end - (plan.days + 60) * DAY)
        workspace_id = self.numbers.take(Workspace)
        self.team = team(plan.users, plan.seed)
        self.users = staff(self.numbers, workspace_id, plan.users, plan.seed, self.founded, settings.mail_domain)
        self.office = Office(
            workspace_id,
            tuple(user.id for user in self.users),
            tuple(user.name for user in self.users),
            tuple(user.signature_html for user in self.users),
            settings.mail_domain,
            self.numbers.next_id[Widget],
        )
        self.records = Records(self.office, self.numbers, PLAIN, self.write, random.Random(plan.seed + 1), end)

    def fill(self) -> None:
        """Write everything."""
        for row in workspace_rows(self.numbers, self.office.workspace_id, self.plan.seed, self.founded):
            self.write(type(row), plain_row(row))
        ledger = Ledger(self.office, self.numbers, PLAIN, self.write, fails=_fails, reads=self._readers)
        ledger.keep(self._stories())
        for number in range(len(self.numbers.contacts), self.plan.contacts):
            who, responsible, _ = self._contact(number)
            ledger.contact(number, who, responsible, "Import", self.end - self.one.randrange(self.plan.days * DAY))
        for user in self.users:
            self.write(User, plain_row(user))

    def _next_ids(self) -> Counter[type[SQLModel]]:
        models: tuple[type[SQLModel], ...] = (*COLUMNS, Workspace, User, Widget, MessageTemplate)
        return Counter(
            {
                model: (self.loader.ask(f'SELECT max(id) FROM "{model.__tablename__}"') or 0) + 1  # noqa: S608
                for model in models
                if "id" in model.model_fields
            }
        )

    def _report(self, rows: int) -> None:
        if time.monotonic() - self.reported_at > _PROGRESS_SECONDS:
            self.reported_at = time.monotonic()
            done = self.numbers.next_id[Message] - self.first_message
            print(f"{done:,} of {self.plan.messages:,} messages, {rows:,} rows", flush=True)

    def _stories(self) -> Iterator[Story]:
        """The stories in the order of their beginnings."""
        begins = starts(self.rng, self.plan.conversations, self.plan.days, self.until)
        sizes = _sizes(self.rng, self.plan.conversations, self.plan.messages)
        whose = self._whose()
        first_open = self._fit_recent(begins, sizes, whose)
        unread_since = to_utc(self.until - _UNREAD_DAYS * DAY)
        for number, begin in enumerate(begins):
            if begin >= unread_since > (begins[number - 1] if number else 0):
                self._all_read()
            story = self._whole_story(number, whose[number], begin, sizes[number], may_be_cut=number >= first_open)
            is_new = whose[number] not in self.numbers.contacts
            yield story
            if is_new:
                self._remember(story)

    def _whose(self) -> "array[int]":
        """The contact of each conversation, numbered as they come: new ones all the time, recent ones again."""
        known, whose = 0, array("l")
        for done in range(self.plan.conversations):
            left = self.plan.conversations - done
            if not known or self.rng.random() * left < min(self.plan.contacts - known, left):
                whose.append(known)
                known += 1
            else:
                whose.append(known - 1 - int(known * self.rng.random() ** 2))
        return whose

    def _fit_recent(self, begins: "array[int]", sizes: "array[int]", whose: "array[int]") -> int:
        """Recent conversations are still going on: what they lack is added to earlier ones. Returns the first such."""
        border = self.until - min(14, self.plan.days // 2) * DAY
        first = next((number for number, begin in enumerate(begins) if begin >= border), len(begins))
        if first < len(begins) // 2:
            return len(begins)
        for number in range(first, len(begins)):
            told = self._story(number, whose[number], begins[number], sizes[number], 1.0)
            for _ in range(sizes[number] - told.size):
                sizes[self.rng.randrange(first)] += 1
            sizes[number] = told.size
        return first

    def _whole_story(self, number: int, contact: int, begin: int, size: int, *, may_be_cut: bool) -> Story:
        """With all its messages: when the present cuts it off, it is told again with shorter pauses."""
        stretch = 1.0
        while True:
            story = self._story(number, contact, begin, size, stretch)
            if story.size == size:
                return story
            assert not may_be_cut, "its size has been fitted"
            stretch *= 0.3

    def _story(self, number: int, contact: int, begin: int, size: int, stretch: float) -> Story:
        who, responsible, deal = self._contact(contact)
        self.one.seed(self.plan.seed << 40 | number << 1 | 1)
        channel = Channel.WEB_CHAT if self.one.random() < 0.3 else Channel.EMAIL
        brief = Brief(contact, who, responsible, channel, deal, begin, self.until, size, "MED", stretch)
        return tell(self.one, brief, self.team)

    def _contact(self, number: int) -> tuple[Person, int | None, str]:
        """The same person each time, with the responsible user and what they are after."""
        self.one.seed(self.plan.seed << 40 | number << 1)
        who = person(self.one, number)
        responsible = self.one.randrange(len(self.team.people)) if self.one.random() < 0.2 else None
        return who, responsible, pick_deal(self.one)

    def _remember(self, story: Story) -> None:
        """The CRM's records about a new contact."""
        contact_id, since = self.numbers.contacts[story.brief.contact], story.steps[0].at
        chance = self.records.rng.random()
        if chance < 0.12:
            self.records.note(contact_id, story.language, since)
        if chance < 0.05:
            self.records.ticket(contact_id, since)
        if 0.03 < chance < 0.08:
            self.records.quote(contact_id, f"{story.brief.who.name} {story.brief.who.surnames}".strip(), since)

    def _all_read(self) -> None:
        """Everybody has read what has been written up to here."""
        for user in self.users:
            user.read_up_to_id = self.numbers.next_id[Message] - 1

    def _readers(self, story: Story, last_at: int) -> Iterator[int]:
        """Who has read a recent conversation."""
        if last_at >= self.end - _UNREAD_DAYS * DAY:
            chosen = random.Random(self.plan.seed ^ last_at ^ story.brief.contact)
            yield from (user for user in range(len(self.users)) if chosen.random() < 0.6)


def _fails(story: Story) -> bool:
    """One mail conversation in three hundred ends with an answer that did not arrive."""
    return story.brief.channel == Channel.EMAIL and story.brief.start % 307 == 5


def _sizes(rng: random.Random, conversations: int, messages: int) -> "array[int]":
    """How many messages each conversation has: most few, some very many, all together exactly `messages`."""
    mean = messages / conversations
    most = 40 * mean + 20
    sizes = array(
        "l", (max(1, int(min(rng.lognormvariate(0, 1.05) * mean / 1.73, most))) for _ in range(conversations))
    )
    missing = messages - sum(sizes)
    while missing:
        index = rng.randrange(conversations)
        if missing > 0:
            sizes[index] += 1
            missing -= 1
        elif sizes[index] > 1:
            sizes[index] -= 1
            missing += 1
    return sizes
