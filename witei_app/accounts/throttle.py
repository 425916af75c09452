"""Patience with those who guess passwords: failures are counted for each address and for each account."""

import hashlib
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.strategies import MovingWindowRateLimiter

from witei_app.counters import counters
from witei_app.errors import Refused
from witei_app.networks import network

MINUTES = 10


class Throttle:
    """The counts of one kind of failure."""

    def __init__(self, name: str, per_account: int, per_address: int) -> None:
        self._name = name
        self._per_account = RateLimitItemPerMinute(per_account, MINUTES)
        self._per_address = RateLimitItemPerMinute(per_address, MINUTES)
        self._limiter: MovingWindowRateLimiter | None = None
        self._under_way = Counter[str]()

    @asynccontextmanager
    async def guess(self, address: str, account: str) -> AsyncIterator[None]:
        """Around one attempt: refused unheard after too many wrong ones. Those under way count, or many at once pass.

        What refuses inside is a wrong one; when nothing does, the account's are forgotten, not the address's.
        """
        keys = self._keys(address, account)
        self._under_way.update(key for _, key in keys)
        try:
            await self._check(keys)
            try:
                yield
            except Refused:
                await self.failed(address, account)
                raise
            await self.succeeded(account)
        finally:
            self._under_way -= Counter(key for _, key in keys)

    async def count(self, address: str, account: str) -> None:
        """Count one request; refuses when there were too many, and says when to come back."""
        keys = self._keys(address, account)
        for limit, key in keys:
            if not await self._windows().hit(limit, key):
                await self._refuse(limit, key)

    async def failed(self, address: str, account: str) -> None:
        """Count one failure."""
        for limit, key in self._keys(address, account):
            await self._windows().hit(limit, key)

    async def succeeded(self, account: str) -> None:
        """The right person came: forget the account's failures, not the address's."""
        await self._windows().clear(self._per_account, self._key(account))

    def forget(self) -> None:
        """Begin anew (another database or Redis)."""
        self._limiter = None

    async def _check(self, keys: Iterable[tuple[RateLimitItem, str]]) -> None:
        for limit, key in keys:
            _, left = await self._windows().get_window_stats(limit, key)
            if left < self._under_way[key]:
                await self._refuse(limit, key)

    async def _refuse(self, limit: RateLimitItem, key: str) -> None:
        reset, _ = await self._windows().get_window_stats(limit, key)
        minutes = max(1, math.ceil((reset - time.time()) / 60))
        raise Refused("Too many failed attempts. Try again in {minutes} min.", minutes=minutes)

    def _windows(self) -> MovingWindowRateLimiter:
        if self._limiter is None:
            self._limiter = MovingWindowRateLimiter(counters())
        return self._limiter

    def _keys(self, address: str, account: str) -> tuple[tuple[RateLimitItem, str], ...]:
        return (self._per_address, self._key(network(address))), (self._per_account, self._key(account))

    def _key(self, who: str) -> str:
        return f"{self._name}-{hashlib.sha256(who.encode()).hexdigest()[:32]}"


sign_in_throttle = Throttle("sign-in", per_account=10, per_address=30)
# Each request writes a mail to somebody: nobody needs many.
reset_throttle = Throttle("reset", per_account=3, per_address=20)
# A contact answers a quote once; the address may be a whole office's.
quote_throttle = Throttle("quote", per_account=20, per_address=60)
