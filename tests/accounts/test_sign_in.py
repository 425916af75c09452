"""Signing in: one answer for every wrong attempt, patience that ends, sessions that end."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from types import SimpleNamespace

import pytest

from tests.cast import PASSWORD, Cast, all_of
from witei_app.accounts import hashing
from witei_app.accounts.sign_in import (
    DEMO_ADMIN,
    SESSION_LIFE,
    WRONG,
    check_password,
    close_session,
    may_try_the_demo,
    note_use,
    open_session,
    user_of_token,
)
from witei_app.accounts.throttle import sign_in_throttle
from witei_app.clock import now
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.live.events import AccessChanged, Event
from witei_app.models import SignInSession, User, Workspace


async def attempt(email: str, password: str = PASSWORD, address: str = "192.0.2.1") -> str:
    """Who is signed in, else what is said."""
    try:
        async with reading() as db:
            return (await check_password(db, email, password, address)).name
    except Refused as refusal:
        return str(refusal)


async def session_of(cast: Cast) -> str:
    async with transaction() as db:
        return await open_session(db, await db.get_one(User, cast.ana.user_id), "192.0.2.1", "Firefox")


async def who(token: str) -> str | None:
    async with reading() as db:
        user = await user_of_token(db, token)
    return user.name if user else None


async def test_the_right_password_opens_whatever_the_case_of_the_address(cast: Cast) -> None:
    assert await attempt(" ANA@sol.TEST ") == "Ana Ruiz"


async def test_every_wrong_attempt_hears_the_same(cast: Cast) -> None:
    async with transaction() as db:
        (await db.get_one(User, cast.luis.user_id)).is_active = False
    attempts = [("ana@sol.test", "wrong"), ("nobody@sol.test", PASSWORD), ("luis@sol.test", PASSWORD)]
    attempts += [("", ""), ("ana@sol.test", ""), ("a\0b@sol.test", "a\0b"), ("x" * 5000, "y" * 5000)]
    assert {await attempt(*one) for one in attempts} == {"The e-mail or the password is wrong."}


async def test_an_unknown_account_takes_as_long_as_a_wrong_password(
    lite_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    compare = hashing._passwords.verify

    def compare_and_note(password: str, known: str) -> bool:
        compared.append(known)
        return compare(password, known)

    monkeypatch.setattr(hashing._passwords, "verify", compare_and_note)
    for email in ("ana@sol.test", "nobody@sol.test"):
        assert await attempt(email, "wrong") == WRONG
    known, unknown = (made.rsplit("$", 2)[0] for made in compared)
    assert known == unknown == "$argon2id$v=19$m=19456,t=2,p=1"  # with what it costs


async def test_who_guesses_waits_and_is_sent_away_and_colleagues_come_in_meanwhile(
    lite_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "MOST_WAITING", 3)
    assert await attempt("ana@sol.test", address="203.0.113.1") == "Ana Ruiz"
    guesses = [asyncio.create_task(attempt("luis@sol.test", "wrong", f"198.51.100.{n}")) for n in range(6)]
    assert await attempt("ana@sol.test", address="203.0.113.1") == "Ana Ruiz"
    heard = Counter(await asyncio.gather(*guesses))
    assert heard == {WRONG: 3, hashing.BUSY: 3}


async def test_hashing_rests_as_long_as_it_has_worked(lite_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []
    monkeypatch.setattr(
        hashing, "time", SimpleNamespace(sleep=rests.append, monotonic=lambda: 7.0, thread_time=clock())
    )
    for _ in range(3):
        await attempt("luis@sol.test", "wrong", "203.0.113.2")
    assert rests[1:] == [1.0, 1.0]


def clock() -> Callable[[], float]:
    """Each look at it is a second later."""
    return map(float, count()).__next__


async def test_ten_failures_close_the_account_for_a_while_from_everywhere(lite_cast: Cast) -> None:
    for n in range(9):
        await sign_in_throttle.failed(f"192.0.2.{n}", "ana@sol.test")
    await attempt("Ana@sol.test ", "wrong")
    assert (await attempt("ana@sol.test", PASSWORD, address="192.0.2.99")).startswith("Too many failed attempts.")
    assert await attempt("luis@sol.test") == "Luis Soto"


async def test_thirty_failures_close_an_address_for_every_account(lite_cast: Cast) -> None:
    for n in range(30):
        await sign_in_throttle.failed("192.0.2.7", f"somebody{n}@sol.test")
    assert (await attempt("ana@sol.test", address="192.0.2.7")).startswith("Too many failed attempts.")
    assert await attempt("ana@sol.test", address="192.0.2.8") == "Ana Ruiz"


async def test_guesses_at_once_are_no_more_than_one_after_the_other(lite_cast: Cast) -> None:
    tried = [attempt("ana@sol.test", "wrong", address=f"192.0.2.{n}") for n in range(25)]
    heard = [said for said in await asyncio.gather(*tried) if said == WRONG]
    assert 0 < len(heard) <= 10
    assert (await attempt("ana@sol.test", address="192.0.2.99")).startswith("Too many failed attempts.")


async def test_one_subscriber_of_ipv6_is_one_address(lite_cast: Cast) -> None:
    for n in range(30):
        await sign_in_throttle.failed(f"2001:db8:1:2:{n:x}::7", f"somebody{n}@sol.test")
    assert (await attempt("ana@sol.test", address="2001:db8:1:2::8")).startswith("Too many failed attempts.")
    assert await attempt("ana@sol.test", address="2001:db8:1:3::8") == "Ana Ruiz"


async def test_a_success_forgets_the_failures_of_the_account(lite_cast: Cast) -> None:
    for _ in range(2):
        for n in range(9):
            await sign_in_throttle.failed(f"192.0.2.{n}", "ana@sol.test")
        assert await attempt("ana@sol.test") == "Ana Ruiz"


async def test_the_database_keeps_no_token(cast: Cast) -> None:
    token = await session_of(cast)
    (session,) = await all_of(SignInSession)
    assert token not in repr(session)
    assert await who(token) == "Ana Ruiz"
    assert await who(session.token_hash) is None


async def test_a_session_ends_by_signing_out_and_says_so_once(cast: Cast, announced: list[Event]) -> None:
    token, other = await session_of(cast), await session_of(cast)
    for _ in range(2):
        async with transaction() as db:
            await close_session(db, token)
    assert (await who(token), await who(other)) == (None, "Ana Ruiz")
    assert announced == [AccessChanged(cast.sol, cast.ana.user_id or 0)]


async def test_a_session_ends_with_time(cast: Cast) -> None:
    token = await session_of(cast)
    async with transaction() as db:
        (await db.get_one(SignInSession, 1)).expires_at = now() - timedelta(seconds=1)
    assert await who(token) is None


async def test_a_session_ends_with_its_user(cast: Cast) -> None:
    token = await session_of(cast)
    async with transaction() as db:
        (await db.get_one(User, cast.ana.user_id)).is_active = False
    assert await who(token) is None


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "' OR 1=1 --", "ñ\0"])
async def test_no_made_up_token_opens_anything(cast: Cast, token: str) -> None:
    await session_of(cast)
    assert await who(token) is None


async def test_use_is_noted_now_and_then_and_not_at_each_page(cast: Cast) -> None:
    token = await session_of(cast)
    async with transaction() as db:
        (await db.get_one(SignInSession, 1)).last_used_at = long_ago = now() - SESSION_LIFE / 2
    seen = []
    for _ in range(2):
        async with transaction() as db:
            await note_use(db, token)
        seen.append((await all_of(SignInSession))[0].last_used_at)
    assert long_ago < seen[0] == seen[1]


async def test_the_demos_sign_in_is_told_where_it_works(lite_cast: Cast) -> None:
    async def is_told() -> bool:
        async with reading() as db:
            return await may_try_the_demo(db)

    assert not await is_told()
    async with transaction() as db:
        (await db.get_one(Workspace, lite_cast.sol)).is_demo = True
        (await db.get_one(User, lite_cast.ana.user_id)).email = DEMO_ADMIN
    assert await is_told()
    async with transaction() as db:
        (await db.get_one(User, lite_cast.ana.user_id)).password_hash = ""  # as an import leaves it
    assert not await is_told()
