"""Another e-mail address for signing in: told to the old one, and another one only once the new one has answered."""

from sqlmodel import select

from witei_app.accounts.actor import Actor
from witei_app.accounts.credentials import checked_email, refuse_taken, store_email
from witei_app.accounts.links import email_of_link, end_links, make_link, use_link, user_of_link
from witei_app.audit.trail import note
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.live.events import AccessChanged, announce
from witei_app.models import AuditAction, LinkKind, User, Workspace
from witei_app.outbox.system_mail import queue_system_mail
from witei_app.texts import translate

INACTIVE = "Your user is not active. Ask an administrator."


async def ask_for_email(db: Session, actor: Actor, email: str) -> str:
    """Write a link to the new address, and a notice to the old one; gives the new one as it is kept.

    Whether somebody else has the address is told to nobody: then there is no link, and all looks the same.
    """
    user = await db.get_one(User, actor.user_id)
    address = checked_email(email)
    if address == user.email:
        raise Refused("This is your address already.")
    language = user.language or (await db.get_one(Workspace, user.workspace_id)).language
    taken = (await db.exec(select(User.id).where(User.email == address))).first()
    if taken is None:
        link = await make_link(db, user, LinkKind.EMAIL, address)
        lines = [
            translate("You want to sign in with this address from now on.", language),
            translate(
                "Open this link to confirm it. It works once, within a day. If it was not you, do nothing.", language
            ),
        ]
        await queue_system_mail(db, user, translate("Confirm your new address", language), lines, link, to=address)
    await _tell_old(db, user, user.email, address, language, is_done=False)
    return address


async def new_email_of(db: Session, token: str) -> str:
    """The address that a link confirms. Refuses a dead link."""
    await user_of_link(db, token, LinkKind.EMAIL)
    return await email_of_link(db, token)


async def confirm_email(db: Session, token: str, address: str) -> User:
    """The new address is the user's from now on. `address` is where it was confirmed from. Gives the user."""
    new = await email_of_link(db, token)
    user = await use_link(db, token, LinkKind.EMAIL)
    if not user.is_active:
        raise Refused(INACTIVE)
    await refuse_taken(db, new)
    before, user.email = user.email, new
    await store_email(db)
    await end_links(db, user, LinkKind.RESET)  # they went to the old one
    announce(db, AccessChanged(user.workspace_id, user.id))  # open pages show it
    note(db, Actor.of(user, address), AuditAction.EMAIL_CHANGED, changes={"email": (before, new)})
    language = user.language or (await db.get_one(Workspace, user.workspace_id)).language
    await _tell_old(db, user, before, new, language, is_done=True)
    return user


async def _tell_old(db: Session, user: User, old: str, new: str, language: str, *, is_done: bool) -> None:
    happened = (
        translate("From now on you sign in with {address}, and no longer with this one.", language, address=new)
        if is_done
        else translate("Somebody, perhaps you, wants to sign in as you with {address}.", language, address=new)
    )
    advice = translate("If it was not you, change your password now and tell an administrator.", language)
    await queue_system_mail(db, user, translate("Your address for signing in", language), [happened, advice], to=old)
