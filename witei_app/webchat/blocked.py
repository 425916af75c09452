"""Visitors and addresses that the agency has blocked: they find no chat, and are told so.

A blocked visitor is known by token, link and signature; who empties the browser's storage is somebody new, and then an
address helps. It may be many people's: a whole office, or a mobile network.
"""

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, update
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.turns import take_turn
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.conversations.visible import find_conversation, may_see
from witei_app.db import Session, transaction
from witei_app.errors import NotFound, Refused
from witei_app.live.events import AddressBlocked, ConversationChanged, VisitorGone, announce
from witei_app.models import AuditAction, BlockedAddress, Conversation, ConversationScope, User, Visitor
from witei_app.texts import translate
from witei_app.texts.when import moment_label
from witei_app.webchat.rows import BlockedRow
from witei_app.webchat.visitors import visitor_of

MOST = 1_000
WIDEST = {4: 16, 6: 32}  # a shorter prefix would block a country
NARROWEST = {4: 32, 6: 64}  # what `networks.network` makes of an address
KEPT = timedelta(days=30)


def networks_of(address: str) -> list[str]:
    """Every network that may be blocked and holds this address of `networks.network`; none for what is no address."""
    try:
        own = ipaddress.ip_network(address)
    except ValueError:
        return []
    lengths = range(WIDEST[own.version], NARROWEST[own.version] + 1)
    return [str(own.supernet(new_prefix=length)) for length in lengths]


async def is_address_blocked(db: Session, workspace_id: int, address: str) -> bool:
    """Whether no browser there finds a chat. `address` is one of `networks.network`, or "" where it is not known."""
    around = networks_of(address)
    if not around:
        return False
    query = select(BlockedAddress.id).where(
        BlockedAddress.workspace_id == workspace_id, col(BlockedAddress.network).in_(around)
    )
    return (await db.exec(query.limit(1))).first() is not None


async def is_turned_away(db: Session, workspace_id: int, address: str, token: str) -> bool:
    """Whether whoever holds this token, there, is blocked."""
    visitor = await visitor_of(db, token)
    is_blocked = visitor is not None and visitor.blocked_at is not None
    return is_blocked or await is_address_blocked(db, workspace_id, address)


async def block_visitor(db: Session, actor: Actor, conversation_id: int) -> None:
    """The visitor of this conversation writes no more, and is told so at once."""
    actor.must(actor.permissions.can_delete)
    conversation = await find_conversation(db, actor, conversation_id)
    for visitor in await _visitors(db, conversation):
        visitor.blocked_at, visitor.blocked_by_id = now(), actor.user_id
    note(db, actor, AuditAction.VISITOR_BLOCKED, contact_id=conversation.contact_id)
    announce(db, VisitorGone(actor.workspace_id, conversation.id, "blocked"))
    announce(db, ConversationChanged(actor.workspace_id, conversation.id, conversation.assignee_id))


async def unblock_visitor(db: Session, actor: Actor, conversation_id: int) -> None:
    """They may write again, when they come back."""
    actor.must(actor.permissions.can_delete)
    conversation = await find_conversation(db, actor, conversation_id)
    for visitor in await _visitors(db, conversation):
        await _unblock(db, actor, visitor)


async def block_address_of(db: Session, actor: Actor, conversation_id: int) -> None:
    """Nobody writes from where the visitor of this conversation was last."""
    actor.must(actor.permissions.can_delete)
    conversation = await find_conversation(db, actor, conversation_id)
    known = [visitor.address for visitor in await _visitors(db, conversation) if visitor.address]
    if not known:
        raise Refused("The address of this visitor is not known any more.")
    await _block(db, actor, str(ipaddress.ip_network(known[0])), conversation.contact_name)
    announce(db, ConversationChanged(actor.workspace_id, conversation.id, conversation.assignee_id))


async def block_address(db: Session, actor: Actor, typed: str) -> None:
    """Nobody writes from this address or network. Refuses what is none, and what would be everybody."""
    actor.must(actor.permissions.can_manage_web_chat)
    await _block(db, actor, read_network(typed), "")


def read_network(typed: str) -> str:
    """ "203.0.113.7", "203.0.113.0/24" or "2001:db8::1" as a network that is kept; an IPv6 address means its /64."""
    try:
        found = ipaddress.ip_network(typed.strip(), strict=False)
    except ValueError:
        raise Refused("Write an address as 203.0.113.7, or a network as 203.0.113.0/24.") from None
    if found.is_loopback:
        raise Refused("This is the machine that the chat runs on.")
    if found.prefixlen < WIDEST[found.version]:
        raise Refused("This network is too large: it would block a whole country.")
    narrow = NARROWEST[found.version]
    return str(found.supernet(new_prefix=narrow) if found.prefixlen > narrow else found)


async def list_blocked(db: Session, actor: Actor) -> list[BlockedRow]:
    """Visitors and addresses, the newest first: who, when, by whom. Two queries.

    A visitor whose conversation the actor does not see has no name.
    """
    actor.must(actor.permissions.can_manage_web_chat)
    found = [*await _blocked_visitors(db, actor), *await _blocked_addresses(db, actor)]
    return [row for _, row in sorted(found, key=lambda one: one[0], reverse=True)]


async def _blocked_visitors(db: Session, actor: Actor) -> list[tuple[datetime, BlockedRow]]:
    query = (
        select(Visitor, Conversation, User.name)
        .outerjoin(Conversation, and_(col(Conversation.id) == col(Visitor.conversation_id), may_see(actor)))
        .outerjoin(User, col(User.id) == col(Visitor.blocked_by_id))
        .where(Visitor.workspace_id == actor.workspace_id, col(Visitor.blocked_at).is_not(None))
        .order_by(col(Visitor.blocked_at).desc())
        .limit(MOST)
    )
    return [
        (
            visitor.blocked_at or visitor.created_at,
            BlockedRow(
                f"visitor-{visitor.id}",
                (seen and seen.contact_name) or translate("A visitor", actor.language),
                moment_label(visitor.blocked_at or visitor.created_at, actor.time_zone, actor.language),
                by or "",
                conversation_id=seen.id if seen else 0,
            ),
        )
        for visitor, seen, by in (await db.exec(query)).all()
    ]


async def _blocked_addresses(db: Session, actor: Actor) -> list[tuple[datetime, BlockedRow]]:
    query = (
        select(BlockedAddress, User.name)
        .outerjoin(User, col(User.id) == col(BlockedAddress.user_id))
        .where(BlockedAddress.workspace_id == actor.workspace_id)
        .order_by(col(BlockedAddress.id).desc())
    )
    return [
        (
            one.created_at,
            BlockedRow(
                f"address-{one.id}",
                shown_network(one.network),
                moment_label(one.created_at, actor.time_zone, actor.language),
                by or "",
                about=one.about if actor.scope == ConversationScope.ALL else "",
            ),
        )
        for one, by in (await db.exec(query)).all()
    ]


async def unblock(db: Session, actor: Actor, row_id: str) -> None:
    """Take a row of the list out of it. What is not there any more is unblocked already."""
    actor.must(actor.permissions.can_manage_web_chat)
    kind, _, number = row_id.partition("-")
    if kind not in {"visitor", "address"} or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NotFound("This is not here.")
    if kind == "visitor":
        query = select(Visitor).where(Visitor.id == int(number), Visitor.workspace_id == actor.workspace_id)
        for visitor in (await db.exec(query)).all():
            await _unblock(db, actor, visitor)
    else:
        of_ours = (BlockedAddress.id == int(number), BlockedAddress.workspace_id == actor.workspace_id)
        for address in (await db.exec(select(BlockedAddress).where(*of_ours))).all():
            await db.delete(address)
            note(db, actor, AuditAction.ADDRESS_UNBLOCKED, shown_network(address.network))


def shown_network(network: str) -> str:
    """As people write it: a single address without its length."""
    return network.removesuffix("/32")


async def forget_old_addresses() -> int:
    """Where visitors came from is nobody's business after a month. Gives how many."""
    async with transaction() as db:
        is_old = (col(Visitor.address) != "", col(Visitor.last_seen_at) < now() - KEPT)
        result = await db.exec(update(Visitor).where(*is_old).values(address=""))
        return result.rowcount


async def _visitors(db: Session, conversation: Conversation) -> Sequence[Visitor]:
    query = select(Visitor).where(Visitor.conversation_id == conversation.id).order_by(col(Visitor.last_seen_at).desc())
    return (await db.exec(query.with_for_update())).all()


async def _unblock(db: Session, actor: Actor, visitor: Visitor) -> None:
    if visitor.blocked_at is None:
        return
    visitor.blocked_at = visitor.blocked_by_id = None
    db.add(visitor)
    contact_id = visitor.contact_id
    if visitor.conversation_id is not None:
        conversation = await db.get_one(Conversation, visitor.conversation_id)
        contact_id = conversation.contact_id
        announce(db, ConversationChanged(actor.workspace_id, conversation.id, conversation.assignee_id))
    note(db, actor, AuditAction.VISITOR_UNBLOCKED, contact_id=contact_id)


async def _block(db: Session, actor: Actor, network: str, about: str) -> None:
    await take_turn(db, actor.workspace_id)
    ours = BlockedAddress.workspace_id == actor.workspace_id
    known = (await db.exec(select(BlockedAddress.network).where(ours))).all()
    if network in known:
        return
    if len(known) >= MOST:
        raise Refused("More than {most} addresses are not possible.", most=MOST)
    db.add(BlockedAddress(workspace_id=actor.workspace_id, network=network, about=about[:255], user_id=actor.user_id))
    note(db, actor, AuditAction.ADDRESS_BLOCKED, shown_network(network))
    announce(db, AddressBlocked(actor.workspace_id, network))
