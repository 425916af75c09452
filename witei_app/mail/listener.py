"""The SMTP listener: takes mail for the workspaces' addresses (RFC 5321), in the app's own event loop."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax
from sqlalchemy.exc import SQLAlchemyError

from witei_app.mail.intake import store_mail, workspace_of_recipient
from witei_app.mail.large_steps import LargeSteps
from witei_app.networks import is_here, network
from witei_app.setting_checks import host_and_port
from witei_app.settings import settings

log = structlog.get_logger()
# A client that says nothing for so long is gone (RFC 5321 4.5.3.2.7 asks servers for 5 minutes; between
# commands of one mail a minute is what real senders need, and a stalled one holds a connection).
SILENCE_SECONDS = 60
# Nor for ever by a client that says a little now and then: a mail has ten minutes, a large one as long as it takes at
# so many bytes a second.
MAIL_SECONDS = 600
SLOWEST = 8 * 1024
MOST_CONNECTIONS = 200
MOST_OF_ONE = 50  # connections of one address; Postfix opens 20 to one destination
# Bytes of mails that are on their way in, together. A small one passes whatever else is going on.
MOST_COMING = 128 * 1024 * 1024
SMALL = 256 * 1024
MOST_RECIPIENTS = 100
# Who asks for addresses that are not here is slowed down, then hung up on: nobody finds them out by trying.
MOST_UNKNOWN = 20
UNKNOWN_SECONDS = 0.2
# Of each command, in one connection (aiosmtpd's own counter).
MOST_COMMANDS = {"*": 100, "NOOP": 10_000} | dict.fromkeys(("MAIL", "RCPT", "DATA", "RSET"), 1_000_000)
KNOWN_SECONDS = 5.0
MOST_KNOWN = 1000
MOST_HOPS = 100  # RFC 5321 6.3


class Mailroom:
    """What the listener does with each command that matters."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, float]] = {}  # addresses to their workspace, and until when

    async def handle_RCPT(self, server: SMTP, _session: Session, envelope: Envelope, address: str, _: Any) -> str:
        """Accept addresses of ours alone."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            workspace_id = await self._workspace_of(address)
        except (SQLAlchemyError, OSError):
            log.exception("smtp.database_away")
            return "451 4.3.0 Try again later"
        if workspace_id is None:
            return await server.unknown() if isinstance(server, _Connection) else _UNKNOWN
        envelope.rcpt_tos.append(address)
        _accepted(envelope).append((workspace_id, address))
        return "250 2.1.5 OK"

    async def _workspace_of(self, address: str) -> int | None:
        """Mail comes in bursts, and mostly to the same address: one that was found is believed for some seconds."""
        found, until = self._known.get(address, (None, 0.0))
        if until < time.monotonic():
            found = await workspace_of_recipient(address)
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            if found is not None:
                self._known[address] = found, time.monotonic() + KNOWN_SECONDS
        return found

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
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
        if isinstance(server, _Connection):
            server.begin_anew()
        return "250 2.0.0 OK, stored"


_UNKNOWN = "550 5.1.1 No such mailbox here"


class _Connection(SMTP):
    """One client. Connections over a limit are told so and closed; a stalled one is dropped by the time-out."""

    line_length_limit = 64 * 1024  # of a command
    open_connections: int = 0
    of_one: ClassVar[Counter[str]] = Counter()
    coming: int = 0
    _began: float = 0.0  # the present mail, or the connection
    _received: int = 0
    _held: int = 0
    _unknown: int = 0
    _from: str = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        address = str((transport.get_extra_info("peername") or [""])[0])
        self._from = "" if is_here(address) else network(address)
        _Connection.open_connections += 1
        self.of_one[self._from] += 1
        is_one_too_many = self._from and self.of_one[self._from] > MOST_OF_ONE
        if _Connection.open_connections > MOST_CONNECTIONS or is_one_too_many:
            transport.write(b"421 4.7.0 Too many connections, try again later\r\n")  # type: ignore[attr-defined]
            transport.close()
            return
        self.begin_anew()
        super().connection_made(transport)

    def begin_anew(self) -> None:
        """What comes from now on is the next mail."""
        self._began, self._received = time.monotonic(), 0

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """Take a mail, whatever its lines are: RFC 5321 4.5.3.1.6 allows 1,000 octets, but many programs send a whole
        HTML page as one line, and to some a bare line feed ends it, so that all of the mail is one.
        """
        usual, reader = self.line_length_limit, self._reader
        try:
            self._take_lines_of(self.data_size_limit or usual)
            self._reader = LargeSteps(reader)  # type: ignore[assignment]  # smtp_DATA asks for no more than it has
            await super().smtp_DATA(arg)
        finally:
            self._reader = reader
            self._take_lines_of(usual)

    def _take_lines_of(self, octets: int) -> None:
        self.line_length_limit = octets
        self._reader._limit = octets  # type: ignore[attr-defined]  # asyncio has no other way to change it

    def _set_rset_state(self) -> None:
        """What came before is not kept any more."""
        super()._set_rset_state()
        self._hold(-self._held)

    def _hold(self, size: int) -> None:
        self._held += size
        _Connection.coming += size

    async def unknown(self) -> str:
        """The answer to an address that is not here."""
        self._unknown += 1
        if self._unknown > MOST_UNKNOWN:
            asyncio.get_running_loop().call_later(0.1, self._hang_up)  # once the answer is out
            return "421 4.7.0 Too many addresses that are not here"
        await asyncio.sleep(UNKNOWN_SECONDS)
        return _UNKNOWN

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        self._hold(len(data))
        is_too_much = _Connection.coming > max(MOST_COMING, 4 * (self.data_size_limit or 0)) and self._held > SMALL
        if is_too_much or time.monotonic() - self._began > MAIL_SECONDS + self._received / SLOWEST:
            log.info("smtp.too_much" if is_too_much else "smtp.too_slow", peer=self._from, received=self._received)
            self._hang_up()
            return
        super().data_received(data)
        if self.session is not None:
            self._reset_timeout()  # a large mail on a thin line takes longer than the silence that we bear

    def connection_lost(self, error: Exception | None) -> None:
        _Connection.open_connections -= 1
        self.of_one[self._from] -= 1
        if not self.of_one[self._from]:
            del self.of_one[self._from]
        self._hold(-self._held)
        if self.session is not None:
            super().connection_lost(error)

    def _hang_up(self) -> None:
        if self.transport is not None:
            self.transport.close()


@asynccontextmanager
async def smtp_listener() -> AsyncIterator[asyncio.Server]:
    """Listen on WITEI_SMTP_LISTEN while the context is open."""
    host, port = host_and_port(settings().smtp_listen)
    mailroom = Mailroom()
    server = await asyncio.get_running_loop().create_server(lambda: _connection(mailroom), host, port)
    log.info("smtp.listening", address=settings().smtp_listen)
    try:
        yield server
    finally:
        server.close()


def _connection(mailroom: Mailroom) -> SMTP:
    return _Connection(
        mailroom,
        data_size_limit=settings().max_message_mb * 1024 * 1024,
        enable_SMTPUTF8=True,
        hostname=settings().mail_domain,
        ident="Conversations",
        timeout=SILENCE_SECONDS,
        decode_data=False,
        command_call_limit=MOST_COMMANDS,
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
