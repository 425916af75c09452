"""A server that answers as a script says: what Dovecot would never send."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

Say = Callable[[bytes], Awaitable[None]]
GREETING = b"* OK [CAPABILITY IMAP4rev1 IDLE] hello\r\n"


@dataclass
class Script:
    """Plays a small, honest server but for one command, which `answer` says (tag and line given). Counts who came."""

    command: bytes
    answer: Callable[[bytes, Say], Awaitable[None]]
    greeting: bytes = GREETING
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client."""
        self.connections += 1

        async def say(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        try:
            await say(self.greeting)
            while line := await reader.readline():
                await self._reply(line, say)
        except OSError:  # it was cut off, as it should be
            pass
        finally:
            writer.close()

    async def _reply(self, line: bytes, say: Say) -> None:
        tag, _, rest = line.strip().partition(b" ")
        if rest.upper().startswith(self.command):
            await self.answer(tag, say)
            return
        for name, data in HONEST.items():
            if rest.upper().startswith(name):
                await say(data + tag + b" OK done\r\n")
                return
        await say(tag + b" OK done\r\n")


HONEST = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n",
    b"EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 5] ok\r\n",
    b"UID SEARCH": b"* SEARCH 5\r\n",
    b"UID FETCH 5 (RFC822.SIZE": b"* 1 FETCH (UID 5 RFC822.SIZE 20 FLAGS ())\r\n",
}


@asynccontextmanager
async def playing(script: Script) -> AsyncIterator[int]:
    """The port on which it listens."""
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0, limit=2**20)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
