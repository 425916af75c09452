"""The dashboard: what waits, and how today goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.accounts.people import colleagues
from witei_app.clock import now
from witei_app.db import Session
from witei_app.live.presence import present_users
from witei_app.mail.encrypted import in_readers_words
from witei_app.models import Conversation, Reach, User, Workspace
from witei_app.reports.asked import ask, sees_everybody
from witei_app.reports.cards import Cards, FigureRow
from witei_app.reports.figures import figures_of, totals_of
from witei_app.reports.span import cut, parts_so_far, span_of, zone_of
from witei_app.reports.waiting import Waiting, waiting, waiting_by_user
from witei_app.reports.wanted import Wanted
from witei_app.state.following import Following
from witei_app.state.signed_in import SignedInState
from witei_app.texts import translate
from witei_app.texts.amounts import duration_label, number_label
from witei_app.texts.people import initials, tint
from witei_app.texts.when import day_in_words


@dataclass(frozen=True)
class WaitingRow:
    """A contact who waits for an answer."""

    id: int
    name: str
    preview: str
    waits: str
    initials: str
    tint: int


@dataclass(frozen=True)
class TeamRow:
    """A user of the workspace: whether they have it open just now, and how many wait for them."""

    id: int
    name: str
    initials: str
    tint: int
    is_here: bool
    waiting: str


class DashboardState(Following, SignedInState):
    """What the first page shows."""

    mine: list[WaitingRow] = []
    longest: list[WaitingRow] = []
    mine_count: str = ""
    all_count: str = ""
    today: list[FigureRow] = []
    team: list[TeamRow] = []
    compared_with: str = ""
    has_figures: bool = False
    sees_all: bool = False
    is_loaded: bool = False

    @rx.event
    async def arrive(self):
        """Read what waits, and today's figures."""
        await self._enter_page()
        await self._load()

    def _is_shown(self) -> bool:
        return self.is_ready

    async def _load(self) -> None:
        async with self._looking() as (db, actor):
            moment = now()
            mine, longest = await waiting(db, actor, mine=True), await waiting(db, actor, mine=False)
            has_figures = actor.is_admin or actor.permissions.report_scope != Reach.NONE
            today = await self._today(db, actor, moment) if has_figures else []
            team = await _team(db, actor)
            self._show_waiting(actor, mine, longest, moment)
            self._put(today=today, team=team, has_figures=has_figures, sees_all=sees_everybody(actor), is_loaded=True)

    async def _today(self, db: Session, actor: Actor, moment: datetime) -> list[FigureRow]:
        workspace = await db.get_one(Workspace, actor.workspace_id)
        zone = zone_of(workspace.time_zone)
        span = span_of("today", moment.astimezone(zone).date(), zone)
        week_ago = span_of("dates", span.first, zone, span.first - timedelta(days=7), span.first - timedelta(days=7))
        found = await figures_of(db, ask(actor, span.start, span.end, zone=zone), parts_so_far(span, moment))
        before = await totals_of(db, ask(actor, *cut(week_ago, span, moment), zone=zone))
        self.compared_with = day_in_words(week_ago.start.astimezone(zone).date(), actor.language)
        return Cards(found, before, Wanted("today"), actor.language).few()

    def _show_waiting(self, actor: Actor, mine: Waiting, longest: Waiting, moment: datetime) -> None:
        def in_all(found: Waiting) -> str:
            return translate("{number} in all", actor.language, number=number_label(found.quantity, actor.language))

        self._put(
            mine=_waiting_rows(mine.longest, moment, actor.language),
            longest=_waiting_rows(longest.longest, moment, actor.language),
            mine_count=in_all(mine),
            all_count=in_all(longest),
        )


async def _team(db: Session, actor: Actor) -> list[TeamRow]:
    """Whoever is here comes first."""
    here, quantities = present_users(actor.workspace_id), await waiting_by_user(db, actor)
    rows = [_team_row(user, user.id in here, quantities.get(user.id, 0), actor) for user in await colleagues(db, actor)]
    return sorted(rows, key=lambda row: (not row.is_here, row.name))


def _team_row(user: User, is_here: bool, quantity: int, actor: Actor) -> TeamRow:
    number = number_label(quantity, actor.language)
    words = translate("{number} waiting", actor.language, number=number) if quantity else ""
    return TeamRow(user.id, user.name, initials(user.name), tint(user.id), is_here, words)


def _waiting_rows(conversations: Sequence[Conversation], moment: datetime, language: str) -> list[WaitingRow]:
    return [
        WaitingRow(
            one.id,
            one.contact_name,
            in_readers_words(one.preview, language),
            duration_label(int((moment - one.waiting_since).total_seconds())),
            initials(one.contact_name),
            tint(one.contact_id),
        )
        for one in conversations
        if one.waiting_since is not None
    ]
