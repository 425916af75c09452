"""Reading an archive that somebody hands us: all of it is checked before any of it is written.

Whoever made it may be hostile: it may unpack to more than any disk holds, name files outside its place, or lie about
what is in it. Every byte is summed, every row is one that its table could hold.
"""

import hashlib
import json
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile
from zlib import error as ZlibError

from sqlalchemy import Table

from witei_app.archive.tables import DERIVED, FORMAT, VERSION, travelling, written_columns
from witei_app.archive.values import Damaged, from_json
from witei_app.archive.words import check_words
from witei_app.models import metadata
from witei_app.settings import make_data_folder, settings

MOST_MANIFEST = 4 * 1024 * 1024
# A mail of 25 MB is there as text and as HTML, in which a quotation mark takes six letters.
MOST_LINE = 512 * 1024 * 1024
MOST_FILE = 512 * 1024 * 1024
# What we write. It packs to a thousandth at the most, as a mail of one letter does; the others pack to nothing.
_PACKED = {ZIP_STORED, ZIP_DEFLATED}
_NAME = re.compile(r"tables/([a-z_]{1,63})\.jsonl|files/([0-9a-f]{2})\.tar")
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself, once that was found true."""

    schema: str
    made_at: str
    workspaces: list[dict[str, Any]]
    missing_files: list[str]
    members: dict[str, dict[str, Any]]


@contextmanager
def opened(path: Path) -> Iterator[ZipFile]:
    """The archive for reading; whatever is wrong with it is Damaged."""
    try:
        with ZipFile(path) as archive:
            yield archive
    except FileNotFoundError:
        raise Damaged("there is no such file") from None
    except OSError as fault:  # bzip2's way of saying it, too
        raise Damaged(f"it cannot be read: {fault}") from fault
    except (BadZipFile, ZlibError, LZMAError, tarfile.TarError, EOFError, NotImplementedError, RuntimeError) as fault:
        raise Damaged(f"it cannot be read: {fault}") from fault


def check_archive(path: Path, newest_schema: str) -> Manifest:
    """Read everything once. Raises Damaged for an archive that is none, of another version, or not as written."""
    with opened(path) as archive:
        manifest = _manifest(archive)
        if manifest.schema > newest_schema:
            raise Damaged("it was written by a newer version of this program; bring this one up to date first")
        for name, about in manifest.members.items():
            _check_sum(archive, name, about)
        ids = {workspace["id"] for workspace in manifest.workspaces}
        if {row.get("id") for row in rows_of(archive, manifest, metadata.tables["workspace"])} != ids:
            raise Damaged("it has other workspaces than its manifest names")
        for table in travelling():
            for row in rows_of(archive, manifest, table):
                if row.get("id" if table.name == "workspace" else "workspace_id") not in ids:
                    raise Damaged(f"{table.name} has a row of a workspace that is not named")
                check_words(table.name, row)
        for sha256, data in files_of(archive, manifest):
            if hashlib.sha256(data).hexdigest() != sha256:
                raise Damaged(f"the file {sha256} is not what its name says")
    return manifest


def rows_of(archive: ZipFile, manifest: Manifest, table: Table) -> Iterator[dict[str, Any]]:
    """The rows of a table, as its columns take them. An older archive may lack columns, and tables."""
    name = f"tables/{table.name}.jsonl"
    if name not in manifest.members:
        return
    columns = {column.name: column for column in written_columns(table)}
    count = 0
    with archive.open(name) as lines:
        while line := lines.readline(MOST_LINE + 1):
            count += 1
            yield _row(table.name, columns, line)
    if count != manifest.members[name].get("rows"):
        raise Damaged(f"{name} has not as many rows as the manifest says")


def files_of(archive: ZipFile, manifest: Manifest) -> Iterator[tuple[str, bytes]]:
    """The files by their SHA-256, one after the other."""
    for name in manifest.members:
        if not name.startswith("files/"):
            continue
        with archive.open(name) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            for entry in tar:
                yield entry.name, _file(tar, entry, name)
                tar.members.clear()  # type: ignore[attr-defined]  # it would keep them all


def _manifest(archive: ZipFile) -> Manifest:
    names = archive.namelist()
    if len(set(names)) != len(names) or "manifest.json" not in names:
        raise Damaged("it has no manifest, or something twice")
    if archive.getinfo("manifest.json").file_size > MOST_MANIFEST:
        raise Damaged("its manifest is too large")
    try:
        said = json.loads(archive.read("manifest.json"))
        if said["format"] != FORMAT:
            raise Damaged("it is no export of this program")
        if said["version"] != VERSION:
            raise Damaged(f"it has the version {said['version']}, this program reads {VERSION}")
        members = {one["name"]: one for one in said["members"]}
        manifest = Manifest(said["schema"], said["made_at"], said["workspaces"], said["missing_files"], members)
        if not isinstance(manifest.schema, str) or not all(isinstance(one, dict) for one in members.values()):
            raise TypeError
        if not _names_workspaces(manifest):
            raise Damaged("its manifest names no workspaces")
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Damaged("its manifest cannot be read") from None
    _check_members(archive, manifest)
    return manifest


def _names_workspaces(manifest: Manifest) -> bool:
    """Each once, by a number and a name; and the files that were missing, by theirs."""
    ids = [one["id"] for one in manifest.workspaces]
    is_told = all(type(one["id"]) is int and isinstance(one["name"], str) for one in manifest.workspaces)
    return is_told and len(set(ids)) == len(ids) and isinstance(manifest.missing_files, list)


def _check_members(archive: ZipFile, manifest: Manifest) -> None:
    if set(archive.namelist()) != {*manifest.members, "manifest.json"}:
        raise Damaged("it does not hold what its manifest says")
    known = {table.name for table in travelling()} | DERIVED
    for info in archive.infolist():
        place = _NAME.fullmatch(info.filename)
        if info.filename != "manifest.json" and (place is None or (place[1] and place[1] not in known)):
            raise Damaged(f"{info.filename[:100]!r} has no place in it")
        if info.compress_type not in _PACKED:
            raise Damaged(f"{info.filename} is packed in another way than this program does")
    whole = sum(info.file_size for info in archive.infolist())
    make_data_folder(settings().data_dir)
    if whole > shutil.disk_usage(settings().data_dir).free:
        raise Damaged("there is no room for what is in it")


def _check_sum(archive: ZipFile, name: str, about: dict[str, Any]) -> None:
    summed, size = hashlib.sha256(), 0
    with archive.open(name) as member:
        while size <= archive.getinfo(name).file_size and (chunk := member.read(_CHUNK)):
            summed.update(chunk)
            size += len(chunk)
    if size != about.get("size") or summed.hexdigest() != about.get("sha256"):
        raise Damaged(f"{name} is not as it was written")


def _row(table: str, columns: dict[str, Any], line: bytes) -> dict[str, Any]:
    if len(line) > MOST_LINE:
        raise Damaged(f"{table} has a line that is too long")
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        raise Damaged(f"{table} has a line that is no JSON") from None
    if not isinstance(values, dict) or not values.keys() <= columns.keys():
        raise Damaged(f"{table} has columns that this program does not know")
    return {name: from_json(columns[name], value) for name, value in values.items()}


def _file(tar: tarfile.TarFile, entry: tarfile.TarInfo, member: str) -> bytes:
    is_named_right = re.fullmatch(r"[0-9a-f]{64}", entry.name) and entry.name.startswith(member[6:8])
    if not entry.isreg() or not is_named_right:
        raise Damaged(f"{entry.name[:100]!r} has no place in {member}")
    if entry.size > MOST_FILE:
        raise Damaged(f"{entry.name} is too large")
    file = tar.extractfile(entry)
    data = file.read() if file else b""
    if len(data) != entry.size:
        raise Damaged(f"{entry.name} is cut off")
    return data
