"""The message being written in the open conversation."""

import time

import reflex as rx
from sqlmodel import select

from witei_app.accounts.actor import Actor
from witei_app.conversations.draft import drop_draft, find_draft, keep_draft, waiting_rows
from witei_app.conversations.files import detach, waiting_files
from witei_app.conversations.reply import send_reply, write_note
from witei_app.conversations.rows import FileRow
from witei_app.conversations.typing import tell_typing
from witei_app.conversations.visible import find_conversation, see_conversation
from witei_app.db import Session
from witei_app.live.tabs import News
from witei_app.models import Conversation, Direction, Message, User
from witei_app.sender_domains.overview import sender_choices
from witei_app.sender_domains.rows import SenderAddressRow
from witei_app.settings import settings
from witei_app.state.signed_in import SignedInState, as_id, as_text
from witei_app.state.thread import ThreadState
from witei_app.state.undo import UndoState
from witei_app.templates.library import filled_templates

TYPING_EVERY = 3  # seconds
MOST_HTML = 600_000  # characters; the rule refuses less than this in words, more than this is no editor's


class ComposerState(SignedInState):
    """What the composer shows; the text itself lives in the browser until it is sent."""

    draft_of: int = 0
    draft_html: str = ""
    clear_signal: int = 0
    is_note: bool = False
    has_signature: bool = True
    signature_html: str = ""
    templates: list[dict[str, str]] = []
    files: list[FileRow] = []
    most_mb: int = 0
    senders: list[SenderAddressRow] = []
    sender_id: int = 0

    _tell_again_at: float = 0

    @rx.event
    async def show_templates(self):
        """The templates, filled for this conversation, when somebody wants to see them."""
        async with self._looking() as (db, actor):
            found = await filled_templates(db, actor, self.draft_of)
            self.templates = [{"id": str(one.id), "title": one.title, "html": one.html} for one in found]

    @rx.event
    async def toggle_note(self):
        """Write for colleagues alone, or for the contact again."""
        self.is_note = not self.is_note

    @rx.event
    async def toggle_signature(self):
        """Send with or without the signature."""
        self.has_signature = not self.has_signature

    @rx.event
    async def send_from(self, address_id: str):
        """Answer from another of the agency's addresses."""
        self.sender_id = as_id(address_id)

    @rx.event
    async def attached(self, _upload_id: int):
        """A file was taken in by /uploads: show what waits now."""
        await self._show_files()

    @rx.event
    async def remove_file(self, upload_id: int):
        """Take a file out of the draft."""
        async with self._acting() as (db, actor):
            await detach(db, actor, as_id(upload_id))
        await self._show_files()

    @rx.event
    async def keep(self, conversation_id: int, html: str):
        """Keep what is written so far."""
        async with self._acting() as (db, actor):
            conversation = await see_conversation(db, actor, as_id(conversation_id))
            await keep_draft(db, actor, conversation, as_text(html, MOST_HTML))
            self._tell_typing(db, actor, conversation, bool(html))

    @rx.event
    async def send(self, conversation_id: int, html: str, client_id: str):
        """Send the answer (or keep the note). The text is cleared only when it is safely stored."""
        message: Message | None = None
        thread = await self.get_state(ThreadState)
        seen = thread._last_number if thread.conversation_id == as_id(conversation_id) else None
        async with self._acting() as (db, actor):
            message = await self._write(db, actor, as_id(conversation_id), as_text(html, MOST_HTML), client_id, seen)
        if message is not None:
            self.clear_signal += 1
            self.notice = ""
            await self._show_files()
            await self._offer_undo(message)
        if seen is not None:
            # One's own message, or what stopped it: shown now, whether the relay has told it yet or not.
            await thread._apply(News(has_thread_news=True))

    async def _offer_undo(self, message: Message) -> None:
        if message.direction == Direction.OUT and message.address:
            undo = await self.get_state(UndoState)
            undo._offer(message.id, self._browser_language())

    def _tell_typing(self, db: Session, actor: Actor, conversation: Conversation, is_text: bool) -> None:
        """The visitor of a chat sees that somebody answers; notes are nobody else's business."""
        is_due = is_text and not self.is_note and time.monotonic() >= self._tell_again_at
        if is_due and tell_typing(db, actor, conversation):
            self._tell_again_at = time.monotonic() + TYPING_EVERY

    async def _write(
        self, db: Session, actor: Actor, conversation_id: int, html: str, client_id: str, seen: int | None
    ) -> Message:
        conversation = await find_conversation(db, actor, conversation_id)
        name = as_text(client_id, 64) or None
        files = await waiting_files(db, actor, conversation.id)
        if self.is_note:
            message = await write_note(db, actor, conversation, html, files=files, client_id=name)
        else:
            message = await send_reply(
                db,
                actor,
                conversation,
                html,
                files=files,
                with_signature=self.has_signature,
                client_id=name,
                sender_address_id=self.sender_id or None,
                seen_number=seen,
            )
        await drop_draft(db, actor, conversation)
        return message

    async def _prepare(self, conversation_id: int) -> None:
        """Bring the draft and the signature for a conversation that was just opened."""
        async with self._looking() as (db, actor):
            draft = await find_draft(db, actor, conversation_id)
            query = select(User.signature_html).where(User.id == actor.user_id)
            self.signature_html = (await db.exec(query)).one()
            self.draft_of, self.draft_html = conversation_id, draft
            self.files = await waiting_rows(db, actor, conversation_id)
            self.senders = await sender_choices(db, actor)
            self.sender_id = self.senders[0].id if self.senders else 0
            self.is_note, self.most_mb = False, settings().max_upload_mb

    async def _show_files(self) -> None:
        async with self._looking() as (db, actor):
            self.files = await waiting_rows(db, actor, self.draft_of)
