"""Links in mails that open one thing once: signed, kept as a hash, dead after their time or their first use."""

import hashlib
import secrets
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import update
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.models import LinkKind, OneTimeLink, User
from witei_app.settings import settings

LIFE = {LinkKind.INVITATION: timedelta(days=7), LinkKind.RESET: timedelta(hours=1), LinkKind.EMAIL: timedelta(days=1)}
_PATHS = {LinkKind.INVITATION: "/invite/", LinkKind.RESET: "/forgot/", LinkKind.EMAIL: "/confirm-email/"}
DEAD = "This link is not valid any more: it was used, replaced by a newer one, or is too old."


async def make_link(db: Session, user: User, kind: LinkKind, email: str = "") -> str:
    """The address of a new link. Older ones of this kind are dead from now on."""
    await end_links(db, user, kind)
    token = _serializer(kind).dumps(secrets.token_urlsafe(24))
    moment = now()
    db.add(
        OneTimeLink(
            workspace_id=user.workspace_id,
            user_id=user.id,
            kind=kind,
            token_hash=_hash(token),
            email=email,
            created_at=moment,
            expires_at=moment + LIFE[kind],
        )
    )
    return f"{settings().public_url}{_PATHS[kind]}{token}"


async def user_of_link(db: Session, token: str, kind: LinkKind) -> User:
    """Whom the link is for; refuses a dead or forged one. It can still be used."""
    link = await _find(db, token, kind)
    return await db.get_one(User, link.user_id)


async def use_link(db: Session, token: str, kind: LinkKind) -> User:
    """The same, once: who comes second is refused."""
    link = await _find(db, token, kind)
    unused = update(OneTimeLink).where(col(OneTimeLink.id) == link.id, col(OneTimeLink.used_at).is_(None))
    if (await db.exec(unused.values(used_at=now()))).rowcount != 1:
        raise Refused(DEAD)
    return await db.get_one(User, link.user_id)


async def email_of_link(db: Session, token: str) -> str:
    """The new address that the link confirms."""
    return (await _find(db, token, LinkKind.EMAIL)).email


async def end_links(db: Session, user: User, kind: LinkKind) -> None:
    """Links of this kind that the user was sent open nothing any more."""
    mine = update(OneTimeLink).where(col(OneTimeLink.user_id) == user.id, col(OneTimeLink.kind) == kind)
    await db.exec(mine.where(col(OneTimeLink.used_at).is_(None)).values(used_at=now()))


async def _find(db: Session, token: str, kind: LinkKind) -> OneTimeLink:
    try:
        _serializer(kind).loads(token[:300].encode("utf-8", "replace"))
    except BadSignature:
        raise Refused(DEAD) from None
    query = select(OneTimeLink).where(OneTimeLink.token_hash == _hash(token), OneTimeLink.kind == kind)
    link = (await db.exec(query)).one_or_none()
    if link is None or link.used_at is not None or link.expires_at <= now():
        raise Refused(DEAD)
    return link


def _serializer(kind: LinkKind) -> URLSafeSerializer:
    """A secret that was changed is accepted while WITEI_PREVIOUS_SECRET_KEYS names it."""
    return URLSafeSerializer(settings().secrets(), salt=f"one-time link: {kind}")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
