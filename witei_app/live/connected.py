"""The bus as the settings want it, and what each process does for it: tell who is here, look for what was missed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from witei_app.live import away, bus, lookers, presence, tabs
from witei_app.live.bus import PROCESS
from witei_app.live.events import Event, PeopleHere, ProcessBegun
from witei_app.live.missed import Missed
from witei_app.settings import settings
from witei_app.tasks import end


@asynccontextmanager
async def connected() -> AsyncIterator[None]:
    """Publish and hear events, while the context is open: within this process, or with Redis among all."""
    async with AsyncExitStack() as stack:
        tasks = []
        bus.use(bus.InProcessBus())
        if settings().redis_url:
            redis_bus, people = bus.RedisBus(settings().redis_url), People()
            bus.use(redis_bus)
            stack.push_async_callback(redis_bus.close)
            stack.callback(bus.subscribe(people.hear))
            tasks += [redis_bus.listen(), redis_bus.speak(), people.keep_telling()]
        missed = Missed()
        stack.callback(bus.subscribe(missed.hear))
        stack.callback(away.probe(missed.suspect))
        tasks.append(missed.keep_looking())
        stack.push_async_callback(end, [asyncio.create_task(one) for one in tasks])
        yield


class People:
    """Tells the other processes who is here, and keeps what they tell."""

    def __init__(self) -> None:
        self._bell = asyncio.Event()
        self._told: set[int] = set()

    def hear(self, event: Event) -> None:
        """Somebody else tells, or has just begun and knows nothing yet."""
        match event:
            case PeopleHere():
                presence.note(event)
            case ProcessBegun():
                self._bell.set()

    async def keep_telling(self) -> None:
        """Tell it again and again, for ever."""
        while True:
            await self._tell()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(presence.TELL_SECONDS):
                    await self._bell.wait()
            self._bell.clear()

    async def _tell(self) -> None:
        """Of a workspace whose last tab was closed it is said once that nobody is here."""
        workspaces = {tab.actor.workspace_id for tab in tabs.all_tabs()}
        for workspace_id in workspaces | self._told:
            people = tuple(sorted(presence.users_here(workspace_id)))
            await bus.publish(PeopleHere(workspace_id, PROCESS, people, lookers.all_news(workspace_id)))
        self._told = workspaces
