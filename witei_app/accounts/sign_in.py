"""Signing in and out: passwords, sessions, and patience with those who guess."""

import hashlib
import math
import secrets
import time
from datetime import timedelta

from sqlalchemy import bindparam, or_, update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from witei_app.accounts.hashing import is_password
from witei_app.accounts.throttle import sign_in_throttle
from witei_app.clock import now
from witei_app.db import Session, at_hand
from witei_app.errors import Refused
from witei_app.live.events import AccessChanged, announce
from witei_app.models import SignInSession, User, Workspace

SESSION_LIFE = timedelta(days=30)
# Written at most this often, so that reading a page does not mean writing a row.
LAST_USED_STEP = timedelta(minutes=5)
MOST_SESSIONS = 100
MOST_NOTED = 10_000
DEMO_ADMIN = "admin@demo.test"
WRONG = "The e-mail or the password is wrong."

_noted: dict[str, float] = {}  # when this process last wrote a session's use
_familiar: set[str] = set()  # addresses that somebody has signed in from, as this process has seen


async def check_password(db: Session, email: str, password: str, address: str) -> User:
    """The user with this e-mail and password. Refuses in one sentence whether the account exists or not.

    `address` is where the attempt comes from; too many failures from it, or for the account, are refused unheard.
    The session is one for reading: its connection is given back meanwhile.
    """
    email = _account(email)
    async with sign_in_throttle.guess(address, email):
        user = await active_user(db, email)
        await db.commit()  # nothing was written: the connection is others' while the hash is made
        is_right = await is_password(password, user.password_hash if user else "", is_familiar=address in _familiar)
        if user is None or not is_right:
            raise Refused(WRONG)
    _remember(address)
    return user


async def active_user(db: Session, email: str) -> User | None:
    """Who signs in with this address."""
    user = await user_named(db, email)
    return user if user is not None and user.is_active else None


async def user_named(db: Session, email: str) -> User | None:
    """Whose address it is, also of who was deactivated."""
    return (await db.exec(select(User).where(User.email == _account(email)))).one_or_none()


async def may_try_the_demo(db: Session) -> bool:
    """Whether anybody may be told how to sign in to the demo: not where it was imported, which brings no passwords."""
    query = select(User.id).join(Workspace, col(Workspace.id) == col(User.workspace_id)).where(Workspace.is_demo)
    open_to_all = query.where(User.email == DEMO_ADMIN, User.password_hash != "", col(User.is_active))
    return (await db.exec(open_to_all)).first() is not None


def _remember(address: str) -> None:
    if len(_familiar) > MOST_NOTED:
        _familiar.clear()
    _familiar.add(address)


def _account(email: str) -> str:
    return email.replace("\0", "").strip().lower()[:320]  # no account has NUL, and PostgreSQL takes none


async def check_own_password(user: User, password: str, address: str) -> None:
    """Refuses unless it is the user's; who guesses is refused unheard as at the door."""
    async with sign_in_throttle.guess(address, user.email):
        if await is_password(password, user.password_hash, is_familiar=True):
            return
        raise Refused("The password you have now is another one.")


async def open_session(db: Session, user: User, address: str, device: str) -> str:
    """Sign the user in on a browser. Returns the token for the cookie; the database keeps its hash alone."""
    token = secrets.token_urlsafe(32)
    moment = now()
    db.add(
        SignInSession(
            workspace_id=user.workspace_id,
            user_id=user.id,
            token_hash=_hash(token),
            address=address[:64],
            device=device[:300],
            created_at=moment,
            last_used_at=moment,
            expires_at=moment + SESSION_LIFE,
        )
    )
    return token


async def user_of_token(db: Session, token: str) -> User | None:
    """The active user whose unexpired, unrevoked session this token opens.

    Nobody, while the workspace requires an authenticator app that the user has not set up.
    """
    return await _user(db, _USER_OF_TOKEN, token)


async def user_at_the_door(db: Session, token: str) -> User | None:
    """The same, with or without the app: for the pages that let it be set up, and for signing out."""
    return await _user(db, _SIGNED_IN, token)


async def _user(db: Session, query: SelectOfScalar[User], token: str) -> User | None:
    if not token or len(token) > 200:
        return None
    user = (await db.exec(query, params={"token_hash": _hash(token), "moment": now()})).one_or_none()
    at_hand(db, user)
    return user


# Asked at each click, so they are put together once.
_SIGNED_IN = (
    select(User)
    .join(SignInSession, col(SignInSession.user_id) == col(User.id))
    .where(
        col(SignInSession.token_hash) == bindparam("token_hash"),
        col(SignInSession.revoked_at).is_(None),
        col(SignInSession.expires_at) > bindparam("moment"),
        col(User.is_active),
    )
)
_USER_OF_TOKEN = _SIGNED_IN.join(Workspace, col(Workspace.id) == col(User.workspace_id)).where(
    or_(~col(Workspace.requires_two_factor), col(User.two_factor_secret) != "")
)


async def close_sessions(db: Session, user: User, *, but: str = "") -> None:
    """Sign the user out everywhere, or everywhere but in the browser with this token."""
    mine = update(SignInSession).where(col(SignInSession.user_id) == user.id, col(SignInSession.revoked_at).is_(None))
    await db.exec(mine.where(col(SignInSession.token_hash) != _hash(but)).values(revoked_at=now()))
    announce(db, AccessChanged(user.workspace_id, user.id))


async def close_session(db: Session, token: str) -> None:
    """Sign this browser out: the token opens nothing any more, in no tab."""
    query = select(SignInSession).where(SignInSession.token_hash == _hash(token))
    session = (await db.exec(query)).one_or_none()
    if session is not None and session.revoked_at is None:
        session.revoked_at = now()
        announce(db, AccessChanged(session.workspace_id, session.user_id))


async def open_sessions(db: Session, user_id: int) -> list[SignInSession]:
    """The browsers that the user is signed in on, the last used first."""
    query = (
        select(SignInSession)
        .where(
            SignInSession.user_id == user_id,
            col(SignInSession.revoked_at).is_(None),
            SignInSession.expires_at > now(),
        )
        .order_by(col(SignInSession.last_used_at).desc(), col(SignInSession.id).desc())
    )
    return list((await db.exec(query.limit(MOST_SESSIONS))).all())


def is_token_of(session: SignInSession, token: str) -> bool:
    """Whether this token opens this session."""
    return session.token_hash == _hash(token)


def is_use_due(token: str) -> bool:
    """Whether this process has not written the session's use for a while; then it is about to."""
    moment, name = time.monotonic(), _hash(token)
    if moment - _noted.get(name, -math.inf) < LAST_USED_STEP.total_seconds():
        return False
    if len(_noted) > MOST_NOTED:
        _noted.clear()
    _noted[name] = moment
    return True


async def note_use(db: Session, token: str) -> None:
    """Remember that the session is in use, for the list of one's sessions."""
    moment = now()
    await db.exec(
        update(SignInSession)
        .where(col(SignInSession.token_hash) == _hash(token), col(SignInSession.last_used_at) < moment - LAST_USED_STEP)
        .values(last_used_at=moment)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
