"""What is answered, below the answer: as its author laid it out where that can be done, else as text."""

import asyncio

from witei_app.db import Session
from witei_app.files import load
from witei_app.mail.compose import quoted_html
from witei_app.mail.html_quotes import fold_shown
from witei_app.mail.parse import parse_mail
from witei_app.mail.types import QuotedMail, Unreadable
from witei_app.models import InboundMail, Message
from witei_app.texts.visitors import own_name

# Reading a larger mail again takes longer than all else that sending does; mail programs show no longer quote.
MOST_READ = 2_000_000
MOST_QUOTED = 50_000
# A remainder without its place in the HTML: a signature may be quoted, a history would grow with each answer.
_LONGEST_REST = 1_000


async def quote_of(db: Session, answered: Message, recipient: str) -> QuotedMail:
    """The message as it is quoted. Who has no name is quoted by the address."""
    author = own_name(answered.author_name) or recipient
    html = await _as_written(db, answered) or answered.html
    return QuotedMail(author, answered.created_at, html=html, text=answered.text)


async def _as_written(db: Session, answered: Message) -> str:
    """Its own HTML, made safe; "" where there is none to quote."""
    mail = await db.get(InboundMail, answered.inbound_mail_id) if answered.inbound_mail_id else None
    if mail is None or mail.size > MOST_READ:
        return ""
    try:
        raw = mail.raw if mail.raw is not None else await load(mail.sha256)
    except FileNotFoundError:
        return ""
    return await asyncio.to_thread(_new_html, raw, mail.envelope_from, answered.text)


def _new_html(raw: bytes, envelope_from: str, text: str) -> str:
    """The HTML of what the author wrote. It must say what the thread shows, which may be another text: of what came
    through a portal, was passed on by a colleague, or cannot be read here.
    """
    if b"html" not in raw.lower():
        return ""
    try:
        parsed = parse_mail(raw, envelope_from)
    except Unreadable:
        return ""
    new, history = fold_shown(parsed)
    if parsed.new_text != text or (not history and len(parsed.rest_text) > _LONGEST_REST):
        return ""
    html = quoted_html(new)
    return html if len(html) <= MOST_QUOTED else ""
