"""What else a widget may be told: kinds of files, chats in turn, a line that speaks first; and the path of a visit."""

import re

import httpx
import pytest

from tests.cast import Configure, all_of, configure
from tests.webchat.conftest import Agency, Visit, conversations
from tests.webchat.test_identity import existing_marco, open_chat, shown, signed
from tests.webchat.test_manage import save
from witei_app.conversations import hand_out
from witei_app.db import transaction
from witei_app.errors import Refused
from witei_app.models import Contact, ConversationScope, Role, User, Visitor, Workspace
from witei_app.webchat.nudge import MOST_SECONDS, Nudge, parse_nudge
from witei_app.webchat.widgets import who_answers

__all__ = ["configure"]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"IEND\xaeB`\x82"


@pytest.fixture(autouse=True)
def _own_data(configure: Configure) -> None:
    """Files in the test's own folder."""


async def upload(port: int, token: str, name: str, data: bytes) -> int:
    async with httpx.AsyncClient(base_url=f"http://localhost:{port}") as browser:
        answer = await browser.post("/embed/upload?key=sol", data={"token": token}, files={"file": (name, data)})
        return answer.status_code


async def test_a_widget_takes_the_kinds_and_sizes_that_it_says(lite_sol: Agency, visit: Visit, port: int) -> None:
    visitor = await visit("sol")
    await visitor.hello()
    pdf = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
    for kinds, expected in (("all", (201, 201)), ("pictures", (422, 201)), ("documents", (201, 422))):
        await save(lite_sol, file_kinds=kinds)
        found = (await upload(port, visitor.token, "a.pdf", pdf), await upload(port, visitor.token, "a.png", PNG))
        assert found == expected, kinds
    assert (await save(lite_sol, file_kinds="all", most_file_mb="1")).most_file_mb == "1"
    assert await upload(port, visitor.token, "long.txt", b"long " * 250_000) == 413
    for typed in ("0", "-1", "x", "9999999999"):
        with pytest.raises(Refused):
            await save(lite_sol, most_file_mb=typed)


async def test_at_its_head_stand_those_who_answer_and_administrators_where_nobody_else_does(sol: Agency) -> None:
    async with transaction() as db:
        db.add(User(workspace_id=sol.workspace.id, email="marta@sol.test", name="Marta Gil", role=Role.ADMIN))
    assert await names(sol) == ["Ana Ruiz"]
    for no_answers in ({"can_write": False}, {"conversation_scope": ConversationScope.NONE}, {"is_active": False}):
        async with transaction() as db:
            ana = await db.get_one(User, sol.ana.user_id)
            ana.can_write, ana.conversation_scope, ana.is_active = True, ConversationScope.ALL, True
            for name, value in no_answers.items():
                setattr(ana, name, value)
            db.add(ana)
        assert await names(sol) == ["Marta Gil"]


async def names(agency: Agency) -> list[str]:
    async with transaction() as db:
        return [name for _, name, _ in await who_answers(db, agency.workspace.id)]


async def test_chats_go_in_turn_to_those_who_are_present(
    lite_sol: Agency, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await save(lite_sol, assignee_id="turn")).assignee_id == "turn"
    [ana] = await all_of(User)

    def nobody(_: int) -> set[int]:
        return set()

    def only_ana(_: int) -> set[int]:
        return {ana.id}

    for present in (nobody, only_ana):
        monkeypatch.setattr(hand_out, "present_users", present)
        visitor = await visit("sol")
        await visitor.hello()
        await visitor.say("Hola")
    assert [one.assignee_id for one in await conversations()] == [None, ana.id]


async def test_a_chat_uses_up_one_turn_where_the_workspace_hands_out_in_turn_too(
    lite_sol: Agency, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    await save(lite_sol, assignee_id="turn")
    [ana] = await all_of(User)
    async with transaction() as db:
        (await db.get_one(Workspace, ana.workspace_id)).new_go_to = "in_turn"
        db.add(luis := User(workspace_id=ana.workspace_id, email="luis@turn.test", name="Luis"))
    monkeypatch.setattr(hand_out, "present_users", lambda _: {ana.id, luis.id})
    for _ in range(4):
        visitor = await visit("sol")
        await visitor.hello()
        await visitor.say("Hola")
    assert [one.assignee_id for one in await conversations()] == [ana.id, luis.id, ana.id, luis.id]


async def test_the_contacts_responsible_user_comes_before_the_widgets(lite_sol: Agency, visit: Visit) -> None:
    [ana] = await all_of(User)
    marco = await existing_marco(lite_sol)
    async with transaction() as db:
        db.add(luis := User(workspace_id=ana.workspace_id, email="luis@turn.test", name="Luis"))
        await db.flush()
        (await db.get_one(Contact, marco.id)).responsible_id = luis.id
    await save(lite_sol, assignee_id=str(ana.id))
    for user in (await signed(lite_sol), None):
        await (await open_chat(visit, user)).say("Hola")
    assert [one.assignee_id for one in await conversations()] == [luis.id, ana.id]


@pytest.mark.parametrize(
    ("pages", "path", "is_there"),
    [
        ("/flats/*", "/flats/12", True),
        ("/flats/*", "/rent/12", False),
        ("/a.b\n/c", "/axb", False),
        ("/a.b\n/c", "/c", True),
        ("*gran-via*", "/flats/gran-via-1", True),
        ("", "/anything", True),
        ("/áticos/*", "/%C3%A1ticos/12", True),
        ("/casa 1", "/casa%201", True),
        ("/%C3%A1ticos", "/%C3%A1ticos", True),
        ("/(a+)+$", "/aaaa", False),
    ],
)
def test_pages_are_patterns(pages: str, path: str, is_there: bool) -> None:
    stored = parse_nudge(is_on=True, seconds="5", pages=pages)
    nudge = Nudge(True, 5, tuple(stored["pages"]))  # type: ignore[arg-type]
    assert (re.search(nudge.pattern, path) is not None) is is_there


@pytest.mark.parametrize(("seconds", "pages"), [("x", ""), (str(MOST_SECONDS + 1), ""), ("5", "flats"), ("5", "/****")])
def test_what_is_no_time_and_no_page_is_refused(seconds: str, pages: str) -> None:
    with pytest.raises(Refused):
        parse_nudge(is_on=True, seconds=seconds, pages=pages)


async def test_the_line_that_speaks_first_is_served_when_it_is_on(lite_sol: Agency, port: int) -> None:
    texts = {"es": {"nudge": "¿Le ayudo? </script>"}, "en": {"replies": "Is it free?\nMay I see it?"}}
    await save(lite_sol, texts=texts, has_nudge=True, nudge_seconds="3", nudge_pages="/flats/*")
    async with httpx.AsyncClient(base_url=f"http://localhost:{port}") as browser:
        loader = (await browser.get("/embed/loader.js?key=sol")).text
        assert '"nudge":{"after":3,"on":"^(\\\\/flats\\\\/.*)$"}' in loader
        assert '"¿Le ayudo? </script>"' in (await browser.get("/embed/nudge.js?key=sol&lang=es")).text
        assert '"Can we help you?"' in (await browser.get("/embed/nudge.js?key=sol&lang=xx")).text
        assert "Is it free?" in (await browser.get("/embed/chat/sol?lang=en")).text
        await save(lite_sol, has_nudge=False, sites="https://sol.example")
        assert "¿" not in (await browser.get("/embed/nudge.js?key=sol&lang=es")).text


async def test_the_team_sees_the_path_of_the_visit(lite_sol: Agency, visit: Visit) -> None:
    visitor = await visit("sol")
    await visitor.hello()
    await visitor.say("Hola")
    for page in ("https://sol.example/a", "https://sol.example/a", "javascript:alert(1)", "https://sol.example/b"):
        await visitor.send({"t": "page", "page": {"url": page, "title": page[-1]}})
    await visitor.send({"t": "ping"})
    await visitor.hear("pong")
    assert [page.title for page in (await shown(lite_sol)).path] == ["b", "a", "Ático en Gran Vía"]
    [row] = await all_of(Visitor)
    assert row.page_url == "https://sol.example/b"
