"""What one of us wrote with a mail program of their own is shown where it belongs, as theirs; it went out already."""

from datetime import datetime, timedelta

from sqlmodel import select

from witei_app.accounts.actor import Actor
from witei_app.conversations.messages import Addition, add_messages
from witei_app.conversations.own_mail import SENT_HERE, ByUs
from witei_app.conversations.receive import attach_files
from witei_app.conversations.recipients import keep_recipients, takes_part
from witei_app.conversations.route import ANSWERS, BY_ADDRESS, answered_ids, conversations_of_messages, led_to
from witei_app.conversations.start import Beginning, start_conversations
from witei_app.crm.contacts import contacts_of_addresses
from witei_app.db import Session
from witei_app.mail.sanitize import text_to_html
from witei_app.models import Channel, Conversation, Direction, Message, RecipientKind, Workspace
from witei_app.texts import later, translate

FROM_SENT = later("It lay in the folder of sent mail of your agency.")
COPIED = later("One of your team sent it with another mail program, with a copy to here.")
DOUBTFUL = later(
    "Somebody sent this in the name of {name} to {address}, and nobody vouches for the sender: it may be forged."
)
LATE = timedelta(days=1)  # clocks that are further off are not believed


async def receive_staff_mail(db: Session, workspace_id: int, mail: ByUs) -> bool:
    """Add it to its conversation, or begin one with whom it went to. False where it is nobody's: no thread is known,
    and From alone says that it is ours.

    To the team alone (a reply address, nobody outside) or without anybody who vouches for it, it is an internal note.
    """
    conversation, why = await _conversation(db, workspace_id, mail)
    if conversation is None and (not mail.is_certain or not mail.outside):
        return False
    actor = Actor.of(mail.user) if mail.user is not None and mail.is_certain else Actor.system(workspace_id)
    if conversation is None:
        conversation, why = await _begin(db, actor, mail), FROM_SENT if _lay_in_sent(mail) else COPIED
    is_answer = mail.is_certain and bool(mail.outside) and conversation.channel == Channel.EMAIL
    message = _message(mail, conversation, why)
    if not is_answer:
        await _make_note(db, workspace_id, message, mail)
    is_old = mail.arrival.mail.is_history or message.created_at < conversation.last_message_at
    await add_messages(db, actor, [Addition(conversation, message, is_old=is_old)])
    attach_files(db, message, mail.arrival.files)
    if is_answer:
        _keep_recipients(db, message, mail)
        if not message.is_automatic:
            conversation.first_replied_at = conversation.first_replied_at or message.created_at
    return True


async def _conversation(db: Session, workspace_id: int, mail: ByUs) -> tuple[Conversation | None, str]:
    """By the reply address, else by what it answers, where somebody whom it went to takes part."""
    if mail.reply_to_id is not None:
        goals = await led_to(db, workspace_id, {mail.reply_to_id})
        return await _locked(db, workspace_id, goals.get(mail.reply_to_id, 0)), BY_ADDRESS
    answered = answered_ids(mail.arrival.parsed)
    known = await conversations_of_messages(db, workspace_id, answered)
    for message_id in answered:
        if message_id in known and await _anybody_takes_part(db, known[message_id], mail):
            return await _locked(db, workspace_id, known[message_id].id), f"{ANSWERS}\n{message_id}"
    return None, ""


async def _anybody_takes_part(db: Session, conversation: Conversation, mail: ByUs) -> bool:
    """What a colleague passes on to somebody else is no answer in this conversation."""
    return any([await takes_part(db, conversation, address.email) for address in mail.outside])


async def _locked(db: Session, workspace_id: int, conversation_id: int) -> Conversation | None:
    query = select(Conversation).where(Conversation.id == conversation_id, Conversation.workspace_id == workspace_id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    found = (await db.exec(locked)).one_or_none()
    return found if found is not None and found.emptied_at is None else None


async def _begin(db: Session, actor: Actor, mail: ByUs) -> Conversation:
    first, arrival = mail.outside[0], mail.arrival
    names = {first.email: first.name or first.email}
    contacts = await contacts_of_addresses(db, actor.workspace_id, names, origin="E-mail")
    # As what was long ago, it is handed to nobody: whoever wrote it is at it.
    subject, contact = arrival.storable_subject, contacts[first.email]
    beginning = Beginning(contact, subject, _sent_at(mail, None), is_history=True)
    (conversation,) = await start_conversations(db, actor, Channel.EMAIL, [beginning])
    return conversation


def _message(mail: ByUs, conversation: Conversation, why: str) -> Message:
    message = mail.arrival.message(why)
    message.direction = Direction.OUT
    message.address = mail.outside[0].email[:320] if mail.outside else ""
    message.is_automatic = mail.arrival.parsed.is_automatic
    message.created_at = _sent_at(mail, conversation.opened_at)
    if mail.user is not None:
        message.user_id, message.author_name = mail.user.id, mail.user.name
    return message


async def _make_note(db: Session, workspace_id: int, message: Message, mail: ByUs) -> None:
    """For the team's eyes; in nobody's name when From alone says whose it is."""
    message.direction, message.address = Direction.NOTE, ""
    if mail.is_certain:
        return
    language = (await db.get_one(Workspace, workspace_id)).language
    name, to = message.author_name, mail.outside[0].email if mail.outside else mail.arrival.mail.envelope_to
    warning = translate(DOUBTFUL, language, name=name, address=to)
    message.user_id, message.author_name, message.is_automatic = None, translate("Mail delivery", language), True
    message.is_rich, message.rest_text = False, ""
    message.text = f"{warning}\n\n{message.text}"
    message.html = text_to_html(message.text)


def _sent_at(mail: ByUs, not_before: datetime | None) -> datetime:
    """When it was written, as far as its clock can be right: what was sent is fetched a little later."""
    came, said = mail.arrival.mail.received_at, mail.arrival.parsed.date
    at = said if said is not None and came - LATE <= said <= came else came
    return max(at, not_before) if not_before is not None else at


def _keep_recipients(db: Session, message: Message, mail: ByUs) -> None:
    to = {address.email.lower() for address in mail.arrival.parsed.to}
    named = [(RecipientKind.TO if one.email in to else RecipientKind.CC, one) for one in mail.outside]
    keep_recipients(db, message, named)


def _lay_in_sent(mail: ByUs) -> bool:
    return mail.arrival.mail.verdict == SENT_HERE
