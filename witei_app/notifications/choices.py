"""How each user wants to be told of what."""

from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, or_
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.live.events import NotificationsChanged, announce
from witei_app.models import NoticeKind, NotificationChoice


@dataclass(frozen=True)
class Ways:
    """The four ways: in the app, by the browser while one is elsewhere, by a sound, by mail when nobody is here."""

    in_app: bool = True
    by_browser: bool = True
    by_sound: bool = True
    by_mail: bool = True


WAYS = tuple(asdict(Ways()))
# What nobody has yet waits for everybody: mailed to all, it would be noise.
DEFAULTS = {kind: Ways(by_mail=kind != NoticeKind.UNASSIGNED) for kind in NoticeKind}


async def own_choices(db: Session, user_id: int | None) -> dict[NoticeKind, Ways]:
    """How the user is told of each kind. One query."""
    query = select(NotificationChoice).where(NotificationChoice.user_id == user_id)
    chosen = {
        NoticeKind(row.kind): Ways(row.in_app, row.by_browser, row.by_sound, row.by_mail)
        for row in (await db.exec(query)).all()
    }
    return {**DEFAULTS, **chosen}


async def choose(db: Session, actor: Actor, kind: str, way: str, is_on: bool) -> None:
    """Switch one way for one kind. Refuses what is neither."""
    if kind not in DEFAULTS or way not in WAYS:
        raise Refused("There is no such notification.")
    assert actor.user_id is not None, "the system is told nothing"
    ways = {**asdict(DEFAULTS[NoticeKind(kind)]), way: is_on}
    await _keep(db, actor.user_id, actor.workspace_id, kind, ways, {way})


async def stop_mail(db: Session, user_id: int, workspace_id: int) -> None:
    """No more digests for this user, whatever of."""
    for kind, ways in DEFAULTS.items():
        await _keep(db, user_id, workspace_id, kind, {**asdict(ways), "by_mail": False}, {"by_mail"})


async def _keep(
    db: Session, user_id: int, workspace_id: int, kind: str, ways: dict[str, bool], changed: set[str]
) -> None:
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    row = insert(NotificationChoice).values(user_id=user_id, kind=kind, workspace_id=workspace_id, **ways)
    await db.exec(
        row.on_conflict_do_update(
            index_elements=["user_id", "kind"], set_={way: getattr(row.excluded, way) for way in changed}
        )
    )
    announce(db, NotificationsChanged(workspace_id, (user_id,)))


def wants_any() -> ColumnElement[bool]:
    """The condition on an outer-joined NotificationChoice: told in one way at least."""
    choice = NotificationChoice
    ways = (choice.in_app, choice.by_browser, choice.by_sound, choice.by_mail)
    return or_(col(choice.user_id).is_(None), *(col(way) for way in ways))
