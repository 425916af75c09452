"""Why a mail is in its conversation, when somebody asks; and putting it where it belongs."""

import reflex as rx

from witei_app.conversations.move import join, move, split, targets
from witei_app.conversations.rows import CardRow, WhyRow
from witei_app.conversations.why import why_here
from witei_app.state.signed_in import SignedInState, as_id, as_text


class WhyState(SignedInState):
    """The dialog over the thread; `why.message_id` is 0 while it is closed."""

    why: WhyRow = WhyRow()
    is_moving: bool = False
    targets: list[CardRow] = []

    @rx.event
    async def show(self, message_id: int):
        """Open it for one message."""
        async with self._looking() as (db, actor):
            self.why, self.is_moving = await why_here(db, actor, as_id(message_id)), False

    @rx.event
    async def hide(self):
        """Close it."""
        self.why = WhyRow()

    @rx.event
    async def look_for(self, search: str):
        """Conversations that the mail may be moved to."""
        async with self._looking() as (db, actor):
            self.targets = await targets(db, actor, self.why.message_id, as_text(search, 100))
            self.is_moving = True

    @rx.event
    async def move(self, conversation_id: int):
        """Move the mail into this conversation, and go there."""
        async with self._acting() as (db, actor):
            target = await move(db, actor, self.why.message_id, as_id(conversation_id))
            self.why = WhyRow()
            return rx.redirect(f"/conversations/{target}")

    @rx.event
    async def join(self):
        """Move the mail into the conversation that it points at, and go there."""
        async with self._acting() as (db, actor):
            target = await join(db, actor, self.why.message_id)
            self.why = WhyRow()
            return rx.redirect(f"/conversations/{target}")

    @rx.event
    async def split(self):
        """Give the mail a conversation of its own, and go there."""
        async with self._acting() as (db, actor):
            target = await split(db, actor, self.why.message_id)
            self.why = WhyRow()
            return rx.redirect(f"/conversations/{target}")

    @rx.event
    async def follow(self):
        """Go to the conversation that it points at."""
        target, self.why = self.why.points_to, WhyRow()
        return rx.redirect(f"/conversations/{target}") if target else None
