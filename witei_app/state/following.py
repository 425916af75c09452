"""Pages that go on while one looks at them."""

import asyncio

import reflex as rx

# Of a record that people talk about while both look at it: soon, and not with each of ten changes.
REST = 0.3


class Following(rx.State, mixin=True):
    """A page whose `_load` reads what it shows: read again when something happened, at most once in `_rest` seconds."""

    _is_following: bool = False

    @rx.event(background=True)
    async def follow(self):
        """Something happened: show it."""
        async with self:
            if self._is_following or not self._is_shown():
                return None
            self._is_following = True
            seconds = self._rest()
        await asyncio.sleep(seconds)
        async with self:
            self._is_following = False
            return await self._catch_up()

    def _is_shown(self) -> bool:
        """Whether the page was read at all."""
        raise NotImplementedError

    def _rest(self) -> float:
        return 1.0

    async def _catch_up(self) -> rx.event.EventSpec | None:
        await self._load()
        return None

    async def _load(self) -> None:
        raise NotImplementedError
