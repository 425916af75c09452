"""Who has which conversation open: in this process as its tabs say, in others as each tells through the bus."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass

from witei_app.live import bus, tabs
from witei_app.live.bus import PROCESS
from witei_app.live.events import PeopleHere, UserLooking
from witei_app.live.presence import GONE_AFTER_SECONDS
from witei_app.live.tabs import Tab


@dataclass(frozen=True)
class _Look:
    name: str
    at: float


_elsewhere: defaultdict[int, dict[tuple[int, str], _Look]] = defaultdict(dict)  # by conversation: user and process


async def look_at(tab: Tab, conversation_id: int) -> None:
    """The tab shows this conversation from now on (0: none), and everybody hears of it."""
    before, tab.conversation_id = tab.conversation_id, conversation_id
    if before != conversation_id:
        await bus.publish(*news_of(tab, before), *news_of(tab, conversation_id))


def news_of(tab: Tab, conversation_id: int) -> list[UserLooking]:
    """What to tell of the conversation after one of its user's tabs came to it or left it."""
    user_id, workspace_id = tab.actor.user_id, tab.actor.workspace_id
    if not conversation_id or user_id is None:
        return []
    quantity = _here(workspace_id)[conversation_id, user_id, tab.actor.name]
    return [UserLooking(workspace_id, conversation_id, user_id, tab.actor.name, PROCESS, quantity)]


def all_news(workspace_id: int) -> tuple[tuple[int, int, str, int], ...]:
    """What this process tells of all its tabs: conversation, user, name, number of tabs."""
    return tuple((*who, quantity) for who, quantity in _here(workspace_id).items())


def note(event: UserLooking) -> None:
    """So many tabs of a process show the conversation to a user now."""
    if event.tabs and event.process != PROCESS:
        _elsewhere[event.conversation_id][event.user_id, event.process] = _Look(event.name, time.monotonic())
    else:
        _forget(event.conversation_id, event.user_id, event.process)


def note_all(event: PeopleHere) -> set[int]:
    """All that another process says of its tabs. Gives the conversations at which other people look now."""
    if event.process == PROCESS:
        return _drop_old()
    said = {(conversation_id, user_id): name for conversation_id, user_id, name, _ in event.looking}
    known = {(at, who) for at, people in _elsewhere.items() for who, process in people if process == event.process}
    for conversation_id, user_id in known - said.keys():
        _forget(conversation_id, user_id, event.process)
    for (conversation_id, user_id), name in said.items():
        _elsewhere[conversation_id][user_id, event.process] = _Look(name, time.monotonic())
    return {conversation_id for conversation_id, _ in known ^ said.keys()} | _drop_old()


def of(conversation_id: int, workspace_id: int, besides: int | None) -> dict[int, str]:
    """Who looks at it now, id to name, without the one who asks."""
    oldest = time.monotonic() - GONE_AFTER_SECONDS
    people = _elsewhere.get(conversation_id, {})
    found = {user_id: look.name for (user_id, _), look in people.items() if look.at > oldest}
    found |= {user_id: name for at, user_id, name in _here(workspace_id) if at == conversation_id}
    return {user_id: name for user_id, name in found.items() if user_id != besides}


def _here(workspace_id: int) -> Counter[tuple[int, int, str]]:
    looking = (tab for tab in tabs.tabs_of(workspace_id) if tab.conversation_id and tab.actor.user_id is not None)
    return Counter((tab.conversation_id, tab.actor.user_id or 0, tab.actor.name) for tab in looking)


def _drop_old() -> set[int]:
    """A process that was killed never said that its tabs are gone."""
    oldest = time.monotonic() - GONE_AFTER_SECONDS
    old = [(at, *who) for at, people in _elsewhere.items() for who, look in people.items() if look.at <= oldest]
    for gone in old:
        _forget(*gone)
    return {conversation_id for conversation_id, _, _ in old}


def _forget(conversation_id: int, user_id: int, process: str) -> None:
    people = _elsewhere.get(conversation_id, {})
    people.pop((user_id, process), None)
    if not people:
        _elsewhere.pop(conversation_id, None)
