"""Everything that the report's page, its files and its mails show of one address."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.office_hours import hours_of
from witei_app.clock import now
from witei_app.db import Session
from witei_app.models import ReportSource, Widget, Workspace
from witei_app.reports.amounts import Figures, Totals
from witei_app.reports.asked import Asked
from witei_app.reports.cards import Cards
from witei_app.reports.figures import figures_of, totals_of
from witei_app.reports.people import names_of_users
from witei_app.reports.span import Span, cut, parts_so_far, span_before
from witei_app.reports.wanted import Wanted


@dataclass(frozen=True)
class Report:
    """The figures of a range and of the one before, with the names of those whom they are about."""

    workspace: Workspace
    wanted: Wanted
    span: Span
    asked: Asked
    found: Figures
    before: Totals
    names: dict[int, str]
    widgets: dict[int, str]
    moment: datetime

    @property
    def goes_on(self) -> bool:
        """Whether the range is not over yet."""
        return self.span.start <= self.moment < self.span.end

    @property
    def is_ahead(self) -> bool:
        """Whether the range has not begun: nothing of it can be known, and what would be 0 says nothing."""
        return self.moment < self.span.start

    @property
    def has_hours(self) -> bool:
        """Whether times can be told in office hours."""
        return hours_of(self.workspace).is_on

    def cards(self, language: str) -> Cards:
        """The cards at the top."""
        return Cards(self.found, self.before, self.wanted.without_list(), language)


async def report_of(db: Session, actor: Actor, wanted: Wanted) -> Report:
    """What the actor may know of it. Refuses those who may know no figures."""
    workspace, moment = await db.get_one(Workspace, actor.workspace_id), now()
    if not hours_of(workspace).is_on:  # an old link: no page says "office hours" of times on the clock
        wanted = replace(wanted, in_office_hours=False)
    span = wanted.span(workspace, moment)
    asked = wanted.asked(actor, workspace, span)
    found = await figures_of(db, asked, parts_so_far(span, moment))
    before = await totals_of(db, asked.during(*cut(span_before(wanted.range_name, span), span, moment)))
    names, widgets = await names_of_users(db, actor), await names_of_widgets(db, actor)
    return Report(workspace, wanted, span, asked, found, before, names, widgets, moment)


async def names_of_widgets(db: Session, actor: Actor) -> dict[int, str]:
    """The workspace's chats, by name."""
    query = select(Widget.id, Widget.name).where(Widget.workspace_id == actor.workspace_id)
    return dict((await db.exec(query.order_by(col(Widget.id)))).all())


async def known_origins(db: Session, actor: Actor, found: Figures) -> list[str]:
    """The origins that conversations had so far."""
    query = select(ReportSource.origin).where(ReportSource.workspace_id == actor.workspace_id).distinct()
    return sorted({*(await db.exec(query)).all(), *(source.origin for source in found.sources)})
