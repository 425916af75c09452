"""The numbers of a chart as lines of a file."""

from collections.abc import Iterable

from witei_app.reports.page import Report
from witei_app.reports.rows import day_name, response_rows, source_rows, user_rows
from witei_app.reports.sheet import Value
from witei_app.texts import translate

CHARTS = ("course", "users", "responses", "sources", "heat")
Lines = list[list[Value]]


def chart_lines(report: Report, name: str, language: str) -> Lines:
    """A heading and the numbers that the chart `name` is drawn from."""
    lines = {"course": _course, "users": _users, "responses": _responses, "sources": _sources, "heat": _heat}
    return lines[name](report, language)


def _heading(language: str, *names: str) -> list[Value]:
    return [translate(name, language) for name in names]


def _course(report: Report, language: str) -> Lines:
    starts = [part.start.astimezone(report.span.zone) for part in report.found.parts]
    heading = _heading(language, "When", "New conversations", "Closed", "Open")
    drawn = zip(starts, report.found.parts, strict=True)
    return _below(heading, ([start, part.new, part.closed, part.backlog] for start, part in drawn))


def _users(report: Report, language: str) -> Lines:
    heading = _heading(language, "User", "New conversations", "Closed", "Messages sent")
    rows = user_rows(report.found, report.names, report.wanted, language)
    return _below(heading, ([row.name, row.new, row.closed, row.sent] for row in rows))


def _responses(report: Report, language: str) -> Lines:
    rows = response_rows(report.found.responses, report.wanted, language)
    heading = _heading(language, "First response", "Conversations")
    return _below(heading, ([row.label, row.quantity] for row in rows))


def _sources(report: Report, language: str) -> Lines:
    rows = source_rows(report.found.sources, report.widgets, report.wanted, language)
    heading = _heading(language, "Origin", "Conversations")
    return _below(heading, ([row.label, row.quantity] for row in rows))


def _heat(report: Report, language: str) -> Lines:
    week = enumerate(report.found.week)
    return _below(["", *range(24)], ([day_name(day, language), *hours] for day, hours in week))


def _below(heading: list[Value], lines: Iterable[list[Value]]) -> Lines:
    return [heading, *lines]
