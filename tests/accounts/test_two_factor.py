"""A second proof: a code counts once, a recovery code counts once, a secret is sealed."""

import pyotp
import pytest

from tests.cast import Cast, get
from witei_app.accounts.two_factor import (
    check_code,
    count_recovery_codes,
    new_secret,
    turn_off,
    turn_on,
)
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.models import User


async def turned_on(cast: Cast) -> tuple[str, list[str]]:
    """Ana's secret and her recovery codes."""
    secret = new_secret()
    async with transaction() as db:
        user = await db.get_one(User, cast.ana.user_id)
        codes = await turn_on(db, user, secret, pyotp.TOTP(secret).now())
        user.two_factor_step -= 3  # as if it had been some minutes ago
    return secret, codes


async def check(cast: Cast, code: str) -> None:
    async with transaction() as db:
        await check_code(db, await db.get_one(User, cast.ana.user_id), code)


async def test_the_first_code_may_be_typed_as_the_app_shows_it(lite_cast: Cast) -> None:
    secret = new_secret()
    code = pyotp.TOTP(secret).now()
    async with transaction() as db:
        assert await turn_on(db, await db.get_one(User, lite_cast.ana.user_id), secret, f"{code[:3]} {code[3:]}")


async def test_a_code_counts_once(cast: Cast) -> None:
    secret, _ = await turned_on(cast)
    code = pyotp.TOTP(secret).now()
    await check(cast, f" {code[:3]} {code[3:]} ")
    with pytest.raises(Refused):
        await check(cast, code)


async def test_a_recovery_code_counts_once(cast: Cast) -> None:
    _, codes = await turned_on(cast)
    assert len(set(codes)) == 10
    await check(cast, codes[3].upper())
    with pytest.raises(Refused):
        await check(cast, codes[3])
    async with reading() as db:
        assert await count_recovery_codes(db, cast.ana.user_id or 0) == 9


@pytest.mark.parametrize("code", ["", "000000", "x" * 10_000, "١٢٣٤٥٦", "\0"])
async def test_anything_else_is_wrong(lite_cast: Cast, code: str) -> None:
    await turned_on(lite_cast)
    with pytest.raises(Refused, match="not right"):
        await check(lite_cast, code)


async def test_it_is_turned_on_by_a_right_code_alone_and_sealed(cast: Cast) -> None:
    secret = new_secret()
    with pytest.raises(Refused):
        async with transaction() as db:
            await turn_on(db, await db.get_one(User, cast.ana.user_id), secret, "12345")
    assert (await get(User, cast.ana.user_id or 0)).two_factor_secret == ""
    secret, _ = await turned_on(cast)
    assert secret not in (await get(User, cast.ana.user_id or 0)).two_factor_secret
    async with transaction() as db:
        await turn_off(db, await db.get_one(User, cast.ana.user_id))
        assert await count_recovery_codes(db, cast.ana.user_id or 0) == 0


async def test_a_recovery_code_may_be_typed_without_its_dashes(lite_cast: Cast) -> None:
    _, codes = await turned_on(lite_cast)
    await check(lite_cast, codes[0].replace("-", ""))
    await check(lite_cast, f" {codes[1].replace('-', ' ').upper()} ")
    for used in codes[:2]:
        with pytest.raises(Refused):
            await check(lite_cast, used)
