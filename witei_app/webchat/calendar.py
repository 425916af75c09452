"""How times and days are written in the visitor's own form of the chat's language ("en-GB" writes 15:04).

The chat could ask the browser, but the first such question costs it 11 ms of reading its tables, as long as all of the
chat's own work at the opening.
"""

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError

_LONGEST_HEADER = 200
_QUOTED_OR_PART = re.compile(r"'([^']*)'|([a-zA-Z])\2*")
_YEAR = re.compile(r"[,\s]*(?:'[^']*'\s*)?y+")


def spelling(lang: str, accepted: str) -> dict[str, str]:
    """For the chat's script: the patterns of a time and of a day, and the names in them, between bars."""
    tags = (part.split(";")[0].strip() for part in accepted[:_LONGEST_HEADER].split(","))
    return _spelling(next((tag for tag in tags if tag.startswith(lang)), lang), lang)


@lru_cache(maxsize=200)
def _spelling(tag: str, lang: str) -> dict[str, str]:
    locale = _locale(tag) or Locale(lang)
    halves = locale.day_periods["format"]["abbreviated"]
    days, months = locale.days["format"]["wide"], locale.months["format"]["wide"]
    return {
        "time": _pattern(locale.time_formats["short"].pattern),
        "day": _pattern(_YEAR.sub("", locale.date_formats["full"].pattern)),
        "halves": f"{halves['am']}|{halves['pm']}",
        "weekdays": "|".join(days[day] for day in (6, 0, 1, 2, 3, 4, 5)),  # JavaScript's week begins on Sunday
        "months": "|".join(months[month] for month in range(1, 13)),
    }


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def _pattern(cldr: str) -> str:
    """ "d 'de' MMMM" as "{d} de {MMMM}" (Unicode TR35, date field symbols)."""
    return _QUOTED_OR_PART.sub(lambda found: found[1] if found[2] is None else f"{{{found[0]}}}", cldr)
