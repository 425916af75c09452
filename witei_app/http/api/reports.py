"""The figures of the Conversation report."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from witei_app.accounts.office_hours import hours_of
from witei_app.clock import now
from witei_app.http.api.call import ReadReports
from witei_app.http.api.problems import Failed
from witei_app.http.api.shapes import BIGGEST_ID
from witei_app.models import Workspace
from witei_app.reports.amounts import Amounts
from witei_app.reports.asked import Filters, ask
from witei_app.reports.figures import figures_of
from witei_app.reports.people import names_of_users
from witei_app.reports.span import LONGEST, span_of, zone_of
from witei_app.reports.times import Times

router = APIRouter(prefix="/reports", tags=["Reports"])
RANGES = Literal[
    "today", "yesterday", "last_7", "last_30", "last_90", "this_month", "last_month", "quarter", "year", "dates"
]


class Duration(BaseModel):
    """How long something took, in seconds; null of nothing."""

    quantity: int
    mean: int | None
    median: int | None
    p90: int | None


class OfUser(BaseModel):
    """One user's part; the user 0 is nobody."""

    user_id: int
    name: str
    new: int
    closed: int
    sent: int
    received: int
    first_response: Duration
    closing: Duration
    ratings: int
    mean_rating: float | None


class Source(BaseModel):
    """How many new conversations came by a channel or widget, and from an origin."""

    channel: str
    widget_id: int = Field(description="The web chat's; 0 is none.")
    origin: str
    new: int


class Report(BaseModel):
    """The figures from `start` up to, not including, `end`; docs/report.md defines each."""

    start: datetime
    end: datetime
    time_zone: str = Field(description="Of the workspace: its days begin and end there.")
    new: int
    closed: int
    sent: int
    received: int
    per_user: float
    first_response: Duration
    closing: Duration
    ratings: int
    mean_rating: float | None
    users: list[OfUser]
    sources: list[Source]


@router.get("/conversations", summary="The Conversation report", response_model=Report)
async def conversations(
    call: ReadReports,
    range_name: Annotated[RANGES, Query(alias="range")] = "last_30",
    first: Annotated[date | None, Query(alias="from", description="The first day, with range=dates.")] = None,
    last: Annotated[date | None, Query(alias="to", description="The last day, with range=dates.")] = None,
    user: Annotated[int | None, Query(ge=0, le=BIGGEST_ID, description="Of one user; 0 is what is nobody's.")] = None,
    channel: Literal["", "email", "web_chat"] = "",
    widget: Annotated[int | None, Query(ge=0, le=BIGGEST_ID, description="By one web chat; 0 is none.")] = None,
    origin: Annotated[str | None, Query(max_length=64, description="From one origin.")] = None,
    times: Annotated[Literal["clock", "office"], Query(description="office: only the workspace's hours.")] = "clock",
) -> Report:
    """The same figures as on the page. Whoever may know only their own gets those."""
    _check(range_name, first, last)
    async with call.looking() as (db, actor):
        workspace = await db.get_one(Workspace, actor.workspace_id)
        zone = zone_of(workspace.time_zone)
        span = span_of(range_name, now().astimezone(zone).date(), zone, first, last)
        hours = hours_of(workspace) if times == "office" else None
        only = Filters(user, channel, widget, origin)
        found = await figures_of(db, ask(actor, span.start, span.end, only, zone=zone, hours=hours))
        names = await names_of_users(db, actor)
    return Report(
        start=span.start,
        end=span.end,
        time_zone=zone.key,
        per_user=found.per_user,
        **_told(found),
        users=[OfUser(user_id=one.user_id, name=names.get(one.user_id, ""), **_told(one)) for one in found.users],
        sources=[Source(**source._asdict(), new=new) for source, new in sorted(found.sources.items())],
    )


def _told(found: Amounts) -> dict[str, Any]:
    """The figures that all together and each user have."""
    return {
        "new": found.new,
        "closed": found.closed,
        "sent": found.sent,
        "received": found.received,
        "first_response": _duration(found.first_response),
        "closing": _duration(found.closing),
        "ratings": found.ratings.quantity,
        "mean_rating": found.ratings.mean,
    }


def _check(range_name: str, first: date | None, last: date | None) -> None:
    if range_name != "dates" and (first or last):  # the last 30 days would pass for those that were meant
        raise Failed(422, "invalid", "Days go with range=dates alone.")
    if range_name == "dates" and (first is None or last is None):
        raise Failed(422, "invalid", "With range=dates, say from and to.")
    if any(day is not None and not 2000 <= day.year <= 2100 for day in (first, last)):
        raise Failed(422, "invalid", "Days are between 2000 and 2100.")
    if first is not None and last is not None and not first <= last <= first + LONGEST:
        raise Failed(422, "invalid", f"The last day is not before the first, and at most {LONGEST.days} days after it.")


def _duration(times: Times) -> Duration:
    return Duration(quantity=times.quantity, mean=times.mean, median=times.median, p90=times.p90)
