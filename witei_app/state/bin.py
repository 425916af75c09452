"""What administrators do with a conversation in the bin."""

import reflex as rx

from witei_app.conversations.bin import delete_for_good, find_in_bin
from witei_app.conversations.delete import restore
from witei_app.state.offering import Offering
from witei_app.state.signed_in import SignedInState
from witei_app.state.thread import ThreadState
from witei_app.texts import later, translate

IN_BIN = later("The conversation with {name} is in the bin.")


class BinState(Offering, SignedInState):
    """Of the open conversation, or of the one that was deleted just now, which is offered back."""

    _offered_id: int = 0

    @rx.event
    async def restore(self):
        """Back to where it was."""
        thread = await self.get_state(ThreadState)
        if await self._restore(thread.conversation_id):
            await thread._open(thread.conversation_id)

    @rx.event
    async def take_back(self):
        """It was not to be deleted: open it again."""
        conversation_id, self._offered_id = self._offered_id, 0
        self._end_offer()
        return rx.redirect(f"/conversations/{conversation_id}") if await self._restore(conversation_id) else None

    @rx.event
    async def delete_for_good(self):
        """It cannot be undone."""
        thread = await self.get_state(ThreadState)
        is_done = False
        async with self._acting() as (db, actor):
            await delete_for_good(db, actor, await find_in_bin(db, actor, thread.conversation_id))
            is_done = True
        if is_done:
            await thread._leave()
            self._say_done("The conversation was deleted for good.")

    def _offer(self, conversation_id: int, name: str) -> None:
        self._offered_id = conversation_id
        self._make_offer(translate(IN_BIN, self._reading_language(), name=name))

    async def _restore(self, conversation_id: int) -> bool:
        async with self._acting() as (db, actor):
            await restore(db, actor, await find_in_bin(db, actor, conversation_id))
            return True
        return False  # it was refused, and that is said
