"""An administrator, and mailboxes on a real Dovecot."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import select

from tests.cast import Cast, Configure, all_of, announced, cast, configure, eventually, get, lite_cast
from tests.dovecot import PASSWORD, Dovecot, dovecot
from tests.servers import free_port
from witei_app.accounts.actor import Actor
from witei_app.db import reading, transaction
from witei_app.live import bus
from witei_app.mailboxes.accounts import Wanted, add_mailbox
from witei_app.models import ImapAccount, InboundMail, Message
from witei_app.worker import running_worker

__all__ = ["announced", "cast", "configure", "dovecot", "lite_cast"]
_numbers = count(1)


def admin_of(user: Actor) -> Actor:
    """The same user as an administrator."""
    return replace(user, is_admin=True)


def letter(text: str = "Is it free?", **headers: str) -> str:
    """A plain mail as it lies in a mailbox, with what the last server wrote at its head."""
    usual = {"Return-Path": "<marco@contact.test>", "From": "Marco Peña <marco@contact.test>", "Subject": "Flat"}
    named = usual | {"To": "info@agency.test"} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in named.items()]
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text, ""]
    return "\r\n".join(lines)


@dataclass
class Box:
    """A mailbox on the server, and our account of it."""

    dovecot: Dovecot
    user: str
    account_id: int = 0

    @property
    def wanted(self) -> Wanted:
        """As an administrator would enter it."""
        return Wanted("info@agency.test", "localhost", self.user, PASSWORD, self.dovecot.tls_port)

    async def add(self, actor: Actor, **more: Any) -> None:
        """Let us fetch from it."""
        async with transaction() as db:
            self.account_id = (await add_mailbox(db, admin_of(actor), replace(self.wanted, **more))).id

    def deliver(self, *texts: str, at: float | None = None, **headers: str) -> None:
        """Mails for it."""
        for text in texts:
            self.dovecot.deliver(self.user, letter(text, **headers), at=at)

    async def account(self) -> ImapAccount:
        """As it is in the database now."""
        found: ImapAccount = await get(ImapAccount, self.account_id)
        return found

    async def until(self, is_so: Callable[[ImapAccount], bool], within: float = 15) -> ImapAccount:
        """The account, once it is so."""

        async def look() -> ImapAccount | None:
            account = await self.account()
            return account if is_so(account) else None

        found = await eventually(look, within)
        assert found, f"it is still {await self.account()}"
        return found

    async def until_watched(self) -> ImapAccount:
        """Connected, and everything fetched that was there."""
        return await self.until(lambda account: account.state == "connected" and account.looked_at is not None)


async def texts_once(quantity: int, within: float = 15) -> list[str]:
    """What the messages say, once there are so many."""

    async def look() -> bool:
        async with reading() as db:
            count = (await db.exec(select(func.count()).select_from(Message))).one()
        await asyncio.sleep(count / 2000)  # looking must not be what takes the time
        return count >= quantity and not await all_of(InboundMail, InboundMail.state == "waiting")

    await eventually(look, within)
    return [message.text for message in await all_of(Message)]


@pytest.fixture
def trusted(dovecot: Dovecot, configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator allows servers on this machine, and the system trusts their authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
    configure(IMAP_LOCAL_NETWORKS="127.0.0.0/8, ::1/128", SMTP_LISTEN=f"127.0.0.1:{free_port()}", MAX_MESSAGE_MB="1")
    bus.use(bus.InProcessBus())


@pytest.fixture
def box(dovecot: Dovecot) -> Box:
    """A mailbox with nothing in it."""
    made = Box(dovecot, f"box{next(_numbers)}")
    dovecot.make(made.user)
    return made


@pytest.fixture
async def watching(trusted: None, lite_cast: Cast) -> AsyncIterator[Cast]:
    """The worker on SQLite."""
    async with running_worker():
        yield lite_cast
