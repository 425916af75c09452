"""All domains of a workspace, put in words for the page."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import Session
from witei_app.mail.dns_records import MOST_IN_ONE_STRING, Record, RecordKind, in_strings, short_name
from witei_app.mail.registrable import readable_domain
from witei_app.models import Direction, DkimKey, DomainState, Message, SenderAddress, SenderDomain
from witei_app.sender_domains.check import expected_records, keys_in_use
from witei_app.sender_domains.domains import administrators_only, is_taken
from witei_app.sender_domains.rows import RecordRow, SenderAddressRow, SenderDomainRow
from witei_app.sender_domains.trial import explain_test
from witei_app.texts import translate
from witei_app.texts.when import moment_label

TITLES = {
    RecordKind.DKIM_RSA: "Signature (DKIM, RSA)",
    RecordKind.DKIM_ED25519: "Signature (DKIM, Ed25519)",
    RecordKind.SPF: "Who may send (SPF)",
    RecordKind.RETURN_PATH: "Return path for bounces",
    RecordKind.DMARC: "What receivers do with forgeries (DMARC)",
}
VERDICTS = {
    "good": "Right",
    "advice": "Recommended",
    "missing": "Missing",
    "wrong": "Wrong",
    "unsure": "Not known",
    "": "Not checked yet",
}
STATES = {DomainState.PENDING: "Pending", DomainState.VERIFIED: "Verified", DomainState.FAILING: "Failing"}


async def list_sender_domains(db: Session, actor: Actor) -> list[SenderDomainRow]:
    """All domains of the workspace, in the order in which they were added. Refuses non-administrators."""
    administrators_only(actor)
    query = select(SenderDomain).where(SenderDomain.workspace_id == actor.workspace_id).order_by(col(SenderDomain.id))
    return [await _domain_row(db, actor, domain) for domain in (await db.exec(query)).all()]


async def sender_choices(db: Session, actor: Actor) -> list[SenderAddressRow]:
    """The addresses that anybody in the workspace may send from, or have answers sent to while their domain fails.

    The first one is what a mail goes out from for which nobody chose.
    """
    found = (await db.exec(_CHOICES, params={"workspace_id": actor.workspace_id})).all()
    return [_address_row(address, domain) for address, domain in found]


_CHOICES = (
    select(SenderAddress, SenderDomain)
    .join(SenderDomain, col(SenderDomain.id) == col(SenderAddress.sender_domain_id))
    .where(col(SenderAddress.workspace_id) == bindparam("workspace_id"), SenderDomain.state != DomainState.PENDING)
    .order_by(
        col(SenderAddress.is_default).desc(),
        (col(SenderDomain.state) == DomainState.VERIFIED).desc(),
        col(SenderAddress.id),
    )
)


async def usual_sender(db: Session, conversation_id: int, choices: Sequence[SenderAddressRow], said: str = "") -> int:
    """Which of the choices the next answer goes out from: the one with the address that was said in the draft, else the
    one that the last was sent from, else the default.
    """
    if len(choices) < 2:
        return choices[0].id if choices else 0
    chosen = next((choice.id for choice in choices if choice.email == said), 0)
    if chosen:
        return chosen
    last = (await db.exec(_LAST_SENDER, params={"conversation_id": conversation_id})).first()
    return last if last is not None and any(choice.id == last for choice in choices) else choices[0].id


_LAST_SENDER = (
    select(Message.sender_address_id)
    .where(
        col(Message.conversation_id) == bindparam("conversation_id"),
        col(Message.direction) == Direction.OUT,
        col(Message.sender_address_id).is_not(None),
    )
    .order_by(col(Message.number).desc())
    .limit(1)
)


async def email_of_sender(db: Session, address_id: int | None) -> str:
    """As the choices have it; "" for none."""
    query = select(SenderAddress.local_part, SenderDomain.domain).join(
        SenderDomain, col(SenderDomain.id) == col(SenderAddress.sender_domain_id)
    )
    found = (await db.exec(query.where(SenderAddress.id == address_id))).first() if address_id else None
    return _email(*found) if found is not None else ""


async def _domain_row(db: Session, actor: Actor, domain: SenderDomain) -> SenderDomainRow:
    keys = await keys_in_use(db, domain.id)
    records = await expected_records(db, domain)
    checked = moment_label(domain.checked_at, actor.time_zone, actor.language) if domain.checked_at else ""
    return SenderDomainRow(
        id=domain.id,
        domain=readable_domain(domain.domain),
        state=domain.state,
        state_label=translate(STATES[DomainState(domain.state)], actor.language),
        explanation=await _explanation(db, actor, domain),
        checked=checked,
        is_rotating=any(key.is_active for key in keys) and any(not key.is_active for key in keys),
        old_records=await _old_records(db, domain),
        test=_test_in_words(domain, actor),
        is_test_back=bool(domain.test_result),
        records=[_record_row(record, domain, actor.language) for record in records],
        addresses=await _addresses(db, domain),
    )


async def _explanation(db: Session, actor: Actor, domain: SenderDomain) -> str:
    if domain.state == DomainState.VERIFIED:
        text = "Mail goes out from this domain, signed with both keys."
    elif domain.state == DomainState.FAILING:
        text = (
            "A record is broken. Until it is mended, mail goes out from the generic domain, "
            "and answers go to your address."
        )
    elif await is_taken(db, actor.workspace_id, domain.domain):
        text = "Another workspace has verified this domain, so it cannot be verified here."
    else:
        text = "Publish these records where your domain is managed, then check. It is also checked every hour."
    return translate(text, actor.language)


def _test_in_words(domain: SenderDomain, actor: Actor) -> str:
    if domain.tested_at is None:
        return ""
    time, result = moment_label(domain.tested_at, actor.time_zone, actor.language), domain.test_result
    if not result:
        return translate("Test mail of {time}: sent, and not back here yet.", actor.language, time=time)
    text = "Test mail of {time}: SPF {spf}, DKIM {dkim}, DMARC {dmarc}. {verdict}"
    judged = {name: result[name] for name in ("spf", "dkim", "dmarc")}
    return translate(text, actor.language, time=time, verdict=explain_test(result, actor.language), **judged)


async def _old_records(db: Session, domain: SenderDomain) -> str:
    """The names of retired keys' records, which may be deleted by and by."""
    query = select(DkimKey).where(DkimKey.sender_domain_id == domain.id, col(DkimKey.retired_at) <= now())
    return ", ".join(f"{key.selector}._domainkey" for key in (await db.exec(query)).all())


async def _addresses(db: Session, domain: SenderDomain) -> list[SenderAddressRow]:
    query = select(SenderAddress).where(SenderAddress.sender_domain_id == domain.id).order_by(col(SenderAddress.id))
    return [_address_row(address, domain) for address in (await db.exec(query)).all()]


def _address_row(address: SenderAddress, domain: SenderDomain) -> SenderAddressRow:
    return SenderAddressRow(
        address.id,
        _email(address.local_part, domain.domain),
        address.display_name,
        address.is_default,
        domain.state == DomainState.FAILING,
    )


def _email(local_part: str, domain: str) -> str:
    return f"{local_part}@{readable_domain(domain)}"


def _record_row(record: Record, domain: SenderDomain, language: str) -> RecordRow:
    found = _found(record, domain.findings)
    level = str(found.get("level", ""))
    return RecordRow(
        key=f"{domain.id}-{record.kind}-{record.selector}",
        title=translate(TITLES[record.kind], language),
        record_type=record.record_type,
        name=short_name(record.name, domain.domain),
        full_name=record.name,
        value=record.value,
        pieces=in_strings(record.value) if len(record.value) > MOST_IN_ONE_STRING else "",
        level=level,
        verdict=translate(VERDICTS[level], language),
        finding=_in_words(found, language),
        suggestion=str(found.get("suggestion", "")),
    )


def _found(record: Record, findings: Sequence[dict[str, Any]]) -> dict[str, Any]:
    same = (f for f in findings if f["kind"] == record.kind and f["selector"] == record.selector)
    return next(same, {})


def _in_words(found: dict[str, Any], language: str) -> str:
    if not found:
        return ""
    minutes = found["values"].get("wait", 0)
    wait = translate("A change can take {minutes} minutes to be seen.", language, minutes=minutes) if minutes else ""
    return translate(found["text"], language, **(found["values"] | {"wait": wait})).strip()
