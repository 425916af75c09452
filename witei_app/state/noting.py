"""Writing for colleagues alone, and whom one may call then."""

from typing import TYPE_CHECKING, Any

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.conversations.draft import keep_draft_kind
from witei_app.conversations.mentions import people_to_mention
from witei_app.conversations.rows import PersonRow
from witei_app.conversations.visible import see_conversation
from witei_app.db import Session
from witei_app.models import Conversation, Draft
from witei_app.state.signed_in import SignedInState, as_id

Base: Any = SignedInState if TYPE_CHECKING else rx.State


class NotingMixin(Base, mixin=True):
    """`colleagues` may be called with @ while `is_note`. A class that has this says in `draft_of` where it writes."""

    is_note: bool = False
    note_turn: int = 0
    colleagues: list[PersonRow] = []

    @rx.event
    async def toggle_note(self, wanted: bool | None = None, turn: int = 0):
        """Write for colleagues alone, or for the contact again: what the browser says that was pressed, which this was
        the `turn` of. The draft knows it too: after a reload, what was meant for the team must not stand where it would
        go to the contact."""
        is_note = wanted if isinstance(wanted, bool) else not self.is_note
        async with self._acting() as (db, actor):
            conversation = await see_conversation(db, actor, self.draft_of)
            await keep_draft_kind(db, actor, conversation, is_note=is_note)
            self.is_note, self.note_turn = is_note, as_id(turn)
            await self._show_colleagues(db, actor, conversation)

    async def _show_kind(self, db: Session, actor: Actor, conversation: Conversation, draft: Draft | None) -> None:
        """As the draft says."""
        self.is_note = draft is not None and draft.is_note
        await self._show_colleagues(db, actor, conversation)

    async def _show_colleagues(self, db: Session, actor: Actor, conversation: Conversation) -> None:
        """Who may see this conversation now."""
        if self.is_note:
            self._put(colleagues=await people_to_mention(db, actor, conversation))

    async def _follow_colleagues(self) -> None:
        """It was given to somebody, or the team is another one: others may see it."""
        if not self.is_note:
            return
        async with self._looking() as (db, actor):
            await self._show_colleagues(db, actor, await see_conversation(db, actor, self.draft_of))
