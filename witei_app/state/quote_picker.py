"""The list of the contact's quotes that the composer opens, to attach one."""

import reflex as rx

from witei_app.conversations.visible import see_conversation
from witei_app.crm.quote_file import attach_quote
from witei_app.crm.quotes import new_quote, quotes_of_contact
from witei_app.crm.rows import QuoteRow
from witei_app.crm.worded import quote_row
from witei_app.state.composer import ComposerState
from witei_app.state.signed_in import SignedInState, as_id


class QuotePickerState(SignedInState):
    """Open in the conversation `choosing_for`, if there is one: not in another, whichever way one comes there."""

    choices: list[QuoteRow] = []
    choosing_for: int = 0

    @rx.event
    async def choose(self):
        """Show the quotes of the open conversation's contact."""
        composer = await self.get_state(ComposerState)
        async with self._looking() as (db, actor):
            conversation = await see_conversation(db, actor, composer.draft_of)
            found = await quotes_of_contact(db, actor, conversation.contact_id)
            self.choices = [quote_row(quote, conversation.contact_name, actor) for quote in found]
            self.choosing_for, self.notice = conversation.id, ""

    @rx.event
    async def cancel(self):
        """Attach none."""
        self.choosing_for = 0

    @rx.event
    async def attach(self, quote_id: int):
        """Let this one wait in the draft."""
        composer = await self.get_state(ComposerState)
        is_attached = False
        async with self._acting() as (db, actor):
            await attach_quote(db, actor, composer.draft_of, as_id(quote_id))
            is_attached = True
        if is_attached:
            self.choosing_for = 0
            await composer._show_files()

    @rx.event
    async def begin(self):
        """Write a new quote for this contact, on its own page."""
        composer = await self.get_state(ComposerState)
        address = ""
        async with self._acting() as (db, actor):
            conversation = await see_conversation(db, actor, composer.draft_of)
            quote = await new_quote(db, actor, conversation.contact_id)
            address = f"/quotes/{quote.id}"
            self.choosing_for = 0
        return rx.redirect(address) if address else None
