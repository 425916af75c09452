"""What an address asks for: the report's page, its lists and its files read the same parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from urllib.parse import urlencode

from witei_app.accounts.actor import Actor
from witei_app.accounts.office_hours import hours_of
from witei_app.models import Channel, Workspace
from witei_app.reports.asked import Asked, Filters, ask
from witei_app.reports.behind import FIGURES, Narrowing
from witei_app.reports.span import PRESETS, USUAL, Span, span_of, zone_of

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
LONGEST_WORD = 64
_NONE = "-"  # an origin that is empty, in an address


@dataclass(frozen=True)
class Wanted:
    """What an address asks for, made safe. With `figure`, the list of what is behind it, narrowed and from there on."""

    range_name: str = USUAL
    first: date | None = None
    last: date | None = None
    filters: Filters = field(default_factory=Filters)
    in_office_hours: bool = False
    figure: str = ""
    narrowing: Narrowing = field(default_factory=Narrowing)

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """From the address's parameters; what makes no sense is as if it were not there."""
        name, channel = query.get("range", ""), query.get("channel", "")
        first, last = a_date(query.get("from", "")), a_date(query.get("to", ""))
        if name not in PRESETS or (name == "dates" and (first is None or last is None)):
            name, first, last = USUAL, None, None
        figure = query.get("show", "")
        return cls(
            name,
            first,
            last,
            Filters(
                _number(query.get("user")),
                channel if channel in CHANNEL_NAMES else "",
                _number(query.get("widget")),
                _word(query.get("origin")),
            ),
            query.get("times") == "office",
            figure if figure in FIGURES else "",
            _narrowing(query),
        )

    def span(self, workspace: Workspace, moment: datetime) -> Span:
        """The range, by the clocks of the workspace."""
        zone = zone_of(workspace.time_zone)
        return span_of(self.range_name, moment.astimezone(zone).date(), zone, self.first, self.last)

    def asked(self, actor: Actor, workspace: Workspace, span: Span) -> Asked:
        """What the actor asks for by it. Refuses those who may know no figures."""
        hours = hours_of(workspace) if self.in_office_hours else None
        return ask(actor, span.start, span.end, self.filters, zone=span.zone, hours=hours)

    def address(self, span: Span | None = None, **other: object) -> str:
        """The address that asks for the same page, but for `other` parameters; None leaves one out."""
        only = self.filters
        query: dict[str, object] = {"range": self.range_name, "user": only.user_id, "channel": only.channel or None}
        query |= {"widget": only.widget_id, "origin": None if only.origin is None else only.origin or _NONE}
        query |= {"times": "office" if self.in_office_hours else None}
        if self.range_name == "dates" and self.first and self.last:
            query |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
        query |= other
        if query["range"] == "dates" and "from" not in query and span:
            query |= {"from": span.first.isoformat(), "to": span.last.isoformat()}
        if query["range"] != "dates":
            query.pop("from", None)
            query.pop("to", None)
        return f"{ADDRESS}?{urlencode({name: value for name, value in query.items() if value not in (None, '')})}"

    def list_address(self, figure: str, **narrowing: object) -> str:
        """The address of the page with the list of what is behind a figure, or behind a part of it."""
        if "origin" in narrowing:
            narrowing["origin"] = narrowing["origin"] or _NONE
        return self.address(None, show=figure, **{f"only_{name}": value for name, value in narrowing.items()})

    def next_address(self, after: tuple[int, int]) -> str:
        """The same list from there on."""
        values = {one.name: getattr(self.narrowing, one.name) for one in fields(self.narrowing)}
        kept = {name: value for name, value in values.items() if value is not None and name != "after"}
        return self.list_address(self.figure, **kept, after=f"{after[0]}.{after[1]}")

    def without_list(self) -> "Wanted":
        """The page behind the list."""
        return replace(self, figure="", narrowing=Narrowing())


def _narrowing(query: Mapping[str, str]) -> Narrowing:
    def number(name: str) -> int | None:
        return _number(query.get(f"only_{name}"))

    channel = query.get("only_channel", "")
    moment, _, entry = query.get("only_after", "").partition(".")
    after = _number(moment), _number(entry)
    return Narrowing(
        user=number("user"),
        since=number("since"),
        until=number("until"),
        over=number("over"),
        under=number("under"),
        slot=number("slot"),
        channel=channel if channel in CHANNEL_NAMES and channel else None,
        widget=number("widget"),
        origin=_word(query.get("only_origin")),
        after=None if after[0] is None or after[1] is None else (after[0], after[1]),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else None


def _word(text: str | None) -> str | None:
    return None if not text else "" if text == _NONE else text[:LONGEST_WORD]


def a_date(text: str) -> date | None:
    """The day that a browser wrote, if it is one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
