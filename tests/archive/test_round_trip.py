"""Everything out of one installation and into an empty one: compared row by row, byte by byte."""

import asyncio
import hashlib
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from tests.cast import Configure
from tests.conftest import async_url
from tests.servers import Postgres
from witei_app import db as database
from witei_app.accounts.actor import Actor
from witei_app.accounts.sign_in import check_password
from witei_app.archive.load import NO_PASSWORD, WAITED, NotEmpty, load_archive
from witei_app.archive.tables import BLANK, KEPT_HASHES, STAY, travelling, written_columns
from witei_app.archive.write import sync_engine, write_archive
from witei_app.clock import now
from witei_app.conversations.inbox import inbox_page
from witei_app.conversations.search import search_messages
from witei_app.conversations.view import View
from witei_app.crm.merge import merge_contacts
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.files import keep, path_of
from witei_app.mail.intake import store_mail
from witei_app.models import (
    Attachment,
    Contact,
    ContactNote,
    Delivery,
    DeliveryState,
    FormerMailbox,
    ImapAccount,
    Message,
    RecoveryCode,
    Role,
    SenderDomain,
    User,
    Workspace,
    metadata,
)
from witei_app.secrets import seal
from witei_app.seed.demo import PASSWORD, make_demo
from witei_app.sender_domains.domains import add_keys
from witei_app.settings import Settings

# What an import changes on purpose: docs/export.md says why.
CHANGED = {
    "delivery": {"state", "reason", "claimed_by", "claimed_at"},
    "imap_account": {"is_on", "state", "fault", "fault_values"},
    "sender_domain": {"state", "findings", "checked_at", "check_at"},
    "conversation": {"has_failed"},
}
RAW = b"From: Marco <marco@contact.test>\r\nTo: sol@localhost.test\r\nSubject: Hola\r\n\r\nHola\r\n"


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Any:
    """A second database of the same kind, migrated and empty."""
    if database_url.startswith("sqlite"):
        url = f"sqlite+aiosqlite:///{tmp_path / 'second.db'}"
        database.migrate(url)
        yield url
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create(request.getfixturevalue("postgres_template"))
    yield async_url(server.url(name))
    server.drop(name)


async def fill(url: str) -> None:
    """The demo, and one of everything that it has none of."""
    async with transaction() as db:
        await make_demo(db, Settings(database_url=url))
    async with transaction() as db:
        admin = (await db.exec(select(User).where(User.role == Role.ADMIN).limit(1))).one()
        workspace = await db.get_one(Workspace, admin.workspace_id)
        workspace.logo, admin.portrait = await keep(b"a logo"), await keep(b"a portrait")
        admin.two_factor_secret = seal("JBSWY3DPEHPK3PXP", "two-factor")
        domain = SenderDomain(workspace_id=workspace.id, domain="sol.test", return_path="b.sol.test", state="verified")
        db.add_all([domain, RecoveryCode(workspace_id=workspace.id, user_id=admin.id, code_hash="0" * 64)])
        await db.flush()
        await add_keys(db, domain)
        password = seal("hunter2", "imap")
        db.add(FormerMailbox(workspace_id=workspace.id, mailbox="sol-before"))
        db.add(ImapAccount(workspace_id=workspace.id, host="imap.sol.test", username="info", password=password))
        message = (await db.exec(select(Message).where(Message.direction == "out").limit(1))).one()
        db.add(Delivery(workspace_id=workspace.id, message_id=message.id, recipient="x@y.test", state="queued"))
        sha256 = await keep(b"a plan!")
        db.add(Attachment(workspace_id=workspace.id, message_id=message.id, name="plano ñ.pdf", sha256=sha256))
        two = (await db.exec(select(Contact).where(Contact.workspace_id == workspace.id).limit(2))).all()
        await merge_contacts(db, Actor.of(admin), two[1].id, two[0].id, {})
    await store_mail(RAW, "marco@contact.test", [(workspace.id, "sol@localhost.test")])


def rows_of(url: str) -> dict[str, list[Any]]:
    """Every row of what travels, by table."""
    engine = sync_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: [
                {name: value for name, value in row._mapping.items() if name not in CHANGED.get(table.name, ())}
                for row in connection.execute(select(*written_columns(table)).order_by(*table.primary_key.columns))
            ]
            for table in travelling()
        }
    engine.dispose()
    return found


async def moved(configure: Configure, source: str, goal: str, folder: Path) -> Path:
    """From one installation to the other, which has a data folder of its own."""
    await fill(source)
    archive = folder / "all.zip"
    await asyncio.to_thread(write_archive, source, archive, [1, 2])
    await database.dispose()
    configure(DATA_DIR=str(folder / "second"), SECRET_KEY="another installation's secret")
    await asyncio.to_thread(load_archive, goal, archive)
    database.connect(goal)
    return archive


async def test_nothing_is_lost_and_no_secret_comes_along(
    db: str, empty_url: str, configure: Configure, tmp_path: Path
) -> None:
    configure()
    archive = await moved(configure, db, empty_url, tmp_path)
    before, after = rows_of(db), rows_of(empty_url)
    imported = [row for row in after["audit_entry"] if row["action"] == "all_imported"]
    assert len(imported) == 2
    after["audit_entry"] = [row for row in after["audit_entry"] if row not in imported]
    for name, rows in before.items():
        assert after[name] == rows, name
    assert {name for name, rows in before.items() if rows} >= {"audit_entry", "visitor", "quote", "ticket"}
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    new = _files(tmp_path / "second") - _files(tmp_path / "data")
    assert new <= {hashlib.sha256(RAW).hexdigest()}  # it lay in its row
    async with reading() as session:
        for column in (Attachment.sha256, Workspace.logo, User.portrait):
            for sha256 in (await session.exec(select(col(column)).where(col(column) != ""))).all():
                assert path_of(sha256).exists()
    with pytest.raises(NotEmpty):
        await asyncio.to_thread(load_archive, empty_url, archive)
    assert rows_of(empty_url)["contact"] == before["contact"]
    await _check_life()


async def test_what_cannot_be_written_leaves_no_half(sqlite_db: str, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(IsADirectoryError):
        await asyncio.to_thread(write_archive, sqlite_db, tmp_path / "taken", [1])
    assert not (tmp_path / "taken.part").exists()


def _files(folder: Path) -> set[str]:
    return {path.parent.name + path.name for path in folder.glob("files/??/*")}


async def _check_life() -> None:
    """People work there, and no secret came along."""
    async with transaction() as session:
        user = (await session.exec(select(User).where(User.role == Role.ADMIN).limit(1))).one()
        assert (user.password_hash, user.two_factor_secret, user.two_factor_step) == ("", "", 0)
        with pytest.raises(Refused):
            await check_password(session, user.email, PASSWORD, "")
        box = (await session.exec(select(ImapAccount))).one()
        assert (box.is_on, box.password, box.fault) == (False, "", NO_PASSWORD)
        unsent = (await session.exec(select(Delivery).where(col(Delivery.reason) == WAITED))).one()
        assert unsent.state == DeliveryState.UNKNOWN
        ana = Actor.of(user)
        session.add(ContactNote(workspace_id=user.workspace_id, contact_id=1, body="The next number is free"))
    async with reading() as session:
        assert (await search_messages(session, ana, "piso")).found
        assert await inbox_page(session, ana, View())


def test_every_column_with_a_secret_was_thought_about() -> None:
    """A new one stays behind, is left empty, or is named with the reason why it travels."""
    telling = ("secret", "password", "hash", "private", "sealed")
    found = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if any(word in column.name for word in telling) and table.name not in STAY
    }
    assert found - BLANK == {*KEPT_HASHES, ("workspace", "requires_two_factor")} & found


async def test_old_moments_stay_what_they_were(sqlite_db: str, configure: Configure) -> None:
    """The demo reaches back; a naive moment would have moved by the office's offset."""
    configure()
    async with transaction() as db:
        await make_demo(db, Settings(database_url=sqlite_db))
    assert min(row["created_at"] for row in rows_of(sqlite_db)["contact"]) < now() - timedelta(days=30)


def test_nothing_that_travels_points_to_what_stays() -> None:
    """But deliveries of the program's own mail, which stay as well."""
    links = {
        (table.name, key.parent.name)
        for table in travelling()
        for key in table.foreign_keys
        if key.column.table.name in STAY
    }
    assert links == {("delivery", "system_mail_id")}
