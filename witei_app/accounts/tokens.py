"""API tokens: keys that a user makes for programs. A token never opens more than its user may do at that moment."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import func, or_, update
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.models import ApiToken, AuditAction, User, Workspace
from witei_app.outbox.system_mail import queue_system_mail
from witei_app.settings import settings
from witei_app.texts import translate

PREFIX = "conv_"  # so that scanners for leaked secrets, and people, see what it is
MOST_TOKENS = 50
LONGEST_NAME = 80
# Written at most this often, so that reading does not mean writing.
USE_STEP = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token is good for: to read or to write one noun of the API."""

    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    MESSAGES_READ = "messages:read"
    MESSAGES_WRITE = "messages:write"
    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    TEMPLATES_READ = "templates:read"
    TEMPLATES_WRITE = "templates:write"
    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    QUOTES_READ = "quotes:read"
    QUOTES_WRITE = "quotes:write"
    REPORTS_READ = "reports:read"


@dataclass(frozen=True)
class Bearer:
    """Who came with a token: the actor that its user is now, and what the token is good for.

    `mark` tells tokens apart where they are counted, and opens nothing. Who `lacks_app` must set up an authenticator
    app before the token opens anything.
    """

    actor: Actor
    token_id: int
    mark: str
    scopes: frozenset[str]
    lacks_app: bool = False


async def make_token(db: Session, actor: Actor, name: str, scopes: Collection[str], days: int = 0) -> str:
    """A new token of the actor's own; the only time that it can be read. `days` 0 is without an end.

    Refuses a token without a name, for nothing, or for what there is not.
    """
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise Refused("Give the token a name, such as the program that will use it.")
    chosen = [scope.value for scope in Scope if scope in scopes]
    if not chosen:
        raise Refused("Choose what the token may do.")
    if not 0 <= days <= 3650:
        raise Refused("Choose from the list how long the token is valid.")
    await _refuse_more(db, actor)
    token = PREFIX + secrets.token_urlsafe(32)
    moment = now()
    expires_at = moment + timedelta(days=days) if days else None
    db.add(
        ApiToken(
            workspace_id=actor.workspace_id,
            user_id=actor.user_id or 0,  # tokens are made in the pages alone
            name=name,
            hint=token[: len(PREFIX) + 4],
            token_hash=hash_of_token(token),
            scopes=chosen,
            created_at=moment,
            expires_at=expires_at,
        )
    )
    until = f"{expires_at:%Y-%m-%d}" if expires_at else "never"
    note(db, actor, AuditAction.TOKEN_CREATED, name, {"scopes": (None, ", ".join(chosen)), "expires_at": (None, until)})
    await _tell_owner(db, actor, name)
    return token


async def tokens_of(db: Session, actor: Actor) -> list[ApiToken]:
    """The actor's own that were not revoked, newest first; those that have expired are among them."""
    query = select(ApiToken).where(ApiToken.user_id == actor.user_id, col(ApiToken.revoked_at).is_(None))
    return list((await db.exec(query.order_by(col(ApiToken.id).desc()))).all())


async def revoke_token(db: Session, actor: Actor, token_id: int) -> None:
    """It opens nothing any more, from the next request on."""
    query = select(ApiToken).where(
        ApiToken.id == token_id, ApiToken.user_id == actor.user_id, col(ApiToken.revoked_at).is_(None)
    )
    token = (await db.exec(query.with_for_update())).one_or_none()
    if token is None:
        raise NotFound("This token was revoked already.")
    token.revoked_at = now()
    note(db, actor, AuditAction.TOKEN_REVOKED, token.name)


async def revoke_all_tokens(db: Session, user: User) -> None:
    """None of the user's opens anything any more."""
    theirs = update(ApiToken).where(col(ApiToken.user_id) == user.id, col(ApiToken.revoked_at).is_(None))
    await db.exec(theirs.values(revoked_at=now()))


async def bearer_of(db: Session, token: str, address: str = "") -> Bearer | None:
    """Whose token it is: of an active user, neither revoked nor expired."""
    if not token.startswith(PREFIX) or len(token) > 200:
        return None
    query = (
        select(ApiToken, User, Workspace.requires_two_factor)
        .join(User, col(User.id) == col(ApiToken.user_id))
        .join(Workspace, col(Workspace.id) == col(User.workspace_id))
        .where(
            ApiToken.token_hash == hash_of_token(token),
            col(ApiToken.revoked_at).is_(None),
            or_(col(ApiToken.expires_at).is_(None), col(ApiToken.expires_at) > now()),
            col(User.is_active),
        )
    )
    found = (await db.exec(query)).one_or_none()
    if found is None:
        return None
    row, user, needs_app = found
    lacks_app = needs_app and not user.two_factor_secret
    return Bearer(Actor.of(user, address), row.id, row.token_hash[:16], frozenset(row.scopes), lacks_app)


async def note_token_use(db: Session, bearer: Bearer) -> None:
    """Remember when and from where it was used last, for the list of one's tokens."""
    moment = now()
    is_due = or_(col(ApiToken.last_used_at).is_(None), col(ApiToken.last_used_at) < moment - USE_STEP)
    await db.exec(
        update(ApiToken)
        .where(col(ApiToken.id) == bearer.token_id, is_due)
        .values(last_used_at=moment, last_address=bearer.actor.address)
    )


def hash_of_token(token: str) -> str:
    """What is stored. One round of SHA-256 is enough here: a token is 256 random bits, which nobody tries out.

    A slow hash (as for passwords) protects what people choose and others can guess; it would cost 50 ms a request.
    """
    return hashlib.sha256(token.encode()).hexdigest()


async def _refuse_more(db: Session, actor: Actor) -> None:
    query = select(func.count()).select_from(ApiToken)
    mine = query.where(col(ApiToken.user_id) == actor.user_id, col(ApiToken.revoked_at).is_(None))
    if (await db.exec(mine)).one() >= MOST_TOKENS:
        raise Refused("You have {most} tokens. Revoke one that nobody needs first.", most=MOST_TOKENS)


async def _tell_owner(db: Session, actor: Actor, name: str) -> None:
    """A token outlives the session that made it, and whoever sits at an open browser may be somebody else."""
    user = await db.get_one(User, actor.user_id)
    language = user.language or (await db.get_one(Workspace, user.workspace_id)).language
    lines = [
        translate("Somebody, perhaps you, made an API token in your name: {name}.", language, name=name),
        translate("If it was not you, revoke it here, change your password and tell an administrator.", language),
    ]
    await queue_system_mail(
        db, user, translate("A new API token", language), lines, f"{settings().public_url}/settings/api"
    )
