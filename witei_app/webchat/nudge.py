"""The line that a widget shows beside its button by itself: after some seconds, on some pages, once to each visitor."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from witei_app.errors import Refused

MOST_SECONDS = 600
MOST_PAGES = 50
MOST_STARS = 3  # in one pattern: more would make matching slow


@dataclass(frozen=True)
class Nudge:
    """`pages` are paths, "*" stands for anything: "/pisos/*"; none means every page."""

    is_on: bool = False
    seconds: int = 20
    pages: tuple[str, ...] = ()

    @property
    def pattern(self) -> str:
        """The pages as a regular expression for the browser, "" for every page."""
        parts = [
            "".join(".*" if part == "*" else _escaped(_encoded(part)) for part in re.split(r"(\*)", one))
            for one in self.pages
        ]
        return f"^({'|'.join(parts)})$" if parts else ""


def _encoded(text: str) -> str:
    """As a browser's `location.pathname` has it: "/áticos" is "/%C3%A1ticos"."""
    return quote(text, safe="/%:@!$&'()*+,;=-._~[]|^")


def _escaped(text: str) -> str:
    return re.sub(r"[\\^$.*+?()\[\]{}|/]", r"\\\g<0>", text)


def read_nudge(stored: Mapping[str, Any]) -> Nudge:
    """As a widget's row keeps it."""
    pages = tuple(str(page) for page in stored.get("pages", ()))
    return Nudge(bool(stored.get("is_on")), int(stored.get("seconds", Nudge.seconds)), pages)


def parse_nudge(*, is_on: bool, seconds: str, pages: str) -> dict[str, object]:
    """What was typed, as a row keeps it. Refuses what is no number of seconds or no path."""
    number = seconds.strip() or str(Nudge.seconds)
    if not (number.isascii() and number.isdigit() and int(number[:9]) <= MOST_SECONDS):
        raise Refused("Enter a number of seconds, {most} at most.", most=MOST_SECONDS)
    paths = [line.strip()[:200] for line in pages.splitlines() if line.strip()]
    if len(paths) > MOST_PAGES:
        raise Refused("More than {most} pages are not possible.", most=MOST_PAGES)
    for path in paths:
        if not path.startswith(("/", "*")) or path.count("*") > MOST_STARS:
            raise Refused("Write pages as /flats/* instead of {page}.", page=path[:60])
    return {"is_on": is_on, "seconds": int(number), "pages": paths}
