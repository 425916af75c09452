"""The menus of the report's page: each choice is a link, so that the address holds what was chosen."""

from dataclasses import dataclass, field

from witei_app.models import Channel
from witei_app.reports.page import Report
from witei_app.reports.rows import LinkRow
from witei_app.reports.span import Span
from witei_app.reports.wanted import CHANNEL_NAMES, RANGE_NAMES
from witei_app.texts import later, translate
from witei_app.texts.when import date_label

CLOCK, OFFICE = later("Clock time"), later("Office hours")


@dataclass(frozen=True)
class Menu:
    """What is chosen, and all that can be."""

    label: str = ""
    links: list[LinkRow] = field(default_factory=list)


@dataclass(frozen=True)
class Choices:
    """The menus. `origins` and `times` are empty where there is nothing to choose."""

    ranges: Menu = field(default_factory=Menu)
    people: Menu = field(default_factory=Menu)
    channels: Menu = field(default_factory=Menu)
    origins: Menu = field(default_factory=Menu)
    times: Menu = field(default_factory=Menu)


def choices_of(report: Report, origins: list[str], language: str) -> Choices:
    """The menus of a report."""
    return Choices(
        _ranges(report, language),
        _people(report, language),
        _channels(report, language),
        _origins(report, origins, language),
        _times(report, language),
    )


def _menu(links: list[LinkRow], language: str) -> Menu:
    """A link may ask for somebody, or a chat, that is no more: that is not everybody."""
    return Menu(next((one.name for one in links if one.is_on), translate("Unknown", language)), links)


def _ranges(report: Report, language: str) -> Menu:
    wanted = report.wanted.without_list()
    return _menu(
        [
            LinkRow(translate(text, language), wanted.address(report.span, range=name), name == wanted.range_name)
            for name, text in RANGE_NAMES.items()
        ],
        language,
    )


def _people(report: Report, language: str) -> Menu:
    wanted = report.wanted.without_list()
    people: list[tuple[int | None, str]] = [(None, translate("All users", language)), *report.names.items()]
    people.append((0, translate("Unassigned", language)))
    chosen = wanted.filters.user_id
    return _menu([LinkRow(name, wanted.address(user=user), user == chosen) for user, name in people], language)


def _channels(report: Report, language: str) -> Menu:
    wanted = report.wanted.without_list()
    only = wanted.filters
    links = [
        LinkRow(
            translate(text, language),
            wanted.address(channel=name, widget=None),
            (only.channel, only.widget_id) == (name, None),
        )
        for name, text in CHANNEL_NAMES.items()
    ]
    if len(report.widgets) > 1:
        web_chat = Channel.WEB_CHAT.value
        links += [
            LinkRow(
                f"{translate('Web chat', language)} · {name}",
                wanted.address(channel=web_chat, widget=number),
                only.widget_id == number,
            )
            for number, name in report.widgets.items()
        ]
    return _menu(links, language)


def _origins(report: Report, origins: list[str], language: str) -> Menu:
    if len(origins) < 2:
        return Menu()
    wanted = report.wanted.without_list()
    links = [LinkRow(translate("All origins", language), wanted.address(origin=None), wanted.filters.origin is None)]
    links += [
        LinkRow(
            translate(name, language) if name else translate("Without origin", language),
            wanted.address(origin=name or "-"),
            wanted.filters.origin == name,
        )
        for name in origins
    ]
    return _menu(links, language)


def _times(report: Report, language: str) -> Menu:
    if not report.has_hours:
        return Menu()
    wanted = report.wanted.without_list()
    return _menu(
        [
            LinkRow(translate(CLOCK, language), wanted.address(times=None), not wanted.in_office_hours),
            LinkRow(translate(OFFICE, language), wanted.address(times="office"), wanted.in_office_hours),
        ],
        language,
    )


def begins_label(report: Report, language: str) -> str:
    """When the range begins, "" where it has."""
    day = date_label(report.span.first, language)
    return translate("It begins on {day}. Choose one that has begun.", language, day=day) if report.is_ahead else ""


def dates_label(span: Span, language: str) -> str:
    """Its first and last day."""
    first = date_label(span.first, language)
    return first if span.first == span.last else f"{first} – {date_label(span.last, language)}"
