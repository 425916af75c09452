"""Who is here: when each user last did something, noted every few minutes."""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import Session
from witei_app.models import Attention, Delivery, SystemMail, User
from witei_app.outbox.claim import WAITING


async def note_attention(db: Session, actor: Actor) -> None:
    """The actor is here: the next digest comes soon after leaving again, and one that waits to be sent is dropped."""
    assert actor.user_id is not None, "the system looks at nothing"
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    here = {"seen_at": now(), "language": actor.language[:8], "mails": 0}
    row = insert(Attention).values(user_id=actor.user_id, workspace_id=actor.workspace_id, **here)
    await db.exec(row.on_conflict_do_update(index_elements=["user_id"], set_=here))
    await _drop_digests(db, actor)


async def _drop_digests(db: Session, actor: Actor) -> None:
    address = select(User.email).where(User.id == actor.user_id).scalar_subquery()
    digests = select(SystemMail.id).where(SystemMail.workspace_id == actor.workspace_id, SystemMail.unsubscribe != "")
    await db.exec(
        delete(Delivery).where(
            col(Delivery.workspace_id) == actor.workspace_id,
            col(Delivery.recipient) == address,
            col(Delivery.state).in_(WAITING),
            col(Delivery.system_mail_id).in_(digests),
        )
    )
