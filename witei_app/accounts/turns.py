"""Turns within a workspace."""

from sqlmodel import select

from witei_app.db import Session
from witei_app.models import Workspace


async def take_turn(db: Session, workspace_id: int) -> None:
    """Until the transaction ends nobody else takes a turn: numbers are given once, of defaults there is one.

    Rows that name the workspace may be added meanwhile.
    """
    held = select(Workspace.id).where(Workspace.id == workspace_id)
    await db.exec(held.with_for_update(key_share=True))
