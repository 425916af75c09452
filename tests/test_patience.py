"""Queries that take too long are broken off; what comes after them is not."""

import pytest
from sqlalchemy import text

from witei_app.db import reading
from witei_app.patience import TooLong, at_most

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


async def test_a_query_is_broken_off_and_the_session_goes_on(db: str) -> None:
    async with reading() as session:
        connection = await session.connection()
        with pytest.raises(TooLong):
            async with at_most(session, 0.1):
                await connection.execute(text(ENDLESS))
        async with at_most(session, 60):
            assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
        assert (await connection.execute(text("SELECT 2"))).scalar_one() == 2


async def test_the_limit_is_the_querys_own(db: str) -> None:
    async with reading() as session, at_most(session, 0.05):
        await (await session.connection()).execute(text("SELECT 1"))
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT max(i) FROM n"
    async with reading() as session:
        assert (await (await session.connection()).execute(text(slow))).scalar_one() == 3_000_000
