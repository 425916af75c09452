"""Who is here: users with a tab open, in this process or, told through the bus, in any."""

import time
from collections import defaultdict

from witei_app.live import tabs
from witei_app.live.bus import PROCESS
from witei_app.live.events import PeopleHere

TELL_SECONDS = 15.0
# Somebody whose process was killed counts as here for so long.
GONE_AFTER_SECONDS = 40.0

_told: defaultdict[int, dict[str, tuple[float, frozenset[int]]]] = defaultdict(dict)  # by workspace, then process


def present_users(workspace_id: int) -> set[int]:
    """The ids of the workspace's users who have a tab open."""
    oldest = time.monotonic() - GONE_AFTER_SECONDS
    told = _told.get(workspace_id, {}).values()
    return users_here(workspace_id).union(*(user_ids for at, user_ids in told if at > oldest))


def users_here(workspace_id: int) -> set[int]:
    """The same for this process alone."""
    return {tab.actor.user_id for tab in tabs.tabs_of(workspace_id) if tab.actor.user_id is not None}


def note(event: PeopleHere) -> None:
    """Another process says who is there; what one that was killed has said is forgotten."""
    processes = _told[event.workspace_id]
    oldest = time.monotonic() - GONE_AFTER_SECONDS
    for process in [process for process, (at, _) in processes.items() if at <= oldest or process == event.process]:
        del processes[process]
    if event.process != PROCESS and event.user_ids:
        processes[event.process] = (time.monotonic(), frozenset(event.user_ids))
    if not processes:
        del _told[event.workspace_id]
