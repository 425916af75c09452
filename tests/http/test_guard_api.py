"""Whoever has no token, the wrong one, or one of elsewhere, neither learns nor changes anything by the API.

The operations are read from the description of the API, so that one added tomorrow is walked as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.cast import Cast, act, counted_queries, everything_of, give, open_conversation
from tests.http.api_caller import program, token_for
from tests.http.conftest import Browse, signed_in
from witei_app.accounts.tokens import Scope
from witei_app.conversations.reply import send_reply, write_note
from witei_app.crm.quotes import new_quote
from witei_app.crm.tickets import TicketInput, open_ticket
from witei_app.db import transaction
from witei_app.http.api import limits, make_api
from witei_app.models import User
from witei_app.templates.library import save_template

SECRET = "Kanarienvogel"
# What is not changed by whoever does not get in; a token's last use is.
BESIDES = {"api_token", "sign_in_session", "audit_entry"}
WRONG: list[Any] = [
    0,
    -1,
    1.5,
    2**63,
    10**40,
    True,
    None,
    [],
    {},
    "",
    "x",
    "\0",
    "' OR 1=1",
    "x" * 70_000,
    [1],
    {"a": 1},
]
RAW = [b"", b"{", b"null", b"[]", b"\xff\xfe", b'"\\ud800"', b"[" * 50_000, b"9" * 10_000, b"NaN", b'{"name":NaN}']


@dataclass(frozen=True)
class Operation:
    """One operation, with the scope that it needs ("" for none)."""

    name: str
    method: str
    path: str
    scope: str
    fields: tuple[str, ...]
    parameters: tuple[str, ...]

    def at(self, value: object) -> str:
        """The address with this in the place of each id."""
        path = self.path
        while "{" in path:
            path = path.replace(path[path.index("{") : path.index("}") + 1], str(value))
        return path


def operations() -> Iterator[Operation]:
    """All that the API describes."""
    said = make_api().openapi()
    for path, methods in said["paths"].items():
        for method, one in methods.items():
            body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            schema = said["components"]["schemas"].get(body.get("$ref", "").rpartition("/")[2], {})
            scopes: list[str] = next((each for asked in one["security"] for each in asked.values()), [])
            asked = tuple(each["name"] for each in one.get("parameters", []) if each["in"] == "query")
            fields = tuple(schema.get("properties", {}))
            yield Operation(one["operationId"], method.upper(), path, "".join(scopes), fields, asked)


# A body for each operation that takes one, with which it would succeed.
BODIES: dict[str, Any] = {
    "conversations-begin": {"to": "x@contact.test", "subject": "x", "text": SECRET},
    "conversations-assign_conversation": {"assignee_id": 1},
    "messages-send": {"text": "x"},
    "messages-note": {"text": "x"},
    "contacts-create": {"name": "x"},
    "contacts-change": {"name": "x"},
    "message-templates-create": {"title": "x", "html": "x"},
    "message-templates-change": {"title": "x", "html": "x"},
    "tickets-open_one": {"title": "x", "contact_id": 1},
    "tickets-change": {"title": "x"},
    "quotes-create": {"title": "x", "contact_id": 1, "lines": []},
    "quotes-change": {"title": "x", "lines": []},
    "quotes-change_state": {"state": "sent"},
}
ALL = list(operations())
HAVE_IDS = [one for one in ALL if "{" in one.path]


async def call(client: httpx.AsyncClient, one: Operation, value: object = 1) -> httpx.Response:
    """Call it as it is meant to be called."""
    return await client.request(one.method, one.at(value), json=BODIES.get(one.name))


@pytest.fixture
async def secrets(lite_cast: Cast) -> Cast:
    """One of each thing in sol, with id 1, of which neither Vera nor Eva has any."""
    cast = lite_cast
    opened = await open_conversation(cast.marco, SECRET, subject=SECRET)
    await give(cast.ana, opened, cast.luis)
    await act(cast.luis, opened, send_reply, SECRET)
    await act(cast.luis, opened, write_note, SECRET)
    async with transaction() as db:
        await save_template(db, cast.luis, 0, title=SECRET, html=SECRET)
        await open_ticket(db, cast.luis, TicketInput(SECRET), contact_id=cast.marco.id)
        await new_quote(db, cast.luis, cast.marco.id, title=SECRET)
    return cast


async def kept(cast: Cast) -> dict[str, list[Any]]:
    """Everything of sol that nobody may have changed."""
    return {name: rows for name, rows in (await everything_of(cast.sol)).items() if name not in BESIDES}


def test_every_operation_is_walked_with_a_body_where_it_takes_one() -> None:
    print(f"{len(ALL)} operations of the API")
    assert {one.name for one in ALL if one.fields} == set(BODIES)
    assert {one.scope for one in ALL} - {""} == set(Scope)


async def test_without_a_token_nothing_is_even_looked_up(secrets: Cast, browse: Browse) -> None:
    before = await kept(secrets)
    async with browse() as stranger:
        stranger.base_url = httpx.URL("http://app.test/api/v1")
        with counted_queries() as queries:
            for one in ALL:
                answer = await call(stranger, one)
                assert (answer.status_code, answer.json()["code"]) == (401, "no_token"), one.name
                assert SECRET not in answer.text
            assert (await stranger.get("/nowhere")).json()["code"] == "no_token"
    assert len(queries) == 0
    assert await kept(secrets) == before


async def test_a_session_is_no_token(secrets: Cast, browse: Browse) -> None:
    """Else another site's form could call the API with the cookie of whoever visits it."""
    async with browse() as browser:
        await signed_in(browser, secrets.ana)
        assert (await browser.get("/api/v1/me")).status_code == 401


async def test_a_token_without_the_right_is_refused_whatever_it_asks_for(secrets: Cast, browse: Browse) -> None:
    async with program(browse, secrets.ana, [Scope.REPORTS_READ]) as few:
        before = await kept(secrets)
        for one in ALL:
            if one.scope in {"", Scope.REPORTS_READ}:
                continue
            here, nowhere = await call(few, one, 1), await call(few, one, 999)
            assert (here.status_code, here.json()["code"]) == (403, "insufficient_scope"), one.name
            assert here.text == nowhere.text, "it tells what exists"
    assert await kept(secrets) == before


@pytest.mark.parametrize("who", ["vera", "eva"])
async def test_what_is_out_of_sight_is_as_if_it_were_not(secrets: Cast, browse: Browse, who: str) -> None:
    async with program(browse, getattr(secrets, who)) as other:
        before = await kept(secrets)
        for one in HAVE_IDS:
            here, nowhere = await call(other, one, 1), await call(other, one, 999_999)
            assert here.status_code == 404, f"{one.name}: {here.text}"
            assert (here.status_code, here.text) == (nowhere.status_code, nowhere.text), one.name
        for one in ALL:
            if one.method == "GET" and one not in HAVE_IDS:
                answer = await call(other, one)
                assert (answer.status_code, SECRET in answer.text) == (200, False), one.name
        for name in ("tickets-open_one", "quotes-create"):
            one = next(each for each in ALL if each.name == name)
            assert (await call(other, one)).status_code == 404
    assert await kept(secrets) == before


async def test_who_only_reads_changes_nothing(secrets: Cast, browse: Browse) -> None:
    async with transaction() as db:
        user = await db.get_one(User, secrets.luis.user_id)
        user.can_write = user.can_delete = user.can_assign_others = False
    async with program(browse, secrets.luis) as reader:
        before = await kept(secrets)
        for one in ALL:
            if one.method != "GET" and not one.name.startswith("message-templates-"):  # own ones are everybody's
                answer = await call(reader, one)
                idle = one.name in {"conversations-reopen_conversation"}  # it is open: there is nothing to do
                assert answer.status_code == (200 if idle else 403), f"{one.name}: {answer.text}"
    assert await kept(secrets) == before


async def test_wrong_types_and_huge_values_are_told_what_they_are(secrets: Cast, browse: Browse) -> None:
    async with program(browse, secrets.ana) as ana:
        for one in ALL:
            limits.forget()
            for value in WRONG:
                body = dict.fromkeys(one.fields, value) if one.fields else None
                answer = await ana.request(one.method, one.at(1), json=body, params=_texts(one, value))
                assert answer.status_code < 500, f"{one.name} {value!r}: {answer.text[:300]}"
            for raw in RAW if one.fields else ():
                head = {"Content-Type": "application/json"}
                answer = await ana.request(one.method, one.at(1), content=raw, headers=head)
                assert answer.status_code in {400, 422}, f"{one.name} {raw[:20]!r}"
        for one in HAVE_IDS:
            limits.forget()
            for value in (0, -1, 2**63, 10**40, "x", "1.5", "%00", "..%2f..", "' OR 1=1", "x" * 5_000):
                answer = await call(ana, one, value)
                assert answer.status_code in {404, 405, 422}, f"{one.name} {value!r}"
                assert answer.headers["content-type"] == "application/problem+json"


async def test_a_huge_body_is_not_read(secrets: Cast, browse: Browse) -> None:
    async def endless() -> Any:
        for _ in range(1_000):
            yield b"x" * 65_536

    async with program(browse, secrets.ana) as ana:
        for content in (b"x" * (1024 * 1024 + 1), endless()):
            answer = await ana.post("/contacts", content=content, headers={"Content-Type": "application/json"})
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "cursor", ["x", "AAAA", "W10", "WzFd", "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ", "é", "[1]", "_" * 300]
)
async def test_a_forged_cursor_is_refused_or_only_a_place(secrets: Cast, browse: Browse, cursor: str) -> None:
    async with program(browse, secrets.vera) as vera:
        for one in ALL:
            if "cursor" in one.parameters:
                answer = await vera.get(one.at(1), params={"cursor": cursor})
                assert answer.status_code in {200, 400, 404}, one.name
                assert SECRET not in answer.text


async def test_what_an_address_does_take_is_told(secrets: Cast, browse: Browse) -> None:
    ways = {"/contacts": "GET, POST", "/contacts/1": "GET, PATCH", "/templates/1": "DELETE, GET, PUT"}
    async with program(browse, secrets.ana) as ana:
        for path, allowed in ways.items():
            answer = await ana.request("OPTIONS", path)
            assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


async def test_an_unknown_way_is_a_problem_too(secrets: Cast, browse: Browse) -> None:
    ways = (("GET", "/nowhere", 404), ("DELETE", "/contacts", 405), ("GET", "/contacts/", 404))
    nearly = f"Bearer {await token_for(secrets.ana)}x"
    async with program(browse, secrets.ana) as ana:
        for method, path, status in ways:
            answer = await ana.request(method, path)
            assert (answer.status_code, answer.json()["status"]) == (status, status)
        for wrong in ("", "Basic x", "Bearer", "Bearer ", "Bearer conv_" + "x" * 9_000, nearly):
            assert (await ana.get("/me", headers={"Authorization": wrong})).status_code == 401


def _texts(one: Operation, value: Any) -> dict[str, str]:
    return {name: str(value)[:2_000] for name in one.parameters}
