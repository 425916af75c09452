"""What was done in the workspace, for administrators."""

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.accounts.team import list_team
from witei_app.audit.read import Days, audit_page
from witei_app.audit.worded import AuditRow
from witei_app.db import Session
from witei_app.reports.wanted import a_date
from witei_app.state.signed_in import SignedInState, as_id, as_text


class AuditState(SignedInState):
    """What /settings/audit shows: of one topic and one user, or all; from the first day to the last (ISO 8601), "" is
    any.
    """

    rows: list[AuditRow] = []
    topic: str = ""
    user_id: str = ""
    first: str = ""
    last: str = ""
    people: list[dict[str, str]] = []
    next_id: int = 0
    is_loaded: bool = False

    @rx.var
    def file_address(self) -> str:
        """Where the same is as CSV."""
        return f"/settings/audit.csv?topic={self.topic}&user={self.user_id}&from={self.first}&to={self.last}"

    @rx.event
    async def arrive(self):
        """Read the newest."""
        await self._enter_page()
        await self._load()

    @rx.event
    async def show_topic(self, topic: str):
        """Only one topic, or all."""
        self.topic = as_text(topic, 16)
        await self._load()

    @rx.event
    async def show_user(self, user_id: str):
        """Only what one user did, or all."""
        self.user_id = str(as_id(user_id) or "")
        await self._load()

    @rx.event
    async def show_since(self, day: str):
        """Only what was done on this day or later; "" is since ever."""
        self.first = _day(day)
        await self._load()

    @rx.event
    async def show_until(self, day: str):
        """Only what was done on this day or before; "" is until now."""
        self.last = _day(day)
        await self._load()

    @rx.event
    async def more(self):
        """The page before."""
        if not self.next_id:
            return
        async with self._looking() as (db, actor):
            self.rows = [*self.rows, *await self._page(db, actor, before=self.next_id)]

    async def _load(self) -> None:
        self.rows, self.next_id, self.is_loaded = [], 0, False  # whoever is refused below sees nothing
        async with self._looking() as (db, actor):
            self.people = [{"id": str(user.id), "name": user.name} for user in await list_team(db, actor)]
            self.rows = await self._page(db, actor)
            self.is_loaded = True

    async def _page(self, db: Session, actor: Actor, before: int = 0) -> list[AuditRow]:
        days = Days(a_date(self.first), a_date(self.last))
        rows, self.next_id = await audit_page(db, actor, self.topic, as_id(self.user_id), before, days)
        return rows


def _day(typed: str) -> str:
    """What a browser's field says once it is a whole day, "" before."""
    day = a_date(as_text(typed, 10))
    return day.isoformat() if day else ""
