"""A mail's lines, many at a time: one by one, those of a large mail would hold everybody else up for seconds."""

import asyncio

MOST_AT_ONCE = 256 * 1024
_END = b".\r\n"


class LargeSteps:
    """In the place of a client's reader while a mail comes in: what it calls a line is as many as have come.

    Without the dots that were put before them (RFC 5321, 4.5.2); only that before the first is left.
    """

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    async def readuntil(self, separator: bytes) -> bytes:
        """The next lines, with their ends; the mail's end comes alone."""
        first = await self._reader.readuntil(separator)
        more = 0 if first == _END else self._whole_lines()
        if not more:
            return first
        lines = first + await self._reader.readexactly(more)
        await asyncio.sleep(0)  # all of it is here already: nothing else would give the others their turn
        return lines.replace(b"\r\n.", b"\r\n")

    async def read(self, quantity: int) -> bytes:
        """Of a line that is too long."""
        return await self._reader.read(quantity)

    def _whole_lines(self) -> int:
        """How many bytes are here of lines before the mail's end."""
        here: bytearray = self._reader._buffer  # type: ignore[attr-defined]  # asyncio has no way to look ahead
        if here.startswith(_END):
            return 0
        last = here.find(b"\r\n" + _END, 0, MOST_AT_ONCE)
        if last < 0:
            last = here.rfind(b"\r\n", 0, MOST_AT_ONCE)
        return last + 2 if last >= 0 else 0
