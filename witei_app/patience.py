"""Queries that are broken off when they take too long."""

import asyncio
import math
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from psycopg.errors import QueryCanceled
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from witei_app.db import Session

MOST = 2**31 - 1  # milliseconds that PostgreSQL can count


class TooLong(Exception):
    """A query was broken off."""


@asynccontextmanager
async def at_most(db: Session, seconds: float) -> AsyncIterator[None]:
    """For the queries of a session that only reads: TooLong when they take longer."""
    connection = await db.connection()
    watched = _by_a_timer if connection.dialect.name == "sqlite" else _by_postgresql
    try:
        async with watched(connection, seconds):
            yield
    except OperationalError as fault:
        if isinstance(fault.orig, QueryCanceled) or _is_interrupted(fault.orig):
            raise TooLong from None
        raise


@asynccontextmanager
async def _by_postgresql(connection: AsyncConnection, seconds: float) -> AsyncIterator[None]:
    """A limit that ends with the transaction; else it would stay with the connection, and meet others."""
    milliseconds = min(max(math.ceil(seconds * 1000), 1), MOST)
    await connection.exec_driver_sql(f"BEGIN; SET LOCAL statement_timeout = {milliseconds}")
    try:
        yield
    finally:
        await connection.exec_driver_sql("COMMIT")


@asynccontextmanager
async def _by_a_timer(connection: AsyncConnection, seconds: float) -> AsyncIterator[None]:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    timer = asyncio.get_running_loop().call_later(seconds, driver.interrupt)
    try:
        yield
    finally:
        timer.cancel()


def _is_interrupted(fault: object) -> bool:
    return getattr(fault, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
