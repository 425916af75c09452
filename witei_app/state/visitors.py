"""Visitors who have the chat open and have not written yet."""

import reflex as rx

from witei_app.state.following import Following
from witei_app.state.signed_in import SignedInState, as_text
from witei_app.webchat.offer import offer_help, visitors_here
from witei_app.webchat.rows import PresentRow


class VisitorsState(Following, SignedInState):
    """What /visitors shows: who is there, whom one is about to speak to, and the words."""

    visitors: list[PresentRow] = []
    chosen: str = ""
    words: str = ""
    is_loaded: bool = False

    @rx.event
    async def arrive(self):
        """Look who is there."""
        await self._enter_page()
        self.chosen = ""
        await self._load()

    @rx.event
    async def choose(self, visitor: str):
        """Speak to this one."""
        self.chosen = as_text(visitor, 64)

    @rx.event
    async def write(self, words: str):
        """What is said, as it is typed."""
        self.words = as_text(words, 2000)

    @rx.event
    async def offer(self):
        """Say it, and go to the conversation."""
        begun = 0
        async with self._acting() as (db, actor):
            begun = await offer_help(db, actor, self.chosen, self.words)
        if begun:
            self.words = self.chosen = ""
            return rx.redirect(f"/conversations/{begun}")
        await self._load()
        return None

    def _is_shown(self) -> bool:
        return self.is_loaded

    async def _load(self) -> None:
        self.visitors = []
        async with self._looking() as (db, actor):
            self.visitors = await visitors_here(db, actor)
            self.is_loaded = True
