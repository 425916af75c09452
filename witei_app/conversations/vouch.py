"""Who really sent a mail: found out after it is shown, one mail at a time, and not while others wait to be read."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import update
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session, reading, transaction
from witei_app.files import load
from witei_app.live.events import MailStored, MessageChanged, announce
from witei_app.mail.authenticate import Authentication, authenticate
from witei_app.mail.dns_lookup import blocking_resolver
from witei_app.mail.intake import seconds_since_last
from witei_app.models import InboundMail, InboundState, Message
from witei_app.planner import literally
from witei_app.sender_domains.trial import note_test

log = structlog.get_logger()
WITHIN_SECONDS = 60
FIRST_PAUSE = timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(days=3)
LULL = 1.0  # seconds without new mail: what is checked costs more than what is stored
_NOTHING_KNOWN = Authentication("", "temperror", "temperror", "temperror", "unknown")


async def check_next_mail() -> bool:
    """Check a mail that waits for it, else the newest that nobody has checked, else one whose name servers did not
    answer. False when there is none, or mail waits to be read first.
    """
    async with reading() as db:
        mail = await _next_unvouched(db)
        if mail is None and seconds_since_last() >= LULL and not await _is_busy(db):
            mail = await _next(db)
    if mail is None:
        return False
    await _note(mail, await _judge(mail))
    return True


async def _next_unvouched(db: Session) -> InboundMail | None:
    query = select(InboundMail).where(col(InboundMail.state) == literally(InboundState.UNVOUCHED))
    return (await db.exec(query.order_by(col(InboundMail.id)).limit(1))).first()


async def _is_busy(db: Session) -> bool:
    query = select(InboundMail.id).where(col(InboundMail.state) == literally(InboundState.WAITING))
    return (await db.exec(query.order_by(col(InboundMail.id)).limit(1))).first() is not None


async def _next(db: Session) -> InboundMail | None:
    is_new = (col(InboundMail.state) == literally(InboundState.DONE)) & (col(InboundMail.verdict) == literally(""))
    new = select(InboundMail).where(is_new)
    again = select(InboundMail).where(col(InboundMail.recheck_at) <= now())
    for query in (new.order_by(col(InboundMail.id).desc()), again.order_by(col(InboundMail.recheck_at))):
        if (mail := (await db.exec(query.limit(1))).first()) is not None:
            return mail
    return None


def _recheck_at(mail: InboundMail, judged: Authentication) -> datetime | None:
    """When to ask again: name servers that are away now may answer later. The pauses grow with the mail's age."""
    age = now() - mail.received_at
    is_open = judged.verdict != "verified" and "temperror" in {judged.spf, judged.dkim, judged.dmarc}
    return now() + max(age, FIRST_PAUSE) if is_open and age < GIVE_UP_AFTER else None


async def _judge(mail: InboundMail) -> Authentication:
    try:
        raw = await load(mail.sha256)
        question = _in_daemon(authenticate, raw, mail.peer, mail.envelope_from, mail.helo, blocking_resolver())
        async with asyncio.timeout(WITHIN_SECONDS):
            return await question
    except Exception as fault:  # it is a service to the reader; the mail is there all the same
        log.warning("mail.not_checked", mail=mail.id, exc_info=fault)
        return _NOTHING_KNOWN


async def _in_daemon(call: Callable[..., Authentication], *arguments: Any) -> Authentication:
    """In a thread that nobody waits for when the program ends: name servers may be silent for long."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Authentication] = loop.create_future()

    def settle(set_it: Callable[..., None], value: Any) -> None:
        if not answer.done():
            set_it(value)

    def run() -> None:
        try:
            outcome = (answer.set_result, call(*arguments))
        except Exception as fault:
            outcome = (answer.set_exception, fault)  # type: ignore[assignment]
        with suppress(RuntimeError):  # the loop is closed: nobody asks any more
            loop.call_soon_threadsafe(settle, *outcome)

    threading.Thread(target=run, daemon=True, name="who-sent-it").start()
    return await answer


async def _note(mail: InboundMail, judged: Authentication) -> None:
    async with transaction() as db:
        await note_test(db, mail, judged)
        if mail.state == InboundState.UNVOUCHED:
            announce(db, MailStored(mail.workspace_id))
        await db.exec(
            update(InboundMail)
            .where(col(InboundMail.id) == mail.id)
            .values(
                verdict=judged.verdict,
                checked_domain=judged.domain.replace("\0", "")[:255],
                recheck_at=_recheck_at(mail, judged),
                state=InboundState.WAITING if mail.state == InboundState.UNVOUCHED else InboundMail.state,
                checks=f"SPF {judged.spf}, DKIM {judged.dkim}, DMARC {judged.dmarc}"[:100],
            )
        )
        query = select(Message.conversation_id, Message.id).where(
            Message.workspace_id == mail.workspace_id, Message.inbound_mail_id == mail.id
        )
        for conversation_id, message_id in (await db.exec(query)).all():
            announce(db, MessageChanged(mail.workspace_id, conversation_id, message_id))
