"""One connection to a mailbox (RFC 3501), for the event loop: IMAPClient works in a thread, each call has its time.

Waiting for news (IDLE, RFC 2177) takes no thread: the loop watches the socket.

Not aioimaplib: its parser calls itself for each line, so that an answer of a thousand lines ends in a RecursionError
and a wait for ever; it knows no STARTTLS, and puts no bound on what a server sends.
"""

import asyncio
import contextlib
import imaplib
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from witei_app.errors import Refused
from witei_app.mail.hosts import addresses_of, is_local
from witei_app.mail.imap_faults import NoFolder, in_words
from witei_app.mail.imap_wire import Client, Line, threads
from witei_app.models import MailboxSecurity

CONNECT_SECONDS = 20
COMMAND_SECONDS = 120  # for one answer
BYTES_A_SECOND = 50_000  # at the least; a large mail on a thin line needs its time
MOST_HEADER = 256 * 1024
# A server may send more than it announced: sizes are guesses with some (RFC 3501, 2.3.4 asks for exact ones).
SLACK = 64 * 1024
ServerSaysNo = imaplib.IMAP4.error  # to one command; the connection is there for the next one


@dataclass(frozen=True)
class Access:
    """How to reach a mailbox. With `is_read_only` no flag changes there, whatever we do."""

    host: str
    port: int
    security: str
    username: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    is_read_only: bool = True


@dataclass(frozen=True)
class Opened:
    """The folder as it was found: what its UIDs are worth, and the next one that will be given."""

    uid_validity: int
    next_uid: int
    can_idle: bool


@dataclass(frozen=True)
class Listed:
    """A mail as the server lists it."""

    uid: int
    size: int
    came_at: datetime
    is_seen: bool


def is_sent_folder(name: str) -> bool:
    """Whether a folder is called as mail programs call theirs of sent mail."""
    return re.split(r"[./]", name)[-1].strip().casefold() in _SENT_NAMES


_SENT_NAMES = {
    *("sent", "sent items", "sent messages", "sent mail", "enviados", "elementos enviados", "mensajes enviados"),
    *("correo enviado", "enviats", "elements enviats"),
}


class Mailbox:
    """An open folder. After a fault or a cancellation the connection is cut, and the object of no use."""

    def __init__(self, line: Line, client: Client, access: Access, opened: Opened) -> None:
        self._line, self._client = line, client
        self.access, self.opened, self.can_idle = access, opened, opened.can_idle

    @classmethod
    async def open(cls, access: Access) -> "Mailbox":
        """Connect, sign in, open the folder. Refuses in plain words."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                line = Line(await _connect(access))
            try:
                async with asyncio.timeout(COMMAND_SECONDS):
                    client = await line.run(Client, line, access.host, access.port, access.security)
                    return cls(line, client, access, await line.run(_open_folder, client, access))
            except BaseException:
                line.cut()
                raise
        except Exception as fault:
            raise in_words(fault, access.host, access.port, access.folder) from fault

    async def after(self, uid: int) -> list[int]:
        """The UIDs above this one, in order."""
        # "n:*" names the last mail even when n is above it (RFC 3501, 6.4.8).
        found = await self._do(self._client.search, f"UID {uid + 1}:*")
        return sorted(one for one in found if one > uid)

    async def since(self, day: date) -> list[int]:
        """The UIDs of what came on this day or later, in order."""
        return sorted(await self._do(self._client.search, ["SINCE", day]))

    async def listed(self, uids: Sequence[int]) -> list[Listed]:
        """Those of the UIDs that are there, in order."""
        found = await self._do(self._client.fetch, uids, ["RFC822.SIZE", "INTERNALDATE", "FLAGS"])
        return [_listed(uid, found[uid]) for uid in sorted(found)]

    async def mails(self, listed: Sequence[Listed]) -> dict[int, bytes]:
        """The raw mails by UID, without marking them as read. What has gone meanwhile is not there."""
        room = sum(mail.size + SLACK for mail in listed)
        uids = [mail.uid for mail in listed]
        found = await self._do(self._client.fetch, uids, ["BODY.PEEK[]"], room=room)
        return {uid: raw for uid in uids if isinstance(raw := found.get(uid, {}).get(b"BODY[]"), bytes)}

    async def header(self, uid: int) -> bytes:
        """The header of a mail, as far as it is of a decent size."""
        part = f"BODY.PEEK[HEADER]<0.{MOST_HEADER}>"
        found = await self._do(self._client.fetch, [uid], [part], room=MOST_HEADER + SLACK)
        raw = found.get(uid, {}).get(b"BODY[HEADER]<0>")
        return raw if isinstance(raw, bytes) else b""

    async def sent_folder(self) -> str:
        """Where the mailbox keeps what was sent from it (RFC 6154), "" when the server does not say."""
        flagged = await self._do(self._client.find_special_folder, b"\\Sent")
        if flagged:
            return str(flagged)
        names = [str(name) for _, _, name in await self._do(self._client.list_folders)]
        return next((name for name in names if is_sent_folder(name)), "")

    async def refresh(self) -> None:
        """Have the server say what has changed: until it may, it lists what others have deleted (RFC 3501, 7.4.1)."""
        await self._do(self._client.noop)

    async def mark_seen(self, uids: Sequence[int]) -> None:
        """Mark mails as read there."""
        await self._do(partial(self._client.add_flags, silent=True), uids, [b"\\Seen"])

    async def wait(self, seconds: float, bell: asyncio.Event) -> None:
        """Until something happens in the folder (where the server can tell), the bell rings, or the time is over."""
        if self.can_idle:
            await self._idle(seconds, bell)
        else:
            await _ring_or(seconds, bell)
            await self.refresh()

    async def _idle(self, seconds: float, bell: asyncio.Event) -> None:
        try:
            is_news = await self._do(self._client.idle)
        except ServerSaysNo:  # although it says that it can: from now on it is asked again and again
            self.can_idle = False
            return
        if not is_news:
            await self._readable_or(seconds, bell)
        await self._do(self._client.idle_done)

    async def close(self) -> None:
        """Say good-bye; whoever does not answer is cut off."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(2):
                await self._do(self._client.logout)
        self.cut()

    def cut(self) -> None:
        """End the connection at once."""
        self._line.cut()

    async def _do(self, call: Callable[..., Any], *arguments: Any, room: int = 0) -> Any:
        """One command; `room` is for mails in its answer, in bytes. What the server refuses is `ServerSaysNo`."""
        self._client.wire.allow(room)
        try:
            async with asyncio.timeout(COMMAND_SECONDS + room / BYTES_A_SECOND):
                return await self._line.run(call, *arguments)
        except BaseException as fault:
            if isinstance(fault, imaplib.IMAP4.error) and not isinstance(fault, imaplib.IMAP4.abort):
                raise  # the server says no, and is there for the next command
            self.cut()
            if isinstance(fault, Exception):
                raise in_words(fault, self.access.host, self.access.port, self.access.folder) from fault
            raise

    async def _readable_or(self, seconds: float, bell: asyncio.Event) -> None:
        loop, descriptor = asyncio.get_running_loop(), self._line.connected.fileno()
        readable = asyncio.Event()
        loop.add_reader(descriptor, readable.set)
        waiting = [asyncio.create_task(event.wait()) for event in (readable, bell)]
        try:
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            loop.remove_reader(descriptor)
            for task in waiting:
                task.cancel()


async def _connect(access: Access) -> socket.socket:
    """A connection to the first address that takes one."""
    loop = asyncio.get_running_loop()
    last: OSError = OSError("no address")
    for address in await addresses_of(access.host, access.port, threads):
        if access.security == MailboxSecurity.NONE and not is_local(address):
            raise Refused("Without encryption only servers of the operator's own network can be used.")
        connected = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        connected.setblocking(False)
        try:
            await loop.sock_connect(connected, (address, access.port))
        except OSError as fault:
            connected.close()
            last = fault
        except BaseException:
            connected.close()
            raise
        else:
            return connected
    raise last


def _open_folder(client: Client, access: Access) -> Opened:
    client.wire.allow(0)
    if (access.username + access.password).isascii():
        client.login(access.username, access.password)
    else:  # LOGIN knows ASCII alone; RFC 4616 says UTF-8
        client.plain_login(access.username, access.password)
    client.wire.allow(0)
    try:
        found = client.select_folder(access.folder, readonly=access.is_read_only)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as fault:
        raise NoFolder(str(fault).partition(": ")[2] or str(fault)) from fault
    client.wire.allow(0)
    last = client.search("UID *") if b"UIDNEXT" not in found and found[b"EXISTS"] else []
    next_uid = found.get(b"UIDNEXT") or max(last, default=0) + 1
    return Opened(int(found.get(b"UIDVALIDITY", 1)), int(next_uid), client.has_capability("IDLE"))


def _listed(uid: int, found: dict[bytes, Any]) -> Listed:
    came_at = found.get(b"INTERNALDATE")
    if not isinstance(came_at, datetime):
        came_at = datetime.now(UTC)
    flags = found.get(b"FLAGS") or ()
    return Listed(uid, int(found.get(b"RFC822.SIZE") or 0), came_at.astimezone(UTC), b"\\Seen" in flags)


async def _ring_or(seconds: float, bell: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await bell.wait()
