"""A new conversation that a user has begun to write: one for each user, kept until it is sent."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.draft import SENDER, as_json, from_json
from witei_app.conversations.files import NEW, waiting_files
from witei_app.conversations.recipients import Recipients, usable_address
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.live.events import FirstDraftKept, announce
from witei_app.mail.plain import html_to_text
from witei_app.mail.sanitize import safe_inline_html
from witei_app.models import Contact, FirstDraft


async def find_first_draft(db: Session, actor: Actor) -> FirstDraft:
    """What the actor has begun, or an empty one; not to be changed."""
    query = select(FirstDraft).where(FirstDraft.user_id == actor.user_id)
    found = (await db.exec(query.execution_options(populate_existing=True))).one_or_none()
    return found or FirstDraft(user_id=actor.user_id or 0, workspace_id=actor.workspace_id)


async def keep_first_draft(
    db: Session,
    actor: Actor,
    *,
    subject: str | None = None,
    html: str | None = None,
    recipients: Recipients | None = None,
    sender: str | None = None,
) -> str:
    """Keep what is given; the rest stays as it was. `sender` is which of our addresses it goes out from.

    Gives the text as it is kept, "" where none was given.
    """
    actor.must(actor.permissions.can_write)
    changed: dict[str, Any] = {"updated_at": now()}
    if subject is not None:
        changed["subject"] = subject[:998]
    if html is not None:
        changed["html"] = safe_inline_html(html)
    if recipients is not None or sender is not None:
        known = (await find_first_draft(db, actor)).recipients
        to = as_json(recipients) if recipients is not None else {}
        changed["recipients"] = {**known, **to, **({SENDER: sender} if sender is not None else {})}
    empty = {"subject": "", "html": "", "recipients": {}, "workspace_id": actor.workspace_id}
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    await db.exec(
        insert(FirstDraft)
        .values(user_id=actor.user_id, **(empty | changed))
        .on_conflict_do_update(index_elements=["user_id"], set_=changed)
    )
    _announce(db, actor)
    return str(changed.get("html", ""))


async def address_first_draft(db: Session, actor: Actor, contact: Contact) -> None:
    """Write to this contact. What was begun to others keeps its recipients: nobody gets what was meant for them."""
    address = usable_address(contact.full_name, contact.email or "")
    if address is None:
        raise Refused("{name} has no e-mail address.", name=contact.full_name)
    begun = await find_first_draft(db, actor)
    wanted = Recipients(to=(address,))
    if has_text(begun) and from_json(begun.recipients) != wanted:
        raise Refused("You had begun to write this. Send it or empty it, then write to {name}.", name=contact.full_name)
    await keep_first_draft(db, actor, recipients=wanted)


async def readdress_first_draft(db: Session, actor: Actor) -> None:
    """Forget whom it goes to when nothing else was begun: the next one is to somebody else, who would get it too."""
    begun = await find_first_draft(db, actor)
    if begun.recipients and not has_text(begun) and not await waiting_files(db, actor, NEW):
        await keep_first_draft(db, actor, recipients=Recipients(), sender="")


def has_text(draft: FirstDraft) -> bool:
    """Whether something is written in it."""
    return bool(draft.subject.strip() or html_to_text(draft.html).strip())


async def drop_first_draft(db: Session, actor: Actor) -> None:
    """It is sent."""
    await db.exec(delete(FirstDraft).where(col(FirstDraft.user_id) == actor.user_id))
    _announce(db, actor)


def _announce(db: Session, actor: Actor) -> None:
    announce(db, FirstDraftKept(actor.workspace_id, actor.user_id or 0))
