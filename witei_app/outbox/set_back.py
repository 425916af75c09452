"""When a clock that ran ahead is set right: what was to be done "soon" would wait until that hour comes once more."""

from datetime import timedelta

import structlog
from sqlalchemy import or_, update
from sqlmodel import col

from witei_app.clock import now
from witei_app.db import Session
from witei_app.models import Delivery, DeliveryState, HookState, Job, JobState, WebhookDelivery
from witei_app.outbox.pauses import MAIL_PAUSES, WEBHOOK_PAUSES
from witei_app.planner import literally

log = structlog.get_logger()
# Nothing is put off for longer: an answer by the time to undo (WITEI_UNDO_SECONDS has 600 at most), the rest by pauses;
# with a minute for who was slow to write it down.
_SLACK = timedelta(minutes=1)
ANSWER, MAIL, TOLD = timedelta(seconds=600) + _SLACK, max(MAIL_PAUSES) + _SLACK, max(WEBHOOK_PAUSES) + _SLACK
JOB = timedelta(minutes=2)


async def bring_near(db: Session) -> None:
    """What is due further ahead than anything is put off is due now."""
    moment = now()
    mail_state, mail_due = col(Delivery.state), col(Delivery.due_at)
    hook_due, job_due = col(WebhookDelivery.due_at), col(Job.due_at)
    mails = update(Delivery).where(
        mail_state.in_(literally((DeliveryState.QUEUED, DeliveryState.DEFERRED))),
        mail_due > moment + ANSWER,
        or_(mail_state == DeliveryState.QUEUED, mail_due > moment + MAIL),
    )
    hooks = update(WebhookDelivery).where(
        col(WebhookDelivery.state) == literally(HookState.WAITING),
        hook_due > moment + JOB,
        or_(col(WebhookDelivery.attempts) == 0, hook_due > moment + TOLD),
    )
    jobs = update(Job).where(col(Job.state).in_((JobState.WAITING, JobState.RUNNING)), job_due > moment + JOB)
    for name, late in (("mails", mails), ("webhooks", hooks), ("jobs", jobs)):
        found = (await db.exec(late.values(due_at=moment))).rowcount
        if found:
            log.warning("clock.was_set_back", what=name, rows=found)
