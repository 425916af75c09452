"""Acts that are noted with their particulars: for how long, which browser, how many."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.audit.test_audit import boss_of, rows
from tests.cast import Cast, all_of, open_conversation
from tests.crm.test_import import brought_in, prepare
from witei_app.accounts.actor import Actor
from witei_app.accounts.profile import end_session
from witei_app.accounts.sign_in import open_session, open_sessions
from witei_app.accounts.tokens import make_token
from witei_app.clock import now
from witei_app.conversations.delete import delete, restore
from witei_app.conversations.visible import find_conversation
from witei_app.crm.edit import ContactInput, create_contact
from witei_app.crm.erase import erase_contact
from witei_app.crm.importing import ROWS_A_STEP, begin_import
from witei_app.crm.merge import merge_contacts
from witei_app.crm.notes import add_note, delete_note
from witei_app.db import transaction
from witei_app.jobs.kinds import KINDS
from witei_app.jobs.queue import stop_job
from witei_app.jobs.run import work_next
from witei_app.models import AuditEntry, AuditTopic, User
from witei_app.webhooks.manage import add_webhook, switch_webhook


async def test_how_long_a_token_is_good_for(lite_cast: Cast) -> None:
    for days in (0, 30):
        async with transaction() as db:
            await make_token(db, lite_cast.ana, f"CRM {days}", ["contacts:read"], days)
    last = f"{now() + timedelta(days=30):%Y-%m-%d}"
    assert [row.changes for row in await rows(boss_of(lite_cast.ana), AuditTopic.SIGN_IN)] == [
        [f"Expires: {last}", "May: contacts:read"],
        ["Expires: Never", "May: contacts:read"],
    ]


async def test_which_browser_of_theirs_somebody_signed_out_and_once(lite_cast: Cast) -> None:
    async with transaction() as db:
        user = await db.get_one(User, lite_cast.ana.user_id)
        await open_session(db, user, "192.0.2.9", "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0")
        await db.flush()
        [session] = await open_sessions(db, user.id)
    for _ in range(2):
        async with transaction() as db:
            await end_session(db, replace(lite_cast.ana, address="192.0.2.7"), session.id, "this one's")
    [row] = await rows(boss_of(lite_cast.ana), AuditTopic.SIGN_IN)
    assert (row.who, row.address) == ("Ana Ruiz", "192.0.2.7")
    assert row.what == "Signed out another browser: Firefox · Linux (192.0.2.9)"


async def test_who_imported_contacts_and_how_many(lite_cast: Cast) -> None:
    text = "Name;Mail\r\nIda;ida@x.test\r\nNo;no address\r\nUlf;ulf@x.test\r\n"
    await brought_in(replace(lite_cast.eva, address="192.0.2.7"), text)
    done, begun = await rows(boss_of(lite_cast.ana), AuditTopic.EXPORT)
    assert {begun.who, done.who} == {"Eva Gil"}
    assert (begun.what, begun.changes) == ("Began to import contacts from contacts.csv", ["Rows: 3"])
    assert done.what == "Imported contacts from contacts.csv"
    assert done.changes == ["Contacts added: 2", "Rows not added: 1"]


async def half_an_import(eva: Actor) -> int:
    """Begun, and one step of it done."""
    text = "Name;Mail\r\n" + "".join(f"Ida;ida{number}@x.test\r\n" for number in range(ROWS_A_STEP + 1))
    job_id = await prepare(eva, text)
    async with transaction() as db:
        await begin_import(db, eva, job_id)
    await work_next(KINDS)
    return job_id


async def test_how_far_an_import_came_that_was_stopped(cast: Cast) -> None:
    job_id = await half_an_import(cast.eva)
    async with transaction() as db:
        await stop_job(db, cast.eva, job_id)
    ended, _ = await rows(boss_of(cast.ana), AuditTopic.EXPORT)
    assert (ended.who, ended.changes) == ("Eva Gil", [f"Contacts added: {ROWS_A_STEP}", "Rows not added: 0"])


@pytest.mark.parametrize("column", ["can_write", "is_active"])
async def test_how_far_an_import_came_whose_user_may_do_it_no_more(lite_cast: Cast, column: str) -> None:
    await half_an_import(lite_cast.eva)
    async with transaction() as db:
        setattr(await db.get_one(User, lite_cast.eva.user_id), column, False)
    while await work_next(KINDS):
        pass
    ended, _ = await rows(boss_of(lite_cast.ana), AuditTopic.EXPORT)
    assert ended.changes == [f"Contacts added: {ROWS_A_STEP}", "Rows not added: 0"]


async def test_what_was_done_to_a_contact_names_nobody_once_that_one_is_erased(cast: Cast) -> None:
    boss, number, gone = boss_of(cast.ana), await open_conversation(cast.marco), cast.marco.id
    async with transaction() as db:
        conversation = await find_conversation(db, boss, number)
        await delete(db, boss, conversation)
        await restore(db, boss, conversation)
        await delete_note(db, boss, (await add_note(db, boss, gone, "Calls in the morning")).id)
        other = await create_contact(db, boss, ContactInput(name="Lena", email="lena@x.test"))
        await merge_contacts(db, boss, gone, other.id, {})
    assert [row.what for row in await rows(boss, AuditTopic.DELETION)] == [
        "Merged another contact into Marco Peña",
        "Deleted a note about Marco Peña",
        "Restored the conversation with Marco Peña",
        "Deleted the conversation with Marco Peña",
    ]
    async with transaction() as db:
        await erase_contact(db, boss, gone)
    assert [row.what for row in await rows(boss, AuditTopic.DELETION)] == [
        f"Erased a contact with all data: contact number {gone}",
        f"Merged another contact into contact number {gone}",
        f"Deleted a note about contact number {gone}",
        f"Restored the conversation with contact number {gone}",
        f"Deleted the conversation with contact number {gone}",
    ]
    assert not any("Marco" in str(entry.changes) + entry.about for entry in await all_of(AuditEntry))


async def test_that_a_webhook_was_switched_off_is_told_in_its_own_words(lite_cast: Cast) -> None:
    boss = boss_of(lite_cast.ana)
    async with transaction() as db:
        webhook, _ = await add_webhook(db, boss, "https://crm.test/hook", ["quote.sent"])
        await switch_webhook(db, boss, webhook.id, False)
    assert (await rows(boss, AuditTopic.SETTINGS))[0].changes == ["Switched on: yes → no"]
