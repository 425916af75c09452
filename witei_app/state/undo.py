"""Calling back the answer that was just sent."""

import reflex as rx

from witei_app.conversations.undo import undo_send
from witei_app.outbox.queue import undo_seconds
from witei_app.state.composer import ComposerState
from witei_app.state.offering import Offering
from witei_app.state.signed_in import SignedInState
from witei_app.state.thread import ThreadState
from witei_app.texts import translate


class UndoState(Offering, SignedInState):
    """The offer at the foot of the page, for as long as the answer waits. `restored` is a conversation whose text
    came back to its draft, `restore_signal` changes each time."""

    restored: int = 0
    restore_signal: int = 0
    _message_id: int = 0

    @rx.event
    async def undo(self):
        """Take it back into the composer, if it has not left."""
        message_id, self._message_id = self._message_id, 0
        self._end_offer()
        restored = 0
        async with self._acting() as (db, actor):
            restored = await undo_send(db, actor, message_id)
        if restored:
            await self._write_again(restored)

    async def _offer(self, message_id: int) -> None:
        """Say that it can be called back."""
        seconds = 0
        async with self._looking() as (db, actor):
            seconds = await undo_seconds(db, actor.workspace_id)
        if not seconds:
            return
        self._message_id = message_id
        self._make_offer(translate("Sent.", self._reading_language()), seconds)

    async def _write_again(self, conversation_id: int) -> None:
        thread = await self.get_state(ThreadState)
        if thread.conversation_id == conversation_id:
            await thread._open(conversation_id)  # the lines of what did not happen are gone too
        composer = await self.get_state(ComposerState)
        if composer.draft_of == conversation_id:
            await composer._prepare(conversation_id)
        self.restored, self.restore_signal = conversation_id, self.restore_signal + 1
