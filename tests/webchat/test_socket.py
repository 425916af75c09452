"""Visitors at the other end of a real WebSocket, the agency's side by its rules, on each database."""

import asyncio
import json
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import delete, select
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.webchat.conftest import Agency, Visit, closing, conversations, open_agency, texts
from witei_app.conversations.archive import archive
from witei_app.conversations.read import mark_read
from witei_app.conversations.reply import send_reply, write_note
from witei_app.conversations.visible import find_conversation
from witei_app.db import reading, transaction
from witei_app.live import bus
from witei_app.live.events import Event, UserTyping, VisitorSeen
from witei_app.models import Channel, Contact, Conversation, Status, User, Widget
from witei_app.models import Visitor as VisitorRow
from witei_app.webchat.visitors import new_token, token_hash


async def reply(agency: Agency, html: str, *, internal: bool = False) -> None:
    """Ana writes in the newest conversation."""
    newest = (await conversations())[-1]
    async with transaction() as db:
        conversation = await find_conversation(db, agency.ana, newest.id)
        await (write_note if internal else send_reply)(db, agency.ana, conversation, html)


async def test_the_first_message_makes_contact_and_conversation(sol: Agency, visit: Visit) -> None:
    marco = await visit(sol.key)
    await marco.hello()
    assert await conversations() == []

    answer = await marco.say("¿El ático admite perros?\n<b>Gracias</b>")

    [conversation] = await conversations()
    assert (answer["t"], answer["n"]) == ("said", 1)
    assert conversation.channel == Channel.WEB_CHAT
    assert conversation.contact_name == "Visitante de /pisos/gran-via"
    assert conversation.needs_reply
    assert await texts() == ["¿El ático admite perros?\n<b>Gracias</b>"]


async def test_a_message_sent_twice_is_stored_once_and_acknowledged_twice(sol: Agency, visit: Visit) -> None:
    marco = await visit(sol.key)
    await marco.hello()
    first = await marco.say("hola", "message-0001")
    assert await marco.say("hola", "message-0001") == first

    back = await visit(sol.key, marco.token)
    await back.hello()
    assert await back.say("hola", "message-0001") == first
    assert await texts() == ["hola"]


async def test_a_first_message_that_was_cut_off_does_not_make_two_conversations(sol: Agency, visit: Visit) -> None:
    marco = await visit(sol.key)
    await marco.hello()
    await marco.send({"t": "say", "id": "message-0001", "text": "hola"})
    await marco.connection.close()

    back = await visit(sol.key, marco.token)
    await back.hello()
    await back.say("hola", "message-0001")

    assert len(await conversations()) == 1
    assert await texts() == ["hola"]


async def test_who_comes_back_hears_what_was_said_since(sol: Agency, visit: Visit) -> None:
    marco = await visit(sol.key)
    await marco.hello()
    for text in ("one", "two"):
        await marco.say(text)
    await marco.connection.close()
    await reply(sol, "<p>A note</p>", internal=True)
    await reply(sol, "<p>Three <b>bold</b></p>")

    back = await visit(sol.key, marco.token)
    welcome = await back.hello(since=1)

    assert [(message["n"], message["by"], message["text"]) for message in welcome["messages"]] == [
        (2, "visitor", "two"),
        (4, "agent", "Three bold"),
    ]
    assert "<b>bold</b>" in welcome["messages"][1]["html"]
    assert "token" not in welcome
    assert welcome["read"] == 4


async def test_answers_typing_and_reading_reach_every_tab_at_once(sol: Agency, visit: Visit) -> None:
    marco = await visit(sol.key)
    await marco.hello()
    other_tab = await visit(sol.key, marco.token)
    await other_tab.hello()
    await marco.say("hola")

    assert (await other_tab.hear("message"))["text"] == "hola"
    [conversation] = await conversations()
    await bus.publish(UserTyping(sol.workspace.id, conversation.id, 1, "Ana"))
    async with transaction() as db:
        await mark_read(db, sol.ana, await find_conversation(db, sol.ana, conversation.id))
    await reply(sol, "<p>Buenos días</p>")

    for tab in (marco, other_tab):
        assert (await tab.hear("typing"))["name"] == "Ana"
        assert (await tab.hear("read"))["n"] in {1, 2}  # whoever answers at once has read her own answer, too
        answer = await tab.hear("message", where=lambda frame: frame["by"] == "agent")
        assert (answer["n"], answer["name"], answer["text"]) == (2, "Ana Ruiz", "Buenos días")


async def test_a_tab_that_has_not_spoken_takes_part_in_what_another_began(lite_sol: Agency, visit: Visit) -> None:
    marco = await visit(lite_sol.key)
    await marco.hello()
    silent_tab = await visit(lite_sol.key, marco.token)
    await silent_tab.hello()
    await marco.say("hola")
    await silent_tab.hear("message")
    for frame in ({"t": "ping"}, {"t": "read", "n": 1}):
        await silent_tab.send(frame)
    await silent_tab.hear("pong")

    await reply(lite_sol, "<p>Buenos días</p>")

    assert (await silent_tab.hear("message"))["text"] == "Buenos días"
    async with reading() as db:
        assert (await db.exec(select(VisitorRow.read_number))).one() == 1


async def test_a_conversation_that_was_erased_begins_anew(sol: Agency, visit: Visit) -> None:
    marco = await visit(sol.key)
    await marco.hello()
    await marco.say("hola")
    before = (await (await visit(sol.key, marco.token)).hello())["thread"]
    async with transaction() as db:
        await db.exec(delete(Conversation))

    back = await visit(sol.key, marco.token)
    assert (await back.hello())["thread"] is None
    assert (await marco.say("¿Siguen ahí?"))["n"] == 1
    await reply(sol, "<p>Sí</p>")

    assert (await marco.hear("message", where=lambda frame: frame["by"] == "agent"))["text"] == "Sí"
    assert (await (await visit(sol.key, marco.token)).hello())["thread"] not in {None, before}


async def test_an_internal_note_never_reaches_the_visitor(sol: Agency, visit: Visit) -> None:
    marco = await visit(sol.key)
    await marco.hello()
    await marco.say("hola")
    await reply(sol, "<p>Secret</p>", internal=True)
    await reply(sol, "<p>Public</p>")
    await marco.hear("message", where=lambda frame: frame["by"] == "agent")
    back = await visit(sol.key, marco.token)
    await back.hello()
    assert "Secret" not in json.dumps(marco.heard + back.heard)


async def test_two_tabs_that_speak_first_at_once_share_one_conversation(sol: Agency, visit: Visit) -> None:
    token = new_token()
    tabs = [await visit(sol.key, token) for _ in range(4)]
    await asyncio.gather(*(tab.hello() for tab in tabs))
    answers = await asyncio.gather(*(tab.say(f"from tab {number}") for number, tab in enumerate(tabs)))
    assert sorted(answer["n"] for answer in answers) == [1, 2, 3, 4]
    assert len(await conversations()) == 1


async def test_a_token_opens_its_own_conversation_and_nothing_else(sol: Agency, visit: Visit) -> None:
    norte = await open_agency("Casas Norte", "norte")
    marco, carla = await visit(sol.key), await visit(sol.key)
    await marco.hello()
    await carla.hello()
    await marco.say("Marco's secret")
    await carla.say("Carla's secret")

    stranger = await visit(norte.key, marco.token)
    welcome = await stranger.hello()

    assert welcome["messages"] == []
    assert welcome["token"] != marco.token
    await stranger.say("hello")
    heard = json.dumps(stranger.heard)
    assert "secret" not in heard
    assert "Carla" not in json.dumps(marco.heard)


async def test_a_token_is_stored_as_its_hash(lite_sol: Agency, visit: Visit) -> None:
    marco = await visit(lite_sol.key)
    await marco.hello()
    await marco.say("hola")
    async with reading() as db:
        [row] = (await db.exec(select(VisitorRow))).all()
    assert row.token_hash == token_hash(marco.token or "")
    assert (marco.token or "") not in row.model_dump_json()


@pytest.mark.parametrize("guess", ["", "x", "a" * 42, "a" * 43, "'; DROP TABLE visitor; --", "../../etc"])
async def test_a_guessed_token_opens_nothing(lite_sol: Agency, visit: Visit, guess: str) -> None:
    marco = await visit(lite_sol.key)
    await marco.hello()
    await marco.say("hola")
    stranger = await visit(lite_sol.key, guess)
    assert (await stranger.hello())["messages"] == []


async def test_a_message_reopens_an_archived_conversation(sol: Agency, visit: Visit) -> None:
    marco = await visit(sol.key)
    await marco.hello()
    await marco.say("hola")
    [conversation] = await conversations()
    async with transaction() as db:
        await archive(db, sol.ana, await find_conversation(db, sol.ana, conversation.id))
    await marco.say("otra cosa")
    [conversation] = await conversations()
    assert conversation.status == Status.OPEN


async def test_what_the_visitor_has_seen_and_that_they_write_is_announced(lite_sol: Agency, visit: Visit) -> None:
    heard: list[Event] = []
    unsubscribe = bus.subscribe(heard.append)
    marco = await visit(lite_sol.key)
    await marco.hello()
    await marco.say("hola")
    await reply(lite_sol, "<p>Buenos días</p>")
    for frame in ({"t": "read", "n": 2}, {"t": "read", "n": 1}, {"t": "typing"}, {"t": "ping"}):
        await marco.send(frame)
    await marco.hear("pong")
    unsubscribe()
    seen = [(event.number, event.is_typing) for event in heard if isinstance(event, VisitorSeen)]
    assert seen == [(2, False), (2, True)]
    back = await visit(lite_sol.key, marco.token)
    assert (await back.hello())["seen"] == 2


async def test_a_claimed_name_is_shown_as_not_verified(lite_sol: Agency, visit: Visit) -> None:
    marco = await visit(lite_sol.key)
    await marco.hello(user={"name": "Marco <script>"})
    await marco.say("hola")
    async with reading() as db:
        [contact] = (await db.exec(select(Contact))).all()
    assert contact.name == "Marco <script> (sin verificar)"
    assert contact.email == ""


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        '{"t":"nothing"}',
        '{"t":"say","id":"12345678","text":"x"}',
        '{"t":"ping"}',
        '{"t":"hello","token":"' + "x" * 20_000 + '"}',
    ],
)
async def test_a_socket_that_does_not_say_hello_is_closed(lite_sol: Agency, visit: Visit, frame: str) -> None:
    nobody = await visit(lite_sol.key)
    await nobody.send(frame)
    assert (await closing(nobody))[0] == 4400
    assert await conversations() == []


@pytest.mark.parametrize("frame", ["{}", '{"t":"hello"}', '{"t":"say","id":"1","text":""}', "x" * 17_000, b"bytes"])
async def test_a_bad_frame_closes_the_socket_with_a_reason(lite_sol: Agency, visit: Visit, frame: Any) -> None:
    marco = await visit(lite_sol.key)
    await marco.hello()
    await marco.connection.send(frame)
    code, reason = await closing(marco)
    assert code == 4400
    assert reason.endswith(".")


FRAMES = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.binary(max_size=60),
        st.builds(
            lambda kind, fields: json.dumps({**fields, "t": kind}),
            st.sampled_from(["hello", "say", "read", "typing", "ping", "said"]),
            st.dictionaries(
                st.sampled_from(["id", "text", "n", "token", "since", "page", "lang", "user"]),
                st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just({"name": "x", "url": "y"}),
                max_size=3,
            ),
        ),
    ),
    max_size=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frames=FRAMES)
async def test_no_frames_whatever_harm_the_server_or_others(lite_sol: Agency, visit: Visit, frames: list[Any]) -> None:
    marco = await visit(lite_sol.key)
    await marco.hello()
    text = f"still here {uuid.uuid4()}"
    before = len(await conversations())

    troublemaker = await visit(lite_sol.key)
    try:
        for frame in frames:
            await troublemaker.connection.send(frame)
    except ConnectionClosed:
        pass

    assert (await marco.say(text))["t"] == "said"
    assert len(await conversations()) == before + 1
    assert (await texts())[-1] == text
    await marco.connection.close()
    await troublemaker.connection.close()


async def test_a_page_of_another_origin_gets_no_socket(lite_sol: Agency, visit: Visit) -> None:
    for origin in ("https://evil.example", "null", "http://localhost:1"):
        with pytest.raises(InvalidStatus) as refusal:
            await visit(lite_sol.key, origin=origin)
        assert refusal.value.response.status_code == 403


async def test_the_widgets_own_sites_and_programs_get_one(lite_sol: Agency, visit: Visit) -> None:
    norte = await open_agency("Casas Norte", "norte", sites=["https://norte.example"])
    for origin in ("https://norte.example", None):
        await (await visit(norte.key, origin=origin)).hello()
    with pytest.raises(InvalidStatus):
        await visit(lite_sol.key, origin="https://norte.example")


async def test_a_widget_that_is_off_says_so(lite_sol: Agency, visit: Visit) -> None:
    async with transaction() as db:
        widget = await db.get_one(Widget, lite_sol.widget.id)
        widget.is_enabled = False
        db.add(widget)
    for key in (lite_sol.key, "nobody", ""):
        assert (await closing(await visit(key)))[0] == 4403


async def test_a_visitors_socket_keeps_no_buffers_for_compression(lite_sol: Agency, visit: Visit) -> None:
    visitor = await visit("sol", compression="deflate")
    assert visitor.connection.protocol.extensions == []
    await visitor.hello()


async def test_what_was_read_in_one_tab_is_read_in_all_and_answers_have_a_face(sol: Agency, visit: Visit) -> None:
    async with transaction() as db:
        (await db.get_one(User, sol.ana.user_id)).portrait = "0f" * 32
    marco = await visit(sol.key)
    await marco.hello()
    await marco.say("hola")
    tab = await visit(sol.key, marco.token)
    await tab.hello()
    await reply(sol, "<p>Buenos días</p>")
    face = f"/portraits/{'0f' * 32}.webp"
    assert (await tab.hear("message"))["face"] == face
    await marco.send({"t": "read", "n": 2})
    assert (await tab.hear("seen"))["n"] == 2
    again = await (await visit(sol.key, marco.token)).hello()
    assert [one.get("face") for one in again["messages"]] == [None, face]


async def test_letters_that_turn_others_around_are_left_out(lite_sol: Agency, visit: Visit) -> None:
    marco = await visit(lite_sol.key)
    await marco.hello()
    await marco.say("see https://sol.example/\u202egpj.exe\u2066 and שלום \u200f!")
    assert await texts() == ["see https://sol.example/gpj.exe and שלום \u200f!"]
