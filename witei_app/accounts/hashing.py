"""Argon2 for passwords: guessing is dear, and nobody else shall feel it.

One at a time, in a thread that stands back for everybody else's work and rests as long as it has worked: who guesses
takes half of one processor at most. Only so many wait for their turn, and whoever comes from an address that somebody
has signed in from does not wait behind strangers.
"""

import asyncio
import os
import secrets
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from witei_app.errors import Refused

MOST_PASSWORD = 1024
MOST_WAITING = 40  # a second's worth
BUSY = "Too many people are signing in just now. Try again in a moment."

# What OWASP asks for at least (Password Storage Cheat Sheet): 19 MiB, two passes, one lane; some 15 ms.
_passwords = PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))


class Queue:
    """Those who wait for one thread."""

    def __init__(self) -> None:
        self._waiting = 0
        self._rested_at = 0.0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="password", initializer=_stand_back)

    async def turn(self, work: Callable[..., object], *arguments: str) -> object:
        """What the work gives once it is its turn. Refuses when too many wait."""
        if self._waiting >= MOST_WAITING:
            raise Refused(BUSY)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._rested, work, *arguments)
        finally:
            self._waiting -= 1

    def _rested(self, work: Callable[..., object], *arguments: str) -> object:
        time.sleep(max(0.0, self._rested_at - time.monotonic()))
        began = time.thread_time()
        try:
            return work(*arguments)
        finally:
            self._rested_at = time.monotonic() + time.thread_time() - began


def hash_password(password: str) -> str:
    """The argon2 hash to keep."""
    return _passwords.hash(password)


async def hash_of(password: str) -> str:
    """The same, without anybody waiting for it."""
    return str(await _familiar.turn(hash_password, password[:MOST_PASSWORD]))


async def is_password(password: str, known_hash: str, *, is_familiar: bool) -> bool:
    """Whether it is the one. Nobody's, and that of who has none, takes as long and is always wrong."""
    queue = _familiar if is_familiar else _strangers
    return bool(await queue.turn(_verify, password[:MOST_PASSWORD], known_hash))


def _verify(password: str, known_hash: str) -> bool:
    return _passwords.verify(password, known_hash or _nobodys_hash())


@cache
def _nobodys_hash() -> str:
    return hash_password(secrets.token_urlsafe())


def _stand_back() -> None:
    """On Linux a priority is the thread's own. A third of everybody else's share: with less (15 instead of 5) nobody
    comes in any more on a busy machine."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, 0, 5)


_strangers, _familiar = Queue(), Queue()
