"""Who is here: users with a tab open, in this process or, told through Redis, in any."""

import asyncio
import time

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from witei_app.live import tabs
from witei_app.settings import settings

log = structlog.get_logger()
TELL_SECONDS = 15
# Somebody whose process was killed counts as here for so long.
GONE_AFTER_SECONDS = 40


async def present_users(workspace_id: int) -> set[int]:
    """The ids of the workspace's users who have a tab open."""
    here = _here(workspace_id)
    if not settings().redis_url:
        return here
    try:
        async with Redis.from_url(settings().redis_url) as redis:
            told = await redis.zrangebyscore(_key(workspace_id), time.time() - GONE_AFTER_SECONDS, "+inf")
    except (RedisError, OSError):
        return here
    return here | {int(user_id) for user_id in told}


async def keep_telling() -> None:
    """Tell the other processes who is here, for ever; with one process there is nobody to tell."""
    while settings().redis_url:
        try:
            async with Redis.from_url(settings().redis_url) as redis:
                while True:
                    await _tell(redis)
                    await asyncio.sleep(TELL_SECONDS)
        except (RedisError, OSError):
            log.warning("presence.away")
            await asyncio.sleep(TELL_SECONDS)


async def _tell(redis: Redis) -> None:
    moment = time.time()
    for workspace_id in {tab.actor.workspace_id for tab in tabs.all_tabs()}:
        await redis.zadd(_key(workspace_id), {str(user_id): moment for user_id in _here(workspace_id)})
        await redis.zremrangebyscore(_key(workspace_id), "-inf", moment - GONE_AFTER_SECONDS)


def _here(workspace_id: int) -> set[int]:
    return {tab.actor.user_id for tab in tabs.tabs_of(workspace_id) if tab.actor.user_id is not None}


def _key(workspace_id: int) -> str:
    return f"witei:present:{workspace_id}"
