"""Another address for signing in: the new one confirms, the old one is told, once."""

import asyncio
from dataclasses import replace

import pytest

from tests.cast import Cast, all_of, get
from witei_app.accounts.joining import set_password
from witei_app.accounts.links import make_link
from witei_app.accounts.new_email import ask_for_email, confirm_email, new_email_of
from witei_app.accounts.sign_in import active_user
from witei_app.accounts.team import deactivate
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.live.events import AccessChanged, Event
from witei_app.models import AuditEntry, Delivery, LinkKind, OneTimeLink, SystemMail, User
from witei_app.outbox.system_mail import SEALED_AS
from witei_app.secrets import unseal


async def ask(cast: Cast, email: str = "Ana.Ruiz@new.test") -> str:
    """Ask; gives the token that was mailed to the new address."""
    async with transaction() as db:
        assert await ask_for_email(db, cast.ana, email) == email.lower()
    mails = {one.system_mail_id: one.recipient for one in await all_of(Delivery)}
    for mail in await all_of(SystemMail):
        if mails[mail.id] == email.lower():
            return unseal(mail.body, SEALED_AS).rpartition("/confirm-email/")[2].partition("<")[0]
    return ""


async def confirm(token: str) -> None:
    async with transaction() as db:
        await confirm_email(db, token, "192.0.2.1")


async def test_it_changes_once_the_new_address_has_answered(cast: Cast, announced: list[Event]) -> None:
    token = await ask(cast)
    async with reading() as db:
        assert await active_user(db, "ana@sol.test")
        assert await new_email_of(db, token) == "ana.ruiz@new.test"
    await confirm(token)
    assert (await get(User, cast.ana.user_id or 0)).email == "ana.ruiz@new.test"
    assert AccessChanged(cast.sol, cast.ana.user_id or 0) in announced, "open pages show it"
    told = [one.recipient for one in await all_of(Delivery)]
    assert told == ["ana.ruiz@new.test", "ana@sol.test", "ana@sol.test"]
    changes = [one.changes for one in await all_of(AuditEntry) if one.action == "email_changed"]
    assert changes == [{"email": ["ana@sol.test", "ana.ruiz@new.test"]}]
    with pytest.raises(Refused):
        await confirm(token)


async def test_a_newer_link_a_new_password_or_another_user_make_it_useless(lite_cast: Cast) -> None:
    first, second = await ask(lite_cast), await ask(lite_cast, "other@new.test")
    with pytest.raises(Refused):
        await confirm(first)
    async with transaction() as db:
        user = await db.get_one(User, lite_cast.ana.user_id)
        await set_password(db, user, user.password_hash, staying="")
    with pytest.raises(Refused):
        await confirm(second)
    third = await ask(lite_cast, "third@new.test")
    async with transaction() as db:
        (await db.get_one(User, lite_cast.luis.user_id)).email = "third@new.test"
    with pytest.raises(Refused):
        await confirm(third)
    assert (await get(User, lite_cast.ana.user_id or 0)).email == "ana@sol.test"


async def test_two_who_confirm_the_same_address_at_once_do_not_both_have_it(cast: Cast) -> None:
    async with transaction() as db:
        users = [await db.get_one(User, one.user_id) for one in (cast.ana, cast.luis)]
        links = [await make_link(db, user, LinkKind.EMAIL, "one@new.test") for user in users]
    results = await asyncio.gather(*(confirm(link.rpartition("/")[2]) for link in links), return_exceptions=True)
    assert [type(one) for one in results if one is not None] == [Refused]


async def test_an_address_that_somebody_has_is_neither_told_nor_given(lite_cast: Cast) -> None:
    assert await ask(lite_cast, "vera@norte.test") == ""
    assert [one.recipient for one in await all_of(Delivery)] == ["ana@sol.test"]
    assert await all_of(OneTimeLink) == []


async def test_who_left_confirms_nothing_and_links_of_other_kinds_do_not_either(lite_cast: Cast) -> None:
    token = await ask(lite_cast)
    async with transaction() as db:
        boss = replace(lite_cast.luis, is_admin=True)
        await deactivate(db, boss, lite_cast.ana.user_id or 0, lite_cast.luis.user_id or 0)
        reset = await make_link(db, await db.get_one(User, lite_cast.ana.user_id), LinkKind.RESET)
    for one in (token, reset.rpartition("/")[2], "nonsense"):
        with pytest.raises(Refused):
            await confirm(one)


@pytest.mark.parametrize("email", ["", "ana", "ana@", "ana@sol.test"])
async def test_what_is_no_other_address_is_refused(lite_cast: Cast, email: str) -> None:
    async with transaction() as db:
        with pytest.raises(Refused):
            await ask_for_email(db, lite_cast.ana, email)
