"""The dialog in which one writes first."""

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.conversations.doubts import doubts_about_first
from witei_app.conversations.draft import from_json, sender_said, waiting_rows
from witei_app.conversations.files import NEW, detach, waiting_files
from witei_app.conversations.first_draft import (
    address_first_draft,
    drop_first_draft,
    find_first_draft,
    keep_first_draft,
    readdress_first_draft,
)
from witei_app.conversations.recipients import Recipients
from witei_app.conversations.rows import FileRow
from witei_app.conversations.signature import signature_of
from witei_app.conversations.write_first import first_message, write_first
from witei_app.crm.visible import see_contact
from witei_app.db import Session
from witei_app.models import Contact, FirstDraft, Message
from witei_app.sender_domains.overview import sender_choices, usual_sender
from witei_app.settings import settings
from witei_app.state.composer import MOST_HTML, choice
from witei_app.state.recipients import RecipientsMixin
from witei_app.state.signed_in import SignedInState, as_id, as_text
from witei_app.state.undo import UndoState
from witei_app.templates.files import attach_files
from witei_app.templates.library import note_use, templates_for_address


class NewConversationState(RecipientsMixin, SignedInState):
    """Open while `is_writing`; the text lives in the browser until it is sent, and as a draft on the server.

    `turn` names the text in the browser: below zero, so that it is no conversation's, and another one after sending.
    `draft_turn`, `kept_save` and `ask_signal` are what they are above an answer (`ComposerState`).
    """

    is_writing: bool = False
    turn: int = -1
    subject: str = ""
    subject_turn: int = 0
    draft_html: str = ""
    draft_turn: int = 0
    kept_save: int = 0
    ask_signal: int = 0
    has_signature: bool = True
    signature_html: str = ""
    templates: list[dict[str, str]] = []
    files: list[FileRow] = []
    most_mb: int = 0
    fault: str = ""
    doubts: list[str] = []
    sent_signal: int = 0

    _kept_html: str = ""
    _kept_subject: str = ""
    _waiting: tuple[str, str] = ("", "")  # what was doubted: the text and the name of the act

    @rx.event
    async def begin(self):
        """Write a new one, or go on with the one that was begun."""
        self.fault, self.notice, self.doubts = "", "", []
        async with self._acting() as (db, actor):
            await readdress_first_draft(db, actor)
        await self._load()

    @rx.event
    async def begin_to(self, contact_id: int):
        """Write to a contact, from its page. What stands in the way is shown, with the reason."""
        self.fault, self.notice, self.doubts = "", "", []
        contact: Contact | None = None
        async with self._acting() as (db, actor):
            contact = await see_contact(db, actor, as_id(contact_id))
            await address_first_draft(db, actor, contact)
        if contact is None or not contact.email:
            return None
        self.fault, self.notice = self.notice, ""
        await self._load()
        return rx.redirect("/conversations")

    @rx.event
    async def cancel(self):
        """Leave it; what was written is kept."""
        self.is_writing, self.notice = False, ""

    @rx.event
    async def set_subject(self, subject: str):
        """What it is about. What is told a pause later than it was sent begins no new draft."""
        if not self.is_writing:
            return
        self.subject = as_text(subject, 998)
        await self._keep_subject()

    @rx.event
    async def keep(self, _turn: int, html: str, number: int = 0):
        """Keep what is written so far, and say that it is."""
        async with self._acting() as (db, actor):
            self._kept_html = await keep_first_draft(db, actor, html=as_text(html, MOST_HTML))
            self.kept_save = as_id(number)

    @rx.event
    async def toggle_signature(self):
        """Send with or without the signature."""
        self.has_signature = not self.has_signature

    @rx.event
    async def show_templates(self):
        """The templates, filled for the first recipient."""
        async with self._looking() as (db, actor):
            found = await templates_for_address(db, actor, self.to[0].address if self.to else "")
            self.templates = [choice(one) for one in found]

    @rx.event
    async def template_used(self, template_id: str):
        """One was inserted: counted, its files wait in the draft, and its subject is the message's
        where there is none yet."""
        files = 0
        async with self._acting() as (db, actor):
            template = await note_use(db, actor, as_id(template_id))
            if template is not None:
                files = await attach_files(db, actor, template, NEW)
        if files:
            await self._show_files()
        subject = next((one["subject"] for one in self.templates if one["id"] == template_id), "")
        if subject and not self.subject:
            self.subject, self.subject_turn = subject, self.subject_turn + 1
            await self._keep_subject()

    @rx.event
    async def attached(self, _upload_id: int):
        """A file was taken in by /uploads: show what waits now."""
        await self._show_files()

    @rx.event
    async def remove_file(self, upload_id: int):
        """Take a file out."""
        async with self._acting() as (db, actor):
            await detach(db, actor, as_id(upload_id))
        await self._show_files()

    @rx.event
    async def send(self, _turn: int, html: str, client_id: str):
        """Send it and show the conversation; what is refused stays in the dialog."""
        return await self._send(as_text(html, MOST_HTML), as_text(client_id, 64))

    @rx.event
    async def send_anyway(self):
        """It is right as it is."""
        (html, client_id), self.doubts = self._waiting, []
        return await self._send(html, client_id, is_sure=True)

    @rx.event
    async def go_back(self):
        """Write on."""
        self.doubts = []

    async def _keep_subject(self) -> None:
        async with self._acting() as (db, actor):
            await keep_first_draft(db, actor, subject=self.subject)
            self._kept_subject = self.subject

    async def _load(self) -> None:
        """Bring the draft, when it is opened and when the page is loaded anew."""
        async with self._looking() as (db, actor):
            draft = await find_first_draft(db, actor)
            self._begin_recipients(from_json(draft.recipients))
            self.signature_html = await signature_of(db, actor)
            self.most_mb = settings().max_upload_mb
            self._show_text(draft)
            self._show_subject(draft)
            await self._show_rest(db, actor, draft)
            self.is_writing, self.ask_signal = True, self.ask_signal + 1

    async def _follow(self) -> None:
        """It was changed, or sent, in another tab: the same stands here, but for what is being typed."""
        if not self.is_writing:
            return
        async with self._looking() as (db, actor):
            draft = await find_first_draft(db, actor)
            if draft.html != self._kept_html:
                self._show_text(draft)
            if draft.subject != self._kept_subject:
                self._show_subject(draft)
            self._show_recipients(from_json(draft.recipients))
            await self._show_rest(db, actor, draft)

    def _show_text(self, draft: FirstDraft) -> None:
        self.draft_html = self._kept_html = draft.html
        self.draft_turn += 1

    def _show_subject(self, draft: FirstDraft) -> None:
        self._kept_subject = draft.subject
        if draft.subject != self.subject:
            self.subject, self.subject_turn = draft.subject, self.subject_turn + 1

    async def _show_rest(self, db: Session, actor: Actor, draft: FirstDraft) -> None:
        self._put(files=await waiting_rows(db, actor, NEW))
        await self._show_senders(db, actor, draft)

    async def _keep_sender(self, db: Session, actor: Actor, email: str) -> None:
        await keep_first_draft(db, actor, sender=email)

    async def _show_senders(self, db: Session, actor: Actor, draft: FirstDraft) -> None:
        self.senders = await sender_choices(db, actor)
        self.sender_id = await usual_sender(db, 0, self.senders, sender_said(draft))

    async def _send(self, html: str, client_id: str, *, is_sure: bool = False):
        message: Message | None = None
        async with self._acting() as (db, actor):
            message = await self._write(db, actor, html, client_id, is_sure)
        self.fault, self.notice = self.notice, ""
        if message is None:
            async with self._looking() as (db, actor):  # perhaps the address that it was to go out from is gone
                await self._show_senders(db, actor, await find_first_draft(db, actor))
            return None
        self.is_writing, self.fault = False, ""
        self.turn, self.sent_signal, self.has_signature = self.turn - 1, self.sent_signal + 1, True
        undo = await self.get_state(UndoState)
        await undo._offer(message.id)
        return rx.redirect(f"/conversations/{message.conversation_id}")

    async def _write(self, db: Session, actor: Actor, html: str, client_id: str, is_sure: bool) -> Message | None:
        self._check_clear()
        files = await waiting_files(db, actor, NEW)
        if not is_sure:
            self.doubts = doubts_about_first(actor, self.subject, html, files)
            self._waiting = (html, client_id)
            if self.doubts:
                return None
        conversation = await write_first(
            db,
            actor,
            self._recipients(),
            self.subject,
            html,
            files=files,
            with_signature=self.has_signature,
            client_id=client_id or None,
            sender_address_id=self.sender_id or None,
        )
        await drop_first_draft(db, actor)
        return await first_message(db, conversation)

    async def _recipients_changed(self, recipients: Recipients) -> bool:
        async with self._acting() as (db, actor):
            await keep_first_draft(db, actor, recipients=recipients)
            self.templates = []  # they were filled for whom it went to before
            return True
        return False  # refused, which was said

    async def _show_files(self) -> None:
        async with self._looking() as (db, actor):
            self.files = await waiting_rows(db, actor, NEW)
