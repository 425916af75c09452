"""How much a visitor, an address and a widget may do, so that one cannot spoil the chat for the others."""

import hashlib
import math
import time
from collections import Counter
from typing import NamedTuple

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter

from witei_app.counters import counters
from witei_app.networks import is_here, network

MESSAGES_BY_VISITOR = (parse("12 per 5 seconds"), parse("200 per 10 minutes"))
MESSAGES_BY_ADDRESS = (parse("60 per 10 seconds"),)
MESSAGES_BY_WIDGET = (parse("3000 per 10 seconds"),)
FILES_BY_VISITOR = (parse("20 per 10 minutes"),)
FILES_BY_ADDRESS = (parse("60 per 10 minutes"),)
# Files stay on the disk as long as their conversation.
MEGABYTES_BY_VISITOR = (parse("100 per 10 minutes"),)
MEGABYTES_BY_ADDRESS = (parse("300 per 1 hour"),)
MEGABYTES_BY_WIDGET = (parse("3000 per 1 hour"),)
TRANSCRIPTS = (parse("3 per 1 day"),)
# The address they go to may be anybody's, and what they say is the visitor's words under the agency's name.
TRANSCRIPTS_BY_ADDRESS = (parse("10 per 1 day"),)
CHATS_BY_ADDRESS = (parse("40 per 1 hour"),)
CHATS_BY_WIDGET = (parse("2000 per 1 hour"),)
FRAMES_BY_SOCKET = parse("100 per 10 seconds")
SOCKETS_BY_VISITOR = 50
SOCKETS_BY_ADDRESS = 100
SOCKETS_BY_WIDGET = 20_000
MOST_PATIENCE = 60  # seconds after which a message of somebody else's excess is tried again


class Wait(NamedTuple):
    """Seconds until it is welcome, 0 for now; and the text for the visitor: it may be others who are too many."""

    seconds: int = 0
    text: str = ""


class TooManyOpen(Exception):
    """There are as many connections as there may be."""


class Limits:
    """All the counters of the web chat."""

    def __init__(self) -> None:
        self._limiter: MovingWindowRateLimiter | None = None
        # A socket is in one process, and there are thousands: one number for each is enough.
        self._frames = FixedWindowRateLimiter(MemoryStorage())

    async def wait_for_message(self, visitor: str, address: str, widget_id: int) -> Wait:
        """Until one more message is welcome; when that is now, it is counted."""
        if after := await self._wait(MESSAGES_BY_VISITOR, f"visitor-{visitor}"):
            return Wait(after, "slow_down")
        others = await self._wait_for_address(MESSAGES_BY_ADDRESS, "messages", address) or await self._wait(
            MESSAGES_BY_WIDGET, f"widget-{widget_id}"
        )
        return Wait(min(others, MOST_PATIENCE), "busy") if others else Wait()

    async def wait_for_chat(self, address: str, widget_id: int) -> Wait:
        """Until one more conversation may begin; when that is now, it is counted."""
        if after := await self._wait_for_address(CHATS_BY_ADDRESS, "chats", address):
            return Wait(after, "too_many")
        others = await self._wait(CHATS_BY_WIDGET, f"chats-{widget_id}")
        return Wait(min(others, MOST_PATIENCE), "busy") if others else Wait()

    async def wait_for_upload(self, address: str) -> int:
        """Seconds until this address may send one more file; 0 means now, and counts it."""
        return await self._wait_for_address(FILES_BY_ADDRESS, "files", address)

    async def wait_for_file(self, visitor: str) -> int:
        """Seconds until this visitor may; 0 means now, and counts it."""
        return await self._wait(FILES_BY_VISITOR, f"files-{visitor}")

    async def wait_for_bytes(self, visitor: str, address: str, widget_id: int, size: int) -> int:
        """Seconds until so many bytes more are welcome; 0 means now, and counts them."""
        megabytes = max(1, math.ceil(size / 1024 / 1024))
        return (
            await self._wait(MEGABYTES_BY_VISITOR, f"bytes-{visitor}", megabytes)
            or await self._wait_for_address(MEGABYTES_BY_ADDRESS, "bytes", address, megabytes)
            or await self._wait(MEGABYTES_BY_WIDGET, f"bytes-of-{widget_id}", megabytes)
        )

    async def wait_for_transcript(self, visitor: str, email: str, address: str) -> int:
        """Seconds until this visitor may have one more copy, and this mailbox get one more; 0 counts it."""
        return (
            await self._wait(TRANSCRIPTS, f"copy-{visitor}")
            or await self._wait(TRANSCRIPTS, f"copy-to-{email}")
            or await self._wait_for_address(TRANSCRIPTS_BY_ADDRESS, "copies", address)
        )

    async def allows_frame(self, socket: str) -> bool:
        """Whether a socket may send one more frame, of whatever kind."""
        return await self._frames.hit(FRAMES_BY_SOCKET, socket)

    def forget(self) -> None:
        """Begin anew (another Redis, another test)."""
        self._limiter = None

    async def _wait_for_address(self, limits: tuple[RateLimitItem, ...], what: str, address: str, cost: int = 1) -> int:
        return 0 if is_here(address) else await self._wait(limits, f"{what}-{network(address)}", cost)

    async def _wait(self, limits: tuple[RateLimitItem, ...], key: str, cost: int = 1) -> int:
        hashed = "chat-" + hashlib.sha256(key.encode()).hexdigest()[:32]
        for limit in limits:
            if not await self._windows().hit(limit, hashed, cost=cost):
                reset, _ = await self._windows().get_window_stats(limit, hashed)
                return max(1, math.ceil(reset - time.time()))
        return 0

    def _windows(self) -> MovingWindowRateLimiter:
        if self._limiter is None:
            self._limiter = MovingWindowRateLimiter(counters())
        return self._limiter


chat_limits = Limits()
Place = tuple[str, int | str]


class OpenSockets:
    """How many connections this process has of each widget, address and visitor; there may be thousands."""

    def __init__(self) -> None:
        self._count: Counter[Place] = Counter()

    def take(self, held: list[Place], place: Place, most: int) -> None:
        """One more, noted among those that are `held`; TooManyOpen when there are as many as there may be."""
        if self._count[place] >= most:
            raise TooManyOpen
        self._count[place] += 1
        held.append(place)

    def give_back(self, held: list[Place]) -> None:
        """The connection has ended."""
        self._count.subtract(held)
        for place in held:
            if self._count[place] <= 0:
                del self._count[place]


open_sockets = OpenSockets()
