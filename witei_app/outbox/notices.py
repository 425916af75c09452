"""Mail to the agency's own people: a sender domain began to fail, or is right again."""

import structlog
from sqlalchemy import update
from sqlmodel import col, select

from witei_app.db import Session, transaction
from witei_app.mail.registrable import readable_domain
from witei_app.models import DomainState, Role, SenderDomain, User, Workspace
from witei_app.outbox.system_mail import queue_system_mail
from witei_app.settings import settings
from witei_app.texts import translate

log = structlog.get_logger()
_SUBJECTS = {
    DomainState.FAILING: "A DNS record of {domain} is broken",
    DomainState.VERIFIED: "{domain} is right again",
}
_TEXTS = {
    DomainState.FAILING: (
        "Mail of your agency no longer goes out from {domain}, because it would end in spam. Until the record is "
        "mended it goes out from the generic domain, and answers go to your address. What is wrong is shown here:"
    ),
    DomainState.VERIFIED: "All records of {domain} are correct, and mail goes out from it again.",
}


async def tell_of_domain() -> bool:
    """Write to the administrators of one workspace whose domain changed. False when there is nothing to tell.

    Each has a mail of their own in the outbox: one whose server puts it off has the others told no second time.
    """
    async with transaction() as db:
        domain = await _claim_untold(db)
        if domain is None or DomainState(domain.state) not in _TEXTS:
            return False
        workspace = await db.get_one(Workspace, domain.workspace_id)
        query = select(User).where(User.workspace_id == workspace.id, User.role == Role.ADMIN, User.is_active)
        administrators = (await db.exec(query.order_by(col(User.id)))).all()
        for user in administrators:
            await _write(db, domain, user, user.language or workspace.language)
    log.info("sender_domain.told", domain=domain.domain, state=domain.state, administrators=len(administrators))
    return True


async def _claim_untold(db: Session) -> SenderDomain | None:
    untold = select(SenderDomain.id).where(~col(SenderDomain.is_told)).limit(1).with_for_update(skip_locked=True)
    claimed = await db.exec(
        update(SenderDomain)
        .where(col(SenderDomain.id) == untold.scalar_subquery(), ~col(SenderDomain.is_told))
        .values(is_told=True)
        .returning(col(SenderDomain.id))
    )
    domain_id = claimed.scalar_one_or_none()
    return await db.get(SenderDomain, domain_id) if domain_id else None


async def _write(db: Session, domain: SenderDomain, user: User, language: str) -> None:
    state, name = DomainState(domain.state), readable_domain(domain.domain)
    subject, text = (translate(words[state], language, domain=name) for words in (_SUBJECTS, _TEXTS))
    await queue_system_mail(db, user, subject, [text], f"{settings().public_url}/settings/sender-domains")
