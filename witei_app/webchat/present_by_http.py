"""Visitors who have a chat open where WebSockets are blocked: they are there as long as they go on asking.

Which process one asks may change with each request, so all hear who goes on, in one word for everybody.
"""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass

from witei_app.live import bus
from witei_app.live.events import VisitorsStay
from witei_app.webchat.caller import Caller
from witei_app.webchat.present import last_told, tell, tell_again
from witei_app.webchat.sockets import switchboard

SAY_SECONDS = 15.0
SILENT_SECONDS = 45.0  # a request waits for 20 at most, and after a fault the next one comes within 30


@dataclass
class _Asking:
    caller: Caller
    seen_at: float


_asking: dict[str, _Asking] = {}
_keepers: set[asyncio.Task[None]] = set()


async def tell_by_http(caller: Caller) -> None:
    """Say in all processes that this visitor, who has not written, is here; when no more is asked, that they left."""
    if caller.conversation_id is not None:
        return
    before = _asking.get(caller.visitor_hash)
    _asking[caller.visitor_hash] = _Asking(caller, time.monotonic())
    if before is None or before.caller.hello.page.url != caller.hello.page.url:
        await tell(caller)
    else:
        caller.said_at = before.caller.said_at
        await tell_again(caller)
    if not _keepers:
        task = asyncio.get_running_loop().create_task(_keep_saying())
        _keepers.add(task)
        task.add_done_callback(_keepers.discard)


async def _keep_saying() -> None:
    while _asking:
        await asyncio.sleep(SAY_SECONDS)
        await _say_who_stays()
        await _say_who_left()


async def _say_who_stays() -> None:
    staying: defaultdict[int, list[str]] = defaultdict(list)
    moment = time.monotonic()
    for visitor_hash, one in _asking.items():
        if moment - one.seen_at < SAY_SECONDS or switchboard.has_unspoken(visitor_hash):
            one.seen_at = moment
            staying[one.caller.site.workspace_id].append(visitor_hash)
    await bus.publish(*(VisitorsStay(workspace_id, tuple(hashes)) for workspace_id, hashes in staying.items()))


async def _say_who_left() -> None:
    moment = time.monotonic()
    silent = [one for one in _asking.values() if moment - one.seen_at >= SILENT_SECONDS]
    for one in silent:
        del _asking[one.caller.visitor_hash]
        known = last_told(one.caller)
        is_elsewhere = known is not None and known.said > one.seen_at + 1  # another process has heard of them since
        if known is not None and not is_elsewhere:
            await tell(one.caller, is_leaving=True)
