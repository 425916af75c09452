"""What the report's page shows, in the reader's words."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale

from witei_app.models import Channel
from witei_app.reports import definitions
from witei_app.reports.behind import Evidence
from witei_app.reports.course import Part
from witei_app.reports.figures import Figures
from witei_app.reports.span import Span
from witei_app.texts import LANGUAGES, translate
from witei_app.texts.amounts import change_label, difference_label, duration_label, number_label
from witei_app.texts.when import date_label, moment_label, time_label

Address = Callable[..., str]


@dataclass(frozen=True)
class FigureRow:
    """One figure: `tone` is "up" (good), "down" (bad) or ""; `note` is the small line below."""

    name: str
    value: str
    change: str
    tone: str
    note: str
    definition: str
    href: str = ""


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
    new_href: str
    closed_href: str
    sent_href: str
    first_response_href: str


@dataclass(frozen=True)
class CourseRow:
    """One part of the course."""

    label: str
    new: int
    closed: int
    backlog: int


@dataclass(frozen=True)
class PartRow:
    """How many of something."""

    label: str
    quantity: int


@dataclass(frozen=True)
class HeatCell:
    """An hour of the week; `shade` is 0 to 5."""

    quantity: int
    shade: int
    hour: int


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


def figure_rows(found: Figures, before: Figures, address: Address, language: str) -> list[FigureRow]:
    """The cards at the top."""

    def say(text: str, **values: object) -> str:
        return translate(text, language, **values)

    def amount(name: str, now: float, then: float, note: str, show: str = "", good: str = "up") -> FigureRow:
        tone = good if now > then else "down" if now < then and good else ""
        then_words = say("{before} before", before=number_label(then, language))
        words = f"{then_words} · {note}" if note else then_words
        change = change_label(now, then, language)
        href = address(show=show) if show else ""
        return FigureRow(say(name), number_label(now, language), change, tone, words, say(_why(name)), href)

    def time(name: str, now: int | None, then: int | None, note: str, show: str) -> FigureRow:
        tone = "" if now is None or then is None or now == then else "up" if now < then else "down"
        change = difference_label(now, then)
        return FigureRow(say(name), duration_label(now), change, tone, note, say(_why(name)), address(show=show))

    response, closing = found.first_response, found.closing
    received = say("{quantity} received", quantity=number_label(found.received, language))
    return [
        amount(definitions.NEW, found.new, before.new, "", "new", good=""),
        amount(definitions.CLOSED, found.closed, before.closed, "", "closed"),
        amount(definitions.SENT, found.sent, before.sent, received, "sent"),
        time(
            definitions.FIRST_RESPONSE,
            response.median,
            before.first_response.median,
            say(
                "mean {mean} · 90 % under {most}", mean=duration_label(response.mean), most=duration_label(response.p90)
            ),
            "first_response",
        ),
        time(
            definitions.CLOSING,
            closing.mean,
            before.closing.mean,
            say(
                "median {median} · 90 % under {most}",
                median=duration_label(closing.median),
                most=duration_label(closing.p90),
            ),
            "closed",
        ),
        amount(definitions.PER_USER, found.per_user, before.per_user, "", good=""),
        _quality(found, before, address, language),
    ]


def _quality(found: Figures, before: Figures, address: Address, language: str) -> FigureRow:
    mean, then = found.ratings.mean, before.ratings.mean
    share = round(100 * found.ratings.quantity / found.closed) if found.closed else 0
    note = translate(
        "{quantity} rated · {share} % of the closed", language, quantity=found.ratings.quantity, share=share
    )
    value = "–" if mean is None else f"{number_label(round(mean, 1), language)} ★"
    change, tone = "", ""
    if mean is not None and then is not None and mean != then:
        change, tone = change_label(mean, then, language), "up" if mean > then else "down"
    name, why = definitions.QUALITY, _why(definitions.QUALITY)
    href = address(show="rated")
    return FigureRow(translate(name, language), value, change, tone, note, translate(why, language), href)


def _why(name: str) -> str:
    return definitions.DEFINITIONS[name]


def user_rows(found: Figures, names: Mapping[int, str], address: Address, language: str) -> list[UserRow]:
    """The table by user, the most conversations first; what is nobody's comes last."""
    rows = []
    for user in sorted(found.users, key=lambda one: (one.user_id == 0, -one.new, names.get(one.user_id, ""))):
        links = {
            show: address(user=str(user.user_id), show=show) for show in ("new", "closed", "sent", "first_response")
        }
        name = names.get(user.user_id) or translate("Unassigned", language)
        times = duration_label(user.first_response.median), duration_label(user.closing.mean)
        rows.append(UserRow(user.user_id, name, user.new, user.closed, user.sent, *times, *links.values()))
    return rows


def course_rows(drawn: Sequence[Part], span: Span, language: str) -> list[CourseRow]:
    """The parts of the course, by the clocks of the span's zone."""
    return [CourseRow(_part_label(part.start, span, language), part.new, part.closed, part.backlog) for part in drawn]


def _part_label(start: datetime, span: Span, language: str) -> str:
    if span.step == "hour":
        return time_label(start, span.zone, language)
    return date_label(start.astimezone(span.zone).date(), language).rsplit(" ", 1)[0]


_LIMITS = (
    (300, "under 5 min"),
    (900, "5 to 15 min"),
    (3_600, "15 to 60 min"),
    (4 * 3_600, "1 to 4 h"),
    (24 * 3_600, "4 to 24 h"),
)


def response_rows(durations: Counter[int], language: str) -> list[PartRow]:
    """How first response times are distributed."""
    found = [0] * (len(_LIMITS) + 1)
    for seconds, often in durations.items():
        found[next((n for n, (limit, _) in enumerate(_LIMITS) if seconds < limit), len(_LIMITS))] += often
    names = [name for _, name in _LIMITS] + ["over 24 h"]
    return [PartRow(translate(name, language), quantity) for name, quantity in zip(names, found, strict=True)]


def source_rows(sources: Counter[tuple[str, str]], language: str) -> list[PartRow]:
    """Channels and origins, the most frequent first."""
    names = {
        Channel.EMAIL.value: translate("E-mail", language),
        Channel.WEB_CHAT.value: translate("Web chat", language),
    }
    rows = Counter[str]()
    for (channel, origin), quantity in sources.items():
        shown, said = names.get(channel, channel), translate(origin, language)
        rows[shown if said in ("", shown) else f"{shown} · {said}"] += quantity
    return [PartRow(name, quantity) for name, quantity in rows.most_common(12)]


def heat_rows(week: list[list[int]], language: str) -> list[HeatRow]:
    """The week, Monday first."""
    days = Locale(language if language in LANGUAGES else "en").days["format"]["abbreviated"]
    most = max(max(hours) for hours in week) or 1
    return [
        HeatRow(
            str(days[day]).capitalize().rstrip("."),
            [HeatCell(quantity, -(-5 * quantity // most), hour) for hour, quantity in enumerate(hours)],
        )
        for day, hours in enumerate(week)
    ]


def _took(one: Evidence) -> str:
    if one.stars is not None:
        return f"{one.stars} ★"
    return "" if one.seconds is None else duration_label(one.seconds)


def evidence_rows(
    found: Sequence[Evidence], names: Mapping[int, str], zone: ZoneInfo, language: str
) -> list[EvidenceRow]:
    """The entries behind a figure; what the reader may not open has no name and no link."""
    channels = {Channel.EMAIL: translate("E-mail", language), Channel.WEB_CHAT: translate("Web chat", language)}
    hidden, nobody = translate("(not for your eyes)", language), translate("Unassigned", language)
    return [
        EvidenceRow(
            number,
            f"/conversations/{one.conversation_id}" if one.contact_name else "",
            one.contact_name or hidden,
            channels[Channel(one.channel)],
            moment_label(one.opened_at, zone, language),
            moment_label(one.at, zone, language),
            _took(one),
            names.get(one.user_id, nobody),
        )
        for number, one in enumerate(found)
    ]
