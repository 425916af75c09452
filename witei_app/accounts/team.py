"""The administrators' side of users: inviting, roles and permissions, leaving with everything handed over."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from witei_app.accounts.actor import Actor
from witei_app.accounts.credentials import checked_email, checked_name, refuse_taken, store_email
from witei_app.accounts.handing_over import Had, hand_over, hand_over_conversations, what_has
from witei_app.accounts.joining import send_invitation
from witei_app.accounts.links import end_links
from witei_app.accounts.people import find_colleague
from witei_app.accounts.permissions import Permissions
from witei_app.accounts.sign_in import close_sessions
from witei_app.accounts.tokens import revoke_all_tokens
from witei_app.accounts.two_factor import turn_off
from witei_app.audit.trail import differences, note
from witei_app.conversations.hand_out import must_take_conversations, takes_conversations
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.live.events import AccessChanged, announce
from witei_app.models import AuditAction, LinkKind, Role, User, Workspace
from witei_app.notifications.digest import make_digest_anew
from witei_app.outbox.system_mail import queue_system_mail
from witei_app.reports.by_mail import make_report_anew
from witei_app.texts import translate

NOBODY = 0
OPERATOR = "python -m witei_app turn-off-app"  # who did it, in the audit


async def list_team(db: Session, actor: Actor) -> Sequence[User]:
    """All users of the workspace, those who left last."""
    actor.must_administer()
    query = select(User).where(User.workspace_id == actor.workspace_id)
    gone = ~(col(User.is_active) | col(User.is_invited))
    return (await db.exec(query.order_by(gone, col(User.name), col(User.id)))).all()


async def find_member(db: Session, actor: Actor, user_id: int) -> User:
    """A user of the workspace in whatever state, locked; or NotFound."""
    actor.must_administer()
    query = select(User).where(User.id == user_id, User.workspace_id == actor.workspace_id)
    user = (await db.exec(query.with_for_update())).one_or_none()
    if user is None:
        raise NotFound("This user is not in your workspace.")
    return user


async def invite(
    db: Session, actor: Actor, email: str, name: str, role: Role, permissions: Permissions, language: str = ""
) -> str:
    """Invite somebody by e-mail; gives the link. Refuses an address that a user has already."""
    actor.must_administer()
    address = checked_email(email)
    await refuse_taken(db, address)
    user = User(
        workspace_id=actor.workspace_id,
        email=address,
        name=checked_name(name or address.split("@")[0]),
        role=role,
        language=language,
        signature_html=(await db.get_one(Workspace, actor.workspace_id)).signature_html,
        is_active=False,
        is_invited=True,
    )
    permissions.give_to(user)
    db.add(user)
    await store_email(db)
    note(db, actor, AuditAction.INVITED, address, differences({}, _access(user)))
    return await send_invitation(db, user, actor.name)


async def invite_again(db: Session, actor: Actor, user_id: int) -> str:
    """Write once more; the link before is dead."""
    user = await find_member(db, actor, user_id)
    if not user.is_invited:
        raise Refused("This user has taken up the invitation already.")
    note(db, actor, AuditAction.INVITED_AGAIN, user.email)
    return await send_invitation(db, user, actor.name)


async def withdraw_invitation(db: Session, actor: Actor, user_id: int) -> None:
    """The invitation opens nothing any more, and the address is free again."""
    user = await find_member(db, actor, user_id)
    if not user.is_invited:
        raise Refused("This user has taken up the invitation already.")
    note(db, actor, AuditAction.INVITATION_WITHDRAWN, user.email)
    await db.delete(user)


async def change_access(
    db: Session,
    actor: Actor,
    user_id: int,
    role: Role,
    permissions: Permissions,
    successor_id: int | None = None,
    seen: tuple[Role, Permissions] | None = None,
) -> None:
    """Another role, other levels; open tabs show it at once. Refuses to leave no administrator.

    `seen` is what was there when the form was opened: what is still as it was then stays as a colleague left it since.

    Open conversations of somebody who may not answer them any more go to a successor, or (NOBODY) to nobody, when that
    is said; else they stay, to be read by who has them and answered by others.
    """
    await _lock_administrators(db, actor)
    user = await find_member(db, actor, user_id)
    if seen is not None:
        role = Role(user.role) if role == seen[0] else role
        permissions = permissions.upon(Permissions.of_columns(user), seen[1])
    if role != Role.ADMIN:
        await _keep_an_administrator(db, user)
    before = _access(user)
    user.role = role
    permissions.give_to(user)
    if successor_id is not None and not takes_conversations(user):
        heir = await _heir(db, actor, successor_id)
        await hand_over_conversations(db, actor, user, heir.id if heir else None)
    changes = differences(before, _access(user))
    if changes:
        note(db, actor, AuditAction.ACCESS_CHANGED, user.email, changes)
        await _write_anew(db, user)
    announce(db, AccessChanged(user.workspace_id, user.id))


async def count_handed_over(db: Session, actor: Actor, user_id: int) -> Had:
    """What the user has, for whoever decides who gets it."""
    return await what_has(db, await find_member(db, actor, user_id))


async def deactivate(db: Session, actor: Actor, user_id: int, successor_id: int) -> None:
    """The user signs in no more; what the user has goes to another one, or (NOBODY) to nobody.

    Refuses oneself, a successor who is not active or may not answer, and to leave no administrator.
    """
    await _lock_administrators(db, actor)
    user = await find_member(db, actor, user_id)
    if user.id == actor.user_id:
        raise Refused("You cannot deactivate yourself. Ask another administrator.")
    if not user.is_active:
        raise Refused("This user is not active.")
    if successor_id == user.id:
        raise Refused("Choose who gets the contacts and the conversations.")
    successor = await _heir(db, actor, successor_id)
    await _keep_an_administrator(db, user)
    await hand_over(db, actor, user, successor.id if successor else None)
    user.is_active = False
    await _shut_doors(db, user)
    await _write_anew(db, user)
    heir_name = successor.email if successor else "nobody"
    note(db, actor, AuditAction.DEACTIVATED, user.email, {"successor": (None, heir_name)})


async def reactivate(db: Session, actor: Actor, user_id: int) -> None:
    """The user signs in again, with the password and permissions of before. Links and tokens of before stay dead."""
    user = await find_member(db, actor, user_id)
    if user.is_invited:
        raise Refused("This user has not taken up the invitation yet.")
    if user.is_active:
        return
    await _shut_doors(db, user)  # once more: who signed in at the moment of leaving has opened one since
    user.is_active = True
    note(db, actor, AuditAction.REACTIVATED, user.email)


async def _shut_doors(db: Session, user: User) -> None:
    """Links, sessions and tokens open nothing any more: once the user is back, nobody remembers who holds those."""
    for kind in (LinkKind.RESET, LinkKind.EMAIL):
        await end_links(db, user, kind)
    await revoke_all_tokens(db, user)
    await close_sessions(db, user)


async def _write_anew(db: Session, user: User) -> None:
    """What waits to be mailed, for hours where the mail server is away, was written for who might see more."""
    await db.flush()
    await make_digest_anew(db, user)
    await make_report_anew(db, user)


async def _heir(db: Session, actor: Actor, successor_id: int) -> User | None:
    """Who gets it, None for nobody. Refuses who is not active or may not answer."""
    successor = await find_colleague(db, actor, successor_id) if successor_id != NOBODY else None
    if successor:
        must_take_conversations(successor)
    return successor


async def turn_off_app(db: Session, actor: Actor, user_id: int) -> None:
    """For who has lost the phone and the recovery codes: until another app is set up the password is enough.

    Not for oneself: whoever sits at an open browser may be somebody else, the profile asks for the password.
    """
    user = await find_member(db, actor, user_id)
    if user.id == actor.user_id:
        raise Refused("Turn off your own app in your profile.")
    await _without_app(db, actor, user)


async def turn_off_app_of(db: Session, email: str) -> str:
    """The same by the operator, for the only administrator. Gives the user's name."""
    user = (await db.exec(select(User).where(User.email == checked_email(email)))).one_or_none()
    if user is None:
        raise NotFound("There is no user with this address.")
    await _without_app(db, replace(Actor.system(user.workspace_id), name=OPERATOR), user)
    return user.name


async def _without_app(db: Session, actor: Actor, user: User) -> None:
    if not user.two_factor_secret:
        raise Refused("This user has no authenticator app.")
    await turn_off(db, user)
    note(db, actor, AuditAction.TWO_FACTOR_OFF, user.email)
    language = user.language or (await db.get_one(Workspace, user.workspace_id)).language
    lines = [
        translate("An administrator turned off your authenticator app. Set it up again in your profile.", language),
        translate("If you have not asked for it, change your password now and tell an administrator.", language),
    ]
    await queue_system_mail(db, user, translate("Your authenticator app", language), lines)


def _access(user: User) -> dict[str, Any]:
    return {"role": str(user.role), **asdict(Permissions.of_columns(user))}


async def _lock_administrators(db: Session, actor: Actor) -> None:
    """Two administrators who dismiss each other at the same moment do it one after the other."""
    actor.must_administer()
    await db.exec(_administrators(actor.workspace_id).order_by(col(User.id)).with_for_update())


async def _keep_an_administrator(db: Session, leaving: User) -> None:
    others = (await db.exec(_administrators(leaving.workspace_id).where(User.id != leaving.id))).first()
    if leaving.role == Role.ADMIN and leaving.is_active and others is None:
        raise Refused("At least one administrator must remain.")


def _administrators(workspace_id: int) -> SelectOfScalar[User]:
    return select(User).where(User.workspace_id == workspace_id, User.role == Role.ADMIN, col(User.is_active))
