"""Acts of programs that are done once: what was answered under a key is kept for a day."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import Session, transaction
from witei_app.errors import Refused
from witei_app.models import KeptAnswer

KEPT = timedelta(hours=24)


class KeyUsed(Refused):
    """The key stands for another request."""

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used with another request.")


async def claim_key(db: Session, actor: Actor, key: str, fingerprint: str) -> KeptAnswer:
    """The row of this key of the actor's; its `status` is 0 while the act is to be done, in this transaction.

    A second request waits here until the first has committed, or was undone. Refuses a key of another request.
    """
    mine = (col(KeptAnswer.user_id) == actor.user_id) & (col(KeptAnswer.key) == key)
    await db.exec(delete(KeptAnswer).where(mine, col(KeptAnswer.created_at) < now() - KEPT))
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    values: dict[str, Any] = {
        "workspace_id": actor.workspace_id,
        "user_id": actor.user_id,
        "key": key,
        "fingerprint": fingerprint,
        "status": 0,
        "location": "",
        "body": "",
        "created_at": now(),
    }
    await db.exec(insert(KeptAnswer).values(values).on_conflict_do_nothing())
    kept = (await db.exec(select(KeptAnswer).where(mine))).one()
    if kept.fingerprint != fingerprint:
        raise KeyUsed
    return kept


async def drop_old_answers() -> int:
    """Forget what was kept for longer than a day. Gives how many."""
    async with transaction() as db:
        old = select(KeptAnswer.id).where(KeptAnswer.created_at < now() - KEPT).limit(500)
        ids = (await db.exec(old)).all()
        await db.exec(delete(KeptAnswer).where(col(KeptAnswer.id).in_(ids)))
    return len(ids)
