"""Visitors who have a chat open where WebSockets are blocked: they are there as long as they go on asking."""

import asyncio
import time

from witei_app.webchat.caller import Caller
from witei_app.webchat.present import last_told, tell
from witei_app.webchat.sockets import switchboard

ASK_SECONDS = 15.0  # a request waits for 20 at most: each says it again
SILENT_SECONDS = 45.0

_watched: dict[str, asyncio.Task[None]] = {}


async def tell_by_http(caller: Caller) -> None:
    """Say in all processes that this visitor, who has not written, is here; when no more is asked, that they left."""
    if caller.conversation_id is not None:
        return
    known = last_told(caller)
    if known is None or known.event.page_url != caller.hello.page.url[:500] or _age(known.said) > ASK_SECONDS:
        await tell(caller)
    if caller.visitor_hash not in _watched:
        task = _watched[caller.visitor_hash] = asyncio.get_running_loop().create_task(_watch(caller))
        task.add_done_callback(lambda _: _watched.pop(caller.visitor_hash, None))


def _age(moment: float) -> float:
    return time.monotonic() - moment


async def _watch(caller: Caller) -> None:
    """Whichever process the visitor asks: all hear of it."""
    while (known := last_told(caller)) is not None:
        if _age(known.said) >= SILENT_SECONDS and not switchboard.has_unspoken(caller.visitor_hash):
            await tell(caller, is_leaving=True)
            return
        await asyncio.sleep(SILENT_SECONDS)
