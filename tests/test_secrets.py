"""What is secret in the database."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from tests.cast import Cast, Configure, all_of, configure, lite_cast
from tests.sender_domains.conftest import admin_of
from witei_app.db import reading, transaction
from witei_app.models import DkimKey, ImapAccount, User, Webhook, Widget
from witei_app.outbox.system_mail import queue_system_mail
from witei_app.reseal import SEALED, count_lost, reseal
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
    configure(SECRET_KEY="the old secret key")
    async with transaction() as db:
        await add_domain(db, admin_of(lite_cast.ana), "inmosol.example")
    configure(SECRET_KEY="the new secret key")
    with pytest.raises(Unsealable):
        await seal_anew()
    configure(PREVIOUS_SECRET_KEYS="older, the old secret key")
    assert await seal_anew() == 2
    configure(PREVIOUS_SECRET_KEYS="")
    assert await seal_anew() == 0
    assert all(is_current(key.private_key) for key in await all_of(DkimKey))


async def test_what_another_key_encrypted_is_counted_at_the_start(lite_cast: Cast, configure: Configure) -> None:
    configure(SECRET_KEY="the old secret key")
    async with transaction() as db:
        await add_domain(db, admin_of(lite_cast.ana), "inmosol.example")
    lost = []
    for keys in ({}, {"SECRET_KEY": "the new secret key"}, {"PREVIOUS_SECRET_KEYS": "the old secret key"}):
        configure(**keys)
        async with reading() as db:
            lost.append(await count_lost(db))
    assert lost == [0, 2, 0]


@pytest.mark.parametrize("old", ["kitchen, garden and sea", "ends in a space "])
def test_an_old_key_may_hold_what_stands_between_keys(configure: Configure, old: str) -> None:
    configure(SECRET_KEY=old)
    sealed = seal("x", "dkim")
    configure(SECRET_KEY="the new secret key", PREVIOUS_SECRET_KEYS=old)
    assert unseal(sealed, "dkim") == "x"


async def seal_anew() -> int:
    async with transaction() as db:
        return await reseal(db)


def test_whatever_is_sealed_into_a_column_is_sealed_anew() -> None:
    """Read from the source: a column that code seals into, and that a change of the key forgets, is found here."""
    known = {column for _model, column, _purpose in SEALED}
    written = {name for path in Path("witei_app").rglob("*.py") for name in sealed_into(path)}
    assert written - known == {"a value that is not stored"}
    for model, column, _purpose in SEALED:
        assert column in model.__table__.columns


def sealed_into(path: Path) -> Iterator[str]:
    """The names of what `seal(…)` is assigned to, in an object or as an argument."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.keyword) and is_seal(node.value):
            yield node.arg or ""
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple) and not is_spread(node.value):
                    pairs = list(zip(target.elts, node.value.elts, strict=True))
                yield from (name_of(goal) for goal, value in pairs if is_seal(value))


def is_spread(values: ast.Tuple) -> bool:
    return any(isinstance(one, ast.Starred) for one in values.elts)


def is_seal(value: ast.expr) -> bool:
    if isinstance(value, ast.IfExp):
        return is_seal(value.body)
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "seal"


def name_of(target: ast.expr) -> str:
    return target.attr if isinstance(target, ast.Attribute) else "a value that is not stored"


async def test_every_sealed_column_opens_with_the_new_key_alone(lite_cast: Cast, configure: Configure) -> None:
    configure(SECRET_KEY="the old secret key")
    async with transaction() as db:
        await add_domain(db, admin_of(lite_cast.ana), "inmosol.example")
        user = await db.get_one(User, lite_cast.ana.user_id)
        await queue_system_mail(db, user, "A new password", ["Open this"], "http://app.test/forgot/x")
        sol = lite_cast.sol
        db.add(ImapAccount(workspace_id=sol, host="imap.test"))
        db.add_all([Widget(workspace_id=sol, key="k", name="Web"), Webhook(workspace_id=sol)])
    async with transaction() as db:
        for model, column, purpose in SEALED:
            for row in (await db.exec(select(model))).all():
                setattr(row, column, seal("secret", purpose))
    configure(SECRET_KEY="the new secret key", PREVIOUS_SECRET_KEYS="the old secret key")
    assert await seal_anew() >= len(SEALED)
    configure(PREVIOUS_SECRET_KEYS="")
    for model, column, purpose in SEALED:
        rows = await all_of(model)
        assert rows
        assert {unseal(getattr(row, column), purpose) for row in rows} == {"secret"}
