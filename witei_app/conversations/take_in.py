"""Mails become messages, many in one transaction: what they have in common is asked and written once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

import structlog
from sqlalchemy import update
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.arrival import Arrival, in_plain_sight
from witei_app.conversations.bounce import forget_bounces, receive_bounce
from witei_app.conversations.lead_mail import LeadMail, lead_of, receive_lead
from witei_app.conversations.own_mail import ByUs, by_others, by_us, sent_from_here, team_of
from witei_app.conversations.receive import receive_messages
from witei_app.conversations.route import Asked, Route, route_mails
from witei_app.conversations.staff_mail import receive_staff_mail
from witei_app.conversations.start import Beginning, start_conversations
from witei_app.conversations.unseen import believe_address
from witei_app.crm.contacts import contacts_of_addresses
from witei_app.db import Session
from witei_app.live.events import MailToVouch, announce
from witei_app.models import Channel, Conversation, InboundMail, InboundState, Message, Workspace

log = structlog.get_logger()


async def take_in(db: Session, arrivals: Collection[Arrival]) -> None:
    """Turn those that still wait into messages, in their order. One that came before is not stored again."""
    claimed = await _claim(db, arrivals)
    for workspace_id, group in groupby(sorted(claimed, key=_workspace), _workspace):
        news = await _not_yet_known(db, workspace_id, list(group))
        for wave in _waves(await _sorted_out(db, workspace_id, news)):
            await _take_in_wave(db, workspace_id, wave)


def _workspace(arrival: Arrival) -> int:
    return arrival.mail.workspace_id


async def _claim(db: Session, arrivals: Collection[Arrival]) -> list[Arrival]:
    """With several workers, one of them gets each."""
    result = await db.exec(
        update(InboundMail)
        .where(col(InboundMail.id).in_([arrival.mail.id for arrival in arrivals]))
        .where(col(InboundMail.state) == InboundState.WAITING)
        .values(state=InboundState.DONE, raw=None, attempts=InboundMail.attempts + 1)
        .returning(col(InboundMail.id))
        .execution_options(synchronize_session=False)
    )
    claimed = set(result.scalars())
    return [arrival for arrival in arrivals if arrival.mail.id in claimed]


async def _not_yet_known(db: Session, workspace_id: int, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Without those that are messages already, by another way that they took."""
    keys = {arrival.key: arrival for arrival in reversed(arrivals)}  # twice among them: the first
    query = select(Message.dedupe_key).where(
        Message.workspace_id == workspace_id, col(Message.dedupe_key).in_(list(keys))
    )
    known = set((await db.exec(query)).all())
    return [arrival for arrival in arrivals if keys[arrival.key] is arrival and arrival.key not in known]


async def _sorted_out(db: Session, workspace_id: int, arrivals: Sequence[Arrival]) -> list[Arrival | ByUs | LeadMail]:
    """By whom each was written. What one of us may have written waits until it is known whether that is so; copies of
    what went out from here, and what lay in a mailbox of the agency and is its own, are nobody's.
    """
    team = await team_of(db, workspace_id)
    from_us = {one.mail.id: one for one in arrivals if one.mail.imap_account_id or team.has(one.sender.email)}
    known = await sent_from_here(db, workspace_id, list(from_us.values()))
    found: list[Arrival | ByUs | LeadMail] = []
    for arrival in arrivals:
        lead = lead_of(team, arrival)
        ours = by_us(team, arrival) if lead is None else None
        if arrival.mail.id in from_us and arrival.parsed.message_id in known:
            log.info("mail.own", mail=arrival.mail.id)
        elif lead is not None:
            found.append(lead)
        elif ours is not None and arrival.mail.verdict == "":
            await _have_vouched(db, arrival.mail)
        elif ours is not None:
            found.append(ours)
        elif (others := by_others(team, arrival)) is not None:
            found.append(others)
        else:
            log.info("mail.own", mail=arrival.mail.id)
    return found


async def _have_vouched(db: Session, mail: InboundMail) -> None:
    await db.exec(update(InboundMail).where(col(InboundMail.id) == mail.id).values(state=InboundState.UNVOUCHED))
    announce(db, MailToVouch(mail.workspace_id))


def _waves(arrivals: Sequence[Arrival | ByUs | LeadMail]) -> Iterator[list[Arrival] | ByUs | LeadMail]:
    """As many together as need nothing of one another: a report goes alone, an answer after what it answers, leads and
    what one of us wrote in between.
    """
    wave: list[Arrival] = []
    for arrival in arrivals:
        if not isinstance(arrival, Arrival):
            if wave:
                yield wave
                wave = []
            yield arrival
            continue
        is_report = arrival.parsed.bounce is not None
        answers = {*arrival.parsed.in_reply_to, *arrival.parsed.references}
        if wave and (is_report or wave[-1].parsed.bounce or any(one.parsed.message_id in answers for one in wave)):
            yield wave
            wave = []
        wave.append(arrival)
    if wave:
        yield wave


async def _take_in_wave(db: Session, workspace_id: int, wave: Sequence[Arrival] | ByUs | LeadMail) -> None:
    if isinstance(wave, LeadMail):
        await receive_lead(db, workspace_id, wave)
        return
    if isinstance(wave, ByUs):
        if not await receive_staff_mail(db, workspace_id, wave) and wave.otherwise is not None:
            await _take_in_wave(db, workspace_id, [wave.otherwise])
        return
    first = wave[0]
    if first.parsed.bounce is not None and await receive_bounce(db, first.mail, first.parsed.bounce):
        return
    for arrival in wave:
        await believe_address(db, arrival.mail, arrival.sender.email)
    names = {arrival.address: arrival.sender.name or arrival.sender.email for arrival in reversed(wave)}
    contacts = await contacts_of_addresses(db, workspace_id, names, origin="E-mail")
    await forget_bounces(db, workspace_id, [one.address for one in wave if not one.mail.is_history])
    asked = [Asked(arrival.mail, arrival.parsed, contacts[arrival.address]) for arrival in wave]
    routes = await route_mails(db, workspace_id, asked)
    known = await _locked(db, routes)
    if any(one.emptied_at for one in known.values()):  # merged, or deleted for good, while it was waited for
        routes = await route_mails(db, workspace_id, asked)
        known = await _locked(db, routes)
    conversations = await _conversations(db, workspace_id, asked, routes, known)
    incoming = [arrival.incoming(route) for arrival, route in zip(wave, routes, strict=True)]
    await receive_messages(db, Actor.system(workspace_id), list(zip(conversations, incoming, strict=True)))


async def _conversations(
    db: Session,
    workspace_id: int,
    asked: Sequence[Asked],
    routes: Sequence[Route],
    known: Mapping[int, Conversation],
) -> list[Conversation]:
    """Those that there are, and new ones where the route leads nowhere."""
    beginnings = [
        Beginning(one.contact, in_plain_sight(one.parsed.subject), one.mail.received_at, one.mail.is_history)
        for one, route in zip(asked, routes, strict=True)
        if route.conversation_id is None
    ]
    workspace = await db.get_one(Workspace, workspace_id)  # held: each beginning asks it who gets the conversation
    new = iter(await start_conversations(db, Actor.system(workspace.id), Channel.EMAIL, beginnings))
    return [next(new) if route.conversation_id is None else known[route.conversation_id] for route in routes]


async def _locked(db: Session, routes: Sequence[Route]) -> dict[int, Conversation]:
    """Where the routes lead, in one order, so that no two workers wait for each other."""
    conversation_ids = {route.conversation_id for route in routes if route.conversation_id is not None}
    if not conversation_ids:
        return {}
    query = select(Conversation).where(col(Conversation.id).in_(conversation_ids)).order_by(col(Conversation.id))
    query = query.with_for_update().execution_options(populate_existing=True)  # as it is now that it is locked
    return {conversation.id: conversation for conversation in (await db.exec(query)).all()}
