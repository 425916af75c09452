"""What goes over the visitor's socket: JSON text frames, described for readers in docs/web-chat.md.

Everything that comes is hostile: a frame is one of these models to the letter, or the socket is closed with a reason.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from witei_app.models import Direction, Message
from witei_app.webchat.look import MOST_FILES

LARGEST_FRAME = 16 * 1024
LARGEST_EXCHANGE = 4 * LARGEST_FRAME

# Close codes of our own (RFC 6455 section 7.4.2: 4000 to 4999).
BAD_FRAME = 4400
NOT_HERE = 4403
TOO_MANY = 4429


class BadFrame(Exception):
    """What came is not part of the protocol; the text is the reason that the socket is closed with, beside the code."""

    def __init__(self, text: str, code: int = BAD_FRAME) -> None:
        super().__init__(text)
        self.code = code


# Control characters, of which PostgreSQL refuses NUL, and those that turn the letters after them around (Unicode's
# embeddings, overrides and isolates): they only serve to deceive.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def _printable(text: str) -> str:
    return _NO_TEXT.sub("", text)


def _cut(longest: int) -> AfterValidator:
    return AfterValidator(lambda text: " ".join(_printable(text).split())[:longest])


class _Frame(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _without_secrets(url: str) -> str:
    """Without what stands behind the #, where some sites keep tokens. Routes, which begin with / or !, stay."""
    before, _, after = url.partition("#")
    return url if after.startswith(("/", "!")) else before


class Page(_Frame):
    """Where on the agency's site the visitor is."""

    url: Annotated[str, _cut(2000), AfterValidator(_without_secrets)] = ""
    title: Annotated[str, _cut(300)] = ""
    referrer: Annotated[str, _cut(2000)] = ""


class Claimed(_Frame):
    """Who the agency's page says that the visitor is. `signature` proves the id, the address and until
    when (webchat.identity)."""

    id: Annotated[str, _cut(200)] = ""
    email: Annotated[str, _cut(300)] = ""
    name: Annotated[str, _cut(120)] = ""
    signature: Annotated[str, _cut(128)] = ""
    expires: int | None = Field(None, ge=0, le=2**53)


class About(_Frame):
    """What the visitor typed about themselves. Nobody has checked it."""

    name: Annotated[str, _cut(120)] = ""
    email: Annotated[str, _cut(300)] = ""
    phone: Annotated[str, _cut(60)] = ""
    consent: bool = False


class Hello(_Frame):
    """The first frame of a socket: who is there, and since which number messages are wanted.

    `back` is what stood in a link that we mailed: it opens that visitor's chat in this browser too.
    """

    t: Literal["hello"]
    token: str | None = Field(None, max_length=200)
    back: str | None = Field(None, max_length=400)
    since: int = Field(0, ge=0, le=2**31 - 1)
    page: Page = Page()
    lang: Annotated[str, StringConstraints(max_length=35)] = ""
    zone: Annotated[str, _cut(64)] = ""
    user: Claimed | None = None


class Say(_Frame):
    """A message. `id` is the visitor's name for it; it is stored once however often it comes.

    `files` are the ids that /embed/upload gave; with one, the text may be empty.
    """

    t: Literal["say"]
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    text: Annotated[str, AfterValidator(_printable)]
    about: About | None = None
    files: list[Annotated[int, Field(ge=1, le=2**63 - 1)]] = Field(default_factory=list, max_length=MOST_FILES)


class Read(_Frame):
    """The visitor has seen everything up to this number."""

    t: Literal["read"]
    n: int = Field(ge=0, le=2**31 - 1)


class Tell(_Frame):
    """The visitor leaves an address in a conversation that there is already."""

    t: Literal["about"]
    about: About


class Typing(_Frame):
    """The visitor is writing."""

    t: Literal["typing"]


class Rate(_Frame):
    """What the visitor thought of it, when asked."""

    t: Literal["rate"]
    stars: int = Field(ge=1, le=5)
    text: Annotated[str, _cut(1000)] = ""


class Transcript(_Frame):
    """A copy of the chat, please, to the address that is known."""

    t: Literal["transcript"]


class Forget(_Frame):
    """Delete my data. Asked twice before it is sent."""

    t: Literal["forget"]


class Moved(_Frame):
    """The visitor is on another page, without a new connection."""

    t: Literal["page"]
    page: Page


class Ping(_Frame):
    """Is anybody there? Browsers cannot send WebSocket pings and do not notice a dead network."""

    t: Literal["ping"]


class Exchange(BaseModel):
    """Frames by HTTP, where WebSockets are blocked: hello first, then any others; `wait` seconds for news."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    key: str
    frames: list[str] = Field(min_length=1, max_length=20)
    wait: int = Field(0, ge=0, le=25)


BLOCKED = {"t": "gone", "why": "blocked"}
Incoming = Hello | Say | Read | Tell | Typing | Rate | Transcript | Forget | Moved | Ping
_FRAMES: TypeAdapter[Incoming] = TypeAdapter(Annotated[Incoming, Field(discriminator="t")])
Outgoing = dict[str, Any]


def parse(frame: str) -> Incoming:
    """The frame that this text is, or BadFrame."""
    if len(frame) > LARGEST_FRAME or len(frame.encode("utf-8", "replace")) > LARGEST_FRAME:
        raise BadFrame("This frame is too large.")
    try:
        return _FRAMES.validate_json(frame)
    except ValidationError:
        raise BadFrame("This frame is not part of the protocol.") from None


def parse_exchange(body: bytes) -> Exchange:
    """What was posted, or BadFrame."""
    if len(body) > LARGEST_EXCHANGE:
        raise BadFrame("This is too large.")
    try:
        return Exchange.model_validate_json(body)
    except ValidationError:
        raise BadFrame("This is not part of the protocol.") from None


def message_frame(message: Message, files: Sequence[dict[str, str]] = (), face: str = "") -> Outgoing:
    """A message as its visitor sees it, with name, size and url of its files and its author's picture. Never call it
    with an internal note."""
    assert message.direction != Direction.NOTE, "notes never leave the team"
    is_visitor = message.direction == Direction.IN
    return {
        "t": "message",
        "n": message.number,
        "by": "visitor" if is_visitor else "agent",
        "name": "" if is_visitor else message.author_name,
        "text": message.text,
        "html": "" if is_visitor else message.html,
        "at": _iso(message.created_at),
        **({"files": list(files)} if files else {}),
        **({"face": face} if face else {}),
        **({"id": message.client_id} if is_visitor and message.client_id else {}),
    }


def said(message: Message, files: Sequence[dict[str, str]] = ()) -> Outgoing:
    """The visitor's message is stored; its files have addresses now."""
    frame = {"t": "said", "id": message.client_id, "n": message.number, "at": _iso(message.created_at)}
    return {**frame, **({"files": list(files)} if files else {})}


def refused(code: str, text: str, *, message_id: str | None = None, after: int = 0) -> Outgoing:
    """Something was not done; `after` seconds later it may be tried again."""
    return {
        "t": "refused",
        "code": code,
        "text": text,
        **({"id": message_id} if message_id else {}),
        **({"after": after} if after else {}),
    }


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
