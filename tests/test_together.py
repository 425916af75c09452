"""Writes that wait for the same commit."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlmodel import select

from tests.cast import PATIENCE
from witei_app.db import Session, reading
from witei_app.models import Workspace
from witei_app.together import Together


class Founding:
    """Makes workspaces, and notes how many came together."""

    def __init__(self) -> None:
        self.groups: list[int] = []

    async def __call__(self, db: Session, mailboxes: Sequence[str]) -> list[str]:
        """A mailbox that there is already is a fault."""
        self.groups.append(len(mailboxes))
        db.add_all([Workspace(name=mailbox, mailbox=mailbox) for mailbox in mailboxes])
        await db.flush()
        return [mailbox.upper() for mailbox in mailboxes]


async def _mailboxes() -> list[str]:
    async with reading() as db:
        return sorted((await db.exec(select(Workspace.mailbox))).all())


async def test_what_comes_during_a_commit_shares_the_next_one(sqlite_db: str) -> None:
    found = Founding()
    together = Together(found)
    results = await asyncio.gather(*(together(f"m{n}") for n in range(9)))
    assert results == [f"M{n}" for n in range(9)]
    assert await _mailboxes() == [f"m{n}" for n in range(9)]
    assert sum(found.groups) == 9
    assert len(found.groups) <= 3


async def test_a_fault_is_its_own_alone(sqlite_db: str) -> None:
    together = Together(Founding())
    await together("taken")
    results = await asyncio.gather(*(together(one) for one in ("a", "taken", "b")), return_exceptions=True)
    assert [result for result in results if isinstance(result, str)] == ["A", "B"]
    assert await _mailboxes() == ["a", "b", "taken"]


async def test_who_is_cancelled_leaves_nobody_waiting(sqlite_db: str) -> None:
    together = Together(Founding())
    asked = [asyncio.create_task(together(f"m{n}")) for n in range(4)]
    await asyncio.sleep(0)
    asked[0].cancel()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*asked, return_exceptions=True)
        assert await together("after") == "AFTER"
    with pytest.raises((asyncio.CancelledError, ConnectionAbortedError)):
        await asked[0]
