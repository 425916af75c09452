"""The bell: what the signed-in user is told, how many are unread, how each kind is to be told."""

import time
from dataclasses import asdict

import reflex as rx

from witei_app.accounts.sign_in import note_use
from witei_app.live.tabs import News
from witei_app.models import NoticeKind
from witei_app.notifications.attention import note_attention
from witei_app.notifications.bell import (
    MOST_COUNTED,
    Place,
    count_notices,
    notices_page,
    read_all_notices,
    read_notice,
    shown_kinds,
)
from witei_app.notifications.choices import DEFAULTS, Ways, choose, own_choices
from witei_app.notifications.rows import NoticeRow
from witei_app.state.list_page import plain
from witei_app.state.signed_in import SignedInState, as_id, as_text

# What was told shortly before or after the number was read may be in it already: it is read again.
JUST_READ = 2.0
# The browser says so on every page and at most each two minutes of use; written down a little less often.
SEEN_EVERY = 90.0


class BellState(SignedInState):
    """`choices` says of each kind which ways are on; `rows` are read when the panel is opened."""

    count: int = 0
    rows: list[NoticeRow] = []
    has_more: bool = False
    is_loading: bool = True
    choices: dict[str, dict[str, bool]] = {kind.value: asdict(ways) for kind, ways in DEFAULTS.items()}
    _place: Place | None = None
    _is_open: bool = False
    _read_at: float = 0.0
    _seen_at: float = 0.0

    @rx.event
    async def arrive(self):
        """A page was opened, or the connection is back: read the number anew."""
        await self._load()

    @rx.event
    async def here(self):
        """Somebody does something in this tab."""
        if time.monotonic() - self._seen_at < SEEN_EVERY:
            return
        async with self._acting() as (db, actor):
            await note_attention(db, actor)
            await note_use(db, self._session_token())  # pages are seldom loaded anew by who works in them
        self._seen_at = time.monotonic()

    @rx.event
    async def unfold(self):
        """The panel is opened."""
        self._is_open = True
        await self._load()

    @rx.event
    async def fold(self):
        """The panel is closed: what comes now is only counted."""
        self._is_open = False

    @rx.event
    async def more(self):
        """The page after the last one."""
        if self._place is None:
            return
        async with self._looking() as (db, actor):
            rows, self._place = await notices_page(db, actor, self._kinds(), self._place)
            known = {row.id for row in plain(self.rows)}
            self.rows = [*plain(self.rows), *(row for row in rows if row.id not in known)]
            self.has_more = self._place is not None

    @rx.event
    async def read(self, notice_id: int):
        """Mark one as read."""
        async with self._acting() as (db, actor):
            await read_notice(db, actor, as_id(notice_id))
        await self._load()

    @rx.event
    async def read_all(self):
        """Mark all of them."""
        async with self._acting() as (db, actor):
            await read_all_notices(db, actor)
        await self._load()

    @rx.event
    async def switch(self, kind: str, way: str, is_on: bool):
        """Be told of this kind in this way, or not."""
        async with self._acting() as (db, actor):
            await choose(db, actor, as_text(kind, 16), as_text(way, 16), is_on is True)
        await self._load()

    async def _load(self) -> None:
        """Three queries, with the open panel's page four."""
        self._read_at = time.monotonic()
        async with self._looking() as (db, actor):
            choices = await own_choices(db, actor.user_id)
            kinds = shown_kinds(choices)
            self.count = await count_notices(db, actor, kinds)
            shown = {kind.value: asdict(ways) for kind, ways in choices.items()}
            if shown != plain(self.choices):  # with each push it would be half a kilobyte more
                self.choices = shown
            if self._is_open:
                self.rows, self._place = await notices_page(db, actor, kinds)
                self.has_more = self._place is not None
                self.is_loading = False

    async def _apply(self, news: News, looked_at: int) -> None:
        """Count what came, but for the conversation that is being looked at: there it is read at once."""
        is_new = any(conversation_id != looked_at for conversation_id, _ in news.notices)
        if news.is_bell_changed or news.is_too_much or news.is_access_changed or (self._is_open and is_new):
            await self._load()
            return
        kinds = self._kinds()
        added = [
            kind
            for (conversation_id, kind), (quantity, _) in news.notices.items()
            if quantity == 1 and kind in kinds and conversation_id != looked_at
        ]
        if added and news.notices_at - self._read_at < JUST_READ:
            await self._load()
        elif added:
            self.count = min(self.count + len(added), MOST_COUNTED)

    def _ways_of(self, kind: str) -> list[str]:
        """The ways in which this kind is told."""
        chosen = plain(self.choices).get(kind, {})
        return [way for way, is_on in chosen.items() if is_on]

    def _kinds(self) -> list[str]:
        return shown_kinds({NoticeKind(kind): Ways(**ways) for kind, ways in plain(self.choices).items()})
