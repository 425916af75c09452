"""The message being written in the open conversation."""

import time
from typing import Any

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.conversations.draft import (
    draft_choices,
    draft_of,
    draft_recipients,
    keep_draft,
    keep_draft_recipients,
    keep_draft_sender,
    sender_said,
    waiting_rows,
)
from witei_app.conversations.files import detach
from witei_app.conversations.recipients import Answered, Recipients, reply_recipients
from witei_app.conversations.rows import FileRow
from witei_app.conversations.signature import signature_of
from witei_app.conversations.typing import tell_typing
from witei_app.conversations.visible import see_conversation
from witei_app.db import Session
from witei_app.models import Channel, Conversation, Draft, MessageTemplate
from witei_app.sender_domains.overview import sender_choices, usual_sender
from witei_app.settings import settings
from witei_app.state.noting import NotingMixin
from witei_app.state.recipients import RecipientsMixin
from witei_app.state.signed_in import SignedInState, as_id, as_text
from witei_app.templates.files import attach_files
from witei_app.templates.library import filled_templates, note_use

TYPING_EVERY = 3  # seconds
MOST_HTML = 600_000  # characters; the rule refuses less than this in words, more than this is no editor's


def choice(template: MessageTemplate) -> dict[str, str]:
    """A template in the list that the composer opens."""
    words = {"title": template.title, "folder": template.folder, "html": template.html, "subject": template.subject}
    return {"id": str(template.id), **words}


class ComposerState(RecipientsMixin, NotingMixin, SignedInState):
    """What the composer shows; the text itself lives in the browser until it is sent.

    `draft_html` is the text as it was read last; `draft_turn` grows when it is: opened, or written in another tab.
    `others` is how many more an answer to all goes to. `kept_save` is the number of the last text that was kept;
    `ask_signal` asks the browser for what was not.
    """

    draft_of: int = 0
    draft_html: str = ""
    draft_turn: int = 0
    clear_signal: int = 0
    has_signature: bool = True
    signature_html: str = ""
    templates: list[dict[str, str]] = []
    files: list[FileRow] = []
    most_mb: int = 0
    others: int = 0
    kept_save: int = 0
    ask_signal: int = 0

    _tell_again_at: float = 0
    _kept_html: str = ""
    _kept_recipients: dict[str, Any] = {}

    @rx.event
    async def show_templates(self):
        """The templates, filled for this conversation, when somebody wants to see them."""
        async with self._looking() as (db, actor):
            found = await filled_templates(db, actor, self.draft_of)
            self.templates = [choice(one) for one in found]

    @rx.event
    async def template_used(self, template_id: str):
        """One was inserted: counted, for who keeps them in order; its files wait in the draft."""
        files = 0
        async with self._acting() as (db, actor):
            template = await note_use(db, actor, as_id(template_id))
            if template is not None:
                files = await attach_files(db, actor, template, self.draft_of)
        if files:
            await self._show_files()

    @rx.event
    async def toggle_signature(self):
        """Send with or without the signature."""
        self.has_signature = not self.has_signature

    @rx.event
    async def reply_to_all(self):
        """Everybody whom the message names that is being answered."""
        found: Recipients | None = None
        async with self._looking() as (db, actor):
            conversation = await see_conversation(db, actor, self.draft_of)
            found = await reply_recipients(db, conversation, to_all=True)
        if found is not None:
            await self._change_recipients(found)

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
    async def keep(self, conversation_id: int, html: str, number: int = 0, is_note: bool | None = None):
        """Keep what is written so far, and say that it is. It is a note where the screen said so as it was written:
        by now there may be another conversation on it, or the app has begun anew and knows nothing of it."""
        is_kept = False
        async with self._acting() as (db, actor):
            conversation = await see_conversation(db, actor, as_id(conversation_id))
            is_here = conversation.id == self.draft_of
            as_note = is_note if isinstance(is_note, bool) else is_here and self.is_note
            kept = await keep_draft(db, actor, conversation, as_text(html, MOST_HTML), begins_as_note=as_note)
            if is_here:
                self._kept_html = kept
                if as_note != self.is_note and (draft := await draft_of(db, actor, conversation.id)):
                    await self._show_kind(db, actor, conversation, draft)
            self._tell_typing(db, actor, conversation, is_text=bool(html), is_note=as_note)
            is_kept = True
        if is_kept:
            self.kept_save = as_id(number)

    def _tell_typing(
        self, db: Session, actor: Actor, conversation: Conversation, *, is_text: bool, is_note: bool
    ) -> None:
        if is_text and time.monotonic() >= self._tell_again_at:
            tell_typing(db, actor, conversation, is_note=is_note)
            self._tell_again_at = time.monotonic() + TYPING_EVERY

    async def _prepare(self, conversation_id: int) -> None:
        """Bring the draft and the signature for a conversation that was just opened."""
        async with self._looking() as (db, actor):
            await self._bring(db, actor, await see_conversation(db, actor, conversation_id))

    async def _bring(
        self,
        db: Session,
        actor: Actor,
        conversation: Conversation,
        shown: Answered | None = None,
        *,
        is_begun: bool = True,
    ) -> None:
        """`shown` is the newest mail of the thread, if it is known; `is_begun` says that there may be a draft."""
        self.signature_html = await signature_of(db, actor)
        draft = await draft_of(db, actor, conversation.id) if is_begun else None
        is_another = self.draft_of != conversation.id
        self.draft_of = conversation.id
        self.has_signature |= is_another  # who left it out once meant that message
        self._show_text(draft)
        self.ask_signal += 1
        is_anew = is_another or bool(self.unclear)  # a page that was loaded anew has nothing typed in its fields
        show = self._begin_recipients if is_anew else self._show_recipients
        show(await self._chosen(db, conversation, draft, shown))
        self._kept_recipients = draft.recipients if draft is not None else {}
        self.files = await waiting_rows(db, actor, conversation.id) if is_begun else []
        await self._show_senders(db, actor, conversation.id, sender_said(draft))
        if is_another or draft is not None:
            await self._show_kind(db, actor, conversation, draft)
        self.most_mb = settings().max_upload_mb

    async def _keep_sender(self, db: Session, actor: Actor, email: str) -> None:
        await keep_draft_sender(db, actor, await see_conversation(db, actor, self.draft_of), email)

    async def _show_senders(self, db: Session, actor: Actor, conversation_id: int, said: str) -> None:
        """The addresses there are now; the one that was said in the draft is chosen while it is one of them."""
        self.senders = await sender_choices(db, actor)
        self.sender_id = await usual_sender(db, conversation_id, self.senders, said)

    def _show_text(self, draft: Draft | None) -> None:
        self.draft_html = self._kept_html = draft.html if draft is not None else ""
        self.draft_turn += 1

    async def _follow_draft(self) -> None:
        """The user has written, or sent, in another tab: the same stands here, unless something is being written.

        What is a note there is one here too, also before a word of it: the draft is one, whatever tab sends it. Files
        may have come, or gone; and whom it is for, and from which address, may be said otherwise.
        """
        async with self._looking() as (db, actor):
            conversation = await see_conversation(db, actor, self.draft_of)
            draft = await draft_of(db, actor, conversation.id)
            if draft is not None and draft.is_note != self.is_note:
                await self._show_kind(db, actor, conversation, draft)
            if (draft.html if draft is not None else "") != self._kept_html:
                self._show_text(draft)
            said = draft.recipients if draft is not None else {}
            if said != self._kept_recipients:
                self._kept_recipients = said
                self._show_recipients(await self._chosen(db, conversation, draft))
                await self._show_senders(db, actor, conversation.id, sender_said(draft))
            self._put(files=await waiting_rows(db, actor, conversation.id))

    async def _follow_thread(self, conversation_id: int) -> None:
        """Something came into the conversation: whom an answer goes to may have changed with it."""
        if not conversation_id or conversation_id != self.draft_of:
            return
        async with self._looking() as (db, actor):
            conversation = await see_conversation(db, actor, self.draft_of)
            draft = await draft_of(db, actor, conversation.id)
            self._show_recipients(await self._chosen(db, conversation, draft))

    async def _chosen(
        self, db: Session, conversation: Conversation, draft: Draft | None, shown: Answered | None = None
    ) -> Recipients:
        """Whom the draft is for; and show whether there are others to answer."""
        chosen, to_all = Recipients(), Recipients()
        if conversation.channel == Channel.EMAIL:
            chosen, to_all = await draft_choices(db, conversation, draft, shown)
        self._put(others=len(set(to_all.emails()) - set(chosen.emails())))
        return chosen

    async def _recipients_for(self, db: Session, actor: Actor, conversation: Conversation) -> Recipients:
        """What the chips say; for a conversation that is not shown any more, what its draft says."""
        if conversation.id != self.draft_of:
            return await draft_recipients(db, actor, conversation)
        self._check_clear()
        return self._recipients()

    async def _sender_for(self, db: Session, actor: Actor, conversation: Conversation) -> int | None:
        """The address that is shown; for a conversation that is not shown any more, the one of its draft."""
        if conversation.id == self.draft_of:
            return self.sender_id or None
        said = sender_said(await draft_of(db, actor, conversation.id))
        return await usual_sender(db, conversation.id, await sender_choices(db, actor), said) or None

    async def _recipients_changed(self, recipients: Recipients) -> bool:
        is_kept = False
        async with self._acting() as (db, actor):
            conversation = await see_conversation(db, actor, self.draft_of)
            actor.must(actor.permissions.can_write)
            await keep_draft_recipients(db, actor, conversation, recipients)
            if conversation.channel == Channel.EMAIL:
                to_all = await reply_recipients(db, conversation, to_all=True)
                self.others = len(set(to_all.emails()) - set(recipients.emails()))
                is_kept = True
        return is_kept

    async def _show_waiting(self) -> None:
        """After it was sent: nothing waits, and the next answer goes to whoever it would."""
        await self._show_files()
        await self._follow_thread(self.draft_of)

    async def _show_files(self) -> None:
        async with self._looking() as (db, actor):
            self.files = await waiting_rows(db, actor, self.draft_of)
