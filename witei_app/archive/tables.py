"""What travels: the tables in the order in which they can be filled, and what of them stays behind."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, LargeBinary, Table

from witei_app.conversations.files import NAMED_BY
from witei_app.models import metadata
from witei_app.reseal import SEALED

FORMAT = "conversations-export"
VERSION = 1
# Made anew from the log of events, with bytes that no line of JSON holds. Archives of before name these tables.
DERIVED = {"report_day", "report_late"}
# What opens doors, what is under way, what only this installation knows.
STAY = {
    *DERIVED,
    "api_token",
    "attention",
    "dkim_key",
    "job",
    "job_refusal",
    "kept_answer",
    "one_time_link",
    "recovery_code",
    "sign_in_session",
    "system_mail",
    "unused_file",
    "webhook",  # a copy must not tell the programs of the original
    "webhook_delivery",
}
# Columns that come out empty. Nobody guesses passwords from an archive, and a secret under another key opens nothing.
BLANK = {
    ("user", "password_hash"),
    ("user", "two_factor_step"),
    ("imap_account", "leased_by"),
    ("imap_account", "leased_until"),
    ("inbound_mail", "raw"),  # its bytes are among the files
    *((str(model.__tablename__), column) for model, column, _purpose in SEALED),
}
# Hashes of long random tokens, from which nothing can be guessed: visitors go on with their chats.
KEPT_HASHES = {("visitor", "token_hash"), ("visitor_token", "token_hash"), ("visitor_file", "token_hash")}


def travelling() -> Iterator[Table]:
    """The tables, what is pointed at before what points."""
    return (table for table in metadata.sorted_tables if table.name not in STAY)


def written_columns(table: Table) -> list[Column[Any]]:
    """The columns of a table that travel."""
    return [
        column
        for column in table.columns
        if (table.name, column.name) not in BLANK and not isinstance(column.type, LargeBinary)
    ]


def self_links(table: Table) -> list[str]:
    """The columns that point into the same table: filled when all its rows are there."""
    return [str(key.parent.name) for key in table.foreign_keys if key.column.table is table]


def file_columns() -> list[Column[Any]]:
    """The columns that name bytes of the file store, of tables that travel."""
    plain: list[Any] = [column.property.columns[0] for column in NAMED_BY]  # type: ignore[attr-defined]
    return [column for column in plain if column.table.name not in STAY]
