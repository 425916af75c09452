"""The dashboard: what waits, and how today goes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import Session
from witei_app.models import Conversation, Reach, Workspace
from witei_app.reports.asked import ask, sees_everybody
from witei_app.reports.cards import Cards, FigureRow
from witei_app.reports.figures import figures_of
from witei_app.reports.span import cut, parts, span_of, zone_of
from witei_app.reports.waiting import Waiting, waiting
from witei_app.reports.wanted import Wanted
from witei_app.state.signed_in import SignedInState
from witei_app.texts import translate
from witei_app.texts.amounts import duration_label, number_label
from witei_app.texts.people import initials, tint
from witei_app.texts.when import day_label


@dataclass(frozen=True)
class WaitingRow:
    """A contact who waits for an answer."""

    id: int
    name: str
    preview: str
    waits: str
    initials: str
    tint: int


class DashboardState(SignedInState):
    """What the first page shows."""

    mine: list[WaitingRow] = []
    longest: list[WaitingRow] = []
    mine_count: str = ""
    all_count: str = ""
    today: list[FigureRow] = []
    compared_with: str = ""
    has_figures: bool = False
    sees_all: bool = False
    _is_following: bool = False

    @rx.event
    async def arrive(self):
        """Read what waits, and today's figures."""
        await self._enter_page()
        await self._load()

    @rx.event(background=True)
    async def follow(self):
        """Something happened: show it, at most once a second."""
        async with self:
            if self._is_following or not self.is_ready:
                return
            self._is_following = True
        await asyncio.sleep(1)
        async with self:
            self._is_following = False
            await self._load()

    async def _load(self) -> None:
        async with self._looking() as (db, actor):
            moment = now()
            mine, longest = await waiting(db, actor, mine=True), await waiting(db, actor, mine=False)
            has_figures = actor.is_admin or actor.permissions.report_scope != Reach.NONE
            today = await self._today(db, actor, moment) if has_figures else []
            self._show_waiting(actor, mine, longest, moment)
            self.today, self.has_figures, self.sees_all = today, has_figures, sees_everybody(actor)

    async def _today(self, db: Session, actor: Actor, moment: datetime) -> list[FigureRow]:
        workspace = await db.get_one(Workspace, actor.workspace_id)
        zone = zone_of(workspace.time_zone)
        span = span_of("today", moment.astimezone(zone).date(), zone)
        week_ago = span_of("dates", span.first, zone, span.first - timedelta(days=7), span.first - timedelta(days=7))
        found = await figures_of(db, ask(actor, span.start, span.end, zone=zone), parts(span))
        before = await figures_of(db, ask(actor, *cut(week_ago, span, moment), zone=zone))
        self.compared_with = day_label(week_ago.start, moment, zone, actor.language)
        return Cards(found, before, Wanted("today"), actor.language).rows()[:4]

    def _show_waiting(self, actor: Actor, mine: Waiting, longest: Waiting, moment: datetime) -> None:
        self.mine, self.longest = _waiting_rows(mine.longest, moment), _waiting_rows(longest.longest, moment)
        self.mine_count = translate(
            "{number} in all", actor.language, number=number_label(mine.quantity, actor.language)
        )
        self.all_count = translate(
            "{number} in all", actor.language, number=number_label(longest.quantity, actor.language)
        )


def _waiting_rows(conversations: Sequence[Conversation], moment: datetime) -> list[WaitingRow]:
    return [
        WaitingRow(
            one.id,
            one.contact_name,
            one.preview,
            duration_label(int((moment - one.waiting_since).total_seconds())),
            initials(one.contact_name),
            tint(one.contact_id),
        )
        for one in conversations
        if one.waiting_since is not None
    ]
