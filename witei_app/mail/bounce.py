"""Delivery reports: what became of a mail of ours, from RFC 3464 reports and from those that follow no standard."""

import re
from dataclasses import replace
from email.message import Message

from witei_app.mail.bounce_cause import cause_of, explain
from witei_app.mail.bounce_text import (
    ADDRESS,
    STATUS,
    evidence_in,
    looks_like_bounce,
    machine_words,
    recipient_in,
    status_in,
    still_trying,
)
from witei_app.mail.charsets import decode_text
from witei_app.mail.headers import decode_words, first_value, message_ids, parameter
from witei_app.mail.structure import content, content_type
from witei_app.mail.types import Address, BounceReason, ReportKind

_REPORT_FIELDS = "message/delivery-status", "message/global-delivery-status"
_PROGRAMS = "application/", "image/", "audio/", "video/"
_COPIES = "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"
# Gmail names it in the report itself, too.
_MESSAGE_ID = re.compile(r"^[> \t]*(?:x-original-)?message-id:\s*(<[^<>]{1,990}>|\S+@\S+)", re.I | re.MULTILINE)


def read_bounce(
    message: Message, parts: list[Message], text: str, subject: str, sender: Address, envelope_from: str | None
) -> BounceReason | None:
    """What the mail reports about a mail of ours; None for everything else, also for reports of success."""
    typed = [(content_type(part), part) for part in parts]
    copy = next((part for media in _COPIES for kind, part in typed if kind == media), None)
    found = _read(message, typed, copy, text, subject, sender, envelope_from)
    return found and replace(found, original_message_id=_original_id(message, typed, copy, text))


def _read(
    message: Message,
    typed: list[tuple[str, Message]],
    copy: Message | None,
    text: str,
    subject: str,
    sender: Address,
    envelope_from: str | None,
) -> BounceReason | None:
    complaint = next((part for kind, part in typed if kind == "message/feedback-report"), None)
    if complaint is not None:
        return _complaint(complaint)
    if copy is not None and re.match(r"complaint about message from [\d.:a-fx]+$", subject):
        return _complaint_of_outlook(copy)
    blocks = [block for kind, part in typed if kind in _REPORT_FIELDS for block in _blocks(part)]
    recipients = [block for block in blocks if {"action", "status", "final-recipient"} & block.keys()]
    if recipients:
        return _standard(recipients, text, recipient_in(message, text, copy))
    if _is_reading_report(message):
        return None
    if looks_like_bounce(message, copy is not None, text, subject, sender, envelope_from):
        named = first_value(message, "X-Failed-Recipients").partition(",")[0].strip()
        words = machine_words(text)
        kind: ReportKind = "delayed" if still_trying(subject, words) else "failed"
        return _reason(kind, status_in(words), evidence_in(text), named or recipient_in(message, text, copy))
    return None


def _is_reading_report(message: Message) -> bool:
    """A filter that rejects a mail says so in the form of a reading report, but marks it (RFC 5429, 2.1.1)."""
    is_report = parameter(message, "report-type", "Content-Type").lower() == "disposition-notification"
    return is_report and "rejected" not in first_value(message, "Auto-Submitted").lower()


def _standard(recipients: list[dict[str, str]], text: str, named: str) -> BounceReason | None:
    block = min(recipients, key=lambda block: _RANK.get(_action(block), 3))
    action = _action(block)
    if action in ("delivered", "relayed", "expanded"):
        return None
    diagnostic = re.sub(r"^[\w-]+\s*;\s*", "", block.get("diagnostic-code", ""))
    # Some say why in a comment only: "Status: 5.4.4 (Illegal host/domain name found)".
    diagnostic = diagnostic or "".join(re.findall(r"\(([^()]*)\)", block.get("status", "")))
    # The words of the server that refused often know better than the status of the one that reports it.
    found = STATUS.search(diagnostic) or STATUS.search(block.get("status", ""))
    fields = ("original-recipient", "final-recipient", "x-actual-recipient")
    recipient = next(filter(None, (_plain_address(block.get(field, "")) for field in fields)), named)
    kind: ReportKind = "delayed" if action == "delayed" else "failed"
    return _reason(kind, found[1] if found else "", diagnostic or evidence_in(text), recipient)


_RANK = {"failed": 0, "delayed": 1, "": 2}


def _action(block: dict[str, str]) -> str:
    action = re.match(r"[a-z]*", block.get("action", "").strip().lower())
    word = action[0] if action else ""
    if word in ("failed", "delayed", "delivered", "relayed", "expanded"):
        return word
    if word in ("failure", "fail", "error"):
        return "failed"
    return {"2": "delivered", "4": "delayed", "5": "failed"}.get(block.get("status", "")[:1], "failed")


def _complaint(part: Message) -> BounceReason | None:
    fields: dict[str, str] = {}
    for block in _blocks(part):
        fields |= block
    if fields.get("feedback-type", "").lower() not in ("abuse", "fraud", "virus", "other", "opt-out", ""):
        return None
    recipient = _plain_address(fields.get("original-rcpt-to", "") or fields.get("removal-recipient", ""))
    return BounceReason("complaint", True, "", fields.get("feedback-type", ""), recipient, "", "complaint",
                        explain("complaint"))  # fmt: skip


def _complaint_of_outlook(copy: Message) -> BounceReason:
    """Outlook.com's junk mail reports follow no standard (sendersupport.olc.protection.outlook.com/snds/JMRP.aspx)."""
    found = re.search(r"^x-hmxmroriginalrecipient:[ \t]*(\S+)", _lines(copy)[:20_000], re.IGNORECASE | re.MULTILINE)
    recipient = found[1] if found else ""
    return BounceReason("complaint", True, "", "", recipient, "", "complaint", explain("complaint"))


def _reason(kind: ReportKind, status: str, diagnostic: str, recipient: str) -> BounceReason:
    diagnostic = re.sub(r"\s+", " ", diagnostic).strip()[:500]
    cause = "delayed" if kind == "delayed" else cause_of(status, diagnostic)
    permanent = kind == "failed" and not status.startswith("4") and cause not in ("mailbox_full", "expired", "refused")
    return BounceReason(kind, permanent, status, diagnostic, recipient, "", cause, explain(cause))


def _blocks(part: Message) -> list[dict[str, str]]:
    """The groups of fields of a report (RFC 3464, 2.1), names in lower case, values unfolded and decoded."""
    blocks = []
    for group in re.split(r"\n[ \t]*\n", _lines(part).strip()):
        lines = re.sub(r"\n[ \t]+", " ", group).split("\n")
        pairs = (line.partition(":") for line in lines)
        blocks.append({name.strip().lower(): decode_words(value.strip()) for name, colon, value in pairs if colon})
    return blocks


def _original_id(message: Message, typed: list[tuple[str, Message]], copy: Message | None, text: str) -> str:
    """The Message-ID of the mail that the report is about, from the copy of it, else what the report answers."""
    found = (copy is not None and _MESSAGE_ID.search(_lines(copy))) or _MESSAGE_ID.search(text)
    if not found:  # servers that name a copy otherwise, or write it without the blank line above it
        others = [part for kind, part in typed if part is not message and not kind.startswith(_PROGRAMS)]
        inside = (
            _MESSAGE_ID.search(f"Message-ID: {first_value(part, 'Message-ID')}\n{_lines(part)}") for part in others
        )
        found = next(filter(None, inside), None)
    answered = first_value(message, "In-Reply-To") or first_value(message, "References")
    return next(iter(message_ids(found[1] if found else answered)), "")


def _lines(part: Message) -> str:
    return decode_text(content(part)[:200_000]).replace("\r\n", "\n").replace("\r", "\n")


def _plain_address(value: str) -> str:
    found = ADDRESS.search(value.partition(";")[2] or value)
    return found[0] if found else ""
