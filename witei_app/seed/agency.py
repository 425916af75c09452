"""Three months in the life of one agency: its conversations, and the CRM's records about the same people."""

import random
import secrets
from collections import Counter, defaultdict

from sqlalchemy import func, insert, text
from sqlmodel import SQLModel, col, select

from witei_app.db import Session
from witei_app.models import Channel, Contact, Conversation, Direction, Visitor, Widget
from witei_app.seed.hours import DAY, moment, starts, to_local, to_utc
from witei_app.seed.ledger import Ledger
from witei_app.seed.office import Numbers, Office
from witei_app.seed.records import Records
from witei_app.seed.story import Brief, Story, Team, pick_deal, tell
from witei_app.seed.tables import COLUMNS, Row, Style, layout
from witei_app.seed.world import Person, person

DAYS = 90
_LONG_SUBJECT = (
    "Venta del piso heredado de la calle de Santa Engracia entre los cuatro hermanos: aceptación de herencia, "
    "plusvalía municipal, poderes desde Buenos Aires y calendario hasta la firma en notaría"
)
# Minutes before now, channel, how many messages, who has it (by place in the team), what it is about.
_LATELY: tuple[tuple[int, Channel, int, int | None, str, str], ...] = (
    (4, Channel.WEB_CHAT, 3, None, "rent", "available"),
    (9, Channel.EMAIL, 1, 1, "sale", "visit-sale"),
    (17, Channel.EMAIL, 1, None, "rent", "portal-lead"),
    (26, Channel.WEB_CHAT, 4, 3, "tenant", "boiler-chat"),
    (38, Channel.EMAIL, 1, 2, "owner", "valuation"),
    (51, Channel.EMAIL, 1, 3, "tenant", "leak"),
    (75, Channel.WEB_CHAT, 5, 1, "rent", "pets-chat"),
    (110, Channel.EMAIL, 2, 0, "rent", "complaint-agent"),
    (150, Channel.EMAIL, 1, None, "rent", "portal-lead-short"),
    (205, Channel.EMAIL, 2, 2, "sale", "fees"),
    (280, Channel.WEB_CHAT, 5, None, "rent", "photos"),
    (350, Channel.EMAIL, 2, 3, "rent", "documents-rent"),
    (430, Channel.EMAIL, 3, 1, "owner", "rent-out"),
    (560, Channel.EMAIL, 1, None, "sale", "works-permit"),
)


class Agency:
    """Fills one workspace: stories to rows, and the CRM's records about the same people."""

    def __init__(self, db: Session, office: Office, team: Team, reference: str, rng: random.Random, until: int) -> None:
        self.db, self.office, self.team, self.reference, self.rng = db, office, team, reference, rng
        self.until = to_local(until)
        self.rows: defaultdict[type[SQLModel], list[Row]] = defaultdict(list)

    async def fill(self, contacts: int, conversations: int) -> None:
        """Make this many of both."""
        numbers = Numbers(await _next_ids(self.db))
        people = self._people(contacts)
        stories = self._stories(people, conversations)
        self._prepare_failure(stories)
        style = Style(moment, dict, lambda amount: amount, lambda day: day)
        ledger = Ledger(
            self.office, numbers, style, self._write, fails=lambda story: story is self.failing, reads=self._readers
        )
        ledger.keep(stories)
        self._records(numbers, style)
        await self._store()
        await self._visitors()

    def _people(self, contacts: int) -> list[Person]:
        used: set[str] = set()
        people = []
        for number in range(contacts):
            who = person(self.rng, number, suffix=self.rng.choice(("", "", str(self.rng.randint(60, 99)))))
            while who.email in used:
                who = person(self.rng, number, suffix=str(self.rng.randint(2, 999)))
            used.add(who.email)
            people.append(who)
        return people

    def _stories(self, people: list[Person], conversations: int) -> list[Story]:
        lately = _LATELY if len(self.team.people) > 1 else _LATELY[:3]
        earlier = conversations - len(lately) - 1
        whose = [*range(len(people)), *(self.rng.randrange(len(people)) for _ in range(conversations))][: earlier + 1]
        self.rng.shuffle(whose)
        responsible = [self._responsible() for _ in people]
        stories = [self._long_story(people, whose.pop(), responsible)]
        for start in starts(self.rng, earlier, DAYS, self.until - DAY // 2):
            number = whose.pop()
            brief = self._brief(number, people[number], responsible[number], start)
            brief.size = min(24, 1 + int(self.rng.lognormvariate(1.6, 0.7)))
            stories.append(tell(self.rng, brief, self.team))
        recent = self.rng.sample(range(len(people)), min(len(lately), len(people)))
        for number, (minutes, channel, size, user, deal, opening) in zip(recent, lately, strict=True):
            user = min(user, len(self.team.people) - 1) if user is not None else None
            brief = self._brief(number, people[number], user, self.until - minutes * 60)
            brief.channel, brief.size, brief.stretch, brief.stays_open = channel, size, 0.02, True
            brief.deal, brief.opening = deal, opening
            stories.append(tell(self.rng, brief, self.team))
        inheritance = next((story for story in stories if story.brief.deal == "owner" and story.language == "es"), None)
        if inheritance is not None and inheritance.brief.channel == Channel.EMAIL:
            inheritance.subject = _LONG_SUBJECT
        return sorted(stories, key=lambda story: story.steps[0].at)

    def _brief(self, number: int, who: Person, responsible: int | None, start: int) -> Brief:
        channel = Channel.WEB_CHAT if self.rng.random() < 0.3 else Channel.EMAIL
        return Brief(number, who, responsible, channel, pick_deal(self.rng), start, self.until, 1, self.reference)

    def _responsible(self) -> int | None:
        return self.rng.choice((None, None, *range(len(self.team.people))))

    def _long_story(self, people: list[Person], number: int, responsible: list[int | None]) -> Story:
        """A purchase from the first visit to the keys, in sixty messages."""
        responsible[number] = min(1, len(self.team.people) - 1)
        brief = self._brief(number, people[number], responsible[number], (self.until // DAY - DAYS + 3) * DAY + 37_320)
        brief.channel, brief.deal, brief.size, brief.stays_open = Channel.EMAIL, "sale", 60, True
        brief.opening, brief.stretch = "visit-sale", 1.0
        while True:
            story = tell(self.rng, brief, self.team)
            if story.size == brief.size:
                return story
            brief.stretch *= 0.8

    def _prepare_failure(self, stories: list[Story]) -> None:
        """One recent answer did not arrive: the last message of a conversation that nobody has archived since."""
        self.failing = next(
            (
                story
                for story in reversed(stories)
                if story.brief.channel == Channel.EMAIL
                and story.steps[-1].turn is not None
                and story.steps[-1].turn.side == Direction.OUT
            ),
            None,
        )

    def _readers(self, story: Story, last_at: int) -> list[int]:
        """Who has seen all of it: those who answered last, everybody when it is old, chance in between."""
        age = self.until - to_local(last_at)
        chance = 0.0 if age < 3_600 else 0.45 if age < DAY else 0.75 if age < 4 * DAY else 1.0
        wrote = _last_writer(story)
        return [u for u in range(len(self.team.people)) if u == wrote or self.rng.random() < chance]

    def _write(self, model: type[SQLModel], row: Row) -> None:
        self.rows[model].append(row)

    def _records(self, numbers: Numbers, style: Style) -> None:
        """Notes, tickets and quotes about some of the contacts."""
        records = Records(self.office, numbers, style, self._write, self.rng, to_utc(self.until))
        columns = COLUMNS[Contact]
        language, created_at = columns.index("language"), columns.index("created_at")
        name, surnames = columns.index("name"), columns.index("surnames")
        contacts = [
            (row[0], f"{row[name]} {row[surnames]}".strip(), row[language], int(row[created_at].timestamp()))
            for row in self.rows[Contact]
        ]
        for count, (contact_id, _, spoken, since) in enumerate(self.rng.sample(contacts, len(contacts) // 2)):
            records.note(contact_id, spoken, since)
            if count % 2:
                records.ticket(contact_id, since)
        for contact_id, called, _, since in self.rng.sample(contacts, len(contacts) // 3):
            records.quote(contact_id, called, since)

    async def _store(self) -> None:
        connection = await self.db.connection()
        for model in COLUMNS:
            if self.rows[model]:
                shape = layout(model, moment(self.until))
                rows = [dict(zip(shape.columns, row + shape.rest, strict=True)) for row in self.rows[model]]
                await connection.execute(insert(model), rows)
        await settle_sequences(self.db)

    async def _visitors(self) -> None:
        """Behind each web chat there is a browser. Its token is thrown away: nobody can come back as a demo visitor."""
        widget = select(Widget.id).where(Widget.workspace_id == self.office.workspace_id)
        widget_id = (await self.db.exec(widget)).one()
        chats = select(Conversation).where(
            Conversation.workspace_id == self.office.workspace_id, Conversation.channel == Channel.WEB_CHAT
        )
        for chat in (await self.db.exec(chats.order_by(col(Conversation.id)))).all():
            path = f"{self.reference}-{self.rng.randint(1001, 4899)}".lower()
            self.db.add(
                Visitor(
                    workspace_id=chat.workspace_id,
                    widget_id=widget_id,
                    token_hash=secrets.token_hex(32),
                    contact_id=chat.contact_id,
                    conversation_id=chat.id,
                    read_number=chat.last_number,
                    browser=self.rng.choice(_BROWSERS),
                    page_url=f"https://www.inmobiliaria.example/{path}",
                    page_title=chat.subject,
                    created_at=chat.opened_at,
                    last_seen_at=chat.last_message_at,
                )
            )
        await self.db.flush()


_BROWSERS = ("Chrome · Windows", "Safari · iPhone", "Chrome · Android", "Firefox · Linux", "Safari · macOS")


def _last_writer(story: Story) -> int | None:
    """The user who answered last, when the contact has not written since."""
    for step in reversed(story.steps):
        if step.turn is not None and step.turn.side != Direction.NOTE:
            return step.user
    return None


async def _next_ids(db: Session) -> Counter[type[SQLModel]]:
    numbers: Counter[type[SQLModel]] = Counter()
    for model in COLUMNS:
        if "id" in model.model_fields:
            numbers[model] = ((await db.exec(select(func.max(model.id)))).one() or 0) + 1  # type: ignore[attr-defined]
    return numbers


async def settle_sequences(db: Session) -> None:
    """On PostgreSQL, let the ids that come next continue after those that were given by hand."""
    if db.get_bind().dialect.name != "postgresql":
        return
    connection = await db.connection()
    for model in COLUMNS:
        if "id" in model.model_fields:
            table = f'"{model.__tablename__}"'
            await connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 1)) FROM {table}")  # noqa: S608
            )
