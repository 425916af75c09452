"""The Conversation report: what the address asks for, and the numbers on the page."""

import time

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.models import Reach, Workspace
from witei_app.reports.asked import sees_everybody
from witei_app.reports.behind import MOST, evidence
from witei_app.reports.cards import FigureRow
from witei_app.reports.choices import Choices, begins_label, choices_of, dates_label
from witei_app.reports.page import Report, known_origins, report_of
from witei_app.reports.people import names_of_users
from witei_app.reports.rows import (
    CourseRow,
    EvidenceRow,
    HeatRow,
    LinkRow,
    PartRow,
    UserRow,
    course_rows,
    evidence_rows,
    heat_rows,
    response_rows,
    source_rows,
    user_rows,
)
from witei_app.reports.wanted import Wanted, a_date
from witei_app.state.following import Following
from witei_app.state.signed_in import SignedInState, as_id, as_text
from witei_app.texts import translate

STEP_NAMES = {"hour": "by hour", "day": "by day", "week": "by week", "month": "by month"}
# A page that is slow to read is read more rarely: no more than a tenth of the time goes into it.
REST = 10


class ReportState(Following, SignedInState):
    """The figures that the address asks for."""

    figures: list[FigureRow] = []
    users: list[UserRow] = []
    course: list[CourseRow] = []
    responses: list[PartRow] = []
    sources: list[PartRow] = []
    heat: list[HeatRow] = []
    choices: Choices = Choices()
    first: str = ""
    last: str = ""
    dates: str = ""
    begins: str = ""
    step: str = ""
    is_dates: bool = False
    sees_all: bool = False
    exports: list[LinkRow] = []
    query: str = ""
    goes_on: bool = False
    _seconds: float = 0.0

    @rx.event
    async def arrive(self):
        """Show what the address asks for."""
        await self._enter_page()
        await self._load()
        await (await self.get_state(BehindState))._load(self._wanted())

    @rx.event
    async def choose_dates(self, form: dict[str, str]):
        """Any dates, from the two fields."""
        form = form if isinstance(form, dict) else {}
        first, last = a_date(as_text(form.get("from"), 10)), a_date(as_text(form.get("to"), 10))
        if first is None or last is None:
            return None
        wanted = {"range": "dates", "from": first.isoformat(), "to": last.isoformat()}
        return rx.redirect(self._wanted().without_list().address(**wanted))

    @rx.event
    async def pick(self, chart: str, series: int, point: int):
        """Open the conversations behind a part of a chart."""
        number, which = as_id(series), as_id(point)
        wanted = self._wanted().without_list()
        if chart == "course" and which < len(self.course) and number < len(DRAWN):
            part = self.course[which]
            return rx.redirect(wanted.list_address(DRAWN[number], since=part.since, until=part.until))
        if chart in ("pie", "users") and which < len(self.users) and number < len(DRAWN):
            return rx.redirect(wanted.list_address(DRAWN[number], user=self.users[which].id))
        rows = {"responses": self.responses, "sources": self.sources}.get(as_text(chart, 20), [])
        return rx.redirect(rows[which].href) if which < len(rows) and rows[which].href else None

    @rx.event
    async def pick_hour(self, slot: int):
        """Open what was received in an hour of the week."""
        return rx.redirect(self._wanted().without_list().list_address("received", slot=as_id(slot)))

    def _is_shown(self) -> bool:
        return self.goes_on  # what is over stays as it is

    def _rest(self) -> float:
        return max(1.0, REST * self._seconds)

    def _wanted(self) -> Wanted:
        given = self.router.url.query_parameters
        return Wanted.of({str(name): as_text(value, 80) for name, value in given.items()})

    async def _load(self) -> None:
        began = time.perf_counter()
        async with self._looking() as (db, actor):
            if actor.permissions.report_scope == Reach.NONE:
                self.reset()  # what was shown before the permission was taken away goes with it; the page says why
                return
            report = await report_of(db, actor, self._wanted())
            origins = await known_origins(db, actor, report.found)
            self._show(report, actor, origins)
        self._seconds = time.perf_counter() - began

    def _show(self, report: Report, actor: Actor, origins: list[str]) -> None:
        found, language, wanted = report.found, actor.language, report.wanted.without_list()
        self._put(
            figures=report.cards(language).rows(),
            users=user_rows(found, report.names, wanted, language),
            course=course_rows(found.parts, report.span, language),
            responses=response_rows(found.responses, wanted, language),
            sources=source_rows(found.sources, report.widgets, wanted, language),
            heat=heat_rows(found.week, language),
            choices=choices_of(report, origins, language),
            first=report.span.first.isoformat(),
            last=report.span.last.isoformat(),
            dates=dates_label(report.span, language),
            begins=begins_label(report, language),
            step=translate(STEP_NAMES[report.span.step], language),
            is_dates=wanted.range_name == "dates",
            sees_all=sees_everybody(actor),
            exports=_exports(actor, wanted),
            query=wanted.address().partition("?")[2],
            goes_on=report.goes_on,
        )


DRAWN = ("new", "closed", "open")  # the series of the charts; by user there are but two


class BehindState(SignedInState):
    """The list of what is behind a figure, when the address asks for it."""

    rows: list[EvidenceRow] = []
    title: str = ""
    next_href: str = ""

    @rx.event
    async def close(self):
        """Put the list away."""
        return rx.redirect((await self.get_state(ReportState))._wanted().without_list().address())

    async def _load(self, wanted: Wanted) -> None:
        self.title, self.rows, self.next_href = "", [], ""
        if not wanted.figure or self.may.report_scope == Reach.NONE:
            return
        async with self._looking() as (db, actor):
            workspace = await db.get_one(Workspace, actor.workspace_id)
            asked = wanted.asked(actor, workspace, wanted.span(workspace, now()))
            found = await evidence(db, actor, asked, wanted.figure, wanted.narrowing, MOST + 1)
            self.rows = evidence_rows(found[:MOST], await names_of_users(db, actor), asked.zone, actor.language)
            self.next_href = wanted.next_address(found[MOST - 1].place) if len(found) > MOST else ""
            self.title = translate(_BEHIND[wanted.figure], actor.language)


_BEHIND = {
    "new": "New conversations",
    "closed": "Closed conversations",
    "sent": "Messages sent",
    "received": "Messages received",
    "first_response": "First responses",
    "per_user": "New conversations",
    "rated": "Ratings",
    "open": "Open conversations",
}


def _exports(actor: Actor, wanted: Wanted) -> list[LinkRow]:
    if not actor.permissions.can_export:
        return []
    query = wanted.address().partition("?")[2]
    return [LinkRow(name.upper(), f"/reports/export.{name}?{query}", False) for name in ("csv", "xlsx", "pdf")]
