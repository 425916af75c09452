"""The report's cards: each figure with its change, its course and its meaning."""

from collections.abc import Sequence
from dataclasses import dataclass

from witei_app.reports import definitions
from witei_app.reports.amounts import Figures, Totals
from witei_app.reports.sparkline import sparkline
from witei_app.reports.wanted import Wanted
from witei_app.texts import translate
from witei_app.texts.amounts import change_label, difference_label, duration_label, number_label


@dataclass(frozen=True)
class FigureRow:
    """One figure: `tone` is "up" (good), "down" (bad) or ""; `before` is what it was; `note` the small line below what
    changed; `line` an SVG path.
    """

    name: str
    value: str
    change: str
    tone: str
    before: str
    note: str
    definition: str
    href: str = ""
    line: str = ""

    @property
    def remark(self) -> str:
        """All that is said below the value, in one line, for paper and mail."""
        return " · ".join(part for part in (self.change, self.before, self.note) if part)


@dataclass(frozen=True)
class Cards:
    """What the cards compare, for whom, and which page their lists belong to."""

    found: Figures
    before: Totals
    wanted: Wanted
    language: str

    def rows(self) -> list[FigureRow]:
        """All of them, in the order of the page."""
        received = self._amount(definitions.RECEIVED, "received", good="")
        per_user = self._amount(definitions.PER_USER, "per_user", good="")
        return [*self._amounts(), received, self._response(), self._closing(), per_user, self._quality()]

    def few(self) -> list[FigureRow]:
        """The four of them that tell how a day goes."""
        received = self._say("{quantity} received", quantity=number_label(self.found.received, self.language))
        return [*self._amounts(received), self._response()]

    def _amounts(self, received: str = "") -> list[FigureRow]:
        return [
            self._amount(definitions.NEW, "new", good=""),
            self._amount(definitions.CLOSED, "closed"),
            self._amount(definitions.SENT, "sent", received),
        ]

    def _amount(self, name: str, show: str, note: str = "", good: str = "up") -> FigureRow:
        """The figure `show` of the totals and of each part; its list has the same name."""
        now, then = getattr(self.found, show), getattr(self.before, show)
        tone = good if now > then else "down" if now < then and good else ""
        return self._row(
            name,
            number_label(now, self.language),
            change_label(now, then, self.language),
            tone,
            number_label(then, self.language),
            note,
            show,
            [getattr(part, show) for part in self.found.parts],
        )

    def _response(self) -> FigureRow:
        now, then = self.found.first_response, self.before.first_response
        note = self._say("mean {mean} · 90% under {most}", mean=duration_label(now.mean), most=duration_label(now.p90))
        note = note if now.quantity else ""
        course = [part.first_response.median for part in self.found.parts]
        return self._time(definitions.FIRST_RESPONSE, now.median, then.median, note, "first_response", course)

    def _closing(self) -> FigureRow:
        now, then = self.found.closing, self.before.closing
        note = self._say(
            "median {median} · 90% under {most}", median=duration_label(now.median), most=duration_label(now.p90)
        )
        note = note if now.quantity else ""
        course = [part.closing.mean for part in self.found.parts]
        return self._time(definitions.CLOSING, now.mean, then.mean, note, "closed", course)

    def _time(
        self, name: str, now: int | None, then: int | None, note: str, show: str, course: Sequence[float | None]
    ) -> FigureRow:
        tone = "" if now is None or then is None or now == then else "up" if now < then else "down"
        before = "" if then is None else duration_label(then)
        return self._row(name, duration_label(now), difference_label(now, then), tone, before, note, show, course)

    def _quality(self) -> FigureRow:
        mean, then = self.found.ratings.mean, self.before.ratings.mean
        value, before = self._stars(mean) or "–", self._stars(then)
        change, tone = "", ""
        if mean is not None and then is not None and mean != then:
            change, tone = change_label(mean, then, self.language), "up" if mean > then else "down"
        course = [part.ratings.mean for part in self.found.parts]
        return self._row(definitions.QUALITY, value, change, tone, before, self._rated(), "rated", course)

    def _rated(self) -> str:
        """How many were rated; their share only where something was closed."""
        quantity, closed = self.found.ratings.quantity, self.found.closed
        if not closed:
            return self._say("1 rated" if quantity == 1 else "{quantity} rated", quantity=quantity) if quantity else ""
        one, several = "1 rated · {share}% of the closed", "{quantity} rated · {share}% of the closed"
        share = round(100 * quantity / closed)
        return self._say(one if quantity == 1 else several, quantity=quantity, share=share)

    def _stars(self, mean: float | None) -> str:
        return "" if mean is None else f"{number_label(mean, self.language)} ★"

    def _row(
        self,
        name: str,
        value: str,
        change: str,
        tone: str,
        before: str,
        note: str,
        show: str,
        course: Sequence[float | None],
    ) -> FigureRow:
        href = self.wanted.list_address(show) if show else ""
        why = definitions.definition(name, in_office_hours=self.wanted.in_office_hours)
        meaning = " ".join(self._say(sentence) for sentence in why)
        said = self._say("{before} before", before=before) if before else ""
        return FigureRow(self._say(name), value, change, tone, said, note, meaning, href, sparkline(course))

    def _say(self, sentence: str, **values: object) -> str:
        return translate(sentence, self.language, **values)
