"""The API does what the pages do, for whoever the token is of."""

import asyncio
from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlmodel import col

from tests.cast import Cast, Configure, act, all_of, counted_queries, get, give, open_conversation
from tests.conversations.test_encrypted import SAID_IN_ENGLISH, of_corpus
from tests.conversations.test_mail_in import mail, store
from tests.http.api_caller import program, token_for
from tests.http.conftest import Browse, whole_site
from tests.servers import RedisServer
from witei_app.accounts.once import KEPT, drop_old_answers
from witei_app.accounts.tokens import bearer_of, hash_of_token, make_token, revoke_token, tokens_of
from witei_app.clock import now
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.conversations.reply import send_reply
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.http.api import limits
from witei_app.http.api.shapes import cursor_of
from witei_app.models import (
    ApiToken,
    AuditEntry,
    Contact,
    Conversation,
    Delivery,
    KeptAnswer,
    Message,
    SystemMail,
    User,
    Workspace,
)
from witei_app.secrets import unseal

OF_MESSAGES = col(Delivery.message_id).is_not(None)


async def test_a_token_is_told_once_and_kept_as_its_sum(cast: Cast) -> None:
    token = await token_for(cast.ana, ["contacts:read"])
    (row,) = await all_of(ApiToken)
    assert row.token_hash == hash_of_token(token)
    assert token not in repr(row)
    (entry,) = await all_of(AuditEntry)
    assert (entry.action, entry.about) == ("token_created", "tests")


async def test_its_user_is_told_by_mail_of_a_token_in_their_name(cast: Cast) -> None:
    token = await token_for(cast.ana)
    (delivery,), (mail,) = await all_of(Delivery), await all_of(SystemMail)
    assert (delivery.recipient, mail.subject) == ("ana@sol.test", "Un token de la API nuevo")
    said = unseal(mail.body, "system mail")
    assert "a tu nombre: tests." in said
    assert "/settings/api" in said
    assert token not in said


async def test_a_token_opens_nothing_once_revoked_expired_or_its_user_is_gone(cast: Cast) -> None:
    revoked, expired, gone = [await token_for(actor) for actor in (cast.ana, cast.ana, cast.luis)]
    async with transaction() as db:
        for token in (revoked, expired, gone):
            assert await bearer_of(db, token) is not None
        tokens = await tokens_of(db, cast.ana)
        await revoke_token(db, cast.ana, tokens[1].id)
        tokens[0].expires_at = now()
        (await db.get_one(User, cast.luis.user_id)).is_active = False
    async with reading() as db:
        assert [await bearer_of(db, token) for token in (revoked, expired, gone, "conv_x", "")] == [None] * 5


async def test_a_token_waits_for_the_app_that_the_workspace_requires(lite_cast: Cast, browse: Browse) -> None:
    async with program(browse, lite_cast.ana) as ana:
        async with transaction() as db:
            (await db.get_one(Workspace, lite_cast.sol)).requires_two_factor = True
        refused = await ana.get("/contacts")
        assert (refused.status_code, refused.json()["code"]) == (403, "needs_app")
        async with transaction() as db:
            (await db.get_one(User, lite_cast.ana.user_id)).two_factor_secret = "sealed"
        assert (await ana.get("/contacts")).status_code == 200


async def test_nobody_revokes_anothers_token(lite_cast: Cast, browse: Browse) -> None:
    await token_for(lite_cast.ana)
    (row,) = await all_of(ApiToken)
    async with transaction() as db:
        for other in (lite_cast.luis, lite_cast.vera):
            assert await tokens_of(db, other) == []
            with pytest.raises(NotFound):
                await revoke_token(db, other, row.id)
    assert (await get(ApiToken, row.id)).revoked_at is None


async def test_what_the_user_may_no_longer_do_the_token_may_not_either(lite_cast: Cast, browse: Browse) -> None:
    opened = await open_conversation(lite_cast.marco)
    async with program(browse, lite_cast.luis) as luis:
        assert (await luis.get(f"/conversations/{opened}")).status_code == 200
        async with transaction() as db:
            user = await db.get_one(User, lite_cast.luis.user_id)
            user.conversation_scope, user.can_write = "own", False
        assert (await luis.get(f"/conversations/{opened}")).status_code == 404
        answer = await luis.post("/contacts", json={"name": "Nobody"})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_the_inbox_is_listed_with_its_filters_page_by_page(cast: Cast, browse: Browse) -> None:
    ids = [await open_conversation(cast.marco, f"Number {number}") for number in range(5)]
    await give(cast.ana, ids[0], cast.luis)
    async with program(browse, cast.ana) as ana:
        seen, url = [], "/conversations?limit=2"
        while url:
            answer = await ana.get(url)
            seen += [line["id"] for line in answer.json()["items"]]
            url = answer.links["next"]["url"] if "next" in answer.links else ""
            assert bool(url) == bool(answer.json()["next"])
        assert seen == list(reversed(ids))
        found = (await ana.get("/conversations", params={"whose": str(cast.luis.user_id)})).json()["items"]
        assert [line["id"] for line in found] == [ids[0]]
        assert found[0]["assignee"] == {"id": cast.luis.user_id, "name": "Luis Soto"}
        assert datetime.fromisoformat(found[0]["last_message_at"]).utcoffset() is not None
        assert found[0]["last_message_at"].endswith("Z")
        assert (await ana.get("/conversations", params={"search": "nobody"})).json()["items"] == []


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/conversations", (0, "0001-01-01T00:00:00+14:00", 1)),
        ("/conversations", (0, "9999-12-31T23:59:59-14:00", 1)),
        ("/conversations/{}/messages", (2**63 - 1,)),
    ],
)
async def test_a_cursor_far_out_of_reach_is_no_fault(
    cast: Cast, browse: Browse, path: str, place: tuple[int | str, ...]
) -> None:
    opened = await open_conversation(cast.marco)
    async with program(browse, cast.ana) as ana:
        asked = {"cursor": cursor_of(*place)} | ({"order": "waiting"} if len(place) > 1 else {})
        answer = await ana.get(path.format(opened), params=asked)
    assert answer.status_code in {200, 400}, answer.text


async def test_a_conversation_is_assigned_answered_noted_archived_reopened_and_deleted(
    cast: Cast, browse: Browse
) -> None:
    opened = await open_conversation(cast.marco)
    path = f"/conversations/{opened}"
    async with program(browse, cast.ana) as ana:
        assigned = (await ana.post(f"{path}/assign", json={"assignee_id": cast.ana.user_id})).json()
        assert assigned["assignee"]["name"] == "Ana Ruiz"
        sent = await ana.post(f"{path}/messages", json={"text": "It is free.\nCome <and> see."})
        assert sent.status_code == 201
        assert sent.json()["deliveries"][0]["state"] == "queued"
        assert "&lt;and&gt;" in sent.json()["html"]
        assert (await ana.post(f"{path}/notes", json={"text": "He is nice."})).json()["kind"] == "note"
        stale = await ana.post(f"{path}/messages", json={"text": "Again", "seen_number": 1})
        assert (stale.status_code, stale.json()["code"]) == (409, "something_new")
        first = (await ana.get(f"{path}/messages", params={"limit": 2})).json()
        assert [one["kind"] for one in first["items"]] == ["note", "out"]
        rest = (await ana.get(f"{path}/messages", params={"limit": 2, "cursor": first["next"]})).json()
        assert [one["kind"] for one in rest["items"]] == ["in"]
        assert rest["next"] is None
        assert (await ana.post(f"{path}/archive")).json()["status"] == "archived"
        assert (await ana.post(f"{path}/messages", json={"text": "Late"})).status_code == 422
        assert (await ana.post(f"{path}/reopen")).json()["status"] == "open"
        assert (await ana.delete(path)).status_code == 204
        assert (await ana.get(path)).status_code == 404
    assert (await get(Conversation, opened)).deleted_at is not None


async def test_who_gives_away_what_they_alone_could_see_has_done_so(lite_cast: Cast, browse: Browse) -> None:
    opened = await open_conversation(lite_cast.marco)
    await give(lite_cast.ana, opened, lite_cast.eva)
    async with program(browse, lite_cast.eva) as eva:
        answer = await eva.post(f"/conversations/{opened}/assign", json={"assignee_id": None})
        assert (answer.status_code, answer.content) == (204, b"")
        assert (await eva.get(f"/conversations/{opened}")).status_code == 404
    assert (await get(Conversation, opened)).assignee_id is None


async def test_a_mail_that_wants_its_answers_elsewhere_is_read_with_that(lite_cast: Cast, browse: Browse) -> None:
    await store(lite_cast, mail("Hola", Reply_To="marco@work.example", Cc="lucia@example.com"))
    await read_waiting_mail()
    (opened,) = await all_of(Conversation)
    async with program(browse, lite_cast.ana) as ana:
        (message,) = (await ana.get(f"/conversations/{opened.id}/messages")).json()["items"]
    named = [(one["header"], one["email"]) for one in message["recipients"]]
    assert named == [("cc", "lucia@example.com"), ("reply_to", "marco@work.example")]


async def test_what_cannot_be_read_is_said_in_the_language_of_the_tokens_user(lite_cast: Cast, browse: Browse) -> None:
    await store(lite_cast, of_corpus("encrypted_with_pgp"))
    await read_waiting_mail()
    (message,) = await all_of(Message)
    async with transaction() as db:
        (await db.get_one(User, lite_cast.ana.user_id)).language = "en"
    async with program(browse, lite_cast.ana) as ana:
        (line,) = (await ana.get("/conversations")).json()["items"]
        (read,) = (await ana.get(f"/conversations/{message.conversation_id}/messages")).json()["items"]
    assert (line["preview"], read["text"], SAID_IN_ENGLISH in read["html"]) == (SAID_IN_ENGLISH, SAID_IN_ENGLISH, True)


async def test_a_mail_begins_a_conversation(lite_cast: Cast, browse: Browse) -> None:
    async with program(browse, lite_cast.ana) as ana:
        answer = await ana.post("/conversations", json={"to": "Rosa@Contact.test", "subject": "Visit", "text": "Hello"})
        assert answer.status_code == 201
        assert (await ana.get(answer.headers["location"].removeprefix("/api/v1"))).json() == answer.json()
        assert answer.json()["contact"]["name"] == "rosa@contact.test"
    assert [one.recipient for one in await all_of(Delivery, OF_MESSAGES)] == ["rosa@contact.test"]


async def test_contacts_are_created_found_and_changed(cast: Cast, browse: Browse) -> None:
    async with program(browse, cast.ana) as ana:
        made = await ana.post("/contacts", json={"name": "Rosa", "surnames": "Peña", "phone": "600 11 22 33"})
        assert made.json()["phone"] == "+34 600 11 22 33"
        assert made.json()["responsible_id"] == cast.ana.user_id
        path = made.headers["location"].removeprefix("/api/v1")
        changed = await ana.patch(path, json={"email": "rosa@contact.test", "responsible_id": None})
        assert (changed.json()["email"], changed.json()["name"]) == ("rosa@contact.test", "Rosa")
        assert changed.json()["responsible_id"] is None
        found = (await ana.get("/contacts", params={"search": "pena"})).json()["items"]
        assert {one["id"] for one in found} == {made.json()["id"], cast.marco.id}
        taken = await ana.post("/contacts", json={"name": "Other", "email": "rosa@contact.test"})
        assert (taken.status_code, taken.json()["code"]) == (422, "refused")
        assert "Rosa Peña" in taken.json()["detail"]
        unknown = await ana.post("/contacts", json={"name": "Other", "is_admin": True})
        assert unknown.json()["errors"][0]["where"] == "body.is_admin"


async def test_templates_tickets_and_quotes_are_written_and_read(cast: Cast, browse: Browse) -> None:
    opened = await open_conversation(cast.marco)
    async with program(browse, cast.ana) as ana:
        template = (await ana.post("/templates", json={"title": "Hi", "html": "<p>Hello</p>"})).json()
        path = f"/templates/{template['id']}"
        assert (await ana.put(path, json={"title": "Ho", "html": "<p>Hello</p>"})).json()["title"] == "Ho"
        assert [one["title"] for one in (await ana.get("/templates")).json()["items"]] == ["Ho"]
        shared = await ana.post("/templates", json={"title": "x", "html": "<p>x</p>", "is_shared": True})
        assert shared.status_code == 403
        assert (await ana.delete(path)).status_code == 204
        assert (await ana.get(path)).status_code == 404

        ticket = (await ana.post("/tickets", json={"title": "Key lost", "conversation_id": opened})).json()
        assert (ticket["number"], ticket["contact_id"]) == (1, cast.marco.id)
        closed = await ana.patch(f"/tickets/{ticket['id']}", json={"state": "closed"})
        assert (closed.json()["state"], closed.json()["title"]) == ("closed", "Key lost")
        assert (await ana.get("/tickets")).json()["items"] == []
        assert len((await ana.get("/tickets", params={"state": "all"})).json()["items"]) == 1

        wanted = {"title": "Rent", "contact_id": cast.marco.id}
        lines = [{"description": "A month", "quantity": 2, "price": "1200.50", "vat": 10}]
        quote = (await ana.post("/quotes", json={**wanted, "lines": lines})).json()
        assert (quote["total"], quote["lines"][0]["price"]) == ("2641.10", "1200.50")
        sent = await ana.post(f"/quotes/{quote['id']}/state", json={"state": "sent"})
        assert sent.json()["state"] == "sent"
        assert (await ana.put(f"/quotes/{quote['id']}", json={"title": "x", "lines": []})).status_code == 422
        assert [one["id"] for one in (await ana.get("/quotes")).json()["items"]] == [quote["id"]]


@pytest.mark.parametrize(
    ("path", "typed", "where"),
    [
        ("/contacts", {"name": "Rosa", "language": "klingon"}, "body.language"),
        ("/contacts", {"name": "Rosa", "responsible_id": True}, "body.responsible_id"),
        ("/contacts?dry_run=1", {"name": "Rosa"}, "query.dry_run"),
        ("/templates", {"title": "Hi", "html": "Hello", "language": "xx"}, "body.language"),
    ],
)
async def test_what_cannot_be_meant_is_told_and_nothing_done(
    lite_cast: Cast, browse: Browse, path: str, typed: dict[str, Any], where: str
) -> None:
    async with program(browse, lite_cast.ana) as ana:
        answer = await ana.post(path, json=typed)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, where)
    assert len(await all_of(Contact)) == 1


async def test_a_misspelt_filter_does_not_list_everything(lite_cast: Cast, browse: Browse) -> None:
    async with program(browse, lite_cast.ana) as ana:
        answer = await ana.get("/conversations", params={"stauts": "archived"})
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "query.stauts")
    assert "status" in answer.json()["errors"][0]["what"]


async def test_what_is_sent_as_a_form_is_told_to_be_no_json(lite_cast: Cast, browse: Browse) -> None:
    async with program(browse, lite_cast.ana) as ana:
        for kind in ("application/x-www-form-urlencoded", "text/plain"):
            answer = await ana.post("/contacts", content=b'{"name": "Rosa"}', headers={"Content-Type": kind})
            assert (answer.status_code, answer.json()["code"]) == (415, "no_json")
        opened = await open_conversation(lite_cast.marco)
        archived = await ana.post(f"/conversations/{opened}/archive", data={"x": "y"})
        assert archived.status_code == 200  # it has no body to read


async def test_a_ticket_has_a_title_and_one_contact(lite_cast: Cast, browse: Browse) -> None:
    opened = await open_conversation(lite_cast.marco)
    async with program(browse, lite_cast.ana) as ana:
        about = {"title": "Key lost", "conversation_id": opened}
        assert (await ana.post("/tickets", json={**about, "contact_id": 999})).json()["code"] == "refused"
        contact_id = (await get(Conversation, opened)).contact_id
        ticket = (await ana.post("/tickets", json={**about, "contact_id": contact_id})).json()
        assert (ticket["contact_id"], ticket["conversation_id"]) == (contact_id, opened)
        emptied = await ana.patch(f"/tickets/{ticket['id']}", json={"title": " "})
        assert (emptied.status_code, emptied.json()["detail"]) == (422, "Give the ticket a title.")


async def test_the_report_has_the_figures_of_the_page(cast: Cast, browse: Browse) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, send_reply, "Yes")
    async with program(browse, cast.ana) as ana:
        report = (await ana.get("/reports/conversations", params={"range": "today"})).json()
    assert (report["sent"], [one["name"] for one in report["users"]]) == (1, ["Ana Ruiz"])
    assert report["time_zone"] == "Europe/Madrid"


@pytest.mark.parametrize(
    "days",
    [
        {"range": "dates", "from": "9999-12-31", "to": "9999-12-31"},
        {"range": "dates", "from": "0001-01-01", "to": "0001-01-01"},
        {"range": "dates", "from": "2026-02-02", "to": "2026-02-01"},
        {"range": "dates", "from": "2026-02-01"},
        {"range": "last_7", "from": "2026-02-01", "to": "2026-02-28"},
        {"from": "2026-02-01", "to": "2026-02-28"},
    ],
)
async def test_days_that_are_no_range_are_told(lite_cast: Cast, browse: Browse, days: dict[str, str]) -> None:
    async with program(browse, lite_cast.ana) as ana:
        answer = await ana.get("/reports/conversations", params=days)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_a_fault_of_ours_is_a_problem_too(lite_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("witei_app.http.api.contacts.find_contacts", fail)
    site = httpx.ASGITransport(whole_site(), raise_app_exceptions=False)
    async with program(lambda: httpx.AsyncClient(transport=site), lite_cast.ana) as ana:
        answer = await ana.get("/contacts")
    assert (answer.status_code, answer.json()["code"]) == (500, "fault")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_key_makes_a_post_happen_once(cast: Cast, browse: Browse) -> None:
    opened = await open_conversation(cast.marco)
    path, key = f"/conversations/{opened}/messages", {"Idempotency-Key": "order-66"}
    async with program(browse, cast.ana) as ana, program(browse, cast.luis) as luis:
        several = await asyncio.gather(*[ana.post(path, json={"text": "Yes"}, headers=key) for _ in range(4)])
        assert {answer.status_code for answer in several} == {201}
        assert len({answer.text for answer in several}) == 1
        assert sum("idempotent-replayed" in answer.headers for answer in several) == 3
        other = await ana.post(path, json={"text": "No"}, headers=key)
        assert (other.status_code, other.json()["code"]) == (422, "key_used")
        assert (await luis.post(path, json={"text": "Mine"}, headers=key)).json()["author"] == "Luis Soto"
    assert len(await all_of(Message)) == 3
    assert len(await all_of(Delivery, OF_MESSAGES)) == 2


async def test_a_key_is_free_again_after_a_refusal_and_after_a_day(cast: Cast, browse: Browse) -> None:
    key = {"Idempotency-Key": "k"}
    async with program(browse, cast.ana) as ana:
        assert (await ana.post("/contacts", json={}, headers=key)).status_code == 422
        assert await all_of(KeptAnswer) == []
        assert (await ana.post("/contacts", json={"name": "Rosa"}, headers=key)).status_code == 201
        async with transaction() as db:
            (row,) = await all_of(KeptAnswer)
            (await db.get_one(KeptAnswer, row.id)).created_at = now() - KEPT
        assert (await ana.post("/contacts", json={"name": "Pepe"}, headers=key)).json()["name"] == "Pepe"
        async with transaction() as db:
            (row,) = await all_of(KeptAnswer)
            (await db.get_one(KeptAnswer, row.id)).created_at = now() - KEPT
    assert (await drop_old_answers(), await all_of(KeptAnswer)) == (1, [])


async def test_a_token_has_so_many_requests_a_minute(lite_cast: Cast, browse: Browse, configure: Configure) -> None:
    configure(API_REQUESTS_PER_MINUTE="3")
    limits.forget()
    async with program(browse, lite_cast.ana) as ana:
        first = await ana.get("/me")
        assert first.headers["ratelimit-policy"] == '"token";q=3;w=60'
        assert '"token";r=2;t=' in first.headers["ratelimit"]
        answers = [await ana.get("/me") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        answer = answers[-1]
        assert int(answer.headers["retry-after"]) > 0
    limits.forget()


async def test_all_processes_count_together(lite_cast: Cast, configure: Configure, redis: RedisServer) -> None:
    configure(API_REQUESTS_PER_MINUTE="1", REDIS_URL=redis.url())
    first, second = await limits.spend("a mark"), await limits.spend("a mark")
    limits.forget()
    third = await limits.spend("a mark")
    assert [spent.is_over for spent in (first, second, third)] == [False, True, True]
    configure(REDIS_URL="redis://127.0.0.1:1/0")
    alone = [await limits.spend("a mark") for _ in range(2)]
    assert [spent.is_over for spent in alone] == [False, True], "while Redis is away, each process counts alone"
    limits.forget()


async def test_a_page_costs_the_same_queries_however_long_it_is(lite_cast: Cast, browse: Browse) -> None:
    async with program(browse, lite_cast.ana) as ana:
        await ana.get("/me")  # its use is written down once a minute
        counts: list[int] = []
        for _ in range(2):
            for _ in range(5):
                await open_conversation(lite_cast.marco)
            with counted_queries() as queries:
                assert len((await ana.get("/conversations")).json()["items"]) == 5 * (len(counts) + 1)
            counts.append(len(queries))
    assert counts == [2, 2]  # whose token it is, and the list


async def test_who_tries_tokens_is_stopped(lite_cast: Cast, browse: Browse) -> None:
    limits.forget()
    async with browse() as stranger:
        wrong: dict[str, Any] = {"headers": {"Authorization": "Bearer conv_guess"}}
        answers = [await stranger.get("/api/v1/me", **wrong) for _ in range(limits.WRONG_TOKENS.amount + 1)]
    assert [answer.status_code for answer in answers[:-1]] == [401] * limits.WRONG_TOKENS.amount
    assert answers[-1].status_code == 429
    limits.forget()


async def test_use_is_remembered(lite_cast: Cast, browse: Browse) -> None:
    async with program(browse, lite_cast.ana) as ana:
        await ana.get("/me")
    (row,) = await all_of(ApiToken)
    assert row.last_used_at is not None
    assert row.last_address == "127.0.0.1"


async def test_nobody_has_a_hundred_tokens(lite_cast: Cast) -> None:
    async with transaction() as db:
        for number in range(50):
            await make_token(db, lite_cast.ana, str(number), ["contacts:read"])
        for name, scopes, days in (("x", ["contacts:read"], 0), ("", ["contacts:read"], 0), ("x", ["all"], 0)):
            with pytest.raises(Refused):
                await make_token(db, lite_cast.ana, name, scopes, days)


async def test_the_description_is_a_page_of_its_own(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        said = (await browser.get("/api/v1/openapi.json")).json()
        page = await browser.get("/api/v1/docs")
    assert said["openapi"].startswith("3.1")
    for path in said["paths"]:
        assert path in page.text
    assert "<script" not in page.text
    assert "contacts:write" in page.text


async def test_contacts_of_others_are_out_of_sight(lite_cast: Cast, browse: Browse) -> None:
    async with program(browse, lite_cast.vera) as vera:
        assert (await vera.get("/contacts")).json() == {"items": [], "next": None}
        assert (await vera.get(f"/contacts/{lite_cast.marco.id}")).status_code == 404
    assert len(await all_of(Contact)) == 1


@pytest.mark.parametrize("path", ["/conversations/a%0Ab", "/%0A", "/contacts/x%E2%80%A8", "/nothing", "/tickets/%00"])
async def test_an_address_that_leads_nowhere_is_a_problem_as_well(lite_cast: Cast, browse: Browse, path: str) -> None:
    async with program(browse, lite_cast.ana) as ana:
        answer = await ana.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code in {404, 422}
    assert answer.json()["detail"]
