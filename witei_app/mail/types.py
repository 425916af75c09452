"""What a mail is to us: once read, and before it is written."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal


class Unreadable(Exception):
    """The bytes are not a mail at all. The message says why, in plain words."""


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox with the name it was given, both decoded. `email` keeps the sender's spelling."""

    name: str = ""
    email: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file that came along. `name` is safe to store and to show; `is_inline` means the HTML shows it by cid."""

    name: str
    content_type: str
    data: bytes = field(repr=False)
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """A calendar invitation (RFC 5545). Times are UTC, or without a zone where the calendar gives none: then
    they are the hour on the spot. A day-long event has plain dates, and the day after it as its end. `answer` is that
    of the one who answers, as "ACCEPTED" (RFC 5545, 3.2.12)."""

    method: str
    summary: str
    starts_at: datetime | date | None
    ends_at: datetime | date | None
    place: str
    organiser: Address
    uid: str
    answer: str = ""


ReportKind = Literal["failed", "delayed", "complaint"]


@dataclass(frozen=True, slots=True)
class BounceReason:
    """What a machine says happened to a mail of ours.

    `kind` is "failed" (given up), "delayed" (still trying) or "complaint" (marked as spam, RFC 5965).
    `is_permanent` means that trying the address again is useless. `reason` is in plain English; `explain` in
    witei_app.mail.bounce_cause words `cause` in another language.
    """

    kind: ReportKind
    is_permanent: bool
    status: str
    diagnostic: str
    recipient: str
    original_message_id: str
    cause: str
    reason: str


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as read by `parse_mail`. Message-IDs are without angle brackets, text uses "\\n" line ends.

    `shown_html` is as much of `html` as is shown: all of it, unless it is larger than anything written to be read.
    `list_address` is of the list that passed it on, where nothing else makes it automatic.
    """

    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    sender: Address
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: datetime | None
    text: str
    html: str
    shown_html: str
    new_text: str
    rest_text: str
    attachments: tuple[ParsedFile, ...]
    is_automatic: bool
    automatic_reason: str
    bounce: BounceReason | None
    invitation: Invitation | None
    is_encrypted: bool = False
    list_address: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to send along; with a `content_id` it is an image that the HTML shows as cid:<content_id>."""

    name: str
    content_type: str
    data: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class QuotedMail:
    """The message being answered. Without `text` the quote in the plain part is made from `html`, and vice versa."""

    author: str
    written_at: datetime
    html: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail as an agent means it. `html` comes from the composer and is not trusted; ids are without brackets.

    `language` (en, es, ca) and `time_zone` word the line above the quoted message. `unsubscribe` is the address where
    one click ends mail of this kind (RFC 8058). `closing_html` is what the program itself says below the signature.
    With `keeps_layout` tables, headings and their looks in `html` are kept: mail of the program has them.
    """

    sender: Address
    to: tuple[Address, ...]
    subject: str
    html: str
    message_id: str
    date: datetime
    cc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    signature_html: str = ""
    closing_html: str = ""
    quoted: QuotedMail | None = None
    is_automatic: bool = False
    language: str = "en"
    time_zone: str = "UTC"
    unsubscribe: str = ""
    keeps_layout: bool = False
