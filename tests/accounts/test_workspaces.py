"""Founding a workspace."""

import pytest

from tests.cast import Cast, all_of
from witei_app.accounts.sign_in import check_password
from witei_app.accounts.workspaces import found_workspace
from witei_app.db import transaction
from witei_app.errors import Refused
from witei_app.models import Role, User, Workspace


async def test_the_founder_is_its_administrator_and_can_sign_in(cast: Cast) -> None:
    async with transaction() as db:
        workspace = await found_workspace(db, "Peñón & Hijos", "Jefa@Penon.example", "long-enough-12")
        user = await check_password(db, "jefa@penon.example", "long-enough-12", "192.0.2.1")
    assert (workspace.mailbox, user.role, user.workspace_id) == ("penon-hijos", Role.ADMIN, workspace.id)


@pytest.mark.parametrize("name", ["", " \n", "\x00"])
async def test_a_workspace_has_a_name(cast: Cast, name: str) -> None:
    with pytest.raises(Refused, match="Write a name"):
        async with transaction() as db:
            await found_workspace(db, name, "jefa@penon.example", "long-enough-12")


async def test_mailboxes_are_unique(cast: Cast) -> None:
    async with transaction() as db:
        names = [(await found_workspace(db, "Sol", f"boss{n}@x.example", "long-enough-12")).mailbox for n in range(3)]
    assert names == ["sol-2", "sol-3", "sol-4"]


@pytest.mark.parametrize(
    ("email", "password"),
    [("ana@sol.test", "long-enough-12"), ("no address", "long-enough-12"), ("new@sol.example", "short")],
)
async def test_what_cannot_be_is_refused_and_leaves_nothing(cast: Cast, email: str, password: str) -> None:
    with pytest.raises(Refused):
        async with transaction() as db:
            await found_workspace(db, "Costa", email, password)
    assert len(await all_of(Workspace)) == 2
    assert len(await all_of(User)) == 4
