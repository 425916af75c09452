"""What an address asks for: the report's page and its exports read the same parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from witei_app.models import Channel
from witei_app.reports.behind import FIGURES
from witei_app.reports.span import PRESETS, USUAL, Span

ADDRESS = "/reports/conversations"
RANGE_NAMES = {
    "today": "Today",
    "yesterday": "Yesterday",
    "last_7": "Last 7 days",
    "last_30": "Last 30 days",
    "last_90": "Last 90 days",
    "this_month": "This month",
    "last_month": "Last month",
    "quarter": "This quarter",
    "year": "This year",
    "dates": "Other dates",
}
CHANNEL_NAMES = {"": "All channels", Channel.EMAIL.value: "E-mail", Channel.WEB_CHAT.value: "Web chat"}


@dataclass(frozen=True)
class Wanted:
    """What an address asks for, made safe."""

    range_name: str = USUAL
    first: date | None = None
    last: date | None = None
    user_id: int | None = None
    channel: str = ""
    figure: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """From the address's parameters; what makes no sense is as if it were not there."""
        name, user, channel = query.get("range", ""), query.get("user", ""), query.get("channel", "")
        first, last = a_date(query.get("from", "")), a_date(query.get("to", ""))
        if name not in PRESETS or (name == "dates" and (first is None or last is None)):
            name, first, last = USUAL, None, None
        is_number = user.isascii() and user.isdigit() and len(user) < 19
        figure = query.get("show", "")
        return cls(
            name,
            first,
            last,
            int(user) if is_number else None,
            channel if channel in CHANNEL_NAMES else "",
            figure if figure in FIGURES else "",
        )

    def address(self, span: Span | None = None, **other: str) -> str:
        """The address that asks for the same, but for `other` parameters; empty ones are left out."""
        query = {"range": self.range_name, "user": "" if self.user_id is None else str(self.user_id)}
        if self.range_name == "dates" and self.first and self.last:
            query |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
        query |= {"channel": self.channel} | other
        if query["range"] == "dates" and "from" not in query and span:
            query |= {"from": span.first.isoformat(), "to": span.last.isoformat()}
        if query["range"] != "dates":
            query.pop("from", None)
            query.pop("to", None)
        return f"{ADDRESS}?{urlencode({name: value for name, value in query.items() if value})}"


def a_date(text: str) -> date | None:
    """The day that a browser wrote, if it is one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
