"""The report on paper (PDF): the same figures, the table by user, the charts, and what the figures mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from witei_app.pdf import Paper
from witei_app.reports.choices import OFFICE, begins_label, dates_label
from witei_app.reports.page import Report
from witei_app.reports.paper_charts import BRAND, INK, QUIET, draw_bars, draw_course, draw_heat
from witei_app.reports.rows import (
    CourseRow,
    HeatRow,
    PartRow,
    course_rows,
    heat_rows,
    response_rows,
    source_rows,
    user_rows,
)
from witei_app.reports.wanted import CHANNEL_NAMES
from witei_app.texts import translate

_LOGO = 14  # millimetres high
_A_ROW = 4  # figures


@dataclass(frozen=True)
class Charts:
    """What the page's charts show, each with its heading."""

    course: Sequence[CourseRow]
    course_heading: str
    course_names: Sequence[str]
    bars: Sequence[tuple[str, Sequence[PartRow]]]
    heat: Sequence[HeatRow]
    heat_heading: str
    nothing: str


@dataclass(frozen=True)
class Words:
    """What stands on the paper, in the reader's language: figures as (name, value, note), tables with their heading.

    `instead` is all that can be said of a range that has not begun.
    """

    language: str
    agency: str
    title: str
    subtitle: str
    figures: Sequence[tuple[str, str, str]]
    heading: str
    table: Sequence[Sequence[str]]
    notes: Sequence[tuple[str, str]]
    charts: Charts
    logo: bytes = b""  # a PNG
    instead: str = ""


def paper_words(report: Report, language: str, logo: bytes = b"") -> Words:
    """What stands on the paper of a report."""
    span, begins = report.span, begins_label(report, language)
    cards = report.cards(language).rows()
    users = user_rows(report.found, report.names, report.wanted, language)
    heading = [translate(text, language) for text in ("User", "Conversations", "Closed", "Messages sent")]
    heading += [translate(text, language) for text in ("First response", "Closing")]
    table = [[one.name, *map(str, (one.new, one.closed, one.sent)), one.first_response, one.closing] for one in users]
    return Words(
        language,
        report.workspace.name,
        translate("Conversation report", language),
        f"{dates_label(span, language)} · {span.zone.key} · {_filters(report, language)}",
        [(one.name, _spoken(one.value), _spoken(one.remark)) for one in cards],
        translate("By user", language),
        [heading, *table],
        [(one.name, one.definition) for one in cards],
        _charts(report, language),
        logo,
        f"{translate('This range has not begun yet', language)}. {begins}" if begins else "",
    )


def _spoken(text: str) -> str:
    """The paper's letters have no star."""
    return text.replace("★", "/ 5")


def _charts(report: Report, language: str) -> Charts:
    found, wanted = report.found, report.wanted
    say = partial(translate, language=language)
    return Charts(
        course_rows(found.parts, report.span, language),
        say("New, closed and open"),
        [say(name) for name in ("New conversations", "Closed", "Open")],
        [
            (say("First response times"), response_rows(found.responses, wanted, language)),
            (
                say("Where new conversations came from"),
                source_rows(found.sources, report.widgets, wanted, language),
            ),
        ],
        heat_rows(found.week, language),
        say("When contacts write"),
        say("Nothing happened in this range"),
    )


def _filters(report: Report, language: str) -> str:
    """What narrows the figures, in words: a paper has no menus. Who is unknown is not everybody."""
    only, user = report.wanted.filters, report.asked.user_id
    say, unknown = partial(translate, language=language), translate("Unknown", language)
    who = say("All users") if user is None else {0: say("Unassigned"), **report.names}.get(user, unknown)
    said = [who, say(CHANNEL_NAMES[only.channel])]
    said += [report.widgets.get(only.widget_id, unknown)] if only.widget_id is not None else []
    said += [say(only.origin or "Without origin")] if only.origin is not None else []
    said += [say(OFFICE)] if report.wanted.in_office_hours else []
    return " · ".join(said)


def report_pdf(words: Words) -> bytes:
    """The PDF's bytes."""
    pdf = Paper(words.title, words.agency, words.language)
    pdf.set_margins(18, 18)
    pdf.set_auto_page_break(True, margin=20)
    pdf.add_page()
    if words.logo:
        pdf.image(BytesIO(words.logo), h=_LOGO, keep_aspect_ratio=True)
        pdf.ln(3)
    _say(pdf, words.agency, size=11, ink=BRAND, bold=True)
    _say(pdf, words.title, size=20, bold=True)
    _say(pdf, words.subtitle, ink=QUIET)
    pdf.ln(5)
    if words.instead:
        _say(pdf, words.instead)
        return bytes(pdf.output())
    _figures(pdf, words.figures)
    _say(pdf, words.heading, size=12, bold=True)
    _table(pdf, words.table) if len(words.table) > 1 else _say(pdf, words.charts.nothing, ink=QUIET)
    pdf.ln(5)
    _drawn(pdf, words.charts)
    for name, text in words.notes:
        _say(pdf, name, size=8.5, bold=True)
        _say(pdf, text, size=8.5, ink=QUIET)
    return bytes(pdf.output())


def _drawn(pdf: FPDF, charts: Charts) -> None:
    _heading(pdf, charts.course_heading)
    draw_course(pdf, charts.course, charts.course_names)
    for heading, rows in charts.bars:
        pdf.ln(4)
        _heading(pdf, heading)
        draw_bars(pdf, rows) if rows else _say(pdf, charts.nothing, ink=QUIET)
    pdf.ln(4)
    _heading(pdf, charts.heat_heading)
    draw_heat(pdf, charts.heat)
    pdf.ln(5)


def _heading(pdf: FPDF, text: str) -> None:
    """At least some lines of what it is about stand on the same page."""
    if pdf.will_page_break(40):
        pdf.add_page()
    _say(pdf, text, size=12, bold=True)
    pdf.ln(1)


def _say(pdf: FPDF, text: str, *, size: float = 10, bold: bool = False, ink: tuple[int, int, int] = INK) -> None:
    pdf.set_font("Roboto", "B" if bold else "", size)
    pdf.set_text_color(*ink)
    pdf.multi_cell(0, size * 0.55, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _figures(pdf: FPDF, figures: Sequence[tuple[str, str, str]]) -> None:
    width = pdf.epw / _A_ROW
    for begin in range(0, len(figures), _A_ROW):
        top = below = pdf.get_y()
        for number, (name, value, note) in enumerate(figures[begin : begin + _A_ROW]):
            pdf.set_y(top)
            for text, size, bold, ink, high in (
                (name, 8.5, False, QUIET, 4.5),
                (value, 15, True, INK, 8),
                (note, 7.5, False, QUIET, 3.6),
            ):
                pdf.set_x(pdf.l_margin + number * width)
                pdf.set_font("Roboto", "B" if bold else "", size)
                pdf.set_text_color(*ink)
                pdf.multi_cell(width - 3, high, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            below = max(below, pdf.get_y())
        pdf.set_xy(pdf.l_margin, below + 4)


def _table(pdf: FPDF, rows: Sequence[Sequence[str]]) -> None:
    pdf.set_font("Roboto", "", 9)
    pdf.set_text_color(*INK)
    aligned = ("LEFT", *("RIGHT",) * (len(rows[0]) - 1))
    widths = (1.7, 1.3, *(1,) * (len(rows[0]) - 2))  # room for "Conversaciones" in one piece
    with pdf.table(text_align=aligned, col_widths=widths, borders_layout="HORIZONTAL_LINES", line_height=6) as table:
        for row in rows:
            table.row(row)
