"""Coming in by a link: an invitation is taken up, a forgotten password is replaced."""

from sqlalchemy import func
from sqlmodel import col, select

from witei_app.accounts.credentials import checked_name
from witei_app.accounts.links import end_links, make_link, use_link, user_of_link
from witei_app.accounts.sign_in import close_sessions
from witei_app.accounts.throttle import sign_in_throttle
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.live.events import AccessChanged, announce
from witei_app.models import LinkKind, Message, User, Workspace
from witei_app.outbox.system_mail import queue_system_mail
from witei_app.texts import translate


async def send_invitation(db: Session, user: User, by: str) -> str:
    """Write to an invited user. Gives the link, for installations without a way to send mail."""
    workspace = await db.get_one(Workspace, user.workspace_id)
    language = user.language or workspace.language
    link = await make_link(db, user, LinkKind.INVITATION)
    subject = translate("{name} invites you to {workspace}", language, name=by, workspace=workspace.name)
    paragraphs = [
        translate(
            "{name} invites you to the conversations of {workspace}.", language, name=by, workspace=workspace.name
        ),
        translate("Open this link to choose your password. It works once, within seven days.", language),
    ]
    await queue_system_mail(db, user, subject, paragraphs, link)
    return link


async def invited_user(db: Session, token: str) -> User:
    """Whom an invitation is for. Refuses a dead link."""
    return await user_of_link(db, token, LinkKind.INVITATION)


async def take_up_invitation(db: Session, token: str, name: str, password_hash: str) -> User:
    """The invited person is a user from now on, with this name and password."""
    user = await use_link(db, token, LinkKind.INVITATION)
    user.name, user.password_hash = checked_name(name), password_hash
    user.is_invited, user.is_active = False, True
    user.read_up_to_id = (await db.exec(select(func.max(Message.id)))).one() or 0  # what was before is nobody's news
    announce(db, AccessChanged(user.workspace_id, user.id))
    return user


async def send_reset(db: Session, email: str) -> None:
    """Write a link for a new password to the user with this address; to anybody else nothing."""
    known = select(User).where(User.email == email, col(User.is_active))
    user = (await db.exec(known)).one_or_none()
    if user is None:
        return
    workspace = await db.get_one(Workspace, user.workspace_id)
    language = user.language or workspace.language
    paragraphs = [
        translate("Somebody, perhaps you, asked for a new password for your user.", language),
        translate(
            "Open this link to choose one. It works once, within one hour. If it was not you, do nothing.", language
        ),
    ]
    link = await make_link(db, user, LinkKind.RESET)
    await queue_system_mail(db, user, translate("A new password", language), paragraphs, link)


async def check_reset(db: Session, token: str) -> User:
    """Whose password the link replaces. Refuses a dead link."""
    user = await user_of_link(db, token, LinkKind.RESET)
    if not user.is_active:
        raise Refused("Your user is not active. Ask an administrator.")
    return user


async def reset_password(db: Session, token: str, password_hash: str) -> User:
    """A new password by link; whoever was signed in is no more. Gives the user."""
    user = await use_link(db, token, LinkKind.RESET)
    if not user.is_active:
        raise Refused("Your user is not active. Ask an administrator.")
    user.password_hash = password_hash
    await end_links(db, user, LinkKind.EMAIL)
    await close_sessions(db, user)
    await sign_in_throttle.succeeded(user.email)
    return user


async def set_password(db: Session, user: User, password_hash: str, *, staying: str) -> None:
    """A new password by whoever is signed in; other browsers are signed out, links for a new one are dead."""
    user.password_hash = password_hash
    for kind in (LinkKind.RESET, LinkKind.EMAIL):
        await end_links(db, user, kind)
    await close_sessions(db, user, but=staying)
