"""Several processes and sudden deaths: one fetches from a mailbox at a time, nothing is lost, nothing comes twice."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, update
from sqlmodel import col, select

from tests.cast import Cast, Configure, all_of, eventually, make_cast
from tests.dovecot import Dovecot
from tests.mailboxes.conftest import Box, admin_of
from tests.servers import Process, RedisServer, free_port, program
from witei_app import db as database
from witei_app.clock import now
from witei_app.db import reading, transaction
from witei_app.live import bus
from witei_app.mailboxes.cursor import ask_backfill
from witei_app.models import ImapAccount, InboundMail, Message

OLD, NEW, KILLS = 200, 60, 5


@dataclass
class Workers:
    """Worker processes that share a database, a Redis and a data folder."""

    folder: Path
    settings: dict[str, str]
    running: list[Process] = field(default_factory=list)

    def start(self) -> None:
        """One more."""
        environment = {**os.environ, **self.settings, "WITEI_SMTP_LISTEN": f"127.0.0.1:{free_port()}"}
        command = [sys.executable, "-m", "witei_app", "worker"]
        self.running.append(Process(command, self.folder / f"worker-{len(self.running)}.log", environment))

    def replace(self, number: int) -> None:
        """Kill one, without a word to anybody, and start another."""
        self.running.pop(number).stop(signal.SIGKILL)
        self.start()

    def stop(self) -> None:
        """End them all."""
        for worker in self.running:
            worker.stop()


@pytest.fixture
async def shared(
    postgres_url: str, redis: RedisServer, configure: Configure, dovecot: Dovecot, tmp_path: Path
) -> AsyncIterator[tuple[Cast, Workers]]:
    """Two workers, and this test's own way into their database and onto their bus."""
    settings = {
        "WITEI_DATABASE_URL": postgres_url.replace("+psycopg", ""),
        "WITEI_REDIS_URL": redis.url(7),
        "WITEI_DATA_DIR": str(tmp_path / "data"),
        "WITEI_SECRET_KEY": "a secret of the tests",
        "WITEI_IMAP_LOCAL_NETWORKS": "127.0.0.0/8,::1/128",
        "SSL_CERT_FILE": str(dovecot.authority),
    }
    database.connect(postgres_url)
    bus.use(redis_bus := bus.RedisBus(redis.url(7)))
    workers = Workers(tmp_path, settings)
    try:
        cast = await make_cast()
        workers.start()
        workers.start()
        yield cast, workers
    finally:
        await asyncio.to_thread(workers.stop)
        await redis_bus.close()
        bus.use(bus.InProcessBus())
        await database.dispose()


async def test_nothing_is_lost_and_nothing_doubled_whoever_dies(shared: tuple[Cast, Workers], box: Box) -> None:
    cast, workers = shared
    for number in range(OLD):
        box.deliver(f"Old {number}", Message_ID=f"<old{number}@contact.test>", From=f"a{number % 20}@contact.test")
    await box.add(cast.ana)
    await box.until(lambda account: account.looked_at is not None, within=40)
    assert [connections(box) for _ in range(3)] == [1, 1, 1]
    async with transaction() as db:
        await ask_backfill(db, admin_of(cast.ana), box.account_id, 3)
    chance = random.Random(5)
    for kill in range(KILLS):
        for number in range(kill, NEW, KILLS):
            box.deliver(f"New {number}", Message_ID=f"<new{number}@contact.test>", From=f"b{number % 9}@contact.test")
        await asyncio.sleep(chance.uniform(0.5, 2.5))
        await asyncio.to_thread(workers.replace, chance.randrange(2))
        await time_passes()
    wanted = Counter([f"Old {number}" for number in range(OLD)] + [f"New {number}" for number in range(NEW)])
    assert await eventually(lambda: has_messages(sum(wanted.values())), within=90)
    await box.until(lambda account: account.backfilled_at is not None, within=60)
    assert Counter(message.text for message in await all_of(Message)) == wanted
    raws = Counter(mail.sha256 for mail in await all_of(InboundMail))
    assert max(raws.values()) == 1
    assert len(raws) == sum(wanted.values())


async def has_messages(quantity: int) -> bool:
    await asyncio.sleep(0.3)
    async with reading() as db:
        count = select(func.count()).select_from(Message)
        return (await db.exec(count)).one() >= quantity


def connections(box: Box) -> int:
    """How many are signed in to the mailbox, as Dovecot has it."""
    command = [program("doveadm"), "-c", str(box.dovecot.folder / "dovecot.conf"), "-f", "flow", "who", "-1", box.user]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return found.count(f"username={box.user} ")


async def time_passes() -> None:
    """Leases end by themselves after a minute; whoever lives and loses one so, must not fetch on either."""
    async with transaction() as db:
        await db.exec(update(ImapAccount).where(col(ImapAccount.leased_by) != "").values(leased_until=now()))
