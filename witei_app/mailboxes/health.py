"""How a mailbox is: connected, or failing with a reason and a time for the next try."""

from datetime import timedelta

import structlog

from witei_app.clock import now
from witei_app.db import transaction
from witei_app.errors import Refused
from witei_app.live.events import MailboxChanged, announce
from witei_app.mailboxes.lease import held
from witei_app.models import MailboxState

log = structlog.get_logger()
# A server that was restarted is back soon; one that refuses a password locks the mailbox when asked too often.
PAUSES = [timedelta(seconds=seconds) for seconds in (10, 30, 60, 300, 900, 1800, 3600)]


async def note_connected(holder: str, account_id: int) -> None:
    """It was reached."""
    async with transaction() as db:
        account = await held(db, holder, account_id)
        account.state, account.connected_at = MailboxState.CONNECTED, now()
        account.fault, account.fault_values = "", {}
        announce(db, MailboxChanged(account.workspace_id, account.id))


async def note_looked(holder: str, account_id: int) -> None:
    """Everything that was there is here. A connection that has done its work makes earlier failures forgotten."""
    async with transaction() as db:
        account = await held(db, holder, account_id)
        account.looked_at, account.failures = now(), 0
        announce(db, MailboxChanged(account.workspace_id, account.id))


async def note_fault(holder: str, account_id: int, refusal: Refused) -> None:
    """It failed: tried again after a pause that grows. The lease is given back."""
    async with transaction() as db:
        account = await held(db, holder, account_id)
        pause = PAUSES[min(account.failures, len(PAUSES) - 1)]
        account.state, account.failed_at, account.failures = MailboxState.FAILING, now(), account.failures + 1
        account.fault, account.fault_values = refusal.text, refusal.values
        account.next_try_at = now() + pause
        account.leased_by, account.leased_until = "", None
        announce(db, MailboxChanged(account.workspace_id, account.id))
    log.warning("mailbox.failing", account=account_id, reason=str(refusal), again_in=pause.total_seconds())
