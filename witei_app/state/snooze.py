"""Putting the open conversation off, and taking it back."""

import reflex as rx

from witei_app.clock import now
from witei_app.conversations.snooze import snooze, time_of, wake
from witei_app.conversations.visible import find_conversation
from witei_app.state.signed_in import SignedInState, as_field, as_text
from witei_app.state.thread import ThreadState


class SnoozeState(SignedInState):
    """The small form for a date and a time is open in the conversation `choosing_for`, if there is one."""

    choosing_for: int = 0

    @rx.event
    async def snooze(self, when: str):
        """Until "later", "tomorrow" or "next_week"."""
        await self._snooze(as_text(when, 20))

    @rx.event
    async def choose(self):
        """Open the form."""
        self.choosing_for = (await self.get_state(ThreadState)).conversation_id
        self.notice = ""

    @rx.event
    async def cancel(self):
        """Close it."""
        self.choosing_for, self.notice = 0, ""

    @rx.event
    async def snooze_until(self, form: dict[str, str]):
        """Until the date and time that were filled in, in the user's zone."""
        await self._snooze(as_field(form, "until", 40))

    @rx.event
    async def wake(self):
        """Take it back at once."""
        thread = await self.get_state(ThreadState)
        async with self._acting() as (db, actor):
            await wake(db, actor, await find_conversation(db, actor, thread.conversation_id))

    async def _snooze(self, when: str) -> None:
        thread = await self.get_state(ThreadState)
        async with self._acting() as (db, actor):
            conversation = await find_conversation(db, actor, thread.conversation_id)
            await snooze(db, actor, conversation, time_of(when, actor.time_zone, now()))
            self.choosing_for, self.notice = 0, ""
