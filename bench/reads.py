"""The inbox page and opening a thread: how many queries, how long, and whether they grow with the workspace."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, event, func
from sqlmodel import select

from bench.figures import Times, line, rate_line, ratio_line, times_line, title
from bench.places import BIG, PEERS, SMALL, Size, postgres, running_app, seeded, sign_in
from bench.tab import Tab, handler
from tests.servers import AppServer
from witei_app import db as database
from witei_app.accounts.actor import Actor
from witei_app.accounts.people import colleagues
from witei_app.conversations.counts import read_counts
from witei_app.conversations.details import contact_details
from witei_app.conversations.head import head_of
from witei_app.conversations.inbox import conversation_row, inbox_page
from witei_app.conversations.read import count_unread
from witei_app.conversations.search import found_row, search_messages
from witei_app.conversations.thread import thread_page
from witei_app.conversations.view import View
from witei_app.conversations.visible import see_conversation
from witei_app.conversations.worded import message_rows
from witei_app.db import Session, reading
from witei_app.models import Contact, Conversation, User
from witei_app.seed.staff import ADMIN
from witei_app.state.found import PATIENCE

REPEATS = 120
WORDS = ("hola", "visit", "hipoteca notario", "zzzz", '"de hola" ')  # frequent, begun, two, none, words apart
AT_ONCE = 8
AT_ONCE_SECONDS = 4.0
PAGE_LOADED = '"is_hydrated_rx_state_":true'
LIST_LOADED = '"rows_rx_state_":['
THREAD_OPENED = '"messages_rx_state_":['
SHOW = handler("inbox", "inbox_state", "show_status")
PAGES = ("archived", "open")  # by turns: a page that is there already is not sent again
FIND = handler("inbox", "inbox_state", "find")
OPEN = handler("conversations_page", "conversations_page_state", "open")

Job = Callable[[Session, Actor], Awaitable[None]]


@dataclass
class Result:
    """What one size on one database gave."""

    inbox: Times
    thread: Times
    search: Times
    full_inbox: Times = field(default_factory=Times)
    full_thread: Times = field(default_factory=Times)
    full_search: Times = field(default_factory=Times)


def run(folder: Path, *, is_full: bool) -> None:
    """The whole section: SQLite, then PostgreSQL."""
    sizes = (SMALL, PEERS, BIG) if is_full else (SMALL, PEERS)
    with ExitStack() as stack:
        server = stack.enter_context(postgres(folder))
        for kind in ("SQLite", "PostgreSQL"):
            results = [measure(kind, size, *seeded(kind, size, folder, server)) for size in sizes]
            _compare(kind, sizes, results)


def measure(kind: str, size: Size, folder: Path, url: str) -> Result:
    """The reads by themselves, then the whole handlers through a socket."""
    title(f"{kind}, {size}")
    result = asyncio.run(_reads(url or f"sqlite:///{folder}/data/conversations.db"))
    settings = {"WITEI_DATABASE_URL": url, "WITEI_EMBEDDED_WORKER": "1"} if url else {}
    with running_app(folder, **settings) as app:
        asyncio.run(_handlers(app, result, is_peers=size == PEERS))
    return result


def _compare(kind: str, sizes: tuple[Size, ...], results: list[Result]) -> None:
    title(f"{kind}: how {sizes[-1].conversations:,} conversations compare with {sizes[0].conversations:,} (aim: x 1.5)")
    first, last = results[0], results[-1]
    ratio_line("inbox page, reads", last.inbox.median / first.inbox.median)
    ratio_line("opening a thread, reads", last.thread.median / first.thread.median)
    ratio_line("inbox page, whole handler", last.full_inbox.median / first.full_inbox.median)
    ratio_line("opening a thread, whole handler", last.full_thread.median / first.full_thread.median)


async def _reads(url: str) -> Result:
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
    kind, _, rest = url.partition("://")
    database.connect(f"{drivers[kind]}://{rest}")
    async with reading() as db:
        actor = Actor.of((await db.exec(select(User).where(User.email == ADMIN))).one())
    ids, addresses = await _chosen()
    inbox = await _measured("inbox page", _inbox, actor)
    thread = await _measured("open a thread", lambda db, actor: _thread(db, actor, random.choice(ids)), actor)
    search = await _measured(
        "contact search by e-mail", lambda db, actor: _search(db, actor, random.choice(addresses)), actor
    )
    for words in WORDS:
        await _measured(f"messages with {words!r}", lambda db, actor, words=words: _written(db, actor, words), actor)
    await database.dispose()
    return Result(inbox, thread, search)


async def _chosen() -> tuple[list[int], list[str]]:
    """Conversations and addresses from everywhere in the workspace."""
    async with reading() as db:
        first, last = (await db.exec(select(func.min(Conversation.id), func.max(Conversation.id)))).one()
        wanted = [random.randint(first, last) for _ in range(300)]
        ids = (await db.exec(select(Conversation.id).where(Conversation.id.in_(wanted)))).all()  # type: ignore[attr-defined]
        first, last = (await db.exec(select(func.min(Contact.id), func.max(Contact.id)))).one()
        wanted = [random.randint(first, last) for _ in range(300)]
        contacts = select(Contact.email).where(Contact.id.in_(wanted), Contact.email != "")  # type: ignore[attr-defined]
        return list(ids), list((await db.exec(contacts)).all())


async def _measured(name: str, job: Job, actor: Actor) -> Times:
    times, queries = Times(), set()
    for round_number in range(REPEATS + 10):
        with _counted() as statements:
            began = time.perf_counter()
            async with reading() as db:
                await job(db, actor)
            spent = time.perf_counter() - began
        if round_number >= 10:  # the first fill the caches
            times.add(spent)
            queries.add(len(statements))
    spread = f"{min(queries)} to {max(queries)} queries" if len(queries) > 1 else f"{queries.pop()} queries"
    line(f"{name}: reads in Python, {spread}", times)
    return times


async def _inbox(db: Session, actor: Actor) -> None:
    lines, _ = await inbox_page(db, actor, View())
    for found in lines:
        conversation_row(found, actor, View())
    await read_counts(db, actor, "open")
    await count_unread(db, actor)
    await colleagues(db, actor)


async def _thread(db: Session, actor: Actor, conversation_id: int) -> None:
    conversation = await see_conversation(db, actor, conversation_id)
    head = await head_of(db, actor, conversation)
    entries, _ = await thread_page(db, conversation)
    message_rows(entries, conversation, actor)
    await contact_details(db, actor, conversation, head)


async def _written(db: Session, actor: Actor, words: str) -> None:
    for one in (await search_messages(db, actor, words, patience=PATIENCE)).found:
        found_row(one, words, actor)


async def _search(db: Session, actor: Actor, address: str) -> None:
    await inbox_page(db, actor, View(search=address))


@contextmanager
def _counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def _handlers(app: AppServer, result: Result, *, is_peers: bool) -> None:
    """The handlers as a browser calls them: socket, session, actor, reads, wording, delta, socket."""
    cookie = await asyncio.to_thread(sign_in, app.base_url)
    ids, addresses = await _chosen_of(app)
    tab = Tab(app.base_url, cookie)
    await tab.open(PAGE_LOADED)
    for number in range(REPEATS + 10):
        spent = await _show(tab, number), await tab.ask(OPEN, _one(ids), THREAD_OPENED)
        if number >= 10:
            result.full_inbox.add(spent[0])
            result.full_thread.add(spent[1])
    for address in addresses[: REPEATS // 4]:
        result.full_search.add(await tab.ask(FIND, {"search": address}, LIST_LOADED))
        await tab.ask(FIND, {"search": ""}, LIST_LOADED)
    await tab.close()
    times_line("inbox page: whole handler by socket", result.full_inbox, aim_median=10 if is_peers else 0)
    times_line("open a thread: whole handler by socket", result.full_thread, aim_median=8 if is_peers else 0)
    times_line("contact search: whole handler by socket", result.full_search, aim_median=10 if is_peers else 0)
    rate = await _at_once(app, cookie)
    rate_line(f"inbox pages, {AT_ONCE} tabs at once", rate, aim=100 if is_peers else 0)


async def _show(tab: Tab, number: int) -> float:
    return await tab.ask(SHOW, {"status": PAGES[number % 2]}, LIST_LOADED)


def _one(ids: list[int]) -> dict[str, int]:
    return {"conversation_id": random.choice(ids)}


async def _chosen_of(app: AppServer) -> tuple[list[int], list[str]]:
    url = app.settings.get("WITEI_DATABASE_URL") or f"sqlite:///{app.data_dir}/conversations.db"
    kind, _, rest = url.partition("://")
    driver = "sqlite+aiosqlite" if kind == "sqlite" else "postgresql+psycopg"
    database.connect(f"{driver}://{rest}")
    try:
        return await _chosen()
    finally:
        await database.dispose()


async def _at_once(app: AppServer, cookie: str) -> float:
    """Inbox pages in a second when so many tabs ask without a pause."""
    tabs = [Tab(app.base_url, cookie) for _ in range(AT_ONCE)]
    await asyncio.gather(*(tab.open(PAGE_LOADED) for tab in tabs))
    ends = time.perf_counter() + AT_ONCE_SECONDS

    async def ask(tab: Tab) -> int:
        pages = 0
        while time.perf_counter() < ends:
            await _show(tab, pages)
            pages += 1
        return pages

    pages = sum(await asyncio.gather(*(ask(tab) for tab in tabs)))
    await asyncio.gather(*(tab.close() for tab in tabs))
    return pages / AT_ONCE_SECONDS
