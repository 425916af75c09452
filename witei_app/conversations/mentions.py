"""@Names in internal notes: which colleagues they call, checked, and how they are shown.

In HTML a mention is `<span data-mention="7">@Luis Soto</span>`.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.people import colleagues
from witei_app.conversations.rows import PersonRow
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.mail.sanitize import safe_note_html
from witei_app.models import Conversation, Message, MessageMention, User
from witei_app.notifications.tell import tell_of_mention
from witei_app.texts.people import initials, tint

MOST = 20
# In what the sanitiser gives, text has no "<" and attributes no quotes: this matches elements alone.
_MENTION = re.compile(r'<span data-mention="(\d+)">([^<]*)</span>')
_SPAN = re.compile(r'</?span(?: data-mention="\d+")?>')
_HIDDEN = re.compile("\ue100(\\d+)\ue101([^\ue102]*)\ue102")  # signs of the private use area, which nobody types
_SIGNS = re.compile("[\ue100-\ue102]")


async def people_to_mention(db: Session, actor: Actor, conversation: Conversation) -> list[PersonRow]:
    """The colleagues who may see the conversation, but for oneself."""
    return [
        PersonRow(user.id, user.name, initials(user.name), tint(user.id))
        for user in await colleagues(db, actor)
        if user.id != actor.user_id and Actor.of(user).sees(conversation.assignee_id)
    ]


async def mentioned(db: Session, actor: Actor, conversation: Conversation, html: str) -> dict[int, str]:
    """Id and name of the colleagues whom a note calls. Refuses one who may not see the conversation, and too many.

    What names nobody of the workspace is plain text.
    """
    ids = {int(found[1]) for found in _MENTION.finditer(safe_note_html(html))}
    if not ids:
        return {}
    if len(ids) > MOST:
        raise Refused("A note can mention {most} colleagues at most.", most=MOST)
    query = select(User).where(
        User.workspace_id == actor.workspace_id, col(User.is_active), col(User.id).in_(sorted(ids))
    )
    people: Sequence[User] = (await db.exec(query)).all()
    for user in people:
        if not Actor.of(user).sees(conversation.assignee_id):
            raise Refused("{name} may not see this conversation.", name=user.name)
    return {user.id: user.name for user in people}


def html_with_mentions(html: str, names: Mapping[int, str] | None = None) -> str:
    """What a browser sent, made safe, its mentions kept: those of `names` by their name, or all of a draft as typed."""
    safe = _SIGNS.sub("", safe_note_html(html))
    bare = _SPAN.sub("", _MENTION.sub("\ue100\\1\ue101\\2\ue102", safe))

    def shown(found: re.Match[str]) -> str:
        number, text = int(found[1]), found[2]
        if names is not None and number not in names:
            return text
        said = text if names is None else f"@{escape(names[number])}"
        return f'<span class="mention" data-mention="{number}">{said}</span>'

    return _HIDDEN.sub(shown, bare)


async def call_colleagues(
    db: Session, actor: Actor, conversation: Conversation, message: Message, people: Mapping[int, str]
) -> None:
    """Write down whom a stored note calls, and have them told."""
    if not people:
        return
    for user_id in people:
        db.add(MessageMention(workspace_id=message.workspace_id, message_id=message.id, user_id=user_id))
    await tell_of_mention(db, actor, conversation, message, list(people))
