"""The search indexes. They are no tables of the mapper: the database itself keeps them as rows change.

SQLite: two FTS5 tables beside `contact` and `message`, filled by triggers in the same transaction. Alembic's batch
mode copies a table and drops the old one with its triggers, so `mend` runs after each migration.
PostgreSQL: trigrams of `contact.search_text`, and a generated column `message.words` with an index on it.
"""

from typing import Any

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

log = structlog.get_logger()

_TABLES = {
    # Three letters in a row, wherever they stand: `search_text` is folded already.
    "contact_search": """CREATE VIRTUAL TABLE contact_search USING fts5(search_text,
        content='contact', content_rowid='id', columnsize=0, tokenize='trigram case_sensitive 1')""",
    # The workspace is a word too, so that a small one is not looked for among the hits of a large one.
    "message_search": """CREATE VIRTUAL TABLE message_search USING fts5(workspace_id, subject, text,
        content='message', content_rowid='id', columnsize=0, tokenize='unicode61 remove_diacritics 2')""",
}
_CONTENT: dict[str, tuple[str, tuple[str, ...]]] = {
    "contact_search": ("contact", ("search_text",)),
    "message_search": ("message", ("workspace_id", "subject", "text")),
}
INDEXES = tuple(_TABLES)
# What fills SQLite's anew.
REFILLS = [f"INSERT INTO {table}({table}) VALUES ('rebuild')" for table in _TABLES]  # noqa: S608

# What is compared with the words of `conversations.terms`: lower case without accents, only letters and digits.
# `normalize` and `lower` may be indexed where `unaccent` may not. PostgreSQL refuses a tsvector beyond 1 MB; 50,000
# letters stay below it whatever they are. A word with "#" is in no text: it is the workspace.
WORDS = r"""array_to_tsvector(ARRAY['#' || workspace_id::text]) || to_tsvector('simple', regexp_replace(regexp_replace(
    lower(normalize(left(subject || ' ' || text, 50000), NFKD)),
    '[\u0300-\u036f]', '', 'g'), '[\u0001-\u002f\u003a-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u206f]+', ' ', 'g'))"""


def is_apart(name: str | None, kind: str) -> bool:
    """Whether a name in the database belongs to the indexes, and not to what the models say."""
    if kind == "column":
        return name == "words.message"
    return (name or "").startswith(("contact_search", "message_search", "ix_contact_search", "ix_message_words"))


def include_object(item: Any, name: str | None, kind: str, is_reflected: bool, _other: object) -> bool:
    """For alembic: compare everything else."""
    full_name = f"{name}.{item.table.name}" if kind == "column" else name
    return not (is_reflected and is_apart(full_name, kind))


def make(connection: Connection) -> None:
    """Make the indexes and fill them with what is there: a minute for a million messages."""
    if connection.dialect.name == "sqlite":
        for definition in _TABLES.values():
            connection.execute(text(definition))
        for statement in REFILLS:
            connection.execute(text(statement))
        mend(connection)
        return
    connection.execute(text(f"ALTER TABLE message ADD COLUMN words tsvector GENERATED ALWAYS AS ({WORDS}) STORED"))
    connection.execute(text("CREATE INDEX ix_message_words ON message USING gin (words)"))
    # By default it knows too few words to tell a rare one from a frequent one, and reads all messages for it.
    connection.execute(text("ALTER TABLE message ALTER COLUMN words SET STATISTICS 1000"))
    connection.execute(text("ANALYZE message (words)"))
    _make_trigrams(connection)


def drop(connection: Connection) -> None:
    """Take them away."""
    if connection.dialect.name == "sqlite":
        for name in triggers():
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        for table in _TABLES:
            connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
        return
    connection.execute(text("DROP INDEX IF EXISTS ix_contact_search"))
    connection.execute(text("ALTER TABLE message DROP COLUMN IF EXISTS words"))


def mend(connection: Connection) -> None:
    """Make the triggers that a copied table has lost."""
    if connection.dialect.name != "sqlite":
        return
    tables = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())
    if tables.issuperset(_TABLES):
        for definition in triggers().values():
            connection.execute(text(definition))


def rebuild(connection: Connection) -> None:
    """Make the indexes anew from what they are about."""
    if connection.dialect.name == "sqlite":
        drop(connection)
        make(connection)
        return
    connection.execute(text("REINDEX INDEX ix_message_words"))
    _make_trigrams(connection)
    connection.execute(text("REINDEX TABLE contact"))


def triggers() -> dict[str, str]:
    """SQLite's triggers by name. FTS5 is told what was there before, to forget it ("External Content Tables")."""
    made = {}
    for index, (table, columns) in _CONTENT.items():
        names = ", ".join(columns)
        before, after = (", ".join(f"{row}.{name}" for name in columns) for row in ("old", "new"))
        forget = f"INSERT INTO {index}({index}, rowid, {names}) VALUES ('delete', old.id, {before});"  # noqa: S608
        learn = f"INSERT INTO {index}(rowid, {names}) VALUES (new.id, {after});"  # noqa: S608
        for moment, steps in {
            "insert": ("AFTER INSERT", learn),
            "delete": ("AFTER DELETE", forget),
            "update": (f"AFTER UPDATE OF {names}", f"{forget} {learn}"),
        }.items():
            name = f"{index}_{moment}"
            made[name] = f"CREATE TRIGGER IF NOT EXISTS {name} {steps[0]} ON {table} BEGIN {steps[1]} END"
    return made


def _make_trigrams(connection: Connection) -> None:
    """Without the right to add the extension, searching works as well, and reads every contact."""
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            connection.execute(
                text("CREATE INDEX IF NOT EXISTS ix_contact_search ON contact USING gin (search_text gin_trgm_ops)")
            )
    except DBAPIError as fault:
        log.warning("search.no_trigrams", reason=str(fault.orig).strip(), advice="docs/operating.md, Search")
