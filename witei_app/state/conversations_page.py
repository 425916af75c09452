"""Arriving at /conversations or /conversations/{id}: by a link, a reload, the back button, after a lost connection."""

from typing import Any

import reflex as rx

from witei_app.conversations.delete import delete
from witei_app.conversations.merge import merged_into
from witei_app.conversations.read import mark_unread
from witei_app.conversations.visible import find_conversation
from witei_app.state.bin import IN_BIN, BinState
from witei_app.state.composer import ComposerState
from witei_app.state.details import DetailsState
from witei_app.state.inbox import InboxState
from witei_app.state.new_conversation import NewConversationState
from witei_app.state.several import SeveralState
from witei_app.state.signed_in import SignedInState, as_id
from witei_app.state.thread import ThreadState
from witei_app.state.undo import UndoState


class ConversationsPageState(SignedInState):
    """Which of the two the address says."""

    @rx.event
    async def arrive(self):
        """Read the list, and open the conversation in the address."""
        self.notice = ""  # what was refused on another page is past here
        for offering in (UndoState, BinState, SeveralState):
            (await self.get_state(offering))._keep_offer_for_its_time()
        first = await self.get_state(NewConversationState)
        if first.is_writing:  # a reload: the browser has forgotten the text, its draft has not
            await first._load()
        inbox = await self.get_state(InboxState)
        inbox._arrive(self.router.url.query_parameters)
        await inbox._load()
        yield
        yield await self._show(self.router.url.path.rstrip("/").rpartition("/")[2])
        await self._mark_read()

    @rx.event
    async def open(self, conversation_id: int):
        """Open a conversation from the list."""
        yield await self._show(str(as_id(conversation_id)))  # it is on the screen before it counts as read
        await self._mark_read()

    @rx.event
    async def open_at(self, conversation_id: int, number: int):
        """Open a conversation at a message that was searched for."""
        yield await self._show(str(as_id(conversation_id)), as_id(number))
        await self._mark_read()

    @rx.event
    async def back(self):
        """From the thread to the list, on a phone."""
        thread = await self.get_state(ThreadState)
        await thread._leave()
        return await self._to_the_list()

    @rx.event
    async def put_back(self):
        """Count the open conversation as unread again, and go back to the list: looking at it would read it."""
        thread = await self.get_state(ThreadState)
        is_done = False
        async with self._acting() as (db, actor):
            await mark_unread(db, actor, await find_conversation(db, actor, thread.conversation_id))
            is_done = True
        if not is_done:
            return None
        await thread._leave()
        return await self._to_the_list()

    @rx.event
    async def delete(self):
        """Put the open conversation in the bin, and go back to the list."""
        thread = await self.get_state(ThreadState)
        deleted, may_restore = None, False
        async with self._acting() as (db, actor):
            conversation = await find_conversation(db, actor, thread.conversation_id)
            await delete(db, actor, conversation)
            deleted, may_restore = conversation, actor.is_admin
        if deleted is None:
            return None
        await thread._leave()
        if may_restore:
            (await self.get_state(BinState))._offer(deleted.id, deleted.contact_name)
        else:
            self._say_done(IN_BIN, name=deleted.contact_name)
        return await self._to_the_list()

    async def _to_the_list(self) -> Any:
        return rx.redirect(f"/conversations{(await self.get_state(InboxState)).address}")

    async def _mark_read(self) -> None:
        thread = await self.get_state(ThreadState)
        await thread._mark_news_read()

    async def _show(self, last_part: str, number: int = 0) -> Any:
        """Show the conversation; gives the way to another that it became part of, if there is one."""
        thread = await self.get_state(ThreadState)
        conversation_id = as_id(last_part)
        if conversation_id != thread.conversation_id:
            self.notice = ""  # what was refused there is past here
        if not conversation_id:
            await thread._leave()
            return None
        if conversation_id != thread.conversation_id:  # who comes back to the same one after a lost line goes on
            details = await self.get_state(DetailsState)
            details.editing, details.fault = "", ""
        await thread._leave()
        composer = await self.get_state(ComposerState)
        async with self._looking() as (db, actor):
            conversation, newest, is_begun = await thread._show_conversation(db, actor, conversation_id, number)
            if not thread.header.in_bin_until:
                await composer._bring(db, actor, conversation, newest, is_begun=is_begun)
        return await self._way_on(conversation_id) if thread.is_missing else None

    async def _way_on(self, conversation_id: int) -> Any:
        """From a conversation that became part of another to that one."""
        goal = 0
        async with self._looking() as (db, actor):
            goal = await merged_into(db, actor, conversation_id)
        return rx.redirect(f"/conversations/{goal}") if goal else None
