"""Writing an archive: table after table, then the files, with as much memory for a million messages as for one."""

import errno
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, select, text

from witei_app.archive.tables import BLANK, FORMAT, STAY, VERSION, file_columns, travelling, written_columns
from witei_app.archive.values import to_json
from witei_app.clock import now
from witei_app.files import path_of
from witei_app.models import Delivery, DemoMail, InboundMail, Workspace, metadata

Tell = Callable[[int, int], None]
_AT_ONCE = 500
_TELL_EVERY = 1000
PREFIXES = [f"{number:02x}" for number in range(256)]


def write_archive(url: str, target: Path, workspace_ids: list[int], tell: Tell = lambda _done, _total: None) -> None:
    """Write these workspaces as one ZIP. `tell(done, total)` is called now and then. One moment of the database."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    engine = sync_engine(url)
    draft = target.with_name(f"{target.name}.part")
    draft.touch(mode=0o600)  # it holds all that contacts wrote
    try:
        with _one_moment(engine) as connection, draft.open("wb") as file:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=3) as archive:
                _Writer(connection, archive, workspace_ids, tell).write()
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)  # as a disk that was full leaves it
        engine.dispose()


def sync_engine(url: str) -> Engine:
    """The database for plain code; on SQLite, transactions begin when they are told to."""
    engine = create_engine(url.replace("+aiosqlite", ""), hide_parameters=True)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _prepare(connection: Any, _record: object) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA busy_timeout=20000")

    return engine


@contextmanager
def _one_moment(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as plain:
        if engine.dialect.name == "sqlite":
            plain.exec_driver_sql("BEGIN")
            yield plain
        else:
            yield plain.execution_options(isolation_level="REPEATABLE READ")


class _Writer:
    """One archive that is being written, and what its manifest will say."""

    def __init__(self, connection: Connection, archive: ZipFile, workspace_ids: list[int], tell: Tell) -> None:
        self._connection, self._archive, self._ids, self._tell = connection, archive, workspace_ids, tell
        self._members: list[dict[str, Any]] = []
        self._missing: list[str] = []
        self._done = 0
        self._total = sum(self._count(table) for table in travelling()) + len(PREFIXES)

    def write(self) -> None:
        for table in travelling():
            self._write_table(table)
        for prefix in PREFIXES:
            self._write_files(prefix)
            self._step(1)
        manifest = json.dumps(self._manifest(), indent=1, ensure_ascii=False)
        self._archive.writestr("manifest.json", manifest)

    def _of(self, table: Table) -> Any:
        """The condition for the rows that travel."""
        own = table.c.id if table.name == Workspace.__tablename__ else table.c.workspace_id
        travels: Any = own.in_(self._ids)
        if table.name == Delivery.__tablename__:
            travels &= table.c.system_mail_id.is_(None)
        if table.name == DemoMail.__tablename__:  # a letter of the program's own: it holds a link that opens a door
            deliveries = metadata.tables[str(Delivery.__tablename__)]
            own_letters = select(deliveries.c.id).where(deliveries.c.system_mail_id.is_not(None))
            travels &= table.c.delivery_id.is_(None) | table.c.delivery_id.not_in(own_letters)
        return travels

    def _count(self, table: Table) -> int:
        return self._connection.execute(select(func.count()).select_from(table).where(self._of(table))).scalar_one()

    def _write_table(self, table: Table) -> None:
        columns, rows = written_columns(table), 0
        query = select(*columns).where(self._of(table)).order_by(*table.primary_key.columns)
        names = [column.name for column in columns]
        with self._member(f"tables/{table.name}.jsonl", ZIP_DEFLATED) as (out, about):
            for row in self._connection.execution_options(yield_per=_AT_ONCE).execute(query):
                values = dict(zip(names, map(to_json, row), strict=True))
                out.write(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
                rows += 1
                if not rows % _TELL_EVERY:
                    self._step(_TELL_EVERY)
            about["rows"] = rows
        self._step(rows % _TELL_EVERY)

    def _write_files(self, prefix: str) -> None:
        hashes = self._hashes(prefix)
        if not hashes:
            return
        # Pictures and PDFs are compressed already; a tar within keeps the list of a ZIP short, which lies in memory.
        with (
            self._member(f"files/{prefix}.tar", ZIP_STORED) as (out, about),
            tarfile.open(fileobj=cast(Any, out), mode="w|", format=tarfile.PAX_FORMAT) as tar,
        ):
            about["files"] = sum(self._add_file(tar, sha256) for sha256 in hashes)

    def _add_file(self, tar: tarfile.TarFile, sha256: str) -> bool:
        file = self._opened(sha256)
        if file is None:
            self._missing.append(sha256)
            return False
        with file:
            entry = tarfile.TarInfo(sha256)
            entry.size = file.seek(0, os.SEEK_END)
            file.seek(0)
            tar.addfile(entry, file)
        tar.members.clear()  # type: ignore[attr-defined]  # it would keep them all
        return True

    def _opened(self, sha256: str) -> BinaryIO | None:
        try:
            return path_of(sha256).open("rb")
        except FileNotFoundError:
            # A small mail lies in its row until it is read.
            mail = metadata.tables[str(InboundMail.__tablename__)]
            query = select(mail.c.raw).where(mail.c.sha256 == sha256, mail.c.raw.is_not(None), self._of(mail)).limit(1)
            raw = self._connection.execute(query).scalar()
            return io.BytesIO(raw) if raw is not None else None

    def _hashes(self, prefix: str) -> list[str]:
        found: set[str] = set()
        for column in file_columns():
            # "g" comes after every hexadecimal digit.
            query = select(column).where(column >= prefix, column < f"{prefix}g", self._of(column.table)).distinct()
            found.update(self._connection.execute(query).scalars())
        return sorted(found)

    @contextmanager
    def _member(self, name: str, compression: int) -> Iterator[tuple["_Summing", dict[str, Any]]]:
        about: dict[str, Any] = {"name": name}
        info = ZipInfo(name, now().timetuple()[:6])
        info.compress_type = compression
        with self._archive.open(info, "w", force_zip64=True) as plain:
            out = _Summing(plain)
            yield out, about
        self._members.append({**about, "size": out.size, "sha256": out.sum.hexdigest()})

    def _step(self, rows: int) -> None:
        self._done += rows
        self._tell(self._done, self._total)

    def _manifest(self) -> dict[str, Any]:
        workspace = metadata.tables[str(Workspace.__tablename__)]
        named = select(workspace.c.id, workspace.c.name, workspace.c.mailbox).where(workspace.c.id.in_(self._ids))
        return {
            "format": FORMAT,
            "version": VERSION,
            "schema": self._connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one(),
            "made_at": now().isoformat(timespec="seconds"),
            "workspaces": [dict(row._mapping) for row in self._connection.execute(named)],
            "left_out": sorted([*STAY, *(f"{table}.{column}" for table, column in BLANK if table not in STAY)]),
            "missing_files": self._missing,
            "members": self._members,
        }


class _Summing:
    """A stream that counts and sums what goes through it."""

    def __init__(self, out: Any) -> None:
        self._out, self.size, self.sum = out, 0, hashlib.sha256()

    def write(self, data: Any) -> int:
        self._out.write(data)
        self.size += len(data)
        self.sum.update(data)
        return len(data)
