"""What stands above the open thread."""

from dataclasses import replace

from witei_app.accounts.actor import Actor
from witei_app.conversations.bin import contents_of, contents_words, due_at
from witei_app.conversations.bounce import bounce_warning
from witei_app.conversations.head import Head
from witei_app.conversations.rows import HeaderRow, PersonRow
from witei_app.conversations.worded import header_row
from witei_app.db import Session
from witei_app.models import Channel, Conversation
from witei_app.settings import settings
from witei_app.texts.people import initials, tint
from witei_app.texts.when import moment_label


async def thread_head(db: Session, actor: Actor, conversation: Conversation, head: Head) -> HeaderRow:
    """The head as the actor sees it."""
    is_mail, email = conversation.channel == Channel.EMAIL, head.contact.email
    sends_from = f"{head.mailbox}@{settings().mail_domain}" if is_mail else ""
    row = header_row(conversation, head.assignee_name, email if is_mail else "", sends_from)
    row = replace(row, **await _put_off(db, actor, conversation))
    if not is_mail:
        return row
    return replace(row, reply_warning=await bounce_warning(db, actor.workspace_id, email, actor.language))


async def _put_off(db: Session, actor: Actor, conversation: Conversation) -> dict[str, str]:
    """Until when it is snoozed; until when it is in the bin, and what would go then."""
    words = {}
    if conversation.snoozed_until is not None:
        words["snoozed_until"] = moment_label(conversation.snoozed_until, actor.time_zone, actor.language)
    if conversation.deleted_at is not None:
        words["in_bin_until"] = moment_label(await due_at(db, conversation), actor.time_zone, actor.language)
        words["holds"] = contents_words(await contents_of(db, conversation.id), actor.language)
    return words


def lookers_row(people: dict[int, str]) -> list[PersonRow]:
    """The other users who have the conversation open."""
    return [PersonRow(number, name, initials(name), tint(number)) for number, name in sorted(people.items())]
