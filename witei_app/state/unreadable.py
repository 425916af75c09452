"""Mail that could not be read."""

import reflex as rx

from witei_app.conversations.rows import UnreadableRow
from witei_app.conversations.unreadable import list_unreadable, retry
from witei_app.state.following import Following
from witei_app.state.signed_in import SignedInState, as_id


class UnreadableState(Following, SignedInState):
    """What /settings/unreadable shows."""

    mails: list[UnreadableRow] = []
    is_loaded: bool = False

    @rx.event
    async def arrive(self):
        """Read what there is."""
        await self._enter_page()
        await self._load()

    @rx.event
    async def retry(self, mail_id: int):
        """Have one read again."""
        async with self._acting() as (db, actor):
            await retry(db, actor, as_id(mail_id))
            self._say_done("It is being read again.")
        await self._load()

    def _is_shown(self) -> bool:
        return self.is_loaded

    async def _load(self) -> None:
        self.mails = []  # whoever is refused below sees nothing, whatever this tab showed before
        async with self._looking() as (db, actor):
            self.mails = await list_unreadable(db, actor)
            self.is_loaded = True
