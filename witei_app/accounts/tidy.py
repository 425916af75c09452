"""What once opened a door and does not any more is forgotten after a while: it says who was where, with what."""

from datetime import timedelta

from sqlalchemy import delete, or_
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import transaction
from witei_app.models import OneTimeLink, SignInSession

KEPT = timedelta(days=30)
_AT_ONCE = 500


async def drop_old_sessions() -> int:
    """Forget sessions that ended a month ago. Gives how many."""
    over = or_(col(SignInSession.revoked_at) < now() - KEPT, col(SignInSession.expires_at) < now() - KEPT)
    async with transaction() as db:
        old = select(SignInSession.id).where(over).limit(_AT_ONCE)
        return (await db.exec(delete(SignInSession).where(col(SignInSession.id).in_(old)))).rowcount


async def drop_old_links() -> int:
    """Forget links of mails that were used, or too old, a month ago. Gives how many."""
    over = or_(col(OneTimeLink.used_at) < now() - KEPT, col(OneTimeLink.expires_at) < now() - KEPT)
    async with transaction() as db:
        old = select(OneTimeLink.id).where(over).limit(_AT_ONCE)
        return (await db.exec(delete(OneTimeLink).where(col(OneTimeLink.id).in_(old)))).rowcount
