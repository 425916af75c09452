"""Who gets the report by e-mail, chosen on its page."""

import reflex as rx

from witei_app.reports.by_mail import MailRow, choose_mail, report_mails
from witei_app.state.signed_in import SignedInState, as_id, as_text


class ReportMailState(SignedInState):
    """The dialog, while it is open."""

    rows: list[MailRow] = []
    is_open: bool = False

    @rx.event
    async def open(self):
        """Show who gets it."""
        async with self._looking() as (db, actor):
            self.rows = await report_mails(db, actor)
            self.is_open = True

    @rx.event
    async def close(self):
        """Put the dialog away."""
        self.is_open = False

    @rx.event
    async def choose(self, user_id: int, every: str):
        """Each week, each month, or not at all."""
        async with self._acting() as (db, actor):
            await choose_mail(db, actor, as_id(user_id), as_text(every, 8))
            await db.flush()
            self.rows = await report_mails(db, actor)
