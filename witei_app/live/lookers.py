"""Who has which conversation open, in all processes: each tells the others through the bus when a tab opens one."""

import time
from collections import defaultdict
from dataclasses import dataclass, replace

from witei_app.live import bus
from witei_app.live.events import UserLooking
from witei_app.live.tabs import Tab

# A process that was killed never said that its tabs are gone.
FORGET_SECONDS = 1800.0


@dataclass
class _Look:
    name: str
    tabs: int
    since: float


_looks: defaultdict[int, dict[int, _Look]] = defaultdict(dict)


async def look_at(tab: Tab, conversation_id: int) -> None:
    """The tab shows this conversation from now on (0: none), and everybody hears of it."""
    before, tab.conversation_id = tab.conversation_id, conversation_id
    if before != conversation_id:
        await bus.publish(*leaving(tab, before), *_coming(tab))


def leaving(tab: Tab, conversation_id: int) -> list[UserLooking]:
    """What to tell when the tab shows the conversation no more."""
    if not conversation_id or tab.actor.user_id is None:
        return []
    return [UserLooking(tab.actor.workspace_id, conversation_id, tab.actor.user_id, tab.actor.name, is_leaving=True)]


def _coming(tab: Tab) -> list[UserLooking]:
    return [replace(event, is_leaving=False) for event in leaving(tab, tab.conversation_id)]


def note(event: UserLooking) -> None:
    """A user opened the conversation in one more tab, or closed it in one."""
    people = _looks[event.conversation_id]
    look = people.get(event.user_id) or _Look(event.name, 0, 0.0)
    look.tabs += -1 if event.is_leaving else 1
    look.since = time.monotonic()
    people[event.user_id] = look
    if look.tabs <= 0:
        del people[event.user_id]
    if not people:
        del _looks[event.conversation_id]


def of(conversation_id: int, besides: int | None) -> dict[int, str]:
    """Who looks at it now, id to name, without the one who asks."""
    oldest = time.monotonic() - FORGET_SECONDS
    people = _looks.get(conversation_id, {})
    return {number: look.name for number, look in people.items() if number != besides and look.since > oldest}
