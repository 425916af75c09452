"""A forgotten password: a link for an hour, once, and everybody who was signed in is out."""

from datetime import timedelta

import pytest

from tests.cast import PASSWORD, Cast, all_of, get
from witei_app.accounts.hashing import hash_password
from witei_app.accounts.joining import check_reset, reset_password, send_reset, set_password
from witei_app.accounts.sign_in import (
    check_own_password,
    check_password,
    is_token_of,
    open_session,
    open_sessions,
    user_of_token,
)
from witei_app.clock import now
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.files import load
from witei_app.mail.parse import parse_mail
from witei_app.models import DemoMail, OneTimeLink, SystemMail, User
from witei_app.outbox.deliver import deliver_next
from witei_app.outbox.transport import DemoMailbox

NEW = "another-long-password"


async def token_for(email: str) -> str:
    """The token in the mail that arrives."""
    async with transaction() as db:
        await send_reset(db, email)
    assert await deliver_next(DemoMailbox())
    mail = parse_mail(await load((await all_of(DemoMail))[-1].sha256))
    return mail.text.rpartition("/forgot/")[2].split()[0].strip()


async def signed_in(cast: Cast) -> str:
    async with transaction() as db:
        return await open_session(db, await db.get_one(User, cast.ana.user_id), "192.0.2.1", "Firefox")


async def is_in(token: str) -> bool:
    async with reading() as db:
        return await user_of_token(db, token) is not None


async def reset(token: str) -> None:
    async with transaction() as db:
        await reset_password(db, token, hash_password(NEW))


async def test_the_link_in_the_mail_sets_a_password_once_and_ends_all_sessions(cast: Cast) -> None:
    session, token = await signed_in(cast), await token_for("ana@sol.test")
    await reset(token)
    assert not await is_in(session)
    async with reading() as db:
        assert (await check_password(db, "ana@sol.test", NEW, "192.0.2.1")).id == cast.ana.user_id
    with pytest.raises(Refused):
        await reset(token)


async def test_an_unknown_address_is_written_nothing(cast: Cast) -> None:
    async with transaction() as db:
        (await db.get_one(User, cast.luis.user_id)).is_active = False
    for address in ("nobody@sol.test", "luis@sol.test", ""):
        async with transaction() as db:
            await send_reset(db, address)
    assert await all_of(SystemMail) == []


async def test_after_an_hour_or_a_newer_one_it_is_dead(cast: Cast) -> None:
    first, second = await token_for("ana@sol.test"), await token_for("ana@sol.test")
    async with reading() as db:
        assert (await check_reset(db, second)).name == "Ana Ruiz"
        with pytest.raises(Refused):
            await check_reset(db, first)
    async with transaction() as db:
        link = await db.get_one(OneTimeLink, (await all_of(OneTimeLink))[-1].id)
        assert timedelta(minutes=59) < link.expires_at - now() <= timedelta(hours=1)
        link.expires_at = now() - timedelta(seconds=1)
    with pytest.raises(Refused):
        await reset(second)


async def test_a_link_for_a_password_is_no_invitation(lite_cast: Cast) -> None:
    from witei_app.accounts.joining import invited_user

    token = await token_for("ana@sol.test")
    with pytest.raises(Refused):
        async with reading() as db:
            await invited_user(db, token)


async def test_a_new_password_by_oneself_ends_the_other_sessions(cast: Cast) -> None:
    here, there = await signed_in(cast), await signed_in(cast)
    async with transaction() as db:
        user = await db.get_one(User, cast.ana.user_id)
        await set_password(db, user, hash_password(NEW), staying=here)
    assert (await is_in(here), await is_in(there)) == (True, False)
    async with reading() as db:
        [session] = await open_sessions(db, user.id)
    assert is_token_of(session, here)


async def test_the_old_password_is_asked_with_patience(lite_cast: Cast) -> None:
    user = await get(User, lite_cast.ana.user_id or 0)
    await check_own_password(user, PASSWORD, "192.0.2.1")
    for _ in range(10):
        with pytest.raises(Refused, match="another one"):
            await check_own_password(user, "wrong", "192.0.2.1")
    with pytest.raises(Refused, match="Too many"):
        await check_own_password(user, PASSWORD, "192.0.2.1")
