"""Creating and changing contacts: what is typed is checked, and an address belongs to one contact."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from functools import cache
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import update
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.people import find_colleague
from witei_app.clock import now
from witei_app.crm.contacts import name_line, search_text
from witei_app.crm.phones import home_of, international
from witei_app.crm.visible import find_contact
from witei_app.db import Session, insert_missing
from witei_app.errors import Refused
from witei_app.live.events import ConversationChanged, RecordChanged, announce
from witei_app.models import Contact, ContactAddress, Conversation, User, Workspace
from witei_app.outbox.webhooks.tell import Happening, tell
from witei_app.texts import later

LANGUAGES = ("", "es", "en", "ca", "fr", "de", "it", "pt", "nl", "ru", "zh", "ar")
TAKEN_NOW = later("{value} has just been given to another contact.")
_MOST_TOLD = 200


@dataclass(frozen=True)
class ContactInput:
    """A contact as somebody typed it; `responsible_id` 0 is nobody.

    `time_zone` None leaves it as it was, "" is where the phone is from.
    """

    name: str = ""
    surnames: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    origin: str = ""
    responsible_id: int = 0
    time_zone: str | None = None


_NOTHING = {**asdict(ContactInput()), "time_zone": ""}


async def create_contact(db: Session, actor: Actor, typed: ContactInput) -> Contact:
    """A new contact; whoever creates one without naming somebody is responsible for it."""
    contact = Contact(workspace_id=actor.workspace_id)
    clean = await _checked(db, actor, contact, typed)
    write_fields(contact, clean)
    contact.responsible_id = clean.responsible_id or actor.user_id
    db.add(contact)
    await db.flush()
    tell(db, contact.workspace_id, Happening.CONTACT_CREATED, contact_id=contact.id, user_id=actor.user_id)
    announce(db, RecordChanged(contact.workspace_id, "contacts", contact.id))
    await claim_address(db, actor, contact, contact.email)
    return contact


async def save_contact(
    db: Session, actor: Actor, contact_id: int, typed: ContactInput, untouched: Collection[str] = ()
) -> Contact:
    """Change a contact. Its name follows in all its conversations, in every open tab.

    Fields named in `untouched` stay as they are now: a colleague may have changed them since the form was opened.
    """
    contact = await find_contact(db, actor, contact_id)
    typed = replace(typed, **{name: getattr(contact, name) or _NOTHING[name] for name in untouched})
    clean = await _checked(db, actor, contact, typed)
    before = contact.full_name
    write_fields(contact, clean)
    contact.responsible_id = clean.responsible_id or None
    await db.flush()
    await claim_address(db, actor, contact, contact.email)
    if contact.full_name != before:
        await rename_in_conversations(db, contact)
    tell(db, contact.workspace_id, Happening.CONTACT_CHANGED, contact_id=contact.id, user_id=actor.user_id)
    await tell_of_contact(db, contact)
    return contact


async def tell_of_contact(db: Session, contact: Contact) -> None:
    """Open tabs show the contact anew: on its page, beside its newest conversations, and in the lists."""
    announce(db, RecordChanged(contact.workspace_id, "contacts", contact.id))
    query = (
        select(Conversation.id, Conversation.assignee_id)
        .where(Conversation.contact_id == contact.id)
        .order_by(col(Conversation.last_message_at).desc())
        .limit(_MOST_TOLD)
    )
    for conversation_id, assignee_id in (await db.exec(query)).all():
        announce(db, ConversationChanged(contact.workspace_id, conversation_id, assignee_id))


async def rename_in_conversations(db: Session, contact: Contact) -> None:
    """Lists show the name that a contact has now."""
    await db.exec(
        update(Conversation)
        .where(col(Conversation.contact_id) == contact.id)
        .values(contact_name=contact.full_name[:255])
    )


async def _checked(db: Session, actor: Actor, contact: Contact, typed: ContactInput) -> ContactInput:
    actor.must(actor.permissions.can_write)
    clean = cleaned(typed, contact, await home_of(db, actor.workspace_id))
    if clean.responsible_id and clean.responsible_id != contact.responsible_id:
        await find_colleague(db, actor, clean.responsible_id)
    if not await duplicates_allowed(db, actor.workspace_id):
        await _refuse_taken(db, actor, contact, clean)
    return clean


def cleaned(typed: ContactInput, before: Contact, home: str) -> ContactInput:
    """What was typed, in one form. Refuses what is no address or number, and a contact of nothing."""
    clean = ContactInput(
        name=name_line(typed.name),
        surnames=name_line(typed.surnames),
        email=checked_email(typed.email),
        phone=_phone(typed.phone, before.phone, home),
        language=typed.language if typed.language in LANGUAGES else before.language,
        origin=name_line(typed.origin)[:64],
        responsible_id=typed.responsible_id,
        time_zone=typed.time_zone if _is_zone(typed.time_zone) else before.time_zone,
    )
    if not (clean.name or clean.surnames or clean.email or clean.phone):
        raise Refused("Give the contact a name, an e-mail address or a phone.")
    return clean


def _is_zone(typed: str | None) -> bool:
    """Whether this names a zone, or none ("")."""
    return typed is not None and (typed == "" or typed in _zones())


@cache
def _zones() -> frozenset[str]:
    """All of them: they are read from the disk, file by file, which took most of the time of an import."""
    return frozenset(available_timezones())


async def duplicates_allowed(db: Session, workspace_id: int) -> bool:
    """Whether the workspace lets two contacts have one address or number. Mail still goes to the first of them."""
    query = select(Workspace.allows_duplicates).where(Workspace.id == workspace_id)
    return bool((await db.exec(query)).one())


def write_fields(contact: Contact, clean: ContactInput) -> None:
    """Give the contact what was cleaned."""
    contact.name, contact.surnames = clean.name, clean.surnames
    contact.email, contact.phone = clean.email, clean.phone
    contact.language, contact.origin = clean.language, clean.origin
    if clean.time_zone is not None:
        contact.time_zone = clean.time_zone
    contact.search_text = search_text(contact)


def checked_email(typed: str) -> str:
    """The address in one form, "" for nothing. Refuses what is none."""
    # Copied from a chat or an address book, there may be signs around it that nobody sees.
    typed = typed.strip("".join(letter for letter in set(typed) if letter.isspace() or not letter.isprintable()))
    if not typed:
        return ""
    try:
        return validate_email(typed, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise Refused("{email} is not an e-mail address.", email=typed[:80]) from None


def _phone(typed: str, before: str, home: str) -> str:
    typed = typed.strip()
    if not typed or typed == before:
        return typed  # an old number that no rule knows may stay
    number = international(typed, home)
    if not number:
        raise Refused("{phone} is not a phone number.", phone=typed[:40])
    return number


async def _refuse_taken(db: Session, actor: Actor, contact: Contact, clean: ContactInput) -> None:
    if clean.email and clean.email != contact.email:
        await refuse_taken_email(db, actor, contact, clean.email)
    if clean.phone and clean.phone != contact.phone:
        query = select(Contact).where(Contact.workspace_id == actor.workspace_id, Contact.phone == clean.phone)
        await _refuse_other(db, contact, (await db.exec(query)).first(), clean.phone)


async def refuse_taken_email(db: Session, actor: Actor, contact: Contact, email: str) -> None:
    """Refuse an address that another contact writes from."""
    query = (
        select(Contact)
        .join(ContactAddress, col(ContactAddress.contact_id) == col(Contact.id))
        .where(ContactAddress.workspace_id == actor.workspace_id, ContactAddress.address == email)
    )
    await _refuse_other(db, contact, (await db.exec(query)).first(), email)


async def _refuse_other(db: Session, contact: Contact, other: Contact | None, value: str) -> None:
    if other is not None and other.id != contact.id:
        await refuse_other(db, other, value)


async def refuse_other(db: Session, other: Contact, value: str) -> None:
    """Say whose address or number it is, and who looks after that contact."""
    user = (await db.exec(select(User.name).where(User.id == other.responsible_id))).first()
    raise taken(value, other.full_name, user or "")


def taken(value: str, name: str, user: str) -> Refused:
    """That the contact `name` has this address or number, and that `user` looks after them."""
    if user:
        return Refused("{value} belongs to {name}. {user} looks after them.", value=value, name=name, user=user)
    return Refused("{value} belongs to {name}.", value=value, name=name)


async def claim_address(db: Session, actor: Actor, contact: Contact, email: str) -> None:
    """Mail from this address is the contact's. Older addresses stay the contact's too."""
    if not email:
        return
    await db.exec(
        insert_missing(db, ContactAddress).values(
            workspace_id=actor.workspace_id, contact_id=contact.id, address=email, created_at=now()
        )
    )
    query = select(ContactAddress.contact_id).where(
        ContactAddress.workspace_id == actor.workspace_id, ContactAddress.address == email
    )
    if (await db.exec(query)).one() == contact.id or await duplicates_allowed(db, actor.workspace_id):
        return
    raise Refused(TAKEN_NOW, value=email)
