"""What the report's page shows, in the reader's words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from babel import Locale

from witei_app.models import Channel
from witei_app.reports.amounts import Figures, Part
from witei_app.reports.behind import Evidence
from witei_app.reports.facts import Numbers
from witei_app.reports.sources import Source
from witei_app.reports.span import Span
from witei_app.reports.wanted import Wanted
from witei_app.texts import LANGUAGES, translate
from witei_app.texts.amounts import duration_label, number_label
from witei_app.texts.when import date_label, moment_label, time_label


@dataclass(frozen=True)
class UserRow:
    """One line of the table by user; each number leads to its conversations."""

    id: int
    name: str
    new: int
    closed: int
    sent: int
    first_response: str
    closing: str
    rating: str
    new_href: str
    closed_href: str
    sent_href: str
    first_response_href: str
    rating_href: str


@dataclass(frozen=True)
class CourseRow:
    """One part of the course. `since` and `until` are its moments, in seconds since 1970."""

    label: str
    new: int
    closed: int
    backlog: int
    since: int
    until: int


@dataclass(frozen=True)
class PartRow:
    """How many of something; `href` leads to its conversations."""

    label: str
    quantity: int
    href: str = ""


@dataclass(frozen=True)
class HeatCell:
    """An hour of the week; `shade` is 0 to 5."""

    quantity: int
    shade: int
    slot: int


@dataclass(frozen=True)
class HeatRow:
    """A weekday."""

    label: str
    cells: list[HeatCell]


@dataclass(frozen=True)
class LinkRow:
    """One choice of a menu."""

    name: str
    href: str
    is_on: bool


@dataclass(frozen=True)
class EvidenceRow:
    """One entry that a figure counted."""

    number: int
    href: str
    name: str
    channel: str
    opened: str
    at: str
    took: str
    user: str


def user_rows(found: Figures, names: Mapping[int, str], wanted: Wanted, language: str) -> list[UserRow]:
    """The table by user, the most conversations first; what is nobody's comes last."""
    rows = []
    for user in sorted(found.users, key=lambda one: (one.user_id == 0, -one.new, names.get(one.user_id, ""))):
        shown = ("new", "closed", "sent", "first_response", "rated")
        links = [wanted.list_address(show, user=user.user_id) for show in shown]
        name = names.get(user.user_id) or translate("Unassigned", language)
        times = duration_label(user.first_response.median), duration_label(user.closing.mean)
        rating = "–" if user.ratings.mean is None else f"{number_label(user.ratings.mean, language)} ★"
        rows.append(UserRow(user.user_id, name, user.new, user.closed, user.sent, *times, rating, *links))
    return rows


def course_rows(drawn: Sequence[Part], span: Span, language: str) -> list[CourseRow]:
    """The parts of the course, by the clocks of the span's zone."""
    moments = [int(part.start.timestamp()) for part in drawn] + [int(span.end.timestamp())]
    return [
        CourseRow(_part_label(part.start, span, language), part.new, part.closed, part.backlog, since, until)
        for part, since, until in zip(drawn, moments, moments[1:], strict=False)
    ]


def _part_label(start: datetime, span: Span, language: str) -> str:
    whole = date_label(start.astimezone(span.zone).date(), language)
    day, month = whole.rsplit(" ", 1)[0], whole.split(" ", 1)[1]
    if span.step == "hour":
        time = _hour_label(start, span.zone, language)
        return time if span.days == 1 else f"{day}, {time}"
    return month if span.step == "month" else day


def _hour_label(start: datetime, zone: ZoneInfo, language: str) -> str:
    """When clocks are put back, an hour comes twice: each says on which clock."""
    here = start.astimezone(zone)
    is_twice = here.utcoffset() != here.replace(fold=1 - here.fold).utcoffset()
    return time_label(start, zone, language) + (f" {here.tzname()}" if is_twice else "")


_LIMITS = (
    (300, "under 5 min"),
    (900, "5 to 15 min"),
    (3_600, "15 to 60 min"),
    (4 * 3_600, "1 to 4 h"),
    (24 * 3_600, "4 to 24 h"),
    (None, "over 24 h"),
)


def response_rows(responses: Numbers, wanted: Wanted, language: str) -> list[PartRow]:
    """How first response times are distributed."""
    limits = [limit for limit, _ in _LIMITS if limit is not None]
    found = np.bincount(np.searchsorted(limits, responses, side="right"), minlength=len(_LIMITS))
    return [
        PartRow(
            translate(name, language),
            int(quantity),
            wanted.list_address("first_response", over=over, under=under),
        )
        for quantity, over, (under, name) in zip(found, [None, *limits], _LIMITS, strict=True)
    ]


MOST_SOURCES = 12


def source_rows(sources: Counter[Source], widgets: Mapping[int, str], wanted: Wanted, language: str) -> list[PartRow]:
    """Channels, widgets and origins, the most frequent first; all the rest is in the last line, so that it adds up."""
    rows = [
        PartRow(
            source_name(source, widgets, language),
            quantity,
            wanted.list_address("new", channel=source.channel, widget=source.widget_id, origin=source.origin),
        )
        for source, quantity in sources.most_common()
    ]
    if len(rows) <= MOST_SOURCES:
        return rows
    rest = rows[MOST_SOURCES - 1 :]
    others = translate("{number} others", language, number=len(rest))
    return [*rows[: MOST_SOURCES - 1], PartRow(others, sum(row.quantity for row in rest))]


def source_name(source: Source, widgets: Mapping[int, str], language: str) -> str:
    """ "E-mail · Portal"; a widget is named where there are several. Different sources have different names."""
    names = [channel_name(source.channel, language)]
    if source.widget_id and (len(widgets) > 1 or source.widget_id not in widgets):
        names.append(widgets.get(source.widget_id) or translate("a widget that is gone", language))
    origin = translate(source.origin, language) if source.origin else translate("Without origin", language)
    return " · ".join([*names, *([origin] if origin not in names else [])])


def channel_name(channel: str, language: str) -> str:
    """The channel in the reader's language."""
    return translate({"email": "E-mail", "web_chat": "Web chat"}.get(channel, channel), language)


def heat_rows(week: list[list[int]], language: str) -> list[HeatRow]:
    """The week, Monday first."""
    most = max(max(hours) for hours in week) or 1
    return [
        HeatRow(
            day_name(day, language),
            [HeatCell(quantity, -(-5 * quantity // most), day * 24 + hour) for hour, quantity in enumerate(hours)],
        )
        for day, hours in enumerate(week)
    ]


def day_name(day: int, language: str) -> str:
    """ "Mon", Monday is 0."""
    days = Locale(language if language in LANGUAGES else "en").days["format"]["abbreviated"]
    return str(days[day]).capitalize().rstrip(".")


def _took(one: Evidence) -> str:
    if one.stars is not None:
        return f"{one.stars} ★"
    return "" if one.seconds is None else duration_label(one.seconds)


def evidence_rows(
    found: Sequence[Evidence], names: Mapping[int, str], zone: ZoneInfo, language: str
) -> list[EvidenceRow]:
    """The entries behind a figure; what the reader may not open has no name and no link."""
    channels = {Channel.EMAIL: translate("E-mail", language), Channel.WEB_CHAT: translate("Web chat", language)}
    nobody = translate("Unassigned", language)
    return [
        EvidenceRow(
            number,
            f"/conversations/{one.conversation_id}" if one.contact_name else "",
            one.contact_name or translate("(deleted)" if one.is_deleted else "(not for your eyes)", language),
            channels[Channel(one.channel)],
            moment_label(one.opened_at, zone, language),
            moment_label(one.at, zone, language),
            _took(one),
            names.get(one.user_id, nobody),
        )
        for number, one in enumerate(found)
    ]
