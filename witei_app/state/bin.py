"""What administrators do with a conversation in the bin."""

import reflex as rx

from witei_app.conversations.bin import delete_for_good, find_in_bin
from witei_app.conversations.delete import restore
from witei_app.state.signed_in import SignedInState
from witei_app.state.thread import ThreadState


class BinState(SignedInState):
    """Of the open conversation; there is nothing more to show of it."""

    @rx.event
    async def restore(self):
        """Back to where it was."""
        thread = await self.get_state(ThreadState)
        conversation_id = 0
        async with self._acting() as (db, actor):
            conversation = await find_in_bin(db, actor, thread.conversation_id)
            await restore(db, actor, conversation)
            conversation_id = conversation.id
        if conversation_id:
            await thread._open(conversation_id)

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
