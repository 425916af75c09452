"""The people of the tests: Ana and Luis share a workspace, Eva sees only her own, Vera is elsewhere, Marco writes.

A folder's conftest.py takes the fixtures that it needs from here.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, event
from sqlalchemy import select as sa_select
from sqlmodel import select

from witei_app.accounts.actor import Actor
from witei_app.accounts.hashing import hash_password
from witei_app.accounts.permissions import READ_ONLY
from witei_app.accounts.sign_in import sign_in_throttle
from witei_app.clock import now
from witei_app.conversations.assign import assign
from witei_app.conversations.details import contact_details
from witei_app.conversations.head import head_of
from witei_app.conversations.receive import Incoming, receive_message
from witei_app.conversations.reply import send_reply
from witei_app.conversations.rows import DetailsRow
from witei_app.conversations.start import start_conversation
from witei_app.conversations.visible import find_conversation, see_conversation
from witei_app.crm.contacts import contact_of_address
from witei_app.db import reading, transaction
from witei_app.live import bus, tabs
from witei_app.live.events import Event
from witei_app.models import Channel, Contact, Conversation, ConversationScope, Message, User, Workspace, metadata
from witei_app.settings import settings

Found = TypeVar("Found")
PASSWORD = "a-long-password"
# Seconds. What comes is seen as soon as it is there; only a machine that does much else lets one wait longer.
PATIENCE = 30.0
Configure = Callable[..., None]


@dataclass(frozen=True)
class Cast:
    """Who there is: the workspaces "sol" and "norte", four users as actors, one contact of sol."""

    sol: int
    norte: int
    ana: Actor
    luis: Actor
    eva: Actor
    vera: Actor
    marco: Contact


@pytest.fixture
def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """Changes settings for one test, `configure(MAX_MESSAGE_MB="1")`; the data folder is the test's own."""

    def change(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"WITEI_{name}", value)
        settings.cache_clear()

    change(DATA_DIR=str(tmp_path / "data"), SECRET_KEY="a secret of the tests", UNDO_SECONDS="0")
    sign_in_throttle.forget()
    yield change
    settings.cache_clear()
    sign_in_throttle.forget()


@pytest.fixture
async def cast(db: str, configure: Configure) -> Cast:
    """Everybody, on each kind of database."""
    return await make_cast()


@pytest.fixture
async def lite_cast(sqlite_db: str, configure: Configure) -> Cast:
    """Everybody on SQLite, where the kind of database cannot matter."""
    return await make_cast()


@pytest.fixture
def announced() -> Iterator[list[Event]]:
    """What was published on the bus, in order."""
    bus.use(bus.InProcessBus())
    heard: list[Event] = []
    end = bus.subscribe(heard.append)
    yield heard
    end()


@pytest.fixture
async def no_tabs() -> AsyncIterator[None]:
    """Nobody watches before the test, nor after it."""
    yield
    for tab in list(tabs.all_tabs()):
        tabs.leave(tab.token)


# No level at all of any kind.
NOTHING = replace(
    READ_ONLY,
    conversation_scope="none",
    contact_scope="own",
    quote_scope="none",
    ticket_scope="none",
    report_scope="none",
    template_level="none",
)


@cache
def _password_hash() -> str:
    return hash_password(PASSWORD)


async def make_cast() -> Cast:
    """Two workspaces with their people; everybody's password is PASSWORD."""
    async with transaction() as db:
        sol, norte = Workspace(name="Inmobiliaria Sol", mailbox="sol"), Workspace(name="Casas Norte", mailbox="norte")
        db.add_all([sol, norte])
        await db.flush()
        everything, own = ConversationScope.ALL, ConversationScope.OWN
        users = [
            _user(sol, "Ana Ruiz", everything),
            _user(sol, "Luis Soto", everything),
            _user(sol, "Eva Gil", own),
            _user(norte, "Vera Coto", everything),
        ]
        db.add_all(users)
        marco = await contact_of_address(db, sol.id, "marco@contact.test", "Marco Peña", "E-mail")
    ana, luis, eva, vera = (Actor.of(user) for user in users)
    return Cast(sol.id, norte.id, ana, luis, eva, vera, marco)


def _user(workspace: Workspace, name: str, scope: ConversationScope) -> User:
    first = name.split()[0]
    return User(
        workspace_id=workspace.id,
        email=f"{first.lower()}@{workspace.mailbox}.test",
        name=name,
        password_hash=_password_hash(),
        conversation_scope=scope,
        signature_html=f"<p>{first} at {workspace.name}</p>",
    )


async def open_conversation(
    contact: Contact, *texts: str, channel: Channel = Channel.EMAIL, subject: str = "Flat in Calle Sol", **more: Any
) -> int:
    """A conversation that the contact opened with these messages; gives its id. `more` goes into each message."""
    async with transaction() as db:
        system = Actor.system(contact.workspace_id)
        conversation = await start_conversation(db, system, contact, channel, subject=subject, at=now())
        for text in texts or ("Is the flat still free?",):
            incoming = Incoming(author_name=contact.full_name, text=text, address=contact.email, **more)
            await receive_message(db, conversation, incoming)
    return conversation.id


async def write_in(conversation_id: int, text: str = "Are you there?", **more: Any) -> Message:
    """The contact writes again."""
    async with transaction() as db:
        conversation = await db.get_one(Conversation, conversation_id, with_for_update=True)
        return await receive_message(db, conversation, Incoming(author_name="Marco Peña", text=text, **more))


async def give(actor: Actor, conversation_id: int, to: Actor | None) -> None:
    """Assign it."""
    async with transaction() as db:
        conversation = await find_conversation(db, actor, conversation_id)
        await assign(db, actor, conversation, to.user_id if to else None)


async def act(actor: Actor, conversation_id: int, rule: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
    """One rule, on a conversation that the actor finds, in a transaction."""
    async with transaction() as db:
        return await rule(db, actor, await find_conversation(db, actor, conversation_id), *arguments, **more)


async def all_of(table: type[Any], *conditions: Any) -> list[Any]:
    """The rows of a table, by id."""
    async with reading() as db:
        return list((await db.exec(select(table).where(*conditions).order_by(table.id))).all())


async def everything_of(workspace_id: int) -> dict[str, list[Any]]:
    """All rows of a workspace, table by table."""
    found = {}
    async with reading() as db:
        for table in metadata.sorted_tables:
            if "workspace_id" in table.c:
                rows = await (await db.connection()).execute(
                    sa_select(table).where(table.c.workspace_id == workspace_id)
                )
                found[table.name] = sorted(map(repr, rows.all()))
    return found


async def get(table: type[Any], row_id: int) -> Any:
    """One row, as it is in the database now."""
    async with reading() as db:
        return await db.get_one(table, row_id)


async def pane_of(actor: Actor, conversation_id: int) -> DetailsRow:
    """What stands beside the conversation when the actor opens it."""
    async with reading() as db:
        conversation = await see_conversation(db, actor, conversation_id)
        return await contact_details(db, actor, conversation, await head_of(db, actor, conversation))


@dataclass
class Queries:
    """The statements that were sent to the database."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def counted_queries() -> Iterator[Queries]:
    """Counts what is asked of any database meanwhile; beginnings and ends of transactions do not count."""
    queries = Queries()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            queries.statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def eventually(look: Callable[[], Awaitable[Found]], within: float = PATIENCE) -> Found:
    """What `look` gives as soon as it gives something; the last nothing when it takes too long."""
    for _ in range(int(within / 0.02)):
        if found := await look():
            return found
        await asyncio.sleep(0.02)
    return await look()


async def queued(cast: Cast, html: str = "<p>Yes, it <b>is</b> free.</p>") -> Message:
    """Ana's answer to a mail of Marco's, waiting to be sent."""
    opened = await open_conversation(cast.marco, "Is it free?", rfc_message_id="first@contact.test")
    message: Message = await act(cast.ana, opened, send_reply, html)
    return message
