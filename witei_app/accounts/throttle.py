"""Patience with those who guess passwords: failures are counted for each address and for each account."""

import hashlib
import math
import time

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter

from witei_app.errors import Refused
from witei_app.settings import settings

PER_ACCOUNT = parse("10 per 10 minutes")
PER_ADDRESS = parse("30 per 10 minutes")


class Throttle:
    """Counts in Redis where there is one, so that all processes agree; else in this process."""

    def __init__(self) -> None:
        self._limiter: MovingWindowRateLimiter | None = None

    async def check(self, address: str, account: str) -> None:
        """Refuses while there were too many failures, and says when to come back."""
        for limit, key in _keys(address, account):
            if not await self._windows().test(limit, key):
                reset, _ = await self._windows().get_window_stats(limit, key)
                minutes = max(1, math.ceil((reset - time.time()) / 60))
                raise Refused("Too many failed attempts. Try again in {minutes} min.", minutes=minutes)

    async def failed(self, address: str, account: str) -> None:
        """Count one failure."""
        for limit, key in _keys(address, account):
            await self._windows().hit(limit, key)

    async def succeeded(self, account: str) -> None:
        """The right person came: forget the account's failures, not the address's."""
        await self._windows().clear(PER_ACCOUNT, _key(account))

    def forget(self) -> None:
        """Begin anew (another database or Redis)."""
        self._limiter = None

    def _windows(self) -> MovingWindowRateLimiter:
        if self._limiter is None:
            url = settings().redis_url
            store: Storage = RedisStorage(f"async+{url}", implementation="redispy") if url else MemoryStorage()
            self._limiter = MovingWindowRateLimiter(store)
        return self._limiter


sign_in_throttle = Throttle()


def _keys(address: str, account: str) -> tuple[tuple[RateLimitItem, str], ...]:
    return (PER_ADDRESS, _key(address)), (PER_ACCOUNT, _key(account))


def _key(who: str) -> str:
    return "sign-in-" + hashlib.sha256(who.encode()).hexdigest()[:32]
