"""Mail in and out while the app is killed at random and the relay does its worst.

Nothing that was acknowledged is lost, nothing is stored twice, no reply leaves twice; where nobody can know whether a
reply arrived, it says so. On SQLite it is one process that dies; on PostgreSQL one of two workers while the other goes
on. FAULTS=2000,1000,20 makes it so many mails in, replies out and kills.
"""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiosmtplib
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import or_, update
from sqlmodel import col, select

from tests.cast import make_cast, open_conversation
from tests.real_servers.conftest import letter
from tests.servers import AppServer, Process, RedisServer, accepts, free_port
from witei_app import db as database
from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.reply import send_reply
from witei_app.conversations.visible import find_conversation
from witei_app.db import reading, transaction
from witei_app.models import (
    Conversation,
    Delivery,
    DeliveryState,
    InboundMail,
    InboundState,
    Message,
    User,
)
from witei_app.outbox.claim import CLAIM_LIFE
from witei_app.settings import settings

MAILS, REPLIES, KILLS = (int(number) for number in os.environ.get("FAULTS", "200,60,4").split(","))
CLIENTS = 4
SETTLED = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN)
# How the relay answers DATA, and how often. Of the two that drop, the app cannot know which has taken the mail.
MOODS = {
    "250 2.0.0 OK": 60,
    "451 4.3.0 Later": 15,
    "554 5.7.1 No": 5,
    "stalls": 10,
    "drops": 5,
    "taken, then drops": 5,
}


@dataclass
class MoodyRelay:
    """Takes mail, or does not, as chance has it; keeps the Message-IDs of what it took."""

    chance: random.Random
    port: int = field(default_factory=free_port)
    taken: Counter[str] = field(default_factory=Counter)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """One mood."""
        (mood,) = self.chance.choices(list(MOODS), list(MOODS.values()))
        if mood.startswith(("250", "taken")):
            self.taken[_message_id(envelope.original_content or b"")] += 1
        if mood.endswith("drops"):
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]
            await asyncio.sleep(1)
        if mood == "stalls":
            await asyncio.sleep(0.5)
            self.taken[_message_id(envelope.original_content or b"")] += 1
            return "250 2.0.0 OK, at last"
        return mood


def _message_id(raw: bytes) -> str:
    line = next(line for line in raw.splitlines() if line.lower().startswith(b"message-id:"))
    return line.decode().partition("<")[2].partition(">")[0]


@pytest.fixture
def relay() -> Iterator[MoodyRelay]:
    moody = MoodyRelay(random.Random(7))
    controller = Controller(moody, hostname="127.0.0.1", port=moody.port)
    controller.start()
    yield moody
    controller.stop()


class Worker(AppServer):
    """A process without pages: `python -m witei_app worker`."""

    def start(self) -> None:
        """Ready when it takes mail."""
        self.process = Process([sys.executable, "-m", "witei_app", "worker"], self.log, self.environment())
        self.process.wait_until(lambda: accepts(self.smtp_port))


@pytest.fixture(params=["sqlite", "postgresql"])
def workers(request: pytest.FixtureRequest, relay: MoodyRelay, tmp_path: Path) -> Iterator[list[AppServer]]:
    """What is killed: the whole app with its demo workspace, or one of two workers."""
    chosen = {"WITEI_SMTP_RELAY_URL": f"smtp://127.0.0.1:{relay.port}"}
    if request.param == "sqlite":
        started: list[AppServer] = [request.getfixturevalue("start_app")(**chosen)]
    else:
        redis: RedisServer = request.getfixturevalue("redis")
        url = request.getfixturevalue("postgres_url").replace("+psycopg", "")
        chosen |= {
            "WITEI_DATABASE_URL": url,
            "WITEI_REDIS_URL": redis.url(),
            "WITEI_DATA_DIR": str(tmp_path / "shared"),
        }
        started = [Worker(tmp_path / name, chosen) for name in ("one", "two")]
    yield started
    for worker in started:
        worker.stop()


@pytest.fixture
async def connected(workers: list[AppServer], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """This test's own way into their database; where there is no demo workspace, the cast's."""
    environment = workers[0].environment()
    for name in ("WITEI_DATA_DIR", "WITEI_DATABASE_URL"):
        monkeypatch.setenv(name, environment.get(name, ""))
    settings.cache_clear()
    database.connect(settings().database)
    if len(workers) > 1:
        cast = await make_cast()
        for _ in range(20):
            await open_conversation(cast.marco)
    yield
    await database.dispose()
    settings.cache_clear()


@pytest.mark.usefixtures("connected")
async def test_nothing_is_lost_and_nothing_doubled_whenever_it_is_killed(
    workers: list[AppServer], relay: MoodyRelay
) -> None:
    ana, answered = await _ana_and_her_conversations()
    mails, replies = _shares(MAILS, "mail"), _shares(REPLIES, "reply")
    chance = random.Random(11)
    for number in range(KILLS + 1):
        work = asyncio.gather(_hand_in(workers, mails[number]), _answer(ana, answered, replies[number]))
        if number < KILLS:
            await asyncio.sleep(chance.uniform(0.05, 1.2))
            victim = chance.choice(workers)
            await asyncio.to_thread(victim.stop, signal.SIGKILL)
            await asyncio.to_thread(victim.start)
        await work
    await _until_settled(workers)
    await _check_mails()
    await _check_replies(relay)


def _shares(quantity: int, name: str) -> list[list[str]]:
    """As many parts as the app has lives."""
    names = [f"{name}-{number}@faults.test" for number in range(quantity)]
    return [names[part :: KILLS + 1] for part in range(KILLS + 1)]


async def _ana_and_her_conversations() -> tuple[Actor, list[int]]:
    async with reading() as db:
        ana = Actor.of(
            (await db.exec(select(User).where(col(User.email).in_(["ana@demo.test", "ana@sol.test"])))).one()
        )
        query = select(Conversation.id).where(
            Conversation.workspace_id == ana.workspace_id,
            Conversation.channel == "email",
            Conversation.status == "open",
        )
        return ana, list((await db.exec(query.limit(20))).all())


async def _hand_in(workers: list[AppServer], message_ids: list[str]) -> None:
    """A mail server that knows its duty: what was not answered with 250 is handed in again."""
    waiting = list(message_ids)

    async def client() -> None:
        while waiting:
            message_id = waiting.pop()
            while not await _is_taken(random.choice(workers), message_id):
                await asyncio.sleep(0.1)

    await asyncio.gather(*(client() for _ in range(CLIENTS)))


async def _is_taken(app: AppServer, message_id: str) -> bool:
    number = int(message_id.partition("@")[0].rpartition("-")[2])
    sender = f"contact{number % 40}@faults.test"
    raw = letter(f"This is {message_id}", From=sender, Message_ID=f"<{message_id}>")
    with suppress(aiosmtplib.SMTPException, OSError):
        smtp = aiosmtplib.SMTP(hostname="127.0.0.1", port=app.smtp_port, start_tls=False, timeout=10)
        async with smtp:
            await smtp.sendmail(sender, ["sol@localhost.test"], raw.replace("\n", "\r\n"))
            return True
    return False


async def _answer(ana: Actor, conversation_ids: list[int], client_ids: list[str]) -> None:
    """Ana's answers, one after the other, while the app runs or lies dead."""
    for number, client_id in enumerate(client_ids):
        async with transaction() as db:
            conversation = await find_conversation(db, ana, conversation_ids[number % len(conversation_ids)])
            await send_reply(db, ana, conversation, f"<p>{client_id}</p>", client_id=client_id)
        await asyncio.sleep(0.02)


async def _until_settled(workers: list[AppServer]) -> None:
    """Time passes: what the relay put off is due again, what dead workers had is old; until nothing waits."""
    is_living = or_(*(col(Delivery.claimed_by).contains(f":{worker.process.pid}:") for worker in workers))
    for _ in range(600):
        async with transaction() as db:
            deferred = update(Delivery).where(col(Delivery.state) == DeliveryState.DEFERRED)
            await db.exec(deferred.values(due_at=now()))
            orphaned = update(Delivery).where(col(Delivery.state) == DeliveryState.SENDING, ~is_living)
            await db.exec(orphaned.values(claimed_at=now() - CLAIM_LIFE))
        async with reading() as db:
            unsettled = select(Delivery.id).where(col(Delivery.state).not_in(SETTLED))
            unread = select(InboundMail.id).where(InboundMail.state == InboundState.WAITING)
            if not (await db.exec(unsettled)).all() and not (await db.exec(unread)).all():
                return
        await asyncio.sleep(0.5)
    raise AssertionError("deliveries or mails still wait")


async def _check_mails() -> None:
    async with reading() as db:
        query = select(Message.rfc_message_id).where(col(Message.rfc_message_id).like("mail-%@faults.test"))
        stored = Counter((await db.exec(query)).all())
        unreadable = select(InboundMail.fault).where(InboundMail.state == InboundState.UNREADABLE)
        assert (await db.exec(unreadable)).all() == []
    assert stored == Counter(f"mail-{number}@faults.test" for number in range(MAILS))


async def _check_replies(relay: MoodyRelay) -> None:
    async with reading() as db:
        query = (
            select(Message.rfc_message_id, Delivery.state, Delivery.reason)
            .join(Delivery, col(Delivery.message_id) == col(Message.id))
            .where(col(Message.client_id).like("reply-%@faults.test"))
        )
        replies = (await db.exec(query)).all()
    assert len(replies) == REPLIES
    by_state = Counter(state for _, state, _ in replies)
    print(f"replies: {dict(by_state)}, taken by the relay {sum(relay.taken.values())}")
    assert max(relay.taken.values()) == 1
    for message_id, state, reason in replies:
        if state == DeliveryState.UNKNOWN:
            assert "may have arrived" in reason
        else:
            assert relay.taken[message_id or ""] == (state == DeliveryState.SENT)
