"""Times and sizes as people say them, in their language and time zone.

Babel reads its locale tables anew on each call (about 40 µs); one page of the inbox words hundreds of times. So the
names of months and days are taken from it once per language, and the sentence is put together here.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError

from witei_app.texts.translate import translate

_UNITS = ("B", "KB", "MB", "GB", "TB")


@dataclass(frozen=True)
class _Names:
    """What a language calls its days and months, Monday and January first."""

    days: tuple[str, ...]
    short_days: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    decimal: str
    between_hours: str  # ":", in Finnish "."


def when_label(at: datetime, now: datetime, tz: str | tzinfo, language: str) -> str:
    """Say when in a word for a list: "10:42", "Yesterday", "Fri", "14 Nov", "14/11/2024"."""
    return label_on(_local(now, tz).date(), at, tz, language)


def label_on(today: date, at: datetime, tz: str | tzinfo, language: str) -> str:
    """What `when_label` says all day long."""
    here = _local(at, tz)
    day, names = here.date(), _names(language)
    age = (today - day).days
    if age == 0:
        return _clock(here, names)
    if age == 1:
        return _yesterday(language)
    if 1 < age < 7:
        return names.short_days[day.weekday()]
    if day.year == today.year:
        return f"{day.day} {names.short_months[day.month - 1]}"
    return f"{day:%d/%m/%Y}"


def time_label(at: datetime, tz: str | tzinfo, language: str = "en") -> str:
    """Say the time of day, "18:04"."""
    return _clock(_local(at, tz), _names(language))


def day_label(at: datetime, now: datetime, tz: str | tzinfo, language: str) -> str:
    """Say the day for a separator: "Today", "Yesterday", "Thursday 19 November", with the year when it is another."""
    day, today = _local(at, tz).date(), _local(now, tz).date()
    if day == today:
        return translate("Today", language)
    if day == today - timedelta(days=1):
        return _yesterday(language)
    return _capital(_long_day(day, day.year != today.year, language))


def day_in_words(day: date, language: str) -> str:
    """Say a day of this year within a sentence: "Thursday 19 November", "jueves 19 de noviembre"."""
    return _long_day(day, False, language)


def moment_label(at: datetime, tz: str | tzinfo, language: str) -> str:
    """Say day and time in full: "19 Nov 2026, 18:04"."""
    here, names = _local(at, tz), _names(language)
    return f"{here.day} {names.short_months[here.month - 1]} {here.year}, {_clock(here, names)}"


def local_day(at: datetime, tz: str | tzinfo) -> date:
    """The calendar day that it is there."""
    return _local(at, tz).date()


def date_label(day: date, language: str) -> str:
    """Say a calendar day: "19 Nov 2026"."""
    return f"{day.day} {_names(language).short_months[day.month - 1]} {day.year}"


def size_label(size: int, language: str = "en") -> str:
    """Say a size in bytes as "214 KB" or "1.3 MB", in steps of 1024 as file managers do."""
    step, amount = 0, float(max(size, 0))
    while amount >= 1023.5 and step < len(_UNITS) - 1:
        step, amount = step + 1, amount / 1024
    digits = 1 if step >= 2 and amount < 99.95 else 0
    number = f"{amount:.{digits}f}".removesuffix(".0")
    return f"{number.replace('.', _names(language).decimal)} {_UNITS[step]}"


@lru_cache(maxsize=4096)
def _long_day(day: date, has_year: bool, language: str) -> str:
    names = _names(language)
    pattern = "{weekday} {day} {month} {year}" if has_year else "{weekday} {day} {month}"
    weekday, month = names.days[day.weekday()], names.months[day.month - 1]
    return translate(pattern, language, weekday=weekday, day=day.day, month=month, year=day.year)


@lru_cache(maxsize=32)
def _yesterday(language: str) -> str:
    return translate("Yesterday", language)


@lru_cache(maxsize=32)
def _names(language: str) -> _Names:
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    days, months = locale.days["format"], locale.months["format"]
    return _Names(
        days=tuple(days["wide"][index] for index in range(7)),
        short_days=tuple(_capital(days["abbreviated"][index]) for index in range(7)),
        months=tuple(months["wide"][index] for index in range(1, 13)),
        short_months=tuple(months["abbreviated"][index] for index in range(1, 13)),
        decimal=locale.number_symbols["latn"]["decimal"],
        between_hours="." if "H.mm" in locale.time_formats["short"].pattern else ":",
    )


def _clock(here: datetime, names: _Names) -> str:
    return f"{here:%H}{names.between_hours}{here:%M}"


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:].rstrip(".")


def _local(at: datetime, tz: str | tzinfo) -> datetime:
    return at.astimezone(_zone(tz) if isinstance(tz, str) else tz)


@lru_cache(maxsize=512)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
