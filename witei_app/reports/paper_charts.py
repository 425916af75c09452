"""The report's charts on paper, drawn with lines and boxes: what they say is in the page's own rows."""

from collections.abc import Sequence

from fpdf import FPDF

from witei_app.reports.rows import CourseRow, HeatRow, PartRow

INK, QUIET, BRAND, LINE = (22, 24, 28), (98, 104, 114), (29, 95, 224), (216, 219, 224)
# Told apart by people who see no red or no green, and in black and white: each with its colour and its dashes.
_SERIES = ((BRAND, 0.0), ((0, 158, 115), 2.4), ((224, 138, 30), 0.8))
_HIGH, _BAR, _CELL = 42, 5.5, 5.0  # millimetres


def draw_course(pdf: FPDF, rows: Sequence[CourseRow], names: Sequence[str]) -> None:
    """New, closed and open over time, as three lines below their names."""
    _room_for(pdf, _HIGH + 16)
    _legend(pdf, names)
    series = [[row.new for row in rows], [row.closed for row in rows], [row.backlog for row in rows]]
    most = max(max(values, default=0) for values in series) or 1
    left, top, width = pdf.l_margin + 8, pdf.get_y() + 2, pdf.epw - 8
    _frame(pdf, left, top, width, most)
    step = width / max(1, len(rows) - 1)
    for values, (colour, dash) in zip(series, _SERIES, strict=True):
        pdf.set_draw_color(*colour)
        pdf.set_line_width(0.5)
        pdf.set_dash_pattern(dash=dash, gap=1.2 if dash else 0)
        points = [(left + number * step, top + _HIGH - _HIGH * value / most) for number, value in enumerate(values)]
        pdf.polyline(points if len(points) > 1 else [points[0], (left + width, points[0][1])])
    pdf.set_dash_pattern()
    pdf.set_line_width(0.2)
    _ends(pdf, rows, top + _HIGH + 1)


def draw_bars(pdf: FPDF, rows: Sequence[PartRow]) -> None:
    """A line for each: its name, a bar, and how many."""
    most, name = max((row.quantity for row in rows), default=0) or 1, pdf.epw * 0.36
    for row in rows:
        _room_for(pdf, _BAR)
        top = pdf.get_y()
        _write(pdf, row.label, pdf.l_margin, top, name, align="L")
        wide = (pdf.epw - name - 16) * row.quantity / most
        pdf.set_fill_color(*BRAND)
        if wide:
            pdf.rect(pdf.l_margin + name + 2, top + 1, wide, _BAR - 2, style="F")
        _write(pdf, str(row.quantity), pdf.l_margin + name + 3 + wide, top, 12, align="L")
        pdf.set_xy(pdf.l_margin, top + _BAR)


def draw_heat(pdf: FPDF, rows: Sequence[HeatRow]) -> None:
    """The week's hours, the more the darker."""
    _room_for(pdf, _CELL * 8)
    name = 14.0
    cell = (pdf.epw - name) / 24
    for hour in range(24):
        _write(pdf, str(hour), pdf.l_margin + name + hour * cell, pdf.get_y(), cell, ink=QUIET)
    for row in rows:
        top = pdf.get_y() + _CELL
        _write(pdf, row.label, pdf.l_margin, top, name, align="L")
        for number, one in enumerate(row.cells):
            left = pdf.l_margin + name + number * cell
            if one.shade:
                pdf.set_fill_color(*(round(255 - (255 - part) * one.shade / 6) for part in BRAND))
                pdf.rect(left + 0.2, top + 0.2, cell - 0.4, _CELL - 0.4, style="F")
            _write(pdf, str(one.quantity), left, top, cell, ink=INK if one.shade < 4 else (255, 255, 255))
        pdf.set_xy(pdf.l_margin, top)
    pdf.set_xy(pdf.l_margin, pdf.get_y() + _CELL)


def _room_for(pdf: FPDF, high: float) -> None:
    if pdf.will_page_break(high):
        pdf.add_page()


def _legend(pdf: FPDF, names: Sequence[str]) -> None:
    top, left = pdf.get_y(), pdf.l_margin
    for text, (colour, dash) in zip(names, _SERIES, strict=True):
        pdf.set_draw_color(*colour)
        pdf.set_line_width(0.6)
        pdf.set_dash_pattern(dash=dash, gap=1.2 if dash else 0)
        pdf.line(left, top + _CELL / 2, left + 8, top + _CELL / 2)
        _write(pdf, text, left + 9, top, 50, align="L")
        left += 11 + pdf.get_string_width(text) + 6
    pdf.set_dash_pattern()
    pdf.set_xy(pdf.l_margin, top + _CELL)


def _frame(pdf: FPDF, left: float, top: float, width: float, most: int) -> None:
    pdf.set_draw_color(*LINE)
    pdf.set_line_width(0.2)
    for share, value in ((0.0, most), (1.0, 0)):
        pdf.line(left, top + _HIGH * share, left + width, top + _HIGH * share)
        _write(pdf, str(value), pdf.l_margin - 3, top + _HIGH * share - _CELL / 2, 10, ink=QUIET, align="R")


def _ends(pdf: FPDF, rows: Sequence[CourseRow], top: float) -> None:
    if rows:
        _write(pdf, rows[0].label, pdf.l_margin + 8, top, 60, ink=QUIET, align="L")
    if len(rows) > 1:
        _write(pdf, rows[-1].label, pdf.l_margin + pdf.epw - 60, top, 60, ink=QUIET, align="R")
    pdf.set_xy(pdf.l_margin, top + _CELL)


def _write(
    pdf: FPDF,
    text: str,
    left: float,
    top: float,
    width: float,
    *,
    ink: tuple[int, int, int] = INK,
    align: str = "C",
) -> None:
    pdf.set_font("Roboto", "", 7.5)
    pdf.set_text_color(*ink)
    while text and pdf.get_string_width(text) > width:
        text = text[:-2] + "…" if len(text) > 2 else ""
    pdf.set_xy(left, top)
    pdf.cell(width, _CELL, text, align=align)
