"""Visitors who have a chat open and have not written yet, in all processes: each tells the others through the bus.

Nothing of it is kept: who leaves is forgotten.
"""

import time
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, replace

from witei_app.live import bus
from witei_app.live.events import Event, VisitorHere, VisitorsStay
from witei_app.webchat.caller import Caller

# A process that was killed never said that its visitors are gone: who stays says so again, well before forgotten.
FORGET_SECONDS = 3600.0
AGAIN_SECONDS = 1200.0
MOST = 200  # of one workspace; the newest


@dataclass(frozen=True)
class Present:
    """One of them, since when, and when that was last said (monotonic seconds)."""

    event: VisitorHere
    since: float
    said: float


_here: defaultdict[int, OrderedDict[str, Present]] = defaultdict(OrderedDict)


def hear(event: Event) -> None:
    """Note who came, who stays and who left. Called by the bus."""
    if isinstance(event, VisitorsStay):
        _hear_of_all(event)
    elif isinstance(event, VisitorHere):
        _hear_of_one(event)


def _hear_of_all(event: VisitorsStay) -> None:
    people = _here.get(event.workspace_id, OrderedDict())
    for visitor_hash in people.keys() & set(event.visitor_hashes):
        people[visitor_hash] = replace(people[visitor_hash], said=time.monotonic())


def _hear_of_one(event: VisitorHere) -> None:
    people = _here[event.workspace_id]
    known = people.pop(event.visitor_hash, None)
    if not event.is_leaving:
        moment = time.monotonic()
        people[event.visitor_hash] = Present(event, known.since if known else moment, moment)
        while len(people) > MOST:
            people.popitem(last=False)
    if not people:
        del _here[event.workspace_id]


async def tell(caller: Caller, *, is_leaving: bool = False) -> None:
    """Say in all processes that this visitor is here, or is no more."""
    caller.said_at = 0.0 if is_leaving else time.monotonic()
    hello = caller.hello
    await bus.publish(
        VisitorHere(
            caller.site.workspace_id,
            caller.visitor_hash,
            caller.site.look.key,
            hello.page.url[:500],
            hello.page.title[:120],
            hello.page.referrer[:300],
            hello.lang[:8],
            hello.zone,
            caller.browser[:200],
            caller.country,
            is_leaving,
        )
    )


async def tell_again(caller: Caller) -> None:
    """Who was said to be here is still here."""
    if caller.said_at and caller.said_at < time.monotonic() - AGAIN_SECONDS:
        await tell(caller)


def last_told(caller: Caller) -> Present | None:
    """What is known of this visitor, who is here."""
    people = _here.get(caller.site.workspace_id)
    return people.get(caller.visitor_hash) if people else None


def present(workspace_id: int) -> list[Present]:
    """Who is here, the newest first."""
    oldest = time.monotonic() - FORGET_SECONDS
    here = [one for one in _here.get(workspace_id, {}).values() if one.said > oldest]
    return sorted(here, key=lambda one: one.since, reverse=True)
