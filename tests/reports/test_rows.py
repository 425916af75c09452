"""What the page says of the figures: it adds up, and different things have different names."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

from witei_app.reports.amounts import Figures, Part, Ratings, Totals
from witei_app.reports.cards import Cards
from witei_app.reports.rows import MOST_SOURCES, course_rows, source_rows
from witei_app.reports.sources import Source
from witei_app.reports.span import Span, parts
from witei_app.reports.times import Times
from witei_app.reports.wanted import Wanted

MADRID = ZoneInfo("Europe/Madrid")


def labels(first: date, last: date) -> list[str]:
    span = Span(first, last, MADRID)
    drawn = [Part(start=start, per_user=0.0, backlog=0) for start in parts(span)[:-1]]
    return [row.label for row in course_rows(drawn, span, "en")]


def rated(quantity: int, closed: int) -> str:
    figures = Figures(closed=closed, ratings=Ratings(quantity, 4 * quantity))
    return Cards(figures, Totals(), Wanted(), "en").rows()[-1].note


def test_many_origins_add_up_to_all_new_conversations():
    sources = Counter({Source("email", 0, f"Fair {number}"): number + 1 for number in range(MOST_SOURCES + 5)})
    rows = source_rows(sources, {}, Wanted(), "en")
    assert len(rows) == MOST_SOURCES
    assert sum(row.quantity for row in rows) == sources.total()
    assert (rows[-1].label, rows[-1].href) == ("6 others", "")


def test_what_came_without_an_origin_is_told_apart():
    sources = Counter({Source("email", 0, "E-mail"): 2, Source("email", 0, ""): 1})
    sources |= Counter({Source("web_chat", 1, "Web chat"): 1, Source("web_chat", 7, "Web chat"): 1})
    names = [row.label for row in source_rows(sources, {1: "Web"}, Wanted(), "en")]
    assert names == ["E-mail", "E-mail · Without origin", "Web chat", "Web chat · a widget that is gone"]


def test_the_hours_of_two_days_say_which_day():
    hours = labels(date(2026, 10, 24), date(2026, 10, 25))
    assert (hours[0], hours[24], len(hours)) == ("24 Oct, 00:00", "25 Oct, 00:00", 49)
    assert labels(date(2026, 10, 24), date(2026, 10, 24))[0] == "00:00"


def test_an_hour_that_comes_twice_says_on_which_clock():
    hours = labels(date(2026, 10, 25), date(2026, 10, 25))
    assert hours[1:5] == ["01:00", "02:00 CEST", "02:00 CET", "03:00"]
    assert labels(date(2026, 3, 29), date(2026, 3, 29))[1:3] == ["01:00", "03:00"]


def test_months_are_named_with_their_year():
    assert labels(date(2025, 12, 15), date(2026, 11, 29))[:2] == ["Dec 2025", "Jan 2026"]


def test_a_share_of_nothing_is_not_told():
    assert rated(0, 0) == ""
    assert rated(1, 0) == "1 rated"
    assert rated(1, 4) == "1 rated · 25% of the closed"


def test_what_changed_is_told_apart_from_what_was_in_one_line():
    now = Figures(closed=2, closing=Times(2, 3_600, 3_600, 3_600))
    before = Totals(closed=1, closing=Times(1, 7_200, 7_200, 7_200))
    remarks = [card.remark for card in Cards(now, before, Wanted(), "en").rows()]
    assert remarks[1] == "+100% · 1 before"
    assert remarks[5] == "−1 h · 2 h before · median 1 h · 90% under 1 h"
