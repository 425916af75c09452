"""Channels, widgets and origins by number, so that a page of facts can name them shortly."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import select

from witei_app.db import Session
from witei_app.models import ReportSource


class Source(NamedTuple):
    """Where a conversation began; `widget_id` 0 is none."""

    channel: str
    widget_id: int
    origin: str


# Sources that no page names yet have numbers from here on, for as long as a question is being answered.
_UNNUMBERED = 2**31


async def numbers_of_sources(db: Session, workspace_id: int) -> dict[Source, int]:
    """Those that pages name."""
    source = ReportSource
    query = select(source.channel, source.widget_id, source.origin, source.id)
    found = (await db.exec(query.where(source.workspace_id == workspace_id))).all()
    return {Source(channel, widget, origin): number for channel, widget, origin, number in found}


def number_meanwhile(known: dict[Source, int], source: Source) -> int:
    """Its number; a new one is remembered in `known` alone."""
    return known.setdefault(source, _UNNUMBERED + len(known))


async def number_for_good(db: Session, workspace_id: int, sources: Iterable[Source]) -> dict[Source, int]:
    """The numbers of all of them. Another process may be giving some just now: each is given once."""
    rows = [{"workspace_id": workspace_id, **source._asdict()} for source in sorted(set(sources))]
    if rows:
        is_sqlite = db.get_bind().dialect.name == "sqlite"
        adding = (sqlite if is_sqlite else postgresql).insert(ReportSource).on_conflict_do_nothing()
        await db.exec(adding, params=rows)
    return await numbers_of_sources(db, workspace_id)
