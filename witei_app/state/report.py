"""The Conversation report: what the address asks for, and the numbers on the page."""

import asyncio

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.models import Workspace
from witei_app.reports.asked import ask, sees_everybody
from witei_app.reports.behind import MOST, evidence
from witei_app.reports.course import course
from witei_app.reports.figures import figures_of
from witei_app.reports.heat import messages_by_hour
from witei_app.reports.people import names_of_users
from witei_app.reports.rows import (
    CourseRow,
    EvidenceRow,
    FigureRow,
    HeatRow,
    LinkRow,
    PartRow,
    UserRow,
    course_rows,
    evidence_rows,
    figure_rows,
    heat_rows,
    response_rows,
    source_rows,
    user_rows,
)
from witei_app.reports.span import Span, cut, parts, span_before, span_of, zone_of
from witei_app.reports.wanted import CHANNEL_NAMES, RANGE_NAMES, Wanted, a_date
from witei_app.state.signed_in import SignedInState, as_text
from witei_app.texts import translate
from witei_app.texts.when import date_label

STEP_NAMES = {"hour": "by hour", "day": "by day", "week": "by week", "month": "by month"}


class ReportState(SignedInState):
    """The figures that the address asks for."""

    figures: list[FigureRow] = []
    users: list[UserRow] = []
    course: list[CourseRow] = []
    responses: list[PartRow] = []
    sources: list[PartRow] = []
    heat: list[HeatRow] = []
    behind: list[EvidenceRow] = []
    behind_title: str = ""
    behind_more: bool = False
    ranges: list[LinkRow] = []
    people: list[LinkRow] = []
    channels: list[LinkRow] = []
    range_label: str = ""
    dates_label: str = ""
    person_label: str = ""
    channel_label: str = ""
    step_label: str = ""
    first: str = ""
    last: str = ""
    is_dates: bool = False
    sees_all: bool = False
    exports: list[LinkRow] = []
    goes_on: bool = False
    _is_following: bool = False

    @rx.event
    async def arrive(self):
        """Show what the address asks for."""
        await self._enter_page()
        await self._load()

    @rx.event
    async def choose_dates(self, form: dict[str, str]):
        """Any dates, from the two fields."""
        form = form if isinstance(form, dict) else {}
        first, last = a_date(as_text(form.get("from"), 10)), a_date(as_text(form.get("to"), 10))
        if first is None or last is None:
            return None
        wanted = {"range": "dates", "from": first.isoformat(), "to": last.isoformat()}
        return rx.redirect(self._wanted().address(**wanted))

    @rx.event
    async def close_behind(self):
        """Put the list of conversations away."""
        return rx.redirect(self._wanted().address())

    @rx.event(background=True)
    async def follow(self):
        """Something happened: today's figures move, at most once a second."""
        async with self:
            if self._is_following or not self.goes_on:
                return
            self._is_following = True
        await asyncio.sleep(1)
        async with self:
            self._is_following = False
            await self._load()

    def _wanted(self) -> Wanted:
        given = self.router.url.query_parameters
        return Wanted.of({str(name): as_text(value, 40) for name, value in given.items()})

    async def _load(self) -> None:
        wanted = self._wanted()
        async with self._looking() as (db, actor):
            workspace = await db.get_one(Workspace, actor.workspace_id)
            zone, moment = zone_of(workspace.time_zone), now()
            span = span_of(wanted.range_name, moment.astimezone(zone).date(), zone, wanted.first, wanted.last)
            asked = ask(actor, span.start, span.end, wanted.user_id, wanted.channel)
            found = await figures_of(db, asked)
            before = await figures_of(db, asked.during(*cut(span_before(wanted.range_name, span), span, moment)))
            drawn = await course(db, asked, parts(span))
            week = await messages_by_hour(db, asked, zone)
            names = await names_of_users(db, actor)
            behind = await evidence(db, actor, asked, wanted.figure, MOST + 1) if wanted.figure else []
            self._show_choices(actor, wanted, span, names)
            self.figures = figure_rows(found, before, wanted.address, actor.language)
            self.users = user_rows(found, names, wanted.address, actor.language)
            self.course = course_rows(drawn, span, actor.language)
            self.responses = response_rows(found.first_responses.counts, actor.language)
            self.sources = source_rows(found.sources, actor.language)
            self.heat = heat_rows(week, actor.language)
            self.behind = evidence_rows(behind[:MOST], names, zone, actor.language)
            self.behind_more = len(behind) > MOST
            self.behind_title = translate(_BEHIND.get(wanted.figure, ""), actor.language) if wanted.figure else ""
            self.goes_on = span.start <= moment < span.end

    def _show_choices(self, actor: Actor, wanted: Wanted, span: Span, names: dict[int, str]) -> None:
        language = actor.language
        self.sees_all = sees_everybody(actor)
        self.ranges = [
            LinkRow(translate(text, language), wanted.address(span, range=name), name == wanted.range_name)
            for name, text in RANGE_NAMES.items()
        ]
        people = {None: translate("All users", language), **names, 0: translate("Unassigned", language)}
        self.people = [
            LinkRow(name, wanted.address(user="" if user is None else str(user)), user == wanted.user_id)
            for user, name in people.items()
        ]
        self.channels = [
            LinkRow(translate(text, language), wanted.address(channel=name), name == wanted.channel)
            for name, text in CHANNEL_NAMES.items()
        ]
        self.range_label = translate(RANGE_NAMES[wanted.range_name], language)
        self.dates_label = _dates(span, language)
        self.person_label = people.get(wanted.user_id, people[None])
        self.channel_label = translate(CHANNEL_NAMES[wanted.channel], language)
        self.step_label = translate(STEP_NAMES[span.step], language)
        self.first, self.last = span.first.isoformat(), span.last.isoformat()
        self.is_dates = wanted.range_name == "dates"
        self.exports = self._exports(actor, wanted)

    def _exports(self, actor: Actor, wanted: Wanted) -> list[LinkRow]:
        if not actor.permissions.can_export:
            return []
        query = wanted.address().partition("?")[2]
        return [LinkRow(name.upper(), f"/reports/export.{name}?{query}", False) for name in ("csv", "xlsx", "pdf")]


_BEHIND = {
    "new": "New conversations",
    "closed": "Closed conversations",
    "sent": "Messages sent",
    "received": "Messages received",
    "first_response": "First responses",
    "rated": "Ratings",
}


def _dates(span: Span, language: str) -> str:
    first = date_label(span.first, language)
    return first if span.first == span.last else f"{first} – {date_label(span.last, language)}"
