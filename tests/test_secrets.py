"""What is secret in the database."""

import pytest

from tests.cast import Cast, Configure, all_of, configure, lite_cast
from tests.sender_domains.conftest import admin_of
from witei_app.db import transaction
from witei_app.models import DkimKey
from witei_app.reseal import reseal
from witei_app.secrets import Unsealable, is_current, seal, unseal
from witei_app.sender_domains.domains import add_domain

__all__ = ["configure", "lite_cast"]


def test_it_opens_for_its_purpose_alone(configure: Configure) -> None:
    sealed = seal("a private key", "dkim")
    assert "private" not in sealed
    assert unseal(sealed, "dkim") == "a private key"
    with pytest.raises(Unsealable):
        unseal(sealed, "imap")


def test_the_same_text_looks_different_each_time(configure: Configure) -> None:
    assert seal("x", "dkim") != seal("x", "dkim")


def test_a_changed_or_foreign_text_does_not_open(configure: Configure) -> None:
    sealed = seal("x", "dkim")
    for bad in (sealed[:-6] + "AAAAA=", "", "1.00000000.AAAA", "2" + sealed[1:]):
        with pytest.raises(Unsealable):
            unseal(bad, "dkim")


async def test_a_new_secret_key_needs_the_old_one_until_all_is_sealed_anew(
    lite_cast: Cast, configure: Configure
) -> None:
    configure(SECRET_KEY="old")
    async with transaction() as db:
        await add_domain(db, admin_of(lite_cast.ana), "inmosol.example")
    configure(SECRET_KEY="new")
    with pytest.raises(Unsealable):
        await seal_anew()
    configure(PREVIOUS_SECRET_KEYS="older,old")
    assert await seal_anew() == 2
    configure(PREVIOUS_SECRET_KEYS="")
    assert await seal_anew() == 0
    assert all(is_current(key.private_key) for key in await all_of(DkimKey))


async def seal_anew() -> int:
    async with transaction() as db:
        return await reseal(db)
