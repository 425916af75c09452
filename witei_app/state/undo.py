"""Calling back the answer that was just sent."""

from datetime import datetime, timedelta
from math import ceil

import reflex as rx

from witei_app.clock import now
from witei_app.conversations.undo import undo_send
from witei_app.outbox.queue import undo_seconds
from witei_app.state.composer import ComposerState
from witei_app.state.signed_in import SignedInState
from witei_app.state.thread import ThreadState
from witei_app.texts import translate


class UndoState(SignedInState):
    """The offer at the foot of the page, for as long as the answer waits. `restored` is a conversation whose text
    came back to its draft, `restore_signal` changes each time."""

    sent: str = ""
    sent_number: int = 0
    seconds: int = 0
    restored: int = 0
    restore_signal: int = 0
    _message_id: int = 0
    _until: datetime | None = None

    @rx.event
    async def undo(self):
        """Take it back into the composer, if it has not left."""
        message_id, self._message_id = self._message_id, 0
        self.sent, self.sent_number = "", self.sent_number + 1
        restored = 0
        async with self._acting() as (db, actor):
            restored = await undo_send(db, actor, message_id)
        if restored:
            await self._write_again(restored)

    async def _offer(self, message_id: int, language: str) -> None:
        """Say that it can be called back."""
        seconds = 0
        async with self._looking() as (db, actor):
            seconds = await undo_seconds(db, actor.workspace_id)
        if not seconds:
            return
        self._message_id, self.seconds = message_id, seconds
        self._until = now() + timedelta(seconds=seconds)
        self.sent = translate("Sent.", language)
        self.sent_number += 1

    def _keep_only_while_it_waits(self) -> None:
        """After a reload or another page the offer stands again: for what is left of its time, or not at all."""
        left = (self._until - now()).total_seconds() if self._until else 0
        if left > 0:
            self.seconds = ceil(left)
        elif self.sent:
            self.sent, self._until = "", None

    async def _write_again(self, conversation_id: int) -> None:
        thread = await self.get_state(ThreadState)
        if thread.conversation_id == conversation_id:
            await thread._open(conversation_id)  # the lines of what did not happen are gone too
        composer = await self.get_state(ComposerState)
        if composer.draft_of == conversation_id:
            await composer._prepare(conversation_id)
        self.restored, self.restore_signal = conversation_id, self.restore_signal + 1
