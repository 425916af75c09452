"""What people forget: looked for before a message leaves, and left to them to decide."""

import re
from collections.abc import Sequence

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.recipients import Recipients, participants
from witei_app.db import Session
from witei_app.mail.plain import html_to_text
from witei_app.mail.sanitize import safe_inline_html
from witei_app.models import Channel, Conversation, Quote, QuoteState, Upload
from witei_app.templates.placeholders import check_filled
from witei_app.texts import later, translate

MOST_SAID = 5
_OVER = {
    QuoteState.DECLINED: later("declined"),
    QuoteState.EXPIRED: later("expired"),
    QuoteState.WITHDRAWN: later("withdrawn"),
}
# "Adjunto la nota", "see attached", "us adjunto": a word that promises a file.
_PROMISES_FILE = re.compile(
    r"\b(attach(ed|ing|ments?)?|enclosed|adjunt(o|a|os|as|e|es|em|amos|ado|ar|ando|ant)?|anex(o|a|os|as))\b",
    re.IGNORECASE,
)


async def doubts_about_reply(
    db: Session,
    actor: Actor,
    conversation: Conversation,
    html: str,
    *,
    recipients: Recipients,
    files: Sequence[Upload],
) -> list[str]:
    """Sentences for whoever is about to send. A placeholder that was left empty is no doubt but refused."""
    found = _about_text(actor, html, files) + await _about_quotes(db, actor, files)
    if conversation.channel == Channel.EMAIL:
        known = await participants(db, conversation)
        strangers = [email for email in recipients.emails() if email not in known]
        if strangers:
            named = ", ".join(strangers[:MOST_SAID]) + (" …" if len(strangers) > MOST_SAID else "")
            text = "Not in this conversation until now: {addresses}"
            found.append(translate(text, actor.language, addresses=named))
    return found


def doubts_about_first(actor: Actor, subject: str, html: str, files: Sequence[Upload]) -> list[str]:
    """The same for a new conversation."""
    found = _about_text(actor, html, files)
    if not subject.strip():
        found.append(translate("There is no subject.", actor.language))
    return found


async def _about_quotes(db: Session, actor: Actor, files: Sequence[Upload]) -> list[str]:
    """A quote may have come to its end while it waited in the draft, or before."""
    ids = [file.quote_id for file in files if file.quote_id]
    if not ids:
        return []
    over = select(Quote).where(col(Quote.id).in_(ids), col(Quote.state).in_(_OVER)).order_by(col(Quote.id))
    text, language = "Quote {number} cannot be accepted any more: it is {state}.", actor.language
    return [
        translate(text, language, number=quote.number, state=translate(_OVER[QuoteState(quote.state)], language))
        for quote in (await db.exec(over)).all()
    ]


def _about_text(actor: Actor, html: str, files: Sequence[Upload]) -> list[str]:
    safe = safe_inline_html(html)
    check_filled(safe)
    if files or not _PROMISES_FILE.search(html_to_text(safe)):
        return []
    return [translate("You mention a file, but none is attached.", actor.language)]
