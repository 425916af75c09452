"""Answers a second to a local mail server, signed with both keys; beside aiosmtplib that sends the same mails alone.

The worker runs in this process, so that each turn of its event loop can be measured: in its own processor time, which
other work on the machine does not lengthen.
"""

import asyncio
import logging
import os
import time
from asyncio.events import Handle
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import structlog
from sqlmodel import col, func, select

from bench.figures import Times, line, rate_line, ratio_line, rounds_median, title
from bench.letters import send_all
from bench.places import bare_server
from tests.cast import Cast, make_cast, open_conversation
from tests.servers import free_port
from witei_app import db as database
from witei_app import memory
from witei_app.clock import now
from witei_app.conversations.reply import send_reply
from witei_app.conversations.visible import find_conversation
from witei_app.db import reading, transaction
from witei_app.models import Delivery, DeliveryState, DomainState, SenderAddress, SenderDomain
from witei_app.outbox.letter import letter_of
from witei_app.sender_domains.domains import add_keys
from witei_app.settings import settings
from witei_app.worker import running_worker

ROUNDS = 3
TEXT = "<p>Buenos días, el piso de la calle de Alcalá sigue libre. ¿Le vendría bien verlo el jueves?</p>" * 4


def run(folder: Path, answers: int = 200) -> None:
    """The whole section."""
    title(f"Mail out: {answers} answers signed with RSA-2048 and Ed25519, to a local server, {ROUNDS} rounds")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with bare_server("smtp", folder) as port, _settings(folder / "outgoing", port):
        asyncio.run(_measure(port, answers))


@contextmanager
def _settings(folder: Path, port: int) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    chosen = {
        "WITEI_DATA_DIR": str(folder),
        "WITEI_SMTP_RELAY_URL": f"smtp://127.0.0.1:{port}",
        "WITEI_SMTP_LISTEN": f"127.0.0.1:{free_port()}",
        "WITEI_UNDO_SECONDS": "0",
    }
    with patch.dict(os.environ, chosen):
        settings.cache_clear()
        database.migrate(settings().database)
        yield
    settings.cache_clear()


async def _measure(port: int, answers: int) -> None:
    database.connect(settings().database)
    cast = await make_cast()
    await _verified_domain(cast)
    opened = [await open_conversation(cast.marco) for _ in range(answers)]
    memory.settle()
    rates, bare = [], []
    turns = Times()
    for _ in range(ROUNDS):
        await _answer(cast, opened)
        raws = await _letters()
        bare.append(answers / await send_all(port, raws))
        with _measured_turns(turns):
            rates.append(answers / await _send_waiting())
    rate_line("aiosmtplib alone, 4 connections, mails composed before", rounds_median(bare))
    rate_line("composed, signed, sent, recorded", rounds_median(rates), aim=60)
    ratio_line("aiosmtplib alone / ours", rounds_median(bare) / rounds_median(rates))
    line("longest turn of the event loop, its own CPU time", f"{max(turns.values):.1f} ms", "aim 10 ms")
    line("turns longer than 5 ms", sum(value > 5 for value in turns.values), f"of {len(turns.values)}")
    await database.dispose()


async def _verified_domain(cast: Cast) -> None:
    async with transaction() as db:
        domain = SenderDomain(
            workspace_id=cast.sol,
            domain="inmosol.example",
            return_path="bounces.inmosol.example",
            state=DomainState.VERIFIED,
            check_at=now() + timedelta(days=1),
        )
        db.add(domain)
        await db.flush()
        for key in await add_keys(db, domain):
            key.is_active = True
        address = SenderAddress(workspace_id=cast.sol, sender_domain_id=domain.id, local_part="info", is_default=True)
        db.add(address)


async def _answer(cast: Cast, opened: list[int]) -> None:
    for conversation_id in opened:
        async with transaction() as db:
            await send_reply(db, cast.ana, await find_conversation(db, cast.ana, conversation_id), TEXT)


async def _letters() -> list[bytes]:
    async with reading() as db:
        waiting = await db.exec(select(Delivery.id).where(Delivery.state == DeliveryState.QUEUED))
        return [(await letter_of(db, delivery_id)).raw for delivery_id in waiting.all()]


async def _send_waiting() -> float:
    """Seconds until nothing is queued or on its way."""
    unsent = select(func.count(col(Delivery.id))).where(Delivery.state != DeliveryState.SENT)
    began = time.perf_counter()
    async with running_worker():
        while True:
            async with reading() as db:
                if not (await db.exec(unsent)).one():
                    return time.perf_counter() - began
            await asyncio.sleep(0.02)


@contextmanager
def _measured_turns(turns: Times) -> Iterator[None]:
    """Each callback of the loop: what one of them takes, all others wait."""
    real = Handle._run

    def measured(handle: Handle) -> None:
        began = time.thread_time()
        real(handle)  # type: ignore[no-untyped-call]
        turns.add(time.thread_time() - began)

    with patch.object(Handle, "_run", measured):
        yield
