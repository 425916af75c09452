"""A quote as PDF, in the language of who reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from io import BytesIO

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from witei_app.crm.money import euros, number
from witei_app.crm.quotes import Totals, line_total, totals
from witei_app.models import Contact, Quote, QuoteLine
from witei_app.pdf import Paper
from witei_app.texts import translate
from witei_app.texts.when import date_label, local_day

_INK, _QUIET, _LINE, _BRAND = (22, 24, 28), (98, 104, 114), (218, 221, 226), (29, 95, 224)
_LEFT, _WIDTH, _LOGO = 20, 170, 14
# Description takes what the numbers leave, which have room for millions.
_COLUMNS = (77, 20, 30, 13, 30)


@dataclass(frozen=True)
class Sheet:
    """What stands on the paper besides the quote itself. `link` is where it is answered, `logo` a PNG or JPEG."""

    agency: str
    contact: Contact
    language: str
    time_zone: str
    agent: str = ""
    link: str = ""
    logo: bytes = b""


def quote_pdf(quote: Quote, lines: Sequence[QuoteLine], sheet: Sheet) -> bytes:
    """The PDF. The same quote gives the same bytes, so that attaching it twice stores it once."""
    pdf = _paper(quote, sheet)
    _head(pdf, quote, sheet)
    if lines:
        _table(pdf, lines, sheet.language)
    _sums(pdf, totals(lines) if lines else None, quote, sheet.language)
    _foot(pdf, sheet)
    return bytes(pdf.output())


def file_name(quote: Quote, language: str) -> str:
    """What the file is called: "Presupuesto 2026-0142.pdf"."""
    return f"{translate('Quote', language)} {quote.number}.pdf"


def _paper(quote: Quote, sheet: Sheet) -> FPDF:
    pdf = Paper(f"{translate('Quote', sheet.language)} {quote.number}", sheet.agency, sheet.language)
    pdf.set_creation_date(quote.created_at.astimezone(UTC))
    pdf.set_margins(_LEFT, 20)
    pdf.set_auto_page_break(True, margin=22)
    pdf.add_page()
    return pdf


def _say(pdf: FPDF, text: str, *, size: float = 10, bold: bool = False, ink: tuple[int, int, int] = _INK) -> None:
    pdf.set_font("Roboto", "B" if bold else "", size)
    pdf.set_text_color(*ink)
    pdf.multi_cell(0, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")


def _head(pdf: FPDF, quote: Quote, sheet: Sheet) -> None:
    lang = sheet.language
    if sheet.logo:
        pdf.image(BytesIO(sheet.logo), h=_LOGO, keep_aspect_ratio=True)
        pdf.ln(3)
    _say(pdf, sheet.agency, size=12, bold=True, ink=_BRAND)
    pdf.ln(10)
    _say(pdf, f"{translate('Quote', lang)} {quote.number}", size=20, bold=True)
    _say(pdf, quote.title, size=12, ink=_QUIET)
    pdf.ln(8)
    contact = sheet.contact
    for_whom = [contact.full_name, *(part for part in (contact.email, contact.phone) if part != contact.full_name)]
    _pair(pdf, translate("For", lang), " · ".join(part for part in for_whom if part))
    _pair(pdf, translate("Date", lang), _date(local_day(quote.created_at, sheet.time_zone), lang))
    if quote.valid_until is not None:
        _pair(pdf, translate("Valid until", lang), _date(quote.valid_until, lang))
    pdf.ln(8)


def _pair(pdf: FPDF, label: str, value: str) -> None:
    pdf.set_font("Roboto", "", 10)
    pdf.set_text_color(*_QUIET)
    pdf.cell(32, 6, label)
    pdf.set_text_color(*_INK)
    pdf.multi_cell(0, 6, value, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")


def _table(pdf: FPDF, lines: Sequence[QuoteLine], lang: str) -> None:
    pdf.set_font("Roboto", "", 9.5)
    pdf.set_text_color(*_INK)
    pdf.set_draw_color(*_LINE)
    heads = ("Description", "Quantity", "Price", "VAT", "Amount")
    with pdf.table(
        width=_WIDTH,
        col_widths=_COLUMNS,
        text_align=("LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT"),
        borders_layout="HORIZONTAL_LINES",
        line_height=5.2,
        padding=(1.6, 1),
        headings_style=FontFace(emphasis="BOLD", color=_QUIET),
    ) as table:
        table.row([translate(head, lang) for head in heads])
        for line in lines:
            rate = f"{number(line.vat, lang)} %"
            amounts = (number(line.quantity, lang), euros(line.price, lang), rate, euros(line_total(line), lang))
            table.row([line.description, *amounts])
    pdf.ln(4)


def _sums(pdf: FPDF, sums: Totals | None, quote: Quote, lang: str) -> None:
    if sums is not None:
        _sum(pdf, translate("Net", lang), euros(sums.net, lang))
        for rate, base, tax in sums.vat:
            words = translate("VAT {rate} % of {base}", lang, rate=number(rate, lang), base=euros(base, lang))
            _sum(pdf, words, euros(tax, lang))
    _sum(pdf, translate("Total", lang), euros(quote.total, lang), bold=True)


def _sum(pdf: FPDF, label: str, amount: str, *, bold: bool = False) -> None:
    pdf.set_font("Roboto", "B" if bold else "", 12 if bold else 10)
    pdf.set_text_color(*(_INK if bold else _QUIET))
    pdf.cell(_WIDTH - 40, 7, label, align="R")
    pdf.set_text_color(*_INK)
    pdf.cell(40, 7, amount, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _foot(pdf: FPDF, sheet: Sheet) -> None:
    pdf.ln(10)
    if sheet.agent:
        _say(pdf, f"{sheet.agent}, {sheet.agency}", size=10, ink=_QUIET)
    if sheet.link:
        pdf.ln(2)
        pdf.set_font("Roboto", "", 10)
        pdf.set_text_color(*_BRAND)
        words = translate("Read, accept or decline this quote online", sheet.language)
        pdf.cell(0, 6, words, link=sheet.link, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _date(day: date, language: str) -> str:
    return date_label(day, language)
