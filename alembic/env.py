"""Runs the migrations on the database that `witei_app.db.migrate` (or WITEI_DATABASE_URL) names."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, event, text

from witei_app.db import UtcDateTime
from witei_app.models import metadata, search
from witei_app.settings import settings


def _sync_url() -> str:
    url = context.config.attributes.get("url") or settings().database
    return str(url).replace("sqlite+aiosqlite", "sqlite")


def _plain_types(kind: str, item: object, _context: object) -> str | bool:
    """Write our moment type as the database type that it is, so that old migrations need no code of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def _mend(ctx: Any, **_: object) -> None:
    """A migration that copied a table has dropped its triggers with the old one."""
    search.mend(ctx.connection)


def _one_at_a_time(connection: Connection) -> None:
    """Processes that start together wait for the first; PostgreSQL lets go of it when the connection ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_lock(hashtext('conversations.migrate'))"))
        connection.commit()


def _run() -> None:
    engine = create_engine(_sync_url())
    if engine.dialect.name == "sqlite":
        # Batch mode copies tables; with foreign keys on, dropping the old copy would empty what points at it.
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))
    with engine.connect() as connection:
        _one_at_a_time(connection)
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=_plain_types,
            include_object=search.include_object,
            on_version_apply=_mend,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            search.mend(connection)
    engine.dispose()


_run()
