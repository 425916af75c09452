"""Small writes of many tasks that wait for the same commit: one transaction, one flush to the disk serves them all."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from witei_app.db import Session, transaction

Item = TypeVar("Item")
Result = TypeVar("Result")


class Together(Generic[Item, Result]):
    """`do` gets what has come together since it last ran, in its order, and gives one result for each item."""

    def __init__(self, do: Callable[[Session, Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._do = do
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    async def __call__(self, item: Item) -> Result:
        """The result for the item, once it is committed. A fault is its own alone, never one that came with it."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((item, done))
        try:
            async with self._turns.setdefault(loop, asyncio.Lock()):
                if not done.done():  # whoever had the turn before has not taken it along
                    await self._settle_waiting()
            return await done
        finally:
            done.cancel()  # nobody asks any more; not done yet, it is not begun

    async def _settle_waiting(self) -> None:
        waiting, self._waiting = [one for one in self._waiting if not one[1].cancelled()], []
        try:
            await self._settle(waiting)
        except BaseException:  # whoever had the turn was cancelled: the others must not wait for ever
            for _, done in waiting:
                _fail(done, ConnectionAbortedError())
            raise

    async def _settle(self, waiting: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            async with transaction() as db:
                results = await self._do(db, [item for item, _ in waiting])
        except Exception as fault:
            if len(waiting) == 1:
                _fail(waiting[0][1], fault)
                return
            for one in waiting:
                await self._settle([one])
        else:
            for (_, done), result in zip(waiting, results, strict=True):
                if not done.done():
                    done.set_result(result)


def _fail(done: asyncio.Future[Result], fault: BaseException) -> None:
    if not done.done():
        done.set_exception(fault)
        done.exception()  # whoever asked may be gone
