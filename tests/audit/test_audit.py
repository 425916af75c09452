"""The audit: what is done is noted with it, by whom and from where; nobody reads another's, nobody changes it."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from tests.cast import PASSWORD, Cast, open_conversation
from tests.http.conftest import Browse, signed_in
from witei_app.accounts.actor import Actor
from witei_app.accounts.office import save_hand_out, save_workspace
from witei_app.accounts.permissions import AGENT, READ_ONLY
from witei_app.accounts.team import (
    OPERATOR,
    change_access,
    deactivate,
    invite,
    reactivate,
    turn_off_app,
    turn_off_app_of,
    withdraw_invitation,
)
from witei_app.audit.read import PAGE, Days, audit_page, every_entry
from witei_app.audit.trail import TOPIC_OF, note
from witei_app.audit.worded import SENTENCES, TOPIC_NAMES, AuditRow
from witei_app.conversations.bin import delete_for_good, find_in_bin
from witei_app.conversations.delete import delete as delete_conversation
from witei_app.conversations.visible import find_conversation
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.models import AuditAction, AuditEntry, AuditTopic, Role, User
from witei_app.templates.library import delete_template, save_template
from witei_app.templates.sheet import import_templates

AS_FORM = {"Origin": "http://app.test"}


def boss_of(actor: Actor) -> Actor:
    return replace(actor, is_admin=True, address="192.0.2.7", language="en")


async def rows(actor: Actor, topic: str = "", user_id: int = 0) -> list[AuditRow]:
    async with reading() as db:
        return (await audit_page(db, actor, topic, user_id))[0]


async def test_what_is_done_to_the_team_is_noted_with_who_and_from_where(cast: Cast) -> None:
    boss = boss_of(cast.ana)
    assert cast.luis.user_id is not None
    async with transaction() as db:
        await invite(db, boss, "neu@sol.test", "Neu", Role.USER, AGENT)
        (await db.get_one(User, boss.user_id)).role = Role.ADMIN
    async with transaction() as db:
        await change_access(db, boss, cast.luis.user_id, Role.USER, READ_ONLY)
        await deactivate(db, boss, cast.luis.user_id, cast.eva.user_id or 0)
        await reactivate(db, boss, cast.luis.user_id)
        invited = (await db.exec(select(User).where(User.email == "neu@sol.test"))).one()
        await withdraw_invitation(db, boss, invited.id)
    found = await rows(boss, AuditTopic.PERMISSIONS)
    assert [row.what for row in found] == [
        "Withdrew the invitation of neu@sol.test",
        "Activated luis@sol.test again",
        "Deactivated luis@sol.test",
        "Changed the permissions of luis@sol.test",
        "Invited neu@sol.test",
    ]
    assert {(row.who, row.address) for row in found} == {("Ana Ruiz", "192.0.2.7")}
    assert found[2].changes == ["Handed over to: eva@sol.test"]
    assert "Answer, note and archive: yes → no" in found[3].changes
    assert "Conversations: Everything → Everything" not in found[3].changes


async def test_settings_say_what_changed_and_nothing_when_nothing_did(lite_cast: Cast) -> None:
    boss = boss_of(lite_cast.ana)
    for _ in range(2):
        async with transaction() as db:
            await save_workspace(db, boss, name="Casa Sol", language="en", time_zone="Europe/Madrid")
    async with transaction() as db:
        await save_hand_out(db, boss, "in_turn", 0)
    turn, name = await rows(boss, AuditTopic.SETTINGS)
    assert turn.changes == ["New conversations go to: Nobody: unassigned → In turn, those who are present"]
    assert name.changes == ["Language: es → en", "Name: Inmobiliaria Sol → Casa Sol"]
    (spanish, _) = await rows(replace(boss, language="es"), AuditTopic.SETTINGS)
    assert spanish.what == "Cambió los datos del espacio de trabajo"


async def test_what_is_refused_is_not_noted(lite_cast: Cast) -> None:
    with pytest.raises(Refused):
        async with transaction() as db:
            await save_workspace(db, boss_of(lite_cast.ana), name="X", language="en", time_zone="Moon/Sea")
    assert await rows(boss_of(lite_cast.ana)) == []


async def test_a_deleted_conversation_is_noted(lite_cast: Cast) -> None:
    number = await open_conversation(lite_cast.marco)
    async with transaction() as db:
        conversation = await find_conversation(db, lite_cast.ana, number)
        await delete_conversation(db, lite_cast.ana, conversation)
    (row,) = await rows(boss_of(lite_cast.ana), AuditTopic.DELETION)
    assert row.what == "Deleted the conversation with Marco Peña"


async def test_what_an_administrator_deletes_for_good_is_noted_and_not_what_time_empties(lite_cast: Cast) -> None:
    boss, numbers = boss_of(lite_cast.ana), [await open_conversation(lite_cast.marco) for _ in range(2)]
    for number, actor in zip(numbers, (boss, Actor.system(boss.workspace_id)), strict=True):
        async with transaction() as db:
            await delete_conversation(db, boss, await find_conversation(db, boss, number))
            await delete_for_good(db, actor, await find_in_bin(db, boss, number))
    found = [row.what for row in await rows(boss, AuditTopic.DELETION)]
    assert found.count("Deleted for good the conversation with Marco Peña") == 1


async def test_templates_of_the_team_are_noted_and_nobodys_own(lite_cast: Cast, browse: Browse) -> None:
    boss = boss_of(lite_cast.ana)
    for is_shared in (True, False):
        written = {"title": f"Hello {is_shared}", "html": "Hello", "is_shared": is_shared}
        async with transaction() as db:
            template = await save_template(db, boss, 0, **written)
            await save_template(db, boss, template.id, **written)
            await delete_template(db, boss, template.id)
    async with transaction() as db:
        await import_templates(db, boss, b"title,html,shared\na,b,yes\nc,d,yes\n")
        (await db.get_one(User, boss.user_id)).role = Role.ADMIN
    async with browse() as browser:
        await signed_in(browser, boss)
        assert (await browser.get("/templates.csv")).status_code == 200
    found = [row.what for row in await rows(boss)]
    assert found == [
        "Exported the templates",
        "Imported templates: 2",
        "Deleted the template Hello True",
        "Changed the template Hello True",
        "Added the template Hello True",
    ]


async def test_entries_are_neither_changed_nor_removed(cast: Cast) -> None:
    async with transaction() as db:
        note(db, cast.ana, AuditAction.SIGNED_IN)
    for statement in (update(AuditEntry).values(user_name="Nobody"), delete(AuditEntry)):
        with pytest.raises(DBAPIError, match="never changed"):
            async with transaction() as db:
                await db.exec(statement)
    assert [row.who for row in await rows(boss_of(cast.luis))] == ["Ana Ruiz"]


async def test_none_takes_the_place_of_another_on_sqlite(lite_cast: Cast) -> None:
    """REPLACE is SQLite's own, and deletes what it replaces without any trigger for DELETE."""
    async with transaction() as db:
        note(db, lite_cast.ana, AuditAction.SIGNED_IN)
    [entry] = await rows(boss_of(lite_cast.ana))
    forged = {"id": entry.id, "workspace_id": lite_cast.ana.workspace_id, "user_name": "Nobody", "topic": "sign_in"}
    with pytest.raises(DBAPIError, match="never changed"):
        async with transaction() as db:
            await db.exec(insert(AuditEntry).prefix_with("OR REPLACE").values(action="signed_in", **forged))
    assert [row.who for row in await rows(boss_of(lite_cast.ana))] == ["Ana Ruiz"]


async def test_another_agency_and_whoever_is_no_administrator_read_nothing(cast: Cast) -> None:
    async with transaction() as db:
        note(db, cast.ana, AuditAction.SIGNED_IN)
    assert await rows(boss_of(cast.vera)) == []
    assert await rows(boss_of(cast.vera), user_id=cast.ana.user_id or 0) == []
    with pytest.raises(Refused):
        await rows(cast.luis)


async def test_pages_and_filters(lite_cast: Cast) -> None:
    async with transaction() as db:
        for number in range(PAGE + 5):
            note(db, lite_cast.ana, AuditAction.INVITED, f"{number}@sol.test")
        note(db, lite_cast.luis, AuditAction.SIGNED_IN)
    boss = boss_of(lite_cast.ana)
    async with reading() as db:
        first, on = await audit_page(db, boss)
        second, end = await audit_page(db, boss, before=on)
        everything = [row async for row in every_entry(db, boss)]
    assert (len(first), len(second), end) == (PAGE, 6, 0)
    assert everything == [*first, *second]
    assert len(await rows(boss, user_id=lite_cast.luis.user_id or 0)) == 1
    assert len(await rows(boss, AuditTopic.SIGN_IN)) == 1
    assert len(await rows(boss, "no such topic")) == PAGE


async def test_signing_in_is_noted_and_so_is_a_wrong_password(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        for password in ("not-the-password", PASSWORD):
            form = {"email": "ana@sol.test", "password": password, "next": "/"}
            await browser.post("/login", data=form, headers=AS_FORM)
        await browser.post("/login", data={"email": "no@sol.test", "password": "x"}, headers=AS_FORM)
    found = await rows(boss_of(lite_cast.ana), AuditTopic.SIGN_IN)
    assert [row.what for row in found] == ["Signed in", "Sign-in refused: wrong password or code"]
    assert {row.who for row in found} == {"Ana Ruiz"}
    assert all(row.address for row in found)


async def test_who_was_deactivated_and_tries_again_is_noted(lite_cast: Cast, browse: Browse) -> None:
    async with transaction() as db:
        (await db.get_one(User, lite_cast.luis.user_id)).is_active = False
    async with browse() as browser:
        form = {"email": "luis@sol.test", "password": PASSWORD, "next": "/"}
        assert (await browser.post("/login", data=form, headers=AS_FORM)).status_code == 401
    [found] = await rows(boss_of(lite_cast.ana), AuditTopic.SIGN_IN)
    assert (found.who, found.what) == ("Luis Soto", "Sign-in refused: wrong password or code")


async def test_whose_authenticator_app_was_turned_off_is_said(lite_cast: Cast) -> None:
    boss = boss_of(lite_cast.ana)
    async with transaction() as db:
        note(db, boss, AuditAction.TWO_FACTOR_OFF)
        for user_id in (lite_cast.luis.user_id, lite_cast.eva.user_id):
            (await db.get_one(User, user_id)).two_factor_secret = "sealed"
    async with transaction() as db:
        await turn_off_app(db, boss, lite_cast.luis.user_id or 0)
        await turn_off_app_of(db, "eva@sol.test")
    assert [(row.who, row.what) for row in await rows(boss)] == [
        (OPERATOR, "Turned off the authenticator app of eva@sol.test"),
        (boss.name, "Turned off the authenticator app of luis@sol.test"),
        (boss.name, "Turned the authenticator app off"),
    ]


async def test_the_file_holds_what_the_page_shows_and_no_formula(lite_cast: Cast, browse: Browse) -> None:
    async with transaction() as db:
        (await db.get_one(User, lite_cast.ana.user_id)).role = Role.ADMIN
        note(db, replace(lite_cast.luis, name="=1+1"), AuditAction.INVITED, "neu@sol.test")
    async with browse() as browser:
        await signed_in(browser, lite_cast.luis)
        assert (await browser.get("/settings/audit.csv")).status_code == 404
        await signed_in(browser, lite_cast.ana)
        answer = await browser.get("/settings/audit.csv?topic=permissions&user=x")
    heading, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heading == ["When (UTC)", "Who", "What", "Changes", "From where"]
    assert line[1:] == ["'=1+1", "Invited neu@sol.test", "", ""]
    assert (await rows(boss_of(lite_cast.ana), AuditTopic.EXPORT))[0].what == "Exported the audit"


async def test_days_are_those_of_whoever_reads_on_the_page_and_in_the_file(lite_cast: Cast, browse: Browse) -> None:
    boss = replace(boss_of(lite_cast.ana), time_zone="Europe/Madrid")
    hours = {"before": (1, 22, 59), "first": (1, 23, 0), "last": (2, 22, 59), "after": (2, 23, 0)}
    async with transaction() as db:
        user = await db.get_one(User, boss.user_id)
        user.role, user.time_zone = Role.ADMIN, "Europe/Madrid"
        for about, (day, hour, minute) in hours.items():
            at = datetime(2026, 3, day, hour, minute, tzinfo=UTC)
            entry = AuditEntry(workspace_id=boss.workspace_id, at=at, action=AuditAction.INVITED, about=about)
            entry.topic = AuditTopic.PERMISSIONS
            db.add(entry)
    second = date(2026, 3, 2)
    for days, expected in {
        Days(second, second): ["last", "first"],
        Days(second): ["after", "last", "first"],
        Days(last=second): ["last", "first", "before"],
        Days(date(2026, 3, 3), second): [],
    }.items():
        async with reading() as db:
            found, _ = await audit_page(db, boss, days=days)
        assert [row.what for row in found] == [f"Invited {about}" for about in expected]
    async with browse() as browser:
        await signed_in(browser, lite_cast.ana)
        answer = await browser.get("/settings/audit.csv?topic=permissions&from=2026-03-02&to=2026-03-02")
        assert (answer.text.count("Invited"), "before" in answer.text, "after" in answer.text) == (2, False, False)
        answer = await browser.get("/settings/audit.csv?topic=permissions&from=soon&to=0001-01-01")
        assert answer.text.count("Invited") == 4


def test_every_act_has_a_topic_and_a_sentence() -> None:
    assert set(TOPIC_OF) == set(SENTENCES) == set(AuditAction)
    assert set(TOPIC_NAMES) == set(AuditTopic)
