"""The link in a mail that opens its visitor's chat again, on any device: signed, for that visitor, for a month."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from witei_app.clock import now
from witei_app.models import Visitor
from witei_app.settings import settings

LIFE = timedelta(days=30)
LONGEST = 200


@dataclass(frozen=True)
class ChatLink:
    """What such a link says: whose chat, and the mark that the visitor had when it was made."""

    visitor_id: int
    mark: str

    def opens(self, visitor: Visitor) -> bool:
        """Whether it still does: a visitor who was shut out, or another one under the same id, has another mark."""
        return visitor.id == self.visitor_id and _mark(visitor) == self.mark


def chat_link(widget_key: str, visitor: Visitor, at: datetime) -> str:
    """The link in a mail of that moment, the same each time. It stands behind the #, so that no server's log has it."""
    token = _serializer().dumps([visitor.id, _mark(visitor), int((at + LIFE).timestamp())])
    return f"{settings().public_url}/embed/chat/{widget_key}?lang={visitor.language[:2]}#back={token}"


def read_chat_link(token: str) -> ChatLink | None:
    """What the link says; None for a forged one, and for one that is too old."""
    try:
        # In a mail of plain text it stands in brackets, and some programs take the last one for a part of it.
        visitor_id, mark, until = _serializer().loads(token[:LONGEST].rstrip(")>].,").encode("utf-8", "replace"))
    except (BadSignature, ValueError, TypeError):
        return None
    return ChatLink(visitor_id, mark) if now().timestamp() < until else None


def _mark(visitor: Visitor) -> str:
    """A hash of the token's hash, which changes when the visitor is shut out."""
    return hashlib.sha256(f"chat link {visitor.token_hash}".encode()).hexdigest()[:16]


def _serializer() -> URLSafeSerializer:
    """A secret that was changed is accepted while WITEI_PREVIOUS_SECRET_KEYS names it."""
    return URLSafeSerializer(settings().secrets(), salt="link to a web chat")
