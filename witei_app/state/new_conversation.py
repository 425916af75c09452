"""The dialog in which one writes first."""

import reflex as rx

from witei_app.conversations.recipients import Recipients
from witei_app.conversations.write_first import write_first
from witei_app.state.recipients import RecipientsMixin
from witei_app.state.signed_in import SignedInState, as_text


class NewConversationState(RecipientsMixin, SignedInState):
    """Open while `is_writing`; the text lives in the browser until it is sent. `turn` changes with each new one."""

    is_writing: bool = False
    turn: int = 0
    subject: str = ""
    fault: str = ""
    sent_signal: int = 0

    @rx.event
    async def begin(self):
        """Write a new one."""
        self.subject = self.fault = self.notice = ""
        self.turn -= 1  # below zero: no conversation has that id, so that the editor begins empty
        self._begin_recipients(Recipients())
        self.is_writing = True

    @rx.event
    async def cancel(self):
        """Leave it."""
        self.is_writing = False

    @rx.event
    async def set_subject(self, subject: str):
        """What it is about."""
        self.subject = as_text(subject, 998)

    @rx.event
    async def send(self, _turn: int, html: str, client_id: str):
        """Send it and show the conversation; what is refused stays in the dialog."""
        address = ""
        async with self._acting() as (db, actor):
            name = as_text(client_id, 64) or None
            self._check_clear()
            text = as_text(html, 600_000)
            conversation = await write_first(db, actor, self._recipients(), self.subject, text, client_id=name)
            address = f"/conversations/{conversation.id}"
        self.fault, self.notice = self.notice, ""
        if not address:
            return None
        self.is_writing, self.fault = False, ""
        self.sent_signal += 1
        return rx.redirect(address)

    async def _recipients_changed(self, _recipients: Recipients) -> bool:
        return True
