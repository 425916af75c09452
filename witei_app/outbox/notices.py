"""Mail to the agency's own people: a sender domain began to fail, or is right again."""

from collections.abc import Sequence
from html import escape

import structlog
from sqlalchemy import update
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session, reading, transaction
from witei_app.mail.compose import compose, new_message_id
from witei_app.mail.registrable import readable_domain
from witei_app.mail.sign import SigningKey, sign
from witei_app.mail.types import Address, OutgoingMail
from witei_app.models import DeliveryState, DomainState, Role, SenderDomain, User, Workspace
from witei_app.outbox.sender import program_sender
from witei_app.outbox.transport import Letter, Transport
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
    DomainState.VERIFIED: "All records of {domain} are right, and mail goes out from it again.",
}


async def tell_of_domain(transport: Transport) -> bool:
    """Write to the administrators of one workspace whose domain changed. False when there is nothing to tell."""
    async with transaction() as db:
        domain = await _claim_untold(db)
    if domain is None or DomainState(domain.state) not in _TEXTS:
        return False
    async with reading() as db:
        letters = await _letters(db, domain)
    outcomes = [await transport.send(letter, _at_once) for letter in letters]
    if any(outcome.state == DeliveryState.DEFERRED for outcome in outcomes):
        async with transaction() as db:  # the relay is away: all are told again rather than one never
            await db.exec(update(SenderDomain).where(col(SenderDomain.id) == domain.id).values(is_told=False))
    log.info("sender_domain.told", domain=domain.domain, state=domain.state, administrators=len(letters))
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


async def _letters(db: Session, domain: SenderDomain) -> list[Letter]:
    workspace = await db.get_one(Workspace, domain.workspace_id)
    query = select(User).where(User.workspace_id == workspace.id, User.role == Role.ADMIN, User.is_active)
    sender = await program_sender(db, workspace)
    return [_letter(domain, workspace, user, *sender) for user in (await db.exec(query)).all()]


def _letter(
    domain: SenderDomain, workspace: Workspace, user: User, sender: Address, keys: Sequence[SigningKey]
) -> Letter:
    language, state = user.language or workspace.language, DomainState(domain.state)
    name = readable_domain(domain.domain)
    subject = translate(_SUBJECTS[state], language, domain=name)
    text = escape(translate(_TEXTS[state], language, domain=name))
    page = escape(f"{settings().public_url}/settings/sender-domains", quote=True)
    mail = OutgoingMail(
        sender=sender,
        to=(Address(user.name, user.email),),
        subject=subject,
        html=f'<p>{text}</p><p><a href="{page}">{page}</a></p>',
        message_id=new_message_id(sender.email.rpartition("@")[2]),
        date=now(),
        is_automatic=True,
        language=language,
    )
    # Without a return path: nobody reads what bounces, and nothing may answer (RFC 5321 4.5.5).
    return Letter(workspace.id, None, "", user.email, subject, sign(compose(mail), keys))


async def _at_once() -> bool:
    return True
