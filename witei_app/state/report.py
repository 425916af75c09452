"""The Conversation report: what the address asks for, and the numbers on the page."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.models import Channel, Workspace
from witei_app.reports.asked import ask, sees_everybody
from witei_app.reports.behind import FIGURES, MOST, evidence
from witei_app.reports.course import course
from witei_app.reports.figures import figures_of
from witei_app.reports.heat import messages_by_hour
from witei_app.reports.people import names_of_users
from witei_app.reports.span import PRESETS, USUAL, Span, cut, parts, span_before, span_of, zone_of
from witei_app.state.report_rows import (
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
from witei_app.state.signed_in import SignedInState, as_text
from witei_app.texts import translate
from witei_app.texts.when import date_label

ADDRESS = "/reports/conversations"
RANGE_NAMES = {
    "today": "Today",
    "yesterday": "Yesterday",
    "last_7": "Last 7 days",
    "last_30": "Last 30 days",
    "last_90": "Last 90 days",
    "this_month": "This month",
    "last_month": "Last month",
    "quarter": "This quarter",
    "year": "This year",
    "dates": "Other dates",
}
STEP_NAMES = {"hour": "by hour", "day": "by day", "week": "by week", "month": "by month"}
CHANNEL_NAMES = {"": "All channels", Channel.EMAIL.value: "E-mail", Channel.WEB_CHAT.value: "Web chat"}


@dataclass(frozen=True)
class Wanted:
    """What an address asks for, made safe."""

    range_name: str = USUAL
    first: date | None = None
    last: date | None = None
    user_id: int | None = None
    channel: str = ""
    figure: str = ""

    @classmethod
    def of(cls, query: dict[str, str]) -> "Wanted":
        """From the address's parameters; what makes no sense is as if it were not there."""
        name, user, channel = query.get("range", ""), query.get("user", ""), query.get("channel", "")
        first, last = _date(query.get("from", "")), _date(query.get("to", ""))
        if name not in PRESETS or (name == "dates" and (first is None or last is None)):
            name, first, last = USUAL, None, None
        is_number = user.isascii() and user.isdigit() and len(user) < 19
        figure = query.get("show", "")
        return cls(
            name,
            first,
            last,
            int(user) if is_number else None,
            channel if channel in CHANNEL_NAMES else "",
            figure if figure in FIGURES else "",
        )

    def address(self, span: Span | None = None, **other: str) -> str:
        """The address that asks for the same, but for `other` parameters; empty ones are left out."""
        query = {"range": self.range_name, "user": "" if self.user_id is None else str(self.user_id)}
        if self.range_name == "dates" and self.first and self.last:
            query |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
        query |= {"channel": self.channel} | other
        if query["range"] == "dates" and "from" not in query and span:
            query |= {"from": span.first.isoformat(), "to": span.last.isoformat()}
        if query["range"] != "dates":
            query.pop("from", None)
            query.pop("to", None)
        return f"{ADDRESS}?{urlencode({name: value for name, value in query.items() if value})}"


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
    close_address: str = ADDRESS

    @rx.event
    async def arrive(self):
        """Show what the address asks for."""
        await self._enter_page()
        await self._load()

    @rx.event
    async def choose_dates(self, form: dict[str, str]):
        """Any dates, from the two fields."""
        form = form if isinstance(form, dict) else {}
        first, last = _date(as_text(form.get("from"), 10)), _date(as_text(form.get("to"), 10))
        if first is None or last is None:
            return None
        wanted = {"range": "dates", "from": first.isoformat(), "to": last.isoformat()}
        return rx.redirect(self._wanted().address(**wanted))

    @rx.event
    async def close_behind(self):
        """Put the list of conversations away."""
        return rx.redirect(self._wanted().address())

    @rx.event
    async def freshen(self):
        """Read the figures again."""
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
            self.responses = response_rows(found.first_responses, actor.language)
            self.sources = source_rows(found.sources, actor.language)
            self.heat = heat_rows(week, actor.language)
            self.behind = evidence_rows(behind[:MOST], names, zone, actor.language)
            self.behind_more = len(behind) > MOST
            self.behind_title = translate(_BEHIND.get(wanted.figure, ""), actor.language) if wanted.figure else ""
            self.close_address = wanted.address()

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
}


def _dates(span: Span, language: str) -> str:
    first = date_label(span.first, language)
    return first if span.first == span.last else f"{first} – {date_label(span.last, language)}"


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
