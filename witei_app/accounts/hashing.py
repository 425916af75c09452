"""Argon2 for passwords: 64 MiB and some 50 ms each, so that guessing is dear, and nobody else shall feel it.

Two at a time, in threads that stand back for everybody else's work; only so many wait for their turn.
"""

import asyncio
import os
import secrets
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from witei_app.errors import Refused

MOST_PASSWORD = 1024
AT_ONCE = 2
MOST_WAITING = 40  # about two seconds' worth
BUSY = "Too many people are signing in just now. Try again in a moment."

_passwords = PasswordHash((Argon2Hasher(),))


class _Waiting:
    count = 0


def hash_password(password: str) -> str:
    """The argon2 hash to keep."""
    return _passwords.hash(password)


async def hash_of(password: str) -> str:
    """The same, without anybody waiting for it."""
    return str(await _in_turn(hash_password, password[:MOST_PASSWORD]))


async def is_password(password: str, known_hash: str) -> bool:
    """Whether it is the one. Nobody's, and that of who has none, takes as long and is always wrong."""
    return bool(await _in_turn(_verify, password[:MOST_PASSWORD], known_hash))


def _verify(password: str, known_hash: str) -> bool:
    return _passwords.verify(password, known_hash or _nobodys_hash())


async def _in_turn(work: object, *arguments: str) -> object:
    if _Waiting.count >= MOST_WAITING:
        raise Refused(BUSY)
    _Waiting.count += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads(), work, *arguments)  # type: ignore[arg-type]
    finally:
        _Waiting.count -= 1


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password", initializer=_stand_back)


def _stand_back() -> None:
    """On Linux a priority is the thread's own; the threads that Argon2 starts for its lanes inherit it.

    A third of everybody else's share: less, and on a busy machine nobody comes in any more (15 took over a minute).
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, 0, 5)


@cache
def _nobodys_hash() -> str:
    return hash_password(secrets.token_urlsafe())
