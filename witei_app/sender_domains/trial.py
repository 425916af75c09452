"""A test mail to oneself: it goes out as every mail of the domain does, and a copy that comes back here is judged."""

import asyncio
from html import escape

import structlog
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import Session, transaction
from witei_app.errors import Refused
from witei_app.mail.addresses import check_address, read_check_address
from witei_app.mail.authenticate import Authentication
from witei_app.mail.compose import compose, new_message_id
from witei_app.mail.intake import store_mail
from witei_app.mail.sign import sign
from witei_app.mail.types import Address, OutgoingMail
from witei_app.models import (
    DeliveryState,
    DomainState,
    InboundMail,
    SenderAddress,
    SenderDomain,
    User,
    Workspace,
)
from witei_app.outbox.sender import keys_of
from witei_app.outbox.transport import Letter, transport_for
from witei_app.sender_domains.domains import find_domain
from witei_app.settings import settings
from witei_app.texts import translate

log = structlog.get_logger()


async def send_test(actor: Actor, domain_id: int) -> str:
    """Send it to the actor, and a copy to us. Gives the actor's address; refuses with what the relay says."""
    async with transaction() as db:
        domain = await find_domain(db, actor, domain_id)
        if domain.state != DomainState.VERIFIED:
            raise Refused("A test mail can be sent once the domain is verified.")
        user = await db.get_one(User, actor.user_id)
        workspace = await db.get_one(Workspace, actor.workspace_id)
        ours = check_address(domain.id, f"{workspace.mailbox}@{settings().mail_domain}", settings().secret())
        letters = [await _letter(db, actor, domain, workspace, to) for to in (user.email, ours)]
        domain.tested_at, domain.test_result = now(), {}
    await _send(letters)
    return user.email


def is_test_mail(mail: InboundMail) -> bool:
    """Whether it is a test mail that came back: nobody's message, but to be judged as any receiver would."""
    return read_check_address(mail.envelope_to, *settings().secrets()) is not None


async def note_test(db: Session, mail: InboundMail, judged: Authentication) -> None:
    """Keep how a test mail was judged, for the page of its domain. Of other mail, nothing."""
    domain_id = read_check_address(mail.envelope_to, *settings().secrets())
    domain = await db.get(SenderDomain, domain_id, with_for_update=True) if domain_id is not None else None
    if domain is not None and domain.workspace_id == mail.workspace_id:
        domain.test_result = _kept(judged)
        log.info("sender_domain.tested", domain_id=domain_id, spf=judged.spf, dkim=judged.dkim, dmarc=judged.dmarc)


def explain_test(result: dict[str, str], language: str) -> str:
    """The verdict in a sentence."""
    return Authentication(**result).explain(language)  # type: ignore[arg-type]


def _kept(judged: Authentication) -> dict[str, str]:
    return {name: str(getattr(judged, name)) for name in ("domain", "spf", "dkim", "dmarc", "verdict")}


async def _letter(db: Session, actor: Actor, domain: SenderDomain, workspace: Workspace, to: str) -> Letter:
    query = select(SenderAddress).where(SenderAddress.sender_domain_id == domain.id)
    address = (await db.exec(query.order_by(col(SenderAddress.is_default).desc(), col(SenderAddress.id)))).first()
    if address is None:
        raise Refused("Add an address to the domain first.")
    subject = translate("Test mail from {domain}", actor.language, domain=domain.domain)
    text = "This is how mail from {domain} reaches people. How it was judged on its way is shown here:"
    page = escape(f"{settings().public_url}/settings/sender-domains", quote=True)
    words = escape(translate(text, actor.language, domain=domain.domain))
    mail = OutgoingMail(
        sender=Address(address.display_name or workspace.name, f"{address.local_part}@{domain.domain}"),
        to=(Address("", to),),
        subject=subject,
        html=f'<p>{words}</p><p><a href="{page}">{page}</a></p>',
        message_id=new_message_id(domain.domain),
        date=now(),
        is_automatic=True,
    )
    raw = await asyncio.to_thread(sign, compose(mail), await keys_of(db, domain))
    return Letter(workspace.id, None, f"{workspace.mailbox}@{domain.return_path}", to, subject, raw)


async def _send(letters: list[Letter]) -> None:
    transport = transport_for(settings().smtp_relay_url)
    try:
        outcomes = [await transport.send(letter, _at_once) for letter in letters]
    finally:
        await transport.close()
    for outcome in outcomes:
        if outcome.state != DeliveryState.SENT:
            raise Refused(outcome.reason)
    if not settings().smtp_relay_url:  # nothing leaves this machine, so the copy comes back by the shortest way
        copy = letters[-1]
        await store_mail(copy.raw, copy.envelope_from, [(copy.workspace_id, copy.recipient)], "127.0.0.1")


async def _at_once() -> bool:
    return True
