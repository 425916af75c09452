"""Whether a fault says that the database is away, full or held by somebody: nobody's mistake, and worth another try."""

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

_SQLITE_OUTAGES = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB),
}
# Connection, resources (too many connections, disk full), shutdown, the system's own faults; PostgreSQL, appendix A.
_POSTGRES_OUTAGES = ("08", "53", "57P", "58")


class DatabaseAway(OperationalError):
    """It is known to be away: nobody waits to find that out once more."""

    def __init__(self) -> None:
        super().__init__("", None, ConnectionError("the database is away"))


def is_outage(fault: BaseException) -> bool:
    """Whether it is the database that is away, full or held by somebody, and not what was asked of it."""
    if isinstance(fault, DBAPIError):
        return isinstance(fault, DatabaseAway) or fault.connection_invalidated or _says_away(fault.orig)
    return isinstance(fault, NoConnectionLeft)


def _says_away(fault: BaseException | None) -> bool:
    if isinstance(fault, sqlite3.Error):
        return getattr(fault, "sqlite_errorcode", 0) & 0xFF in _SQLITE_OUTAGES
    if isinstance(fault, psycopg.OperationalError):
        return fault.sqlstate is None or fault.sqlstate.startswith(_POSTGRES_OUTAGES)
    return False
