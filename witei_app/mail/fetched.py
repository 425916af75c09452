"""The envelope of a mail that nobody handed us by SMTP: read from what the last server wrote at its head."""

from collections.abc import Callable
from datetime import datetime
from email.message import Message

from witei_app.mail.headers import addresses, first_value, read_date
from witei_app.mail.tree import read_tree

_RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_MOST_HEADER = 256 * 1024


def head_of(raw: bytes) -> Message:
    """The header fields alone."""
    ends = [end for end in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if end >= 0]
    return read_tree(raw[: min([*ends, _MOST_HEADER])] + b"\r\n\r\n")


def sender_of(head: Message) -> str:
    """The SMTP sender, "" for the null sender (RFC 5321, 4.4: the last server writes it into Return-Path).

    Where there is no such field, the author is as good a guess as any: it must not look like a null sender.
    """
    path = first_value(head, "Return-Path").strip()
    if path == "<>":
        return ""
    found = [*addresses(head, "Return-Path"), *addresses(head, "From"), *addresses(head, "Sender")]
    return found[0].email if found else "unknown"


def recipient_of(head: Message, mailbox: str, is_signed: Callable[[str], bool]) -> str:
    """Whom it was for: one of our signed addresses where it names one, else the mailbox that it lay in."""
    named = [address.email for name in _RECIPIENTS for address in addresses(head, name)]
    return next((email for email in named if is_signed(email)), mailbox)


def written_at(head: Message) -> datetime | None:
    """When its author says it was written; None when that cannot be read."""
    return read_date(first_value(head, "Date"))
