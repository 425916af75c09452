"""Tabs whose state is lost: their handler runs and takes nothing. By a new line to this process they get one."""

import time
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from witei_app.live import tabs

log = structlog.get_logger()
# A tab is told to call again, but not in a circle.
HANG_UP_EVERY_SECONDS = 60.0


class LostStates:
    """Those of one process. `end_line` ends a tab's line, `wake` is called when there is one to be ended."""

    def __init__(self, end_line: Callable[[str], Awaitable[None]], wake: Callable[[], None]) -> None:
        self._end_line, self._wake = end_line, wake
        self._lost: set[str] = set()
        self._hung_up: dict[str, float] = {}

    def watcher(self, tab: tabs.Tab) -> Callable[[], None]:
        """To be called when a handler has run that the tab is about to be told to run."""
        return partial(self._note_run, tab, tab.taken)

    def _note_run(self, tab: tabs.Tab, taken: int) -> None:
        if tab.taken == taken and tabs.tab_of(tab.token) is tab:
            self._lost.add(tab.token)
            self._wake()

    async def hang_up(self) -> None:
        """Have them call again."""
        lost, self._lost, moment = self._lost, set(), time.monotonic()
        for token in [token for token, at in self._hung_up.items() if moment - at > HANG_UP_EVERY_SECONDS]:
            del self._hung_up[token]
        for token in lost - self._hung_up.keys():
            self._hung_up[token] = moment
            tab = tabs.tab_of(token)
            log.warning("relay.state_lost", user=tab.actor.user_id if tab else None)
            await self._end_line(token)
