"""Anybody can call any handler with anything: no handler tells or changes what its caller may not see.

The list of handlers is read from Reflex, so that a handler added tomorrow is walked as well.
"""

import ast
import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cast import NOTHING, act, counted_queries, everything_of, give, open_conversation
from tests.state.conftest import Running, Tab, all_states, cookie_of
from witei_app import state
from witei_app.accounts.sign_in import close_session
from witei_app.conversations.archive import archive
from witei_app.conversations.draft import keep_draft
from witei_app.conversations.reply import send_reply, write_note
from witei_app.db import transaction
from witei_app.logs import set_up_logs
from witei_app.models import (
    ApiToken,
    AuditEntry,
    Contact,
    ContactNote,
    ImapAccount,
    InboundMail,
    Job,
    MessageTemplate,
    Notification,
    Quote,
    QuoteLine,
    SenderAddress,
    SenderDomain,
    Ticket,
    TicketEntry,
    User,
    Webhook,
    WebhookDelivery,
    Widget,
)
from witei_app.secrets import seal

SECRET = "Kanarienvogel"
FORGE = "reflex___state____state.reflex___state____update_vars_internal_state.update_vars_internal"
CONVERSATIONS = ["attachment", "contact_note", "conversation", "conversation_count", "conversation_event", "delivery"]
CONVERSATIONS += ["draft", "message", "read_cursor"]
# What is one's own to change, without any level.
OWN = {"user", "attention", "notification_choice", "sign_in_session"}
# What each argument is filled with: real ids of sol, the same as text; wrong types, huge and hostile values.
IDS: list[Any] = [1, 2, "1", "all"]
ANYTHING: list[Any] = [
    *IDS,
    True,
    None,
    -1,
    1.5,
    10**30,
    [1],
    {"id": 1},
    "x" * 90_000,
    "\0",
    "\ud800",
    "' OR 1=1",
]


# Where the page may say to be besides /conversations/1: what it asks for first is named by its address.
PLACES = ["/contacts/2", "/contacts?search=kana&sort=name", "/reports/conversations?user=1&list=received", "/visitors"]


def handlers() -> Iterator[tuple[str, list[str]]]:
    """The full name and arguments of each handler of ours."""
    for one in all_states():
        for name, handler in sorted(one.event_handlers.items()):
            if name != "setvar":
                arguments = handler.fn.__code__.co_varnames[1 : handler.fn.__code__.co_argcount]
                yield f"{one.get_full_name()}.{name}", list(arguments)


def arrival() -> str:
    """What the browser asks for when somebody comes to /conversations."""
    return next(name for name, _ in handlers() if name.endswith("conversations_page_state.arrive"))


def payloads(arguments: list[str], values: list[Any]) -> Iterator[dict[str, Any]]:
    """Calls with these values as arguments, with too few and with too many."""
    yield {}
    yield {"self": 1, "actor": 1, "db": 1}
    for value in values if arguments else ():
        yield dict.fromkeys(arguments, value)
    if len(arguments) > 1:
        yield {arguments[0]: 1, **dict.fromkeys(arguments[1:], "<p>Hello</p>")}


def forged_vars() -> Iterator[dict[str, Any]]:
    """Every var of every state, set from outside to a real id."""
    for one in all_states():
        for name in one.vars:
            yield {"vars": {f"{one.get_full_name()}.{name}": 1, f"{one.get_full_name()}.{name}_rx_state_": 1}}


async def walk(tab: Tab, values: list[Any] = IDS) -> str:
    """Call everything with these values; gives all that was told."""
    for payload in forged_vars():
        await tab.send(FORGE, payload)
    for number, (handler, arguments) in enumerate(handlers()):
        for payload in payloads(arguments, values):
            await tab.send(handler, payload, path="/conversations/1")
        for path in () if arguments else PLACES:
            await tab.send(handler, {}, path=path)
        if number % 4 == 0:
            await tab.hear_out()
    return await tab.hear_out()


@pytest.fixture
async def secrets(running: Running) -> Running:
    """Sol's conversations, of which neither Vera nor Eva has one."""
    cast = running.cast
    nobodys = await open_conversation(cast.marco, SECRET, subject=SECRET)
    luises = await open_conversation(cast.marco, SECRET, subject=SECRET)
    await give(cast.ana, nobodys, cast.ana)
    await give(cast.ana, luises, cast.luis)
    await act(cast.luis, luises, send_reply, SECRET)
    await act(cast.luis, luises, write_note, SECRET)
    await act(cast.luis, luises, keep_draft, SECRET)
    await act(cast.luis, luises, archive)
    async with transaction() as db:
        db.add(ContactNote(workspace_id=cast.sol, contact_id=cast.marco.id, body=SECRET))
        db.add(MessageTemplate(workspace_id=cast.sol, user_id=cast.luis.user_id, title=SECRET, html=SECRET))
    return running


async def test_who_is_signed_out_reaches_nothing_but_the_question_who_it_is(secrets: Running) -> None:
    cookie = await cookie_of(secrets.cast.ana)
    async with secrets.tab(cookie) as tab:
        await tab.hear_out()
        async with transaction() as db:
            await close_session(db, cookie)  # who never was signed in does not come as far as this
        before = await everything_of(secrets.cast.sol)
        await nothing_is_asked()  # what the preparation set off, badges among it, comes to rest
        with counted_queries() as queries:
            told = await walk(tab)
    print(f"{len(list(handlers()))} handlers walked")
    assert {statement for statement in queries.statements if "sign_in_session" not in statement} == set()
    assert SECRET not in told
    assert "_redirect" in told
    assert await everything_of(secrets.cast.sol) == before
    await it_still_serves_those_who_may(secrets)


async def nothing_is_asked() -> None:
    """Wait until a second passes without a query."""
    statements = ["one"]
    while statements:
        with counted_queries() as queries:
            await asyncio.sleep(1)
        statements = queries.statements


async def it_still_serves_those_who_may(running: Running) -> None:
    async with running.tab(await cookie_of(running.cast.ana)) as tab:
        await tab.send(arrival(), {}, path="/conversations/1")
        assert SECRET in await tab.hear_out()
    async with httpx.AsyncClient() as browser:
        assert (await browser.get(f"{running.url}/healthz")).status_code == 200


async def test_what_somebody_sends_to_a_handler_is_not_in_the_log(
    running: Running, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up_logs()  # the app's own call found another stderr
    async with running.tab(await cookie_of(running.cast.ana)) as tab:
        for handler, arguments in handlers():
            await tab.send(handler, dict.fromkeys(arguments, SECRET))
        await tab.hear_out()
    assert SECRET not in caplog.text
    assert SECRET not in "".join(capfd.readouterr())


async def test_who_is_in_another_workspace_neither_reads_nor_changes_anything(secrets: Running) -> None:
    cookie, before = await cookie_of(secrets.cast.vera), await everything_of(secrets.cast.sol)
    async with secrets.tab(cookie) as tab:
        told = await walk(tab, ANYTHING)  # she may do all of it, where she is: what she sends comes furthest
    assert SECRET not in told
    assert await everything_of(secrets.cast.sol) == before


async def test_who_may_not_see_a_conversation_neither_reads_nor_changes_it(secrets: Running) -> None:
    cookie, before = await cookie_of(secrets.cast.eva), await everything_of(secrets.cast.sol)
    async with secrets.tab(cookie) as tab:
        told = await walk(tab)
    assert SECRET not in told
    after = await everything_of(secrets.cast.sol)
    assert {name: after[name] for name in CONVERSATIONS} == {name: before[name] for name in CONVERSATIONS}
    # What is her own she may change, but nobody else's.
    others = [row for row in before["user"] if "eva@sol.test" not in row]
    assert set(others) <= set(after["user"])
    assert set(before["message_template"]) <= set(after["message_template"])


@pytest.fixture
async def hidden(secrets: Running) -> Running:
    """More of Sol's: what users see by their levels, and what administrators keep. Eva has no level at all."""
    cast = secrets.cast
    ana, luis = cast.ana.user_id or 0, cast.luis.user_id or 0
    sol: dict[str, Any] = {"workspace_id": cast.sol}
    async with transaction() as db:
        eva = await db.get_one(User, cast.eva.user_id)
        NOTHING.give_to(eva)
        contact = Contact(**sol, name=SECRET, email=f"{SECRET}@contact.test", phone=SECRET, responsible_id=luis)
        db.add(contact)
        await db.flush()
        quote = Quote(**sol, number=SECRET, contact_id=contact.id, author_id=luis, title=SECRET, answer=SECRET)
        ticket = Ticket(**sol, number=1, contact_id=contact.id, assignee_id=luis, title=SECRET)
        domain, hook = SenderDomain(**sol, domain=f"{SECRET}.test"), Webhook(**sol, url=f"https://{SECRET}.test")
        db.add_all([quote, ticket, domain, hook])
        await db.flush()
        db.add_all(
            [
                ContactNote(**sol, contact_id=contact.id, body=SECRET),
                QuoteLine(**sol, quote_id=quote.id, description=SECRET),
                TicketEntry(**sol, ticket_id=ticket.id, user_id=luis, kind="note", body=SECRET),
                Widget(**sol, key="sol", name=SECRET, identity_secret=seal(SECRET, "widget")),
                SenderAddress(**sol, sender_domain_id=domain.id, local_part=SECRET, display_name=SECRET),
                WebhookDelivery(**sol, webhook_id=hook.id, event="message", event_id="1", body=SECRET),
                ImapAccount(**sol, address=f"{SECRET}@sol.test", host=f"{SECRET}.test", username=SECRET, fault=SECRET),
                AuditEntry(**sol, user_id=ana, user_name=SECRET, address=SECRET, about=SECRET, topic="x", action="x"),
                ApiToken(**sol, user_id=ana, name=SECRET, hint=SECRET, token_hash=SECRET, scopes=["contacts:read"]),
                Job(**sol, user_id=ana, kind="contacts", label=SECRET, outcome=SECRET, href=f"/{SECRET}"),
                Notification(**sol, user_id=ana, conversation_id=1, kind="reply", message_id=1),
                InboundMail(**sol, sha256=SECRET, state="unreadable", envelope_from=f"{SECRET}@contact.test"),
            ]
        )
    return secrets


async def test_who_has_no_level_at_all_neither_reads_nor_changes_anything(hidden: Running) -> None:
    cookie, before = await cookie_of(hidden.cast.eva), await everything_of(hidden.cast.sol)
    async with hidden.tab(cookie) as tab:
        told = await walk(tab)
    assert SECRET not in told
    after = await everything_of(hidden.cast.sol)
    changed = {name for name in before if after[name] != before[name]}
    assert changed <= OWN, changed
    others = [row for row in before["user"] if "eva@sol.test" not in row]
    assert set(others) <= set(after["user"])


async def test_who_signs_in_on_anothers_tab_finds_nothing_of_the_other(secrets: Running) -> None:
    token = "5b1c9d0e-0000-4000-8000-000000000001"
    async with secrets.tab(await cookie_of(secrets.cast.ana), token) as tab:
        await tab.send(arrival(), {}, path="/conversations/1")
        assert SECRET in await tab.hear_out()
    async with secrets.tab(await cookie_of(secrets.cast.vera), token) as tab:
        assert SECRET not in await tab.hear_out()


def test_states_open_the_database_by_their_one_door_alone() -> None:
    """`_acting` and `_looking` bring the actor with them; a handler with a session of its own could do without."""
    folder = Path(state.__path__[0])
    doors = {"transaction", "reading", "connect"}
    opened = {
        path.name
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and doors & {name.name for name in node.names}
    }
    assert opened == {"signed_in.py"}
