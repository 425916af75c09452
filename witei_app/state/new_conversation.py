"""The dialog in which one writes first."""

import reflex as rx

from witei_app.conversations.write_first import people_to_write_to, write_first
from witei_app.state.signed_in import SignedInState, as_text


class NewConversationState(SignedInState):
    """Open while `is_writing`; the text lives in the browser until it is sent. `turn` changes with each new one."""

    is_writing: bool = False
    turn: int = 0
    to: str = ""
    subject: str = ""
    found: list[dict[str, str]] = []
    fault: str = ""
    sent_signal: int = 0

    @rx.event
    async def begin(self):
        """Write a new one."""
        self.to = self.subject = self.fault = self.notice = ""
        self.turn -= 1  # below zero: no conversation has that id, so that the editor begins empty
        await self._find("")
        self.is_writing = True

    @rx.event
    async def cancel(self):
        """Leave it."""
        self.is_writing = False

    @rx.event
    async def set_to(self, to: str):
        """Whom to write to, as it is typed; contacts that match are offered."""
        self.to = as_text(to, 320)
        await self._find(self.to)

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
            conversation = await write_first(db, actor, self.to, self.subject, as_text(html, 600_000), client_id=name)
            address = f"/conversations/{conversation.id}"
        self.fault, self.notice = self.notice, ""
        if not address:
            return None
        self.is_writing, self.fault = False, ""
        self.sent_signal += 1
        return rx.redirect(address)

    async def _find(self, search: str) -> None:
        async with self._looking() as (db, actor):
            found = await people_to_write_to(db, actor, search)
            self.found = [{"email": email, "name": name} for email, name in found]
