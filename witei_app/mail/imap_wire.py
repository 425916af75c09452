"""What IMAPClient speaks over: a socket that we opened, bounds on what a server may make us read, TLS that is checked.

It fills in the hooks that imaplib documents for this ("Overridable methods": `read`, `readline`, and the socket).
"""

import asyncio
import contextlib
import imaplib
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError

from witei_app.models import MailboxSecurity

SILENCE_SECONDS = 60  # a server that says nothing for so long in the middle of an answer is gone
MOST_TALK = 4 * 1024 * 1024  # lines of one answer: the numbers of half a million mails
_PIECE = 256 * 1024
# Each connection uses one while it talks. Those that stall must not take the place of the others.
threads = ThreadPoolExecutor(max_workers=256, thread_name_prefix="imap")
Result = TypeVar("Result")


class TooMuch(imaplib.IMAP4.abort):
    """The server sends more than was asked for."""


class Line:
    """A connected socket with what a thread does on it, so that the event loop can end it at any moment."""

    def __init__(self, connected: socket.socket) -> None:
        self.connected = connected
        self._running: Future[Any] = Future()
        self._running.set_result(None)

    async def run(self, call: Callable[..., Result], *arguments: Any) -> Result:
        """Have a thread do it, one thing at a time."""
        running = self._running = threads.submit(partial(call, *arguments))
        return await asyncio.wrap_future(running)

    def cut(self) -> None:
        """End the connection. A thread that waits for it hears of it at once, and it is closed when that is done."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.connected, socket.SHUT_RDWR)
        self._running.add_done_callback(lambda _: self.connected.close())


class Wire(imaplib.IMAP4):
    """imaplib on a `Line`. It reads no more for one command than `allow` said."""

    def __init__(self, line: Line, host: str, port: int, *, has_tls: bool) -> None:
        self._line, self._has_tls = line, has_tls
        self._unread = bytearray()
        self.allow(0)
        super().__init__(host, port, SILENCE_SECONDS)

    def allow(self, literals: int) -> None:
        """Let the answer to the next command have so many bytes of mails, and some talk around them."""
        self._left = MOST_TALK + literals

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        connected = self._line.connected
        connected.settimeout(timeout)
        return self.wrap_socket(connected, self.host) if self._has_tls else connected

    def wrap_socket(self, plain: socket.socket, server_hostname: str) -> ssl.SSLSocket:
        """TLS, with the server's certificate checked. imaplib calls it in the place of an SSLContext's.

        What came in the clear before is forgotten: somebody on the way may have added it.
        """
        self._unread.clear()
        context = ssl.create_default_context()
        wrapped = context.wrap_socket(plain, server_hostname=server_hostname, do_handshake_on_connect=False)
        self._line.connected = wrapped
        wrapped.do_handshake()
        return wrapped

    def readline(self) -> bytes:
        """One line, CRLF included."""
        while (end := self._unread.find(b"\n") + 1) == 0:
            self._spend(len(self._unread), of=self._left)
            self._fill()
        return self._take(end)

    def read(self, size: int) -> bytes:
        """A literal of this size (RFC 3501, 4.3)."""
        self._spend(size, of=self._left)
        while len(self._unread) < size:
            self._fill()
        return self._take(size)

    @property
    def has_unread(self) -> bool:
        """Whether something has come already that the socket will not tell of again."""
        return bool(self._unread) or (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._unread[:size])
        del self._unread[:size]
        self._left -= size
        self._spend(0, of=self._left)
        return taken

    def _spend(self, size: int, *, of: int) -> None:
        if size > of:
            raise TooMuch("more than it may")

    def _fill(self) -> None:
        data = self.sock.recv(_PIECE)
        if not data:
            raise self.abort("socket error: EOF")
        self._unread += data


class Client(IMAPClient):
    """IMAPClient over a `Wire`. Making one connects: greeting, TLS, capabilities."""

    def __init__(self, line: Line, host: str, port: int, security: str) -> None:
        self._line = line
        super().__init__(host, port, ssl=security == MailboxSecurity.TLS, timeout=SILENCE_SECONDS)
        self._imap.debug = 0
        self.normalise_times = False  # aware ones, please
        if security == MailboxSecurity.STARTTLS:
            self.starttls(self.wire)

    @property
    def wire(self) -> Wire:
        """The connection below."""
        return self._imap

    def idle(self) -> bool:
        """Begin to wait (RFC 2177). True when there is news already: servers may say it before they agree to wait."""
        self._idle_tag = self._imap._command("IDLE")
        is_news = False
        while self._imap._get_response() is not None:
            if self._imap.tagged_commands.get(self._idle_tag):
                raise CapabilityError("IDLE was refused")
            is_news = True
        return is_news or self.wire.has_unread

    def _create_IMAP4(self) -> Wire:
        return Wire(self._line, self.host, self.port, has_tls=self.ssl)
