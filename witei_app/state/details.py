"""The pane beside the thread: the contact's fields, addresses, notes and tickets, changed in place."""

import reflex as rx

from witei_app.conversations.details import contact_details
from witei_app.conversations.head import head_of
from witei_app.conversations.merge import merge
from witei_app.conversations.visible import see_conversation
from witei_app.crm.rows import NoteRow
from witei_app.crm.visible import see_contact
from witei_app.state.about_contact import AboutContact, contact_fields
from witei_app.state.overtaken import Overtaken
from witei_app.state.signed_in import SignedInState, as_id
from witei_app.state.thread import ThreadState
from witei_app.webchat.blocked import block_address_of, block_visitor, unblock_visitor
from witei_app.webchat.shut_out import shut_out


class DetailsState(AboutContact, Overtaken, SignedInState):
    """What is being changed; what is shown is the open thread's."""

    @rx.event
    async def edit_contact(self):
        """Show the contact's fields as a form."""
        async with self._looking() as (db, actor):
            self.fields = contact_fields(await see_contact(db, actor, await self._contact_id()))
            self._keep(self.fields)
            self._begin("contact")

    async def _follow(self) -> None:
        """A colleague may have changed the contact that is a form here: fields that nobody touched follow."""
        if self.editing == "contact":
            async with self._looking() as (db, actor):
                self.shown = contact_fields(await see_contact(db, actor, await self._contact_id()))

    @rx.event
    async def merge_conversation(self, conversation_id: int):
        """Make the open conversation and this one one, and go there."""
        opened, kept = await self._conversation_id(), 0
        async with self._acting() as (db, actor):
            kept = await merge(db, actor, opened, as_id(conversation_id))
            self._say_done("The two conversations are one now.")
        return rx.redirect(f"/conversations/{kept}") if kept not in (0, opened) else None

    @rx.event
    async def shut_out(self):
        """The visitor of this web chat is its visitor no more."""
        async with self._acting() as (db, actor):
            await shut_out(db, actor, await self._conversation_id())
            self._say_done("The chat is closed to its visitor.")

    @rx.event
    async def block(self):
        """The visitor of this web chat writes no more."""
        async with self._acting() as (db, actor):
            await block_visitor(db, actor, await self._conversation_id())
            self._say_done("This visitor is blocked.")
        await self._reload()

    @rx.event
    async def unblock(self):
        """They may write again."""
        async with self._acting() as (db, actor):
            await unblock_visitor(db, actor, await self._conversation_id())
            self._say_done("This visitor may write again.")
        await self._reload()

    @rx.event
    async def block_address(self):
        """Nobody writes from where they were."""
        async with self._acting() as (db, actor):
            await block_address_of(db, actor, await self._conversation_id())
            self._say_done("The address is blocked.")

    async def _saved(self) -> None:
        self.editing = ""
        await self._reload()

    async def _details(self):
        return (await self.get_state(ThreadState)).details

    async def _contact_id(self) -> int:
        return (await self._details()).contact_id

    async def _conversation_id(self) -> int:
        return (await self.get_state(ThreadState)).conversation_id

    async def _notes(self) -> list[NoteRow]:
        return (await self._details()).notes

    async def _reload(self) -> None:
        thread = await self.get_state(ThreadState)
        async with self._looking() as (db, actor):
            conversation = await see_conversation(db, actor, thread.conversation_id)
            head = await head_of(db, actor, conversation)
            thread.details = await contact_details(db, actor, conversation, head)
            if self.editing == "contact":  # another address may be the main one now
                self.fields = {**self.fields, "email": head.contact.email}
                self.shown = {**self.shown, "email": head.contact.email}
