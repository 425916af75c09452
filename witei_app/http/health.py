"""For operators: is it alive, is it ready, how is it doing."""

import asyncio

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from witei_app.db import reading
from witei_app.live import away
from witei_app.settings import settings

PATIENCE_SECONDS = 3


async def alive(_: Request) -> Response:
    """200 while the process answers."""
    return JSONResponse({"status": "ok"})


async def ready(_: Request) -> Response:
    """200 when everything that a page needs is there, else 503 and the names of what is away."""
    checks = {"database": await _database(), "redis": await _redis()}
    is_ready = all(checks.values())
    answer = {
        "status": "ok" if is_ready else "away",
        **{name: "ok" if is_up else "away" for name, is_up in checks.items()},
    }
    return JSONResponse(answer, 200 if is_ready else 503)


async def metrics(_: Request) -> Response:
    """Prometheus' text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _database() -> bool:
    """Whether it answers in time, and takes what is written as far as is known."""
    asking = asyncio.ensure_future(_ask())
    answered, _ = await asyncio.wait([asking], timeout=PATIENCE_SECONDS)  # who hangs is left hanging
    return bool(answered) and asking.result() and not away.is_away(away.WRITING)


async def _ask() -> bool:
    try:
        async with reading() as db:
            await (await db.connection()).execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return False
    return True


async def _redis() -> bool:
    if not settings().redis_url:
        return True
    redis = Redis.from_url(
        settings().redis_url,
        socket_connect_timeout=PATIENCE_SECONDS,
        socket_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        return bool(await redis.execute_command("PING"))
    except (RedisError, OSError):
        return False
    finally:
        await redis.aclose()


routes = [
    Route("/healthz", alive),
    Route("/readyz", ready),
    Route("/metrics", metrics),
]
