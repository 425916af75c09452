"""Amounts: read from what people type, exact, rounded as invoices are, and said in a language."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from babel import UnknownLocaleError
from babel.numbers import format_currency, format_decimal

from witei_app.errors import Refused

CENT = Decimal("0.01")
_POINT_GROUPS = re.compile(r"\d{1,3}(\.\d{3})+")
_COMMA_GROUPS = re.compile(r"\d{1,3}(,\d{3})+")


def rounded(amount: Decimal) -> Decimal:
    """To cents, halves up, as Spanish invoices are."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def read_amount(typed: str, language: str, *, places: int, most: Decimal) -> Decimal:
    """The number that somebody typed: "1.200,50", "1,200.50", "1200,5 €", "21 %". Refuses anything else.

    "1.200" is ambiguous: twelve hundred where a point groups thousands, one and a fifth in English.
    """
    text = re.sub(r"[\s€%]", "", typed)
    if not text:
        raise Refused("Fill in the quantity and the price of each line.")
    if "." in text and "," in text:
        group = "." if text.rindex(".") < text.rindex(",") else ","
        text = text.replace(group, "")
    elif language == "en" and _COMMA_GROUPS.fullmatch(text):
        text = text.replace(",", "")
    elif language != "en" and _POINT_GROUPS.fullmatch(text):
        text = text.replace(".", "")
    text = text.replace(",", ".")
    if not re.fullmatch(r"-?\d{1,12}(\.\d{0,6})?|-?\.\d{1,6}", text):
        raise Refused("{typed} is not a number.", typed=typed[:40])
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise Refused("{typed} is not a number.", typed=typed[:40]) from None
    if abs(amount) > most:
        raise Refused("{typed} is too much.", typed=typed[:40])
    if amount != amount.quantize(Decimal(1).scaleb(-places)):
        raise Refused("{typed} has too many decimals.", typed=typed[:40])
    return amount


def euros(amount: Decimal, language: str) -> str:
    """Say an amount: "1.200,50 €" in Spanish, "€1,200.50" in English."""
    try:
        return format_currency(amount, "EUR", locale=language or "en")
    except UnknownLocaleError:
        return format_currency(amount, "EUR", locale="en")


def price(amount: Decimal, language: str) -> str:
    """Say an amount without its currency, as one types it: "1.200,50"."""
    return _worded(amount, "#,##0.00", language)


def number(amount: Decimal, language: str) -> str:
    """Say a number without needless zeros: "1,5"."""
    return _worded(amount.normalize(), "#,##0.###", language)


def _worded(amount: Decimal, shape: str, language: str) -> str:
    try:
        return format_decimal(amount, format=shape, locale=language or "en")
    except UnknownLocaleError:
        return format_decimal(amount, format=shape, locale="en")
