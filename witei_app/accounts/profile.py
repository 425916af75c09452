"""What a user changes about themselves."""

from zoneinfo import available_timezones

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.credentials import check_new_password, checked_name
from witei_app.accounts.hashing import hash_of
from witei_app.accounts.sign_in import check_own_password, is_token_of
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.conversations.visit import browser_name
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.live.events import AccessChanged, announce
from witei_app.mail.sanitize import safe_inline_html
from witei_app.models import AuditAction, SignInSession, UnusedFile, User
from witei_app.templates.placeholders import SIGNATURE_PLACES, check_places
from witei_app.texts import LANGUAGES

LONGEST_SIGNATURE = 20_000


async def own_user(db: Session, actor: Actor) -> User:
    """The row of whoever asks."""
    return await db.get_one(User, actor.user_id)


async def save_profile(db: Session, actor: Actor, *, name: str, language: str, time_zone: str) -> None:
    """Name, language ("" is the browser's) and time zone. Open tabs show them at once."""
    if language not in {"", "en", *LANGUAGES}:
        raise Refused("Choose a language from the list.")
    check_time_zone(time_zone)
    user = await own_user(db, actor)
    user.name, user.language, user.time_zone = checked_name(name), language, time_zone
    announce(db, AccessChanged(user.workspace_id, user.id))


def check_time_zone(time_zone: str) -> None:
    """Refuses what is no time zone."""
    if time_zone not in available_timezones():
        raise Refused("Choose a time zone from the list.")


async def choose_single_keys(db: Session, actor: Actor, is_on: bool) -> None:
    """Whether j, k, r and the like act: who speaks to the computer, or has a tremor, may not want them (WCAG 2.1.4)."""
    (await own_user(db, actor)).has_single_keys = is_on


async def be_away(db: Session, actor: Actor, is_away: bool) -> None:
    """Colleagues see it, and nothing new is handed out in turn meanwhile."""
    user = await own_user(db, actor)
    user.is_away = is_away
    announce(db, AccessChanged(user.workspace_id, user.id))


async def save_signature(db: Session, actor: Actor, html: str) -> str:
    """What stands below the user's mails from now on; gives it as it is kept."""
    safe = checked_signature(html)
    (await own_user(db, actor)).signature_html = safe
    return safe


def checked_signature(html: str) -> str:
    """A signature made harmless. Refuses one that is too long, or names a place that nothing fills."""
    safe = safe_inline_html(html)
    if len(safe) > LONGEST_SIGNATURE:
        raise Refused("This signature is too long.")
    check_places(safe, SIGNATURE_PLACES)
    return safe


async def save_portrait(db: Session, actor: Actor, sha256: str) -> None:
    """The user's picture from now on, by its place in the file store; "" is none."""
    user = await own_user(db, actor)
    if user.portrait and user.portrait != sha256:
        db.add(UnusedFile(workspace_id=user.workspace_id, sha256=user.portrait))
    user.portrait = sha256


async def portraits(db: Session, actor: Actor) -> list[tuple[int, str]]:
    """Whoever of the workspace has a picture: the user's id, and the picture's SHA-256."""
    query = select(User.id, User.portrait).where(User.workspace_id == actor.workspace_id, User.portrait != "")
    return list((await db.exec(query.order_by(col(User.id)))).all())


async def is_portrait(db: Session, sha256: str) -> bool:
    """Whether these bytes are somebody's picture: those may be shown to whoever knows their name."""
    query = select(User.id).where(User.portrait == sha256, User.portrait != "").limit(1)
    return (await db.exec(query)).first() is not None


async def new_own_password(db: Session, actor: Actor, old: str, new: str, address: str) -> str:
    """The hash of a new password, when the old one is right; to be called outside a transaction, it takes its time."""
    check_new_password(new)
    await check_own_password(await own_user(db, actor), old, address)
    return await hash_of(new)


async def end_session(db: Session, actor: Actor, session_id: int, own_token: str) -> None:
    """Sign out one other browser of one's own. The one that asks has its own way out."""
    query = select(SignInSession).where(SignInSession.id == session_id, SignInSession.user_id == actor.user_id)
    session = (await db.exec(query)).one_or_none()
    if session is None:
        raise NotFound("This session is over already.")
    if is_token_of(session, own_token):
        raise Refused("This is the browser you are using. Sign out in your menu.")
    if session.revoked_at is not None:
        return
    session.revoked_at = now()
    device = browser_name(session.device) or session.device[:60]
    note(db, actor, AuditAction.SESSION_ENDED, f"{device} ({session.address})")
    announce(db, AccessChanged(session.workspace_id, session.user_id))
