"""The SMTP listener: takes mail for the workspaces' addresses (RFC 5321), in the app's own event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy.exc import SQLAlchemyError

from witei_app.mail.intake import store_mail, workspace_of_recipient
from witei_app.settings import settings

log = structlog.get_logger()
# A client that says nothing for so long is gone (RFC 5321 4.5.3.2.7 asks servers for 5 minutes; between
# commands of one mail a minute is what real senders need, and a stalled one holds a connection).
SILENCE_SECONDS = 60
MOST_CONNECTIONS = 200
MOST_RECIPIENTS = 100
MOST_HOPS = 100  # RFC 5321 6.3


class Mailroom:
    """What the listener does with each command that matters."""

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: Any) -> str:
        """Accept addresses of ours alone."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            workspace_id = await workspace_of_recipient(address)
        except (SQLAlchemyError, OSError):
            log.exception("smtp.database_away")
            return "451 4.3.0 Try again later"
        if workspace_id is None:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        _accepted(envelope).append((workspace_id, address))
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        """Store the mail, then say that we have it."""
        raw = envelope.original_content or b""
        if _hops(raw) > MOST_HOPS:
            return "554 5.4.6 Too many hops, this mail goes round in circles"
        helo = session.host_name or ""
        try:
            await store_mail(raw, envelope.mail_from or "", _accepted(envelope), _peer(session), helo)
        except (SQLAlchemyError, OSError):
            log.exception("smtp.not_stored", size=len(raw))
            return "451 4.3.0 Could not be stored, try again later"
        return "250 2.0.0 OK, stored"


class _Connection(SMTP):
    """One client. Connections over the limit are told so and closed; a stalled one is dropped by the time-out."""

    # RFC 5321 4.5.3.1.6 allows 1,000 octets; many programs send a whole HTML page as one line, and mean well.
    line_length_limit = 1024 * 1024
    open_connections: int = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        _Connection.open_connections += 1
        if _Connection.open_connections > MOST_CONNECTIONS:
            transport.write(b"421 4.7.0 Too many connections, try again later\r\n")  # type: ignore[attr-defined]
            transport.close()
            return
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.session is not None:
            self._reset_timeout()  # a large mail on a thin line takes longer than the silence that we bear

    def connection_lost(self, error: Exception | None) -> None:
        _Connection.open_connections -= 1
        if self.session is not None:
            super().connection_lost(error)


@asynccontextmanager
async def smtp_listener() -> AsyncIterator[asyncio.Server]:
    """Listen on WITEI_SMTP_LISTEN while the context is open."""
    host, _, port = settings().smtp_listen.rpartition(":")
    server = await asyncio.get_running_loop().create_server(_connection, host, int(port))
    log.info("smtp.listening", address=settings().smtp_listen)
    try:
        yield server
    finally:
        server.close()


def _connection() -> SMTP:
    return _Connection(
        Mailroom(),
        data_size_limit=settings().max_message_mb * 1024 * 1024,
        enable_SMTPUTF8=True,
        hostname=settings().mail_domain,
        ident="Conversations",
        timeout=SILENCE_SECONDS,
        decode_data=False,
    )


def _accepted(envelope: Envelope) -> list[tuple[int, str]]:
    if not hasattr(envelope, "accepted"):
        envelope.accepted = []  # type: ignore[attr-defined]
    return envelope.accepted  # type: ignore[attr-defined]


def _hops(raw: bytes) -> int:
    head = raw.partition(b"\r\n\r\n")[0].lower()
    return head.count(b"\nreceived:") + head.startswith(b"received:")


def _peer(session: Session) -> str:
    return str(session.peer[0]) if session.peer else ""
