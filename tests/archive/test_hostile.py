"""Archives that are damaged, lie, or attack: refused with nothing written, each time."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from sqlalchemy import text

from tests.cast import Configure
from witei_app.archive.load import load_archive
from witei_app.archive.values import Damaged
from witei_app.archive.write import sync_engine
from witei_app.settings import settings

WORKSPACE = {
    "id": 1, "name": "Sol", "mailbox": "sol", "language": "es", "time_zone": "Europe/Madrid", "is_demo": False,
    "new_go_to": "nobody", "last_in_turn_id": 0, "requires_two_factor": False, "bin_days": 30,
    "created_at": "2026-01-01T00:00:00+00:00",
}  # fmt: skip
NAMED = {"id": 1, "name": "Sol", "mailbox": "sol"}
CONTACT = {"id": 1, "workspace_id": 1, "name": "Marco", "created_at": "2026-01-01T00:00:00+00:00"}
NOTE = {"id": 1, "workspace_id": 1, "contact_id": 1, "body": "x", "created_at": "2026-01-01T00:00:00+00:00"}
PLAN = hashlib.sha256(b"a plan").hexdigest()
Members = dict[str, bytes]
Change = Callable[[Members, dict[str, Any]], None]


def lines(*rows: Any) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def tar_of(*files: tuple[str, bytes], kind: bytes = tarfile.REGTYPE) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.type, entry.linkname = len(data), kind, "/etc/passwd"
            tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def build(path: Path, change: Change, method: int = ZIP_DEFLATED) -> None:
    """A right archive of one workspace, but for what `change` does to its members and its manifest."""
    members = {"tables/workspace.jsonl": lines(WORKSPACE), "tables/contact.jsonl": lines(CONTACT)}
    members[f"files/{PLAN[:2]}.tar"] = tar_of((PLAN, b"a plan"))
    manifest: dict[str, Any] = {"format": "conversations-export", "version": 1, "schema": "0001", "made_at": ""}
    manifest |= {"workspaces": [NAMED], "missing_files": []}
    change(members, manifest)
    manifest.setdefault("members", [_about(name, data) for name, data in members.items()])
    with ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(manifest))


def _about(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "rows": data.count(b"\n")}


def rows(*contacts: Any) -> Change:
    """With these contacts in place of the right one."""
    return lambda members, _: members.update({"tables/contact.jsonl": lines(*contacts)})


def member(name: str, data: bytes) -> Change:
    return lambda members, _: members.update({name: data})


def workspace(**changes: Any) -> Change:
    return member("tables/workspace.jsonl", lines({**WORKSPACE, **changes}))


def said(**changes: Any) -> Change:
    return lambda _, manifest: manifest.update(changes)


def cut_sum(members: Members, manifest: dict[str, Any]) -> None:
    manifest["members"] = [_about(name, data) | {"sha256": "0" * 64} for name, data in members.items()]


def one_more_row(members: Members, manifest: dict[str, Any]) -> None:
    manifest["members"] = [_about(name, data) | {"rows": 7} for name, data in members.items()]


HOSTILE: dict[str, Change] = {
    "another format": said(format="something else"),
    "another version": said(version=2),
    "a newer schema": said(schema="9999"),
    "a schema that is a number": said(schema=1),
    "a workspace that is not named so": said(workspaces=[{"id": 1}]),
    "a workspace twice": said(workspaces=[NAMED, NAMED]),
    "a workspace that is not there": said(workspaces=[NAMED, {**NAMED, "id": 2}]),
    "a workspace by the number true": said(workspaces=[{**NAMED, "id": True}]),
    "missing files that are a number": said(missing_files=7),
    "members that are numbers": said(members={"name": 5}),
    "a workspace without a number": member("tables/workspace.jsonl", lines({"name": "Sol"})),
    "no workspaces": said(workspaces="all"),
    "a manifest that is a list": said(members=[1, 2]),
    "wrong sums": cut_sum,
    "fewer rows than said": one_more_row,
    "a member that is not named": said(members=[]),
    "a path that leads out": member("../../etc/passwd", b"x"),
    "an absolute path": member("/etc/passwd", b"x"),
    "a table that stays behind": member("tables/sign_in_session.jsonl", b""),
    "a table that nobody knows": member("tables/sqlite_master.jsonl", b""),
    "a bomb": member("tables/ticket.jsonl", b"\n" * 40_000_000),
    "no JSON": member("tables/contact.jsonl", b"{'id': 1}\n"),
    "deep JSON": member("tables/contact.jsonl", b"[" * 100_000 + b"\n"),
    "a list in place of a row": rows([1]),
    "a column that nobody knows": rows({**CONTACT, "is_admin": True}),
    "a text in place of a number": rows({**CONTACT, "id": "1; DROP TABLE contact"}),
    "a number that is too large": rows({**CONTACT, "id": 10**30}),
    "a number below all": rows({**CONTACT, "id": -5}),
    "a number after which none comes": rows({**CONTACT, "id": 2**63 - 1}),
    "a text that is too long": rows({**CONTACT, "name": "x" * 300}),
    "NUL": rows({**CONTACT, "name": "a\0b"}),
    "half a letter": rows({**CONTACT, "name": "\ud800"}),
    "NUL in a document": workspace(office_hours={"a": ["b\0"]}),
    "half a letter in a document": workspace(office_hours={"\ud800": 1}),
    "no number in a document": workspace(office_hours={"a": float("nan")}),
    "a moment before all": rows({**CONTACT, "created_at": "0001-01-01T00:00:00+14:00"}),
    "no moment": rows({**CONTACT, "created_at": "yesterday"}),
    "nothing where something must be": rows({**CONTACT, "name": None}),
    "another workspace": rows({**CONTACT, "workspace_id": 2}),
    "a contact twice": rows(CONTACT, CONTACT),
    "a note of nobody": member("tables/contact_note.jsonl", lines({**NOTE, "contact_id": 77})),
    "a file that is another": member(f"files/{PLAN[:2]}.tar", tar_of((PLAN, b"another"))),
    "a file that leads out": member("files/00.tar", tar_of(("../../../x", b"x"))),
    "a link": member(f"files/{PLAN[:2]}.tar", tar_of((PLAN, b""), kind=tarfile.SYMTYPE)),
    "a device": member(f"files/{PLAN[:2]}.tar", tar_of((PLAN, b""), kind=tarfile.CHRTYPE)),
    "a file in another's place": member("files/zz.tar", b""),
    "no tar": member(f"files/{PLAN[:2]}.tar", b"x" * 2000),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE.keys())
def test_it_is_refused_and_nothing_is_written(
    change: Change, sqlite_url: str, configure: Configure, tmp_path: Path
) -> None:
    configure()
    build(tmp_path / "hostile.zip", change)
    with pytest.raises(Damaged):
        load_archive(sqlite_url, tmp_path / "hostile.zip")
    _nothing_is_there(sqlite_url)


@pytest.mark.parametrize("method", [12, 14], ids=["bzip2", "LZMA"])
def test_packed_in_another_way_and_damaged_it_is_refused(
    method: int, sqlite_url: str, configure: Configure, tmp_path: Path
) -> None:
    configure()
    build(tmp_path / "odd.zip", lambda members, manifest: None)
    data = bytearray((tmp_path / "odd.zip").read_bytes())
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + offset] = method
    (tmp_path / "odd.zip").write_bytes(data)
    with pytest.raises(Damaged):
        load_archive(sqlite_url, tmp_path / "odd.zip")


@pytest.mark.parametrize("part", [0, 1, 30, 300, 600])
def test_one_that_is_cut_off_is_refused(part: int, sqlite_url: str, configure: Configure, tmp_path: Path) -> None:
    configure()
    build(tmp_path / "cut.zip", lambda members, manifest: None)
    (tmp_path / "cut.zip").write_bytes((tmp_path / "cut.zip").read_bytes()[:part])
    with pytest.raises(Damaged):
        load_archive(sqlite_url, tmp_path / "cut.zip")
    _nothing_is_there(sqlite_url)


def test_the_right_one_is_taken_and_its_html_made_harmless(
    sqlite_url: str, configure: Configure, tmp_path: Path
) -> None:
    """From an older version too: what its rows lack gets its default."""
    configure()
    hostile = "<p>Hola</p><script>alert(1)</script><img src=x onerror=alert(1)>"
    build(tmp_path / "right.zip", member("tables/workspace.jsonl", lines({**WORKSPACE, "signature_html": hostile})))
    load_archive(sqlite_url, tmp_path / "right.zip")
    with sync_engine(sqlite_url).connect() as connection:
        assert connection.execute(text("SELECT signature_html FROM workspace")).scalar_one() == "<p>Hola</p>"
        assert connection.execute(text("SELECT rowid FROM contact_search WHERE search_text = ''")).all() == [(1,)]
    assert (settings().data_dir / "files" / PLAN[:2] / PLAN[2:]).read_bytes() == b"a plan"


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_packed_to_nothing_it_is_refused_unread(
    method: int, sqlite_url: str, configure: Configure, tmp_path: Path
) -> None:
    """What we write packs to a thousandth at the most."""
    configure()
    build(tmp_path / "odd.zip", rows(CONTACT), method)
    with pytest.raises(Damaged, match="is packed in another way"):
        load_archive(sqlite_url, tmp_path / "odd.zip")
    _nothing_is_there(sqlite_url)


def test_a_contact_who_wrote_one_letter_over_and_over_spoils_no_archive(
    sqlite_url: str, configure: Configure, tmp_path: Path
) -> None:
    """Megabytes that pack to a thousandth are no bomb: they were mailed to us."""
    configure()
    build(tmp_path / "right.zip", member("tables/contact_note.jsonl", lines({**NOTE, "body": "a" * 20_000_000})))
    load_archive(sqlite_url, tmp_path / "right.zip")
    with sync_engine(sqlite_url).connect() as connection:
        assert connection.execute(text("SELECT length(body) FROM contact_note")).scalar_one() == 20_000_000


def _nothing_is_there(url: str) -> None:
    with sync_engine(url).connect() as connection:
        for table in ("workspace", "contact", "contact_note", "audit_entry"):
            assert not connection.execute(text(f"SELECT 1 FROM {table}")).all()
    assert not [path for path in settings().data_dir.rglob("*") if path.is_file()]
