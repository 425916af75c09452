"""Where limits are counted: in Redis, so that all processes agree; without it, and while it is away, in each alone."""

import time
from typing import Any

from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from witei_app.live import away
from witei_app.settings import settings

# Somebody waits for what is counted: a Redis that does not answer at once is left out.
PATIENCE_SECONDS = 1.0
SET_BACK_SECONDS = 5.0  # more than a clock that is kept right goes back


def counters() -> Storage:
    """A store for one of the limiters of `limits`."""
    url = settings().redis_url
    return _Patient(url) if url else _Here()


class _Here(MemoryStorage):
    """In this process. Counts end by the clock: one that is set back would keep them for as long again."""

    _told = 0.0

    async def get(self, key: str) -> int:
        """How many there were."""
        await self._mind_clock()
        return await super().get(key)

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count in a moving window, if there is room."""
        await self._mind_clock()
        return await super().acquire_entry(key, limit, expiry, amount)

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the window began, and how many are in it."""
        await self._mind_clock()
        return await super().get_moving_window(key, limit, expiry)

    async def _mind_clock(self) -> None:
        moment = time.time()
        if moment < self._told - SET_BACK_SECONDS:
            await self.reset()
        self._told = moment


class _Patient(RedisStorage):
    """Without Redis nobody is locked out, and nobody may do as much as they like either: this process counts alone."""

    def __init__(self, url: str) -> None:
        patience: dict[str, Any] = {
            "socket_timeout": PATIENCE_SECONDS,
            "socket_connect_timeout": PATIENCE_SECONDS,
            "retry": Retry(NoBackoff(), 0),
        }
        super().__init__(f"async+{url}", implementation="redispy", **patience)
        self._here = _Here()

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count."""
        return await self._either("incr", key, expiry, amount)

    async def get(self, key: str) -> int:
        """How many there were."""
        return await self._either("get", key)

    async def get_expiry(self, key: str) -> float:
        """Until when they count."""
        return await self._either("get_expiry", key)

    async def clear(self, key: str) -> None:
        """Forget them, in both places."""
        await self._here.clear(key)
        await self._either("clear", key)

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count in a moving window, if there is room."""
        return await self._either("acquire_entry", key, limit, expiry, amount)

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the window began, and how many are in it."""
        return await self._either("get_moving_window", key, limit, expiry)

    async def _either(self, name: str, *arguments: Any) -> Any:
        if not away.is_away(away.BUS):
            try:
                return await getattr(super(), name)(*arguments)
            except (RedisError, OSError):
                pass  # `away` is told by the bus, which tries all the time
        return await getattr(self._here, name)(*arguments)
