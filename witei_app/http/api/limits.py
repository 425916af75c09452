"""How much a program may ask: requests of a token, and wrong tokens from an address."""

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.strategies import FixedWindowRateLimiter

from witei_app.counters import counters
from witei_app.networks import network
from witei_app.settings import settings

WRONG_TOKENS = RateLimitItemPerMinute(60, 10)
_BACKED: dict[str, FixedWindowRateLimiter] = {}


class Spent:
    """The window of who asks: how much is left of it, and in how many seconds the next begins."""

    def __init__(self, limit: RateLimitItem, is_over: bool, left: int, reset: float) -> None:
        self.is_over = is_over
        self.seconds = max(1, math.ceil(reset - time.time()))
        # As draft-ietf-httpapi-ratelimit-headers has them.
        self.headers = {
            "RateLimit-Policy": f'"token";q={limit.amount};w={limit.get_expiry()}',
            "RateLimit": f'"token";r={max(0, left)};t={self.seconds}',
        }


async def spend(mark: str) -> Spent:
    """Count a request of this token (WITEI_API_REQUESTS_PER_MINUTE)."""
    limit = RateLimitItemPerMinute(settings().api_requests_per_minute)
    is_within = await _limiter().hit(limit, f"api-{mark}")
    window = await _limiter().get_window_stats(limit, f"api-{mark}")
    return Spent(limit, not is_within, window.remaining, window.reset_time)


async def guesses_too_much(address: str) -> bool:
    """Whether too many wrong tokens came from there."""
    return not await _limiter().test(WRONG_TOKENS, f"api-wrong-{network(address)}")


async def note_wrong(address: str) -> None:
    """One more."""
    await _limiter().hit(WRONG_TOKENS, f"api-wrong-{network(address)}")


def forget() -> None:
    """Begin anew (another Redis, another test)."""
    _BACKED.clear()


def _limiter() -> FixedWindowRateLimiter:
    url = settings().redis_url
    if url not in _BACKED:
        _BACKED[url] = FixedWindowRateLimiter(counters())
    return _BACKED[url]
