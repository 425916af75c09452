"""Filling an empty installation from an archive that was checked: all of it, or nothing."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from pydantic_core import PydanticUndefined
from sqlalchemy import Connection, Table, bindparam, func, insert, select, text, update

from witei_app.archive.check import Manifest, check_archive, files_of, opened, rows_of
from witei_app.archive.tables import self_links, travelling
from witei_app.archive.values import Damaged
from witei_app.archive.write import sync_engine
from witei_app.clock import now
from witei_app.files import keep_now, path_of
from witei_app.mail.sanitize import safe_note_html, text_to_html
from witei_app.mail.tame import is_tame
from witei_app.models import (
    AuditAction,
    AuditEntry,
    AuditTopic,
    DeliveryState,
    DomainState,
    MailboxState,
    Workspace,
    metadata,
)
from witei_app.signature_picture import PICTURE
from witei_app.texts import later

WAITED = later("It waited to be sent when the data was exported. Send it again if it has not arrived.")
NO_PASSWORD = later("The password was not in the imported data. Type it again.")
_UNDER_WAY = {DeliveryState.QUEUED.value, DeliveryState.SENDING.value, DeliveryState.DEFERRED.value}
_AT_ONCE = 500
Row = dict[str, Any]


_MODELS: dict[str, Any] = {str(one.local_table): one.class_ for one in Workspace._sa_registry.mappers}


class NotEmpty(Exception):
    """There is something here already: nothing was written."""


def load_archive(url: str, path: Path) -> Manifest:
    """Fill the empty, migrated database at `url` and the file store. Raises Damaged or NotEmpty before it begins."""
    engine = sync_engine(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(text("LOCK TABLE workspace IN EXCLUSIVE MODE"))
            if connection.execute(select(metadata.tables["workspace"].c.id).limit(1)).first() is not None:
                raise NotEmpty
            schema = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            manifest = check_archive(path, schema)
            with opened(path) as archive:
                _fill(connection, archive, manifest)
            connection.commit()
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    finally:
        engine.dispose()
    return manifest


def _fill(connection: Connection, archive: ZipFile, manifest: Manifest) -> None:
    """Rows first: what the database refuses leaves no files behind."""
    for table in travelling():
        for rows in _some(rows_of(archive, manifest, table)):
            _insert(connection, table, rows)
        _link_to_itself(connection, archive, manifest, table)
        _count_on(connection, table)
    _mark_unsent(connection)
    for workspace in manifest.workspaces:
        connection.execute(insert(AuditEntry).values(**_note(workspace["id"])))
    _keep_files(archive, manifest)


def _insert(connection: Connection, table: Table, rows: list[Row]) -> None:
    later_on = dict.fromkeys(self_links(table))
    settle = _SETTLE.get(table.name, lambda row: row)
    made = [_cleaned(settle({**_missing(table), **row, **later_on})) for row in rows]
    try:
        connection.execute(insert(table), made)
    except Exception as fault:
        if type(fault).__module__.startswith("sqlalchemy"):
            raise Damaged(f"the rows of {table.name} do not fit together") from fault
        raise


def _missing(table: Table) -> Row:
    """What columns get that did not travel, or that an older archive does not have."""
    fields = _MODELS[table.name].model_fields
    made = {name: field.get_default(call_default_factory=True) for name, field in fields.items() if name != "id"}
    return {name: value for name, value in made.items() if value is not PydanticUndefined}


def _link_to_itself(connection: Connection, archive: ZipFile, manifest: Manifest, table: Table) -> None:
    for name in self_links(table):
        linked = ({"own": row["id"], "goal": row[name]} for row in rows_of(archive, manifest, table) if row.get(name))
        statement = update(table).where(table.c.id == bindparam("own")).values({name: bindparam("goal")})
        for rows in _some(linked):
            connection.execute(statement, rows)


def _count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL's next number comes after the highest that came with us; SQLite looks for itself."""
    if connection.dialect.name == "postgresql" and "id" in table.primary_key.columns:
        highest = select(func.coalesce(func.max(table.c.id), 0) + 1)
        connection.execute(
            select(func.setval(func.pg_get_serial_sequence(f'"{table.name}"', "id"), highest.scalar_subquery(), False))
        )


def _mark_unsent(connection: Connection) -> None:
    """A conversation with an answer that perhaps was not sent says so in the list."""
    delivery, message = metadata.tables["delivery"], metadata.tables["message"]
    conversation = metadata.tables["conversation"]
    unsent = select(message.c.conversation_id).join(delivery, delivery.c.message_id == message.c.id)
    unsent = unsent.where(delivery.c.reason == WAITED)
    connection.execute(update(conversation).where(conversation.c.id.in_(unsent)).values(has_failed=True))


def _keep_files(archive: ZipFile, manifest: Manifest) -> None:
    added: list[str] = []
    try:
        for sha256, data in files_of(archive, manifest):
            if not path_of(sha256).exists():
                added.append(sha256)
            keep_now(data)
    except BaseException:
        for sha256 in added:
            path_of(sha256).unlink(missing_ok=True)
        raise


def _note(workspace_id: int) -> Row:
    return {
        "workspace_id": workspace_id,
        "at": now(),
        "user_name": "python -m witei_app import",
        "address": "",
        "topic": AuditTopic.EXPORT,
        "action": AuditAction.ALL_IMPORTED,
        "about": "",
        "changes": {},
    }


def _settled_delivery(row: Row) -> Row:
    """The installation that it comes from may have sent it meanwhile: a person decides, as for a lost connection."""
    if row["state"] not in _UNDER_WAY:
        return row
    return {**row, "state": DeliveryState.UNKNOWN, "reason": WAITED, "claimed_by": "", "claimed_at": None}


def _settled_mailbox(row: Row) -> Row:
    return {**row, "is_on": False, "state": MailboxState.NEW, "fault": NO_PASSWORD, "fault_values": {}}


def _settled_domain(row: Row) -> Row:
    """Its keys are new: it is verified once their records are there."""
    return {**row, "state": DomainState.PENDING, "findings": [], "checked_at": None, "check_at": now()}


_SETTLE: dict[str, Callable[[Row], Row]] = {
    "delivery": _settled_delivery,
    "imap_account": _settled_mailbox,
    "sender_domain": _settled_domain,
}


def _cleaned(row: Row) -> Row:
    """HTML that our pages show is made harmless once more: an archive may come from anywhere."""
    for name in row.keys() & {"html", "signature_html"}:
        if "<" in row[name]:
            row[name] = _harmless(row[name], row.get("text", ""))
    return row


def _harmless(html: str, text: str) -> str:
    """Without anything but words, and the pictures of signatures at the end. `text` is the same in plain text."""
    if not is_tame(html) and html == text_to_html(text):
        return html  # too much for the parser, which would cut it, and made by ourselves of nothing but words
    pictures = "".join(f"<p>{picture[0]}</p>" for picture in PICTURE.finditer(html))
    safe = safe_note_html(html.removesuffix(pictures)) + pictures
    # The same in all but how a quotation mark is spelled stays as it was, letter by letter.
    return html if html.replace("&#x27;", "'").replace("&quot;", '"') == safe else safe


def _some(rows: Iterable[Row]) -> Iterator[list[Row]]:
    some: list[Row] = []
    for row in rows:
        some.append(row)
        if len(some) == _AT_ONCE:
            yield some
            some = []
    if some:
        yield some
