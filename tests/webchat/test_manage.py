"""Administrators set up the agency's chats; nobody else does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from tests.webchat.conftest import Agency, Visit, Visitor, closing, conversations, open_agency, texts
from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import Session, transaction
from witei_app.errors import NotFound, Refused
from witei_app.models import ConversationScope, User, Widget
from witei_app.webchat import widgets
from witei_app.webchat.look import OWN_TEXTS
from witei_app.webchat.manage import delete_widget, list_widgets, save_widget, widget_form, with_others_changes
from witei_app.webchat.rows import WidgetForm, WidgetRow
from witei_app.webchat.typed import check_colour, parse_sites


def boss_of(agency: Agency) -> Actor:
    """An administrator there."""
    return Actor(agency.workspace.id, None, "Marta", True, ConversationScope.ALL, "en")


async def save(agency: Agency, **changes: object) -> WidgetForm:
    """The agency's widget with these changes, as its form shows it afterwards."""
    boss = boss_of(agency)
    async with transaction() as db:
        form = await widget_form(db, boss, agency.widget.id)
        await save_widget(db, boss, replace(form, **changes))  # type: ignore[arg-type]
        return await widget_form(db, boss, agency.widget.id)


async def rows(agency: Agency) -> list[WidgetRow]:
    async with transaction() as db:
        return await list_widgets(db, boss_of(agency))


async def test_what_is_saved_is_shown_again(sol: Agency) -> None:
    wanted = {
        "name": "Sol  Madrid",
        "colour": "1D5",
        "position": "left",
        "button_text": "Escríbenos",
        "sites": "sol.example, https://WWW.sol.example/contact",
        "texts": {"es": {"title": "¿Busca casa?", "subtitle": "", "welcome": " "}, "xx": {"title": "?"}},
        "ask_email": "required",
        "has_hours": True,
        "days": ["9-14", "", "", "", "", "", ""],
        "holidays": "25/12",
        "time_zone": "Atlantic/Canary",
    }
    form = await save(sol, **wanted)
    assert (form.name, form.colour, form.position) == ("Sol Madrid", "#11dd55", "left")
    assert form.sites.split() == ["https://sol.example", "https://www.sol.example"]
    assert form.texts == {"es": dict.fromkeys(OWN_TEXTS, "") | {"title": "¿Busca casa?"}}
    assert (form.ask_email, form.days[0], form.holidays) == ("required", "09:00-14:00", "25/12")
    assert await save(sol) == form  # what is shown can be saved as it is


async def test_an_agency_has_several_widgets_with_keys_of_their_own(sol: Agency) -> None:
    async with transaction() as db:
        await save_widget(db, boss_of(sol), WidgetForm(name="Playa", colour="#ffd400"))
    first, second = await rows(sol)
    assert [first.name, second.name] == ["Web", "Playa"]
    assert first.snippet != second.snippet
    assert 'data-key="sol"' in first.snippet


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "  "},
        {"colour": "red"},
        {"colour": "#12345g"},
        {"sites": "http://sol.example"},
        {"sites": "javascript:alert(1)"},
        {"sites": "*"},
        {"assignee_id": "999"},
        {"assignee_id": "1 OR 1=1"},
        {"has_consent": True, "privacy_url": "javascript:alert(1)"},
        {"has_nudge": True, "nudge_pages": "flats"},
        {"most_file_mb": "0"},
        {"has_hours": True, "days": [""] * 7},
        {"has_hours": True, "days": ["nine"] + [""] * 6},
        {"has_hours": True, "time_zone": "../../etc/passwd"},
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(lite_sol: Agency, changes: dict[str, object]) -> None:
    before = await save(lite_sol)
    with pytest.raises(Refused):
        await save(lite_sol, **changes)
    async with transaction() as db:
        assert await widget_form(db, boss_of(lite_sol), lite_sol.widget.id) == before


async def test_a_mistake_in_what_is_switched_off_stops_nobody(lite_sol: Agency) -> None:
    """Its fields are out of sight. What was there before is there again when it is switched on."""
    asked = {"has_consent": True, "privacy_url": "https://sol.example/privacy", "has_nudge": True, "nudge_pages": "/"}
    hours = {"has_hours": True, "days": ["09:00-14:00", *[""] * 6], "time_zone": "Atlantic/Canary"}
    before = await save(lite_sol, **asked, **hours, most_file_mb="7")
    wrong = {"privacy_url": "nonsense", "nudge_pages": "flats", "days": ["nine"] * 7, "time_zone": "Mars"}
    off = dict.fromkeys(("has_consent", "has_nudge", "has_hours", "takes_files"), False)
    await save(lite_sol, **wrong, most_file_mb="0", **off)
    assert await save(lite_sol, **dict.fromkeys(off, True)) == before


async def test_two_who_change_different_fields_both_keep_their_change(lite_sol: Agency) -> None:
    boss = boss_of(lite_sol)
    async with transaction() as db:
        opened = await widget_form(db, boss, lite_sol.widget.id)
    await save(lite_sol, button_text="Escríbenos", colour="#111111")
    async with transaction() as db:
        form = await with_others_changes(db, boss, opened, replace(opened, colour="#222222"))
        await save_widget(db, boss, form)
    form = await save(lite_sol)
    assert (form.button_text, form.colour) == ("Escríbenos", "#222222")


def test_local_sites_may_do_without_tls() -> None:
    assert parse_sites("http://localhost:3000/x http://127.0.0.1:8000") == [
        "http://localhost:3000",
        "http://127.0.0.1:8000",
    ]
    assert check_colour(" #ABCDEF ") == "#abcdef"


async def test_a_site_with_letters_of_its_own_is_kept_as_browsers_tell_it(lite_sol: Agency) -> None:
    form = await save(lite_sol, sites="Inmobiliaria-España.es\nhttps://www.áticos.com:8443/x")
    assert form.sites == "https://inmobiliaria-españa.es\nhttps://www.áticos.com:8443"
    assert parse_sites(form.sites) == ["https://xn--inmobiliaria-espaa-30b.es", "https://www.xn--ticos-wqa.com:8443"]


Act = Callable[[Session, Actor, int], object]
ACTS: list[Act] = [
    lambda db, actor, _: list_widgets(db, actor),
    lambda db, actor, number: widget_form(db, actor, number),
    lambda db, actor, number: save_widget(db, actor, WidgetForm(id=number, name="Mine")),
    lambda db, actor, _: save_widget(db, actor, WidgetForm(name="Mine")),
    lambda db, actor, number: delete_widget(db, actor, number),
]


@pytest.mark.parametrize("act", ACTS)
async def test_who_is_no_administrator_is_refused_everything(sol: Agency, act: Act) -> None:
    with pytest.raises(Refused):
        async with transaction() as db:
            await act(db, sol.ana, sol.widget.id)  # type: ignore[misc]
    assert [row.name for row in await rows(sol)] == ["Web"]


@pytest.mark.parametrize("act", [ACTS[1], ACTS[2], ACTS[4]])
async def test_administrators_elsewhere_find_no_widget_of_ours(sol: Agency, act: Act) -> None:
    norte = await open_agency("Casas Norte", "norte")
    with pytest.raises(NotFound):
        async with transaction() as db:
            await act(db, boss_of(norte), sol.widget.id)  # type: ignore[misc]
    assert [row.name for row in await rows(sol)] == ["Web"]


async def loader(port: int, key: str = "sol", referer: str = "") -> str:
    """What the browser gets for the snippet."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        answer = await client.get(f"/embed/loader.js?key={key}", headers={"Referer": referer} if referer else {})
    assert answer.status_code == 200
    assert "max-age=60" in answer.headers["cache-control"]
    return answer.text


async def test_the_loader_brings_the_widgets_look_and_nothing_when_it_is_off(sol: Agency, port: int) -> None:
    await save(sol, colour="#ffd400", position="left", button_text='"</script>')
    code = await loader(port)
    assert '"color":"#ffd400","side":"left"' in code
    await save(sol, is_enabled=False)
    assert await loader(port) == ""
    assert await loader(port, "nobody") == ""


async def test_other_sites_get_nothing(sol: Agency, port: int) -> None:
    await save(sol, sites="sol.example")
    assert await loader(port, referer="https://sol.example/pisos")
    assert await loader(port, referer="https://evil.example/") == ""


async def test_new_chats_go_to_whom_the_widget_says(sol: Agency, visit: Visit) -> None:
    await save(sol, assignee_id=str(sol.ana.user_id))
    visitor = await visit("sol")
    await visitor.hello()
    await visitor.say("Hola")
    [conversation] = await conversations()
    assert conversation.assignee_id == sol.ana.user_id


async def test_new_chats_wait_when_that_user_has_left(lite_sol: Agency, visit: Visit) -> None:
    await save(lite_sol, assignee_id=str(lite_sol.ana.user_id))
    async with transaction() as db:
        (await db.get_one(User, lite_sol.ana.user_id)).is_active = False
    visitor = await visit("sol")
    await visitor.hello()
    await visitor.say("Hola")
    [conversation] = await conversations()
    assert conversation.assignee_id is None


async def test_administrators_see_where_it_was_opened(sol: Agency, visit: Visit) -> None:
    widgets._next_note.clear()
    assert (await rows(sol))[0].seen == ""
    await (await visit("sol")).hello()
    assert (await rows(sol))[0].seen == "Seen on sol.example just now"


async def test_administrators_see_that_the_line_is_on_the_page_before_anybody_opens_the_chat(
    sol: Agency, port: int
) -> None:
    widgets._next_note.clear()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        await client.get("/embed/loader.js?key=sol")  # a program, and no page
        assert (await rows(sol))[0].seen == ""
        await save(sol, sites="https://sol.example")
        await client.get("/embed/loader.js?key=sol", headers={"Referer": "https://other.example/"})
        assert (await rows(sol))[0].seen == ""
        await client.get("/embed/loader.js?key=sol", headers={"Referer": "https://sol.example/pisos"})
    assert (await rows(sol))[0].seen == "Seen on sol.example just now"


async def test_a_page_that_does_not_tell_its_address_counts_too(sol: Agency, visit: Visit, port: int) -> None:
    widgets._next_note.clear()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        await client.get("/embed/loader.js?key=sol", headers={"Sec-Fetch-Dest": "document"})  # looked at by itself
        assert (await rows(sol))[0].seen == ""
        await client.get("/embed/loader.js?key=sol", headers={"Sec-Fetch-Dest": "script"})  # no-referrer
    assert (await rows(sol))[0].seen == "Seen on a page that hides its address just now"
    await (await visit("sol")).hello()
    assert (await rows(sol))[0].seen == "Seen on sol.example just now"


async def test_that_is_written_down_once_a_minute(sol: Agency, visit: Visit) -> None:
    widgets._next_note.clear()
    await (await visit("sol")).hello()
    async with transaction() as db:
        widget = await db.get_one(Widget, sol.widget.id)
        widget.last_seen_at = now() - timedelta(minutes=5)
    await (await visit("sol")).hello()
    assert (await rows(sol))[0].seen == "Seen on sol.example 5 minutes ago"


async def test_the_widgets_language_comes_before_the_pages(sol: Agency, port: int) -> None:
    await save(sol, language="fr")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        page = await client.get("/embed/chat/sol?lang=es")
    assert '<html lang="fr">' in page.text


@pytest.mark.parametrize("is_deleted", [True, False])
async def test_a_widget_that_is_taken_away_is_so_for_those_who_have_it_open(
    lite_sol: Agency, visit: Visit, is_deleted: bool
) -> None:
    silent, talking = [await visit("sol") for _ in range(2)]
    for visitor in (silent, talking):
        await visitor.hello()
    await talking.say("Is it free?")
    if is_deleted:
        async with transaction() as db:
            await delete_widget(db, boss_of(lite_sol), lite_sol.widget.id)
    else:
        await save(lite_sol, is_enabled=False)
    for visitor in (silent, talking):
        assert (await closing(visitor))[0] == 1013
    again: Visitor = await visit("sol", talking.token)
    assert await closing(again) == (4403, "There is no chat here.")
    assert await texts() == ["Is it free?"]
