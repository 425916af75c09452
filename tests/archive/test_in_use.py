"""An installation that has been in use: invitations sent, days counted for the reports, messages of any size."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from tests.archive.test_round_trip import empty_url
from tests.cast import Configure
from witei_app import db as database
from witei_app.accounts.actor import Actor
from witei_app.accounts.permissions import AGENT
from witei_app.accounts.team import invite
from witei_app.archive.load import load_archive
from witei_app.archive.write import write_archive
from witei_app.clock import now
from witei_app.db import reading, transaction
from witei_app.files import keep, path_of
from witei_app.mail.sanitize import text_to_html
from witei_app.models import Delivery, DemoMail, Message, Role, User
from witei_app.reports.asked import ask
from witei_app.reports.figures import figures_of
from witei_app.reports.packing import pack_all
from witei_app.seed.demo import make_demo
from witei_app.settings import Settings

__all__ = ["empty_url"]
QUOTED = 'It\'s "fine" & <well> ' * 10
TOO_MUCH_FOR_A_PARSER = 'palabra & "larga" 😀 it\'s\n' * 60_000


async def fill(url: str) -> None:
    async with transaction() as db:
        await make_demo(db, Settings(database_url=url))
    async with transaction() as db:
        admin = Actor.of((await db.exec(select(User).where(User.role == Role.ADMIN).limit(1))).one())
        await invite(db, admin, "nora@demo.test", "Nora", Role.USER, AGENT)
        letter = (await db.exec(select(Delivery).where(Delivery.recipient == "nora@demo.test"))).one()
        sha256 = await keep(b"Subject: Welcome\r\n\r\nhttp://localhost/invite/a-door\r\n")
        db.add(
            DemoMail(workspace_id=admin.workspace_id, delivery_id=letter.id, sha256=sha256, recipient="nora@demo.test")
        )
        db.add(
            DemoMail(workspace_id=admin.workspace_id, sha256=await keep(b"to a contact"), recipient="m@contact.test")
        )
        for message, text in zip(await _messages(db), (QUOTED, TOO_MUCH_FOR_A_PARSER), strict=True):
            message.text, message.html = text, text_to_html(text)
    assert await pack_all() > 30


async def _messages(db: Any) -> list[Message]:
    return list((await db.exec(select(Message).order_by(col(Message.id)).limit(2))).all())


def files_in(folder: Path) -> list[Path]:
    return list(folder.glob("files/??/*"))


async def look(moment: datetime) -> tuple[Any, list[str], list[str]]:
    """The figures of the quarter before this moment, the first messages, whom the demo's mailbox has letters to."""
    async with reading() as db:
        admin = Actor.of((await db.exec(select(User).where(User.role == Role.ADMIN).limit(1))).one())
        found = await figures_of(db, ask(admin, moment - timedelta(days=90), moment))
        letters = (await db.exec(select(DemoMail.recipient).order_by(col(DemoMail.id)))).all()
        figures = (found.new, found.closed, found.sent, found.received, found.first_response, found.closing)
        return figures, [message.html for message in await _messages(db)], list(letters)


async def test_what_was_in_use_is_the_same_elsewhere(
    db: str, empty_url: str, configure: Configure, tmp_path: Path
) -> None:
    configure()
    await fill(db)
    moment = now()  # another quarter could begin after a message that this one has
    figures, texts, letters = await look(moment)
    archive = tmp_path / "all.zip"
    await asyncio.to_thread(write_archive, db, archive, [1, 2])
    await database.dispose()
    configure(DATA_DIR=str(tmp_path / "second"), SECRET_KEY="another installation's secret")
    await asyncio.to_thread(load_archive, empty_url, archive)
    database.connect(empty_url)
    assert figures[0] > 0
    assert (await look(moment))[:2] == (figures, texts)
    assert letters == ["nora@demo.test", "m@contact.test"]
    assert (await look(moment))[2] == ["m@contact.test"], "the program's own letters hold links that open doors"
    async with reading() as session:
        (kept,) = (await session.exec(select(DemoMail))).all()
    assert path_of(kept.sha256).exists()
    assert len(files_in(tmp_path / "second")) == 1
