"""Who is here: when each user last did something, noted every few minutes."""

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import Session
from witei_app.models import Attention, User
from witei_app.notifications.digest import STOP
from witei_app.outbox.system_mail import drop_waiting


async def note_attention(db: Session, actor: Actor) -> None:
    """The actor is here: the next digest comes soon after leaving again, and one that waits to be sent is dropped."""
    assert actor.user_id is not None, "the system looks at nothing"
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    here = {"seen_at": now(), "language": actor.language[:8], "mails": 0}
    row = insert(Attention).values(user_id=actor.user_id, workspace_id=actor.workspace_id, **here)
    await db.exec(row.on_conflict_do_update(index_elements=["user_id"], set_=here))
    await drop_waiting(db, await db.get_one(User, actor.user_id), STOP.address(actor.user_id))
