"""Sending what was written: looked over once, sent, and offered to be called back."""

from dataclasses import dataclass

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.conversations.doubts import doubts_about_reply
from witei_app.conversations.draft import draft_of, drop_draft, sender_said
from witei_app.conversations.files import waiting_files
from witei_app.conversations.reply import send_reply, write_note
from witei_app.conversations.visible import find_conversation
from witei_app.db import Session
from witei_app.live.tabs import News
from witei_app.models import Direction, Message
from witei_app.state.composer import MOST_HTML, ComposerState
from witei_app.state.signed_in import SignedInState, as_id, as_text
from witei_app.state.thread import ThreadState
from witei_app.state.undo import UndoState


@dataclass(frozen=True)
class Letter:
    """What a browser wants sent. `client_id` is the same when the same text is sent again; `seen` is the newest
    message on its screen. It is a note when the screen said so, whatever the server may have forgotten since."""

    conversation_id: int
    html: str
    client_id: str | None
    archives: bool
    seen: int | None
    is_note: bool


class SendingState(SignedInState):
    """`doubts` are asked about in a dialog, while the letter waits."""

    doubts: list[str] = []
    _letter: Letter | None = None

    @rx.event
    async def send(self, conversation_id: int, html: str, client_id: str, is_note: bool | None = None, shown: int = 0):
        """Send the answer (or keep the note). The text is cleared only when it is safely stored.

        `shown` is the newest message that the screen had when Send was pressed: a line that was lost may have kept
        this waiting, and brought others first. 0 where it cannot be told: one's own last message is on its way."""
        await self._send(await self._asked(conversation_id, html, client_id, is_note, shown))

    @rx.event
    async def send_and_archive(
        self, conversation_id: int, html: str, client_id: str, is_note: bool | None = None, shown: int = 0
    ):
        """The same, and close the conversation by it."""
        await self._send(await self._asked(conversation_id, html, client_id, is_note, shown, archives=True))

    @rx.event
    async def send_anyway(self):
        """It is right as it is."""
        letter, self._letter, self.doubts = self._letter, None, []
        if letter is not None:
            await self._send(letter, is_sure=True)

    @rx.event
    async def go_back(self):
        """Write on: nothing was sent, and the text is where it was."""
        self._letter, self.doubts = None, []

    async def _asked(
        self, to: int, html: str, client_id: str, is_note: bool | None, shown: int, *, archives: bool = False
    ) -> Letter:
        thread = await self.get_state(ThreadState)
        number, last = as_id(to), thread.last_number
        seen = min(last, as_id(shown) or last) if thread.conversation_id == number else None
        shown_as_note = is_note if isinstance(is_note, bool) else (await self.get_state(ComposerState)).is_note
        return Letter(number, as_text(html, MOST_HTML), as_text(client_id, 64) or None, archives, seen, shown_as_note)

    async def _send(self, letter: Letter, *, is_sure: bool = False) -> None:
        composer = await self.get_state(ComposerState)
        message: Message | None = None
        async with self._acting() as (db, actor):
            message = await self._write(db, actor, composer, letter, is_sure)
        if message is not None:
            self.notice = ""
            await self._clear(composer, message)
        elif not self.doubts:  # refused, perhaps because the address that it was to go out from is gone
            async with self._looking() as (db, actor):
                said = sender_said(await draft_of(db, actor, composer.draft_of))
                await composer._show_senders(db, actor, composer.draft_of, said)
        if letter.seen is not None and not self.doubts:
            # One's own message, or what stopped it: shown now, whether the relay has told it yet or not.
            thread = await self.get_state(ThreadState)
            await thread._apply(News(has_thread_news=True))
            await thread._mark_news_read()
            await composer._follow_thread(thread.conversation_id)

    async def _write(
        self, db: Session, actor: Actor, composer: ComposerState, letter: Letter, is_sure: bool
    ) -> Message | None:
        conversation = await find_conversation(db, actor, letter.conversation_id)
        files = await waiting_files(db, actor, conversation.id)
        if letter.is_note:
            message = await write_note(db, actor, conversation, letter.html, files=files, client_id=letter.client_id)
            await drop_draft(db, actor, conversation)
            return message
        recipients = await composer._recipients_for(db, actor, conversation)
        if not is_sure:
            about = {"recipients": recipients, "files": files}
            self.doubts = await doubts_about_reply(db, actor, conversation, letter.html, **about)
            self._letter = letter if self.doubts else None
            if self.doubts:
                return None
        message = await send_reply(
            db,
            actor,
            conversation,
            letter.html,
            recipients=recipients,
            files=files,
            with_signature=composer.has_signature,
            client_id=letter.client_id,
            sender_address_id=await composer._sender_for(db, actor, conversation),
            seen_number=letter.seen,
            archives=letter.archives,
        )
        await drop_draft(db, actor, conversation)
        return message

    async def _clear(self, composer: ComposerState, message: Message) -> None:
        composer.clear_signal += 1
        if composer.draft_of == message.conversation_id:
            composer._kept_html = ""
            await composer._show_waiting()
        if message.direction == Direction.OUT and message.address:
            undo = await self.get_state(UndoState)
            await undo._offer(message.id)
