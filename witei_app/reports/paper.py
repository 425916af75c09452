"""The report on paper (PDF): the same figures, the table by user, and what the figures mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from witei_app.reports.choices import OFFICE, dates_label
from witei_app.reports.page import Report
from witei_app.reports.rows import user_rows
from witei_app.reports.wanted import CHANNEL_NAMES
from witei_app.texts import translate

_FONTS = Path(__file__).parent.parent / "crm" / "fonts"
_LOGO = 14  # millimetres high
_INK, _QUIET, _BRAND = (22, 24, 28), (98, 104, 114), (29, 95, 224)


@dataclass(frozen=True)
class Words:
    """What stands on the paper, in the reader's language: figures as (name, value, note), tables with their heading."""

    language: str
    agency: str
    title: str
    subtitle: str
    figures: Sequence[tuple[str, str, str]]
    heading: str
    table: Sequence[Sequence[str]]
    notes: Sequence[tuple[str, str]]
    logo: bytes = b""  # a PNG


def paper_words(report: Report, language: str, logo: bytes = b"") -> Words:
    """What stands on the paper of a report."""
    span = report.span
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
        [(one.name, one.value, one.remark) for one in cards],
        translate("By user", language),
        [heading, *table],
        [(one.name, one.definition) for one in cards],
        logo,
    )


def _filters(report: Report, language: str) -> str:
    """What narrows the figures, in words: a paper has no menus."""
    only = report.wanted.filters
    who = translate("All users", language)
    if report.asked.user_id is not None:
        who = report.names.get(report.asked.user_id) or translate("Unassigned", language)
    said = [who, translate(CHANNEL_NAMES[only.channel], language)]
    said += [report.widgets.get(only.widget_id, "")] if only.widget_id is not None else []
    said += [translate(only.origin, language)] if only.origin else []
    said += [translate(OFFICE, language)] if report.wanted.in_office_hours else []
    return " · ".join(one for one in said if one)


def report_pdf(words: Words) -> bytes:
    """The PDF's bytes."""
    pdf = FPDF(format="A4")
    pdf.set_title(words.title)
    pdf.set_author(words.agency)
    pdf.set_lang(words.language)
    pdf.add_font("Roboto", "", _FONTS / "Roboto-Regular.ttf")
    pdf.add_font("Roboto", "B", _FONTS / "Roboto-Bold.ttf")
    pdf.set_margins(18, 18)
    pdf.set_auto_page_break(True, margin=20)
    pdf.add_page()
    if words.logo:
        pdf.image(BytesIO(words.logo), h=_LOGO, keep_aspect_ratio=True)
        pdf.ln(3)
    _say(pdf, words.agency, size=11, ink=_BRAND, bold=True)
    _say(pdf, words.title, size=20, bold=True)
    _say(pdf, words.subtitle, ink=_QUIET)
    pdf.ln(5)
    _figures(pdf, words.figures)
    _say(pdf, words.heading, size=12, bold=True)
    _table(pdf, words.table)
    pdf.ln(5)
    for name, text in words.notes:
        _say(pdf, name, size=8.5, bold=True)
        _say(pdf, text, size=8.5, ink=_QUIET)
    return bytes(pdf.output())


def _say(pdf: FPDF, text: str, *, size: float = 10, bold: bool = False, ink: tuple[int, int, int] = _INK) -> None:
    pdf.set_font("Roboto", "B" if bold else "", size)
    pdf.set_text_color(*ink)
    pdf.multi_cell(0, size * 0.55, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _figures(pdf: FPDF, figures: Sequence[tuple[str, str, str]]) -> None:
    width = pdf.epw / 3
    for begin in range(0, len(figures), 3):
        top = pdf.get_y()
        for number, (name, value, note) in enumerate(figures[begin : begin + 3]):
            for line, (text, size, bold, ink) in enumerate(
                [(name, 9, False, _QUIET), (value, 16, True, _INK), (note, 7.5, False, _QUIET)]
            ):
                pdf.set_xy(pdf.l_margin + number * width, top + (0, 4.5, 12.5)[line])
                pdf.set_font("Roboto", "B" if bold else "", size)
                pdf.set_text_color(*ink)
                pdf.cell(width - 3, 5 if line != 1 else 8, text)
        pdf.set_xy(pdf.l_margin, top + 22)


def _table(pdf: FPDF, rows: Sequence[Sequence[str]]) -> None:
    pdf.set_font("Roboto", "", 9)
    pdf.set_text_color(*_INK)
    aligned = ("LEFT", *("RIGHT",) * (len(rows[0]) - 1))
    with pdf.table(text_align=aligned, borders_layout="HORIZONTAL_LINES", line_height=6) as table:
        for row in rows:
            table.row(row)
