"""Acts that are noted with their particulars: for how long, which browser, how many."""

from dataclasses import replace
from datetime import timedelta

from tests.audit.test_audit import boss_of, rows
from tests.cast import Cast
from tests.crm.test_import import brought_in
from witei_app.accounts.profile import end_session
from witei_app.accounts.sign_in import open_session, open_sessions
from witei_app.accounts.tokens import make_token
from witei_app.clock import now
from witei_app.db import transaction
from witei_app.models import AuditTopic, User


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
