"""Quantities and durations as people say them. Halves are rounded up, as spreadsheets do in which they are checked."""

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal, format_percent

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def number_label(number: float, language: str) -> str:
    """Say a number with the separators of the language: "12,400", "12.400", "3.5"."""
    return str(format_decimal(_rounded(number, "0.1"), locale=_locale(language)))


def duration_label(seconds: int | None) -> str:
    """Say how long in its two largest units: "45 s", "14 min", "1 h 50 min", "1 d 4 h"; a dash for none."""
    if seconds is None:
        return "–"
    if seconds < MINUTE:
        return f"{seconds} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    if seconds < DAY:
        return _two(seconds, HOUR, "h", MINUTE, "min")
    return _two(seconds, DAY, "d", HOUR, "h")


def change_label(now: float, before: float, language: str) -> str:
    """Say how much more or less than before: "+12 %", "−9 %"; nothing when there was nothing to compare with."""
    if not before or now == before:
        return "=" if before and now == before else ""
    share = _rounded((now - before) / before, "0.01")
    if share >= 10:
        return f"×{number_label(now / before, language)}"
    return f"{'+' if share > 0 else '−' if share < 0 else '±'}{format_percent(abs(share), locale=_locale(language))}"


def difference_label(now: int | None, before: int | None) -> str:
    """Say how much longer or shorter: "+2 h", "−6 min"."""
    if now is None or before is None:
        return ""
    if now == before:
        return "="
    return f"{'+' if now > before else '−'}{duration_label(abs(now - before))}"


def _rounded(number: float, step: str) -> Decimal:
    return Decimal(str(number)).quantize(Decimal(step), ROUND_HALF_UP)


def _two(seconds: int, large: int, large_name: str, small: int, small_name: str) -> str:
    more = seconds % large // small
    return f"{seconds // large} {large_name}" + (f" {more} {small_name}" if more else "")


def _locale(language: str) -> str:
    return language if language in ("en", "es") else "en"
