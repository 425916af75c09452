"""The open conversation in its reader's words: language, time zone, what one may see of it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.invitation import invitation_row
from witei_app.conversations.returned import note_in
from witei_app.conversations.rows import FileRow, HeaderRow, MessageRow, PersonRow, RecipientRow
from witei_app.conversations.system_lines import event_sentence
from witei_app.conversations.thread import Entry
from witei_app.conversations.why import verdict_words
from witei_app.crm.money import euros
from witei_app.mail.encrypted import in_readers_words
from witei_app.mail.sanitize import text_to_html
from witei_app.models import (
    PASSED_BETWEEN_US,
    Attachment,
    Conversation,
    Delivery,
    DeliveryState,
    Direction,
    Message,
    Quote,
    RecipientKind,
    Upload,
)
from witei_app.texts import translate
from witei_app.texts.people import initials, tint
from witei_app.texts.when import day_label, size_label, time_label


def message_rows(
    entries: Sequence[Entry], conversation: Conversation, actor: Actor, before: Sequence[MessageRow] = ()
) -> list[MessageRow]:
    """The entries in the reader's language and time zone; `before` are the rows shown above them."""
    rows: list[MessageRow] = []
    previous_day = before[-1].day if before else ""
    subject = next((row.subject for row in reversed(before) if row.subject), conversation.subject)
    for entry in entries:
        day = day_label(entry.at, now(), actor.time_zone, actor.language)
        starts_day, previous_day = day != previous_day, day
        if entry.message is None:
            rows.append(_event_row(entry, actor, day, starts_day))
            continue
        rows.append(_message_row(entry, conversation, actor, day, starts_day, subject))
        subject = entry.message.subject or subject
    return rows


def header_row(conversation: Conversation, assignee_name: str, reply_to: str, sends_from: str) -> HeaderRow:
    """The head of the thread."""
    assignee = conversation.assignee_id or 0
    return HeaderRow(
        id=conversation.id,
        contact_name=conversation.contact_name,
        initials=initials(conversation.contact_name),
        tint=tint(conversation.contact_id),
        channel=conversation.channel,
        subject=conversation.subject,
        status=conversation.status,
        assignee=PersonRow(assignee, assignee_name, initials(assignee_name), tint(assignee)),
        reply_to=reply_to,
        sends_from=sends_from,
    )


def _message_row(
    entry: Entry, conversation: Conversation, actor: Actor, day: str, starts_day: bool, subject: str
) -> MessageRow:
    """`subject` is that of the message before."""
    message = entry.message
    assert message is not None
    time = time_label(entry.at, actor.time_zone)
    is_inbound = message.direction == Direction.IN
    author, html = _said(message, actor.language)
    state, label, detail = _delivery_words(entry.delivery, actor)
    return MessageRow(
        number=message.number,
        id=message.id,
        kind=message.direction,
        author=author,
        initials=initials(author),
        tint=tint(conversation.contact_id if is_inbound else message.user_id or 0),
        user_id=0 if is_inbound else message.user_id or 0,
        at=message.created_at.isoformat(),
        time=time,
        day=day,
        starts_day=starts_day,
        label=f"{author}, {day} {time}",
        html=html,
        rest_html=text_to_html(message.rest_text) if message.rest_text and not message.is_rich else "",
        frame_url=f"/messages/{message.id}/frame" if message.is_rich else "",
        subject="" if _same_subject(message.subject, subject) else message.subject,
        state=state,
        state_label=label,
        state_detail=detail,
        signs=_signs(entry, message),
        warning=verdict_words(entry.mail, actor.language) if _verdict(entry) == "failed" else "",
        invitations=[invitation_row(message.invitation, actor)] if message.invitation else [],
        recipients=_recipient_rows(entry, actor),
        files=[file_row(file, (entry.quotes or {}).get(file.quote_id or 0), actor.language) for file in entry.files],
    )


def _said(message: Message, language: str) -> tuple[str, str]:
    """Author and HTML; what the program itself wrote there, in the reader's language."""
    if message.direction == Direction.IN:
        return message.author_name, in_readers_words(_html(message), language)
    author, text = note_in(message, language) or (message.author_name, "")
    return author, text_to_html(text) if text else _html(message)


def _signs(entry: Entry, message: Message) -> str:
    signs = {
        "automatic": message.is_automatic and message.direction == Direction.IN,
        "mail": entry.mail is not None and message.direction in PASSED_BETWEEN_US,
        "vouched": _verdict(entry) == "verified",
        "stray": message.points_to_id is not None,
    }
    return " ".join(sign for sign, is_shown in signs.items() if is_shown)


def _recipient_rows(entry: Entry, actor: Actor) -> list[RecipientRow]:
    """Everybody, where a message goes to more than one; of what came in, who got it besides us."""
    named = [one for one in entry.named if one.kind in _HEADERS]
    if entry.message is not None and entry.message.direction == Direction.OUT and len(named) < 2:
        return []
    by_address = {delivery.recipient: delivery for delivery in reversed(entry.deliveries)}
    rows = []
    for one in named:
        state, label, detail = _delivery_words(by_address.get(one.address), actor)
        header = translate(_HEADERS[RecipientKind(one.kind)], actor.language)
        rows.append(RecipientRow(one.address, one.name, header, state, label, detail))
    return rows


_HEADERS = {RecipientKind.TO: "To", RecipientKind.CC: "Cc", RecipientKind.BCC: "Bcc"}


def _verdict(entry: Entry) -> str:
    return entry.mail.verdict if entry.mail is not None else ""


def _html(message: Message) -> str:
    """What was written, with the signature that went out below it: the sender sees what the recipient does."""
    body = message.html or text_to_html(message.text)
    return f'{body}<div class="signature">{message.signature_html}</div>' if message.signature_html else body


_ANSWER_MARKS = re.compile(
    r"^\s*((re|rv|aw|sv|tr|fw|fwd|wg|ref|res|r|rif|enc|antw|odp|vs|ynt)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE
)


def _same_subject(one: str, other: str) -> bool:
    """Whether two subjects differ in the marks of answering and forwarding alone."""
    return not one or _ANSWER_MARKS.sub("", one).strip() == _ANSWER_MARKS.sub("", other).strip()


def _delivery_words(delivery: Delivery | None, actor: Actor) -> tuple[str, str, str]:
    if delivery is None:
        return "", "", ""
    time = time_label(delivery.due_at, actor.time_zone)
    label = translate(_STATE_WORDS[DeliveryState(delivery.state)], actor.language, time=time)
    return delivery.state, label, translate(delivery.reason, actor.language) if delivery.reason else ""


_STATE_WORDS = {
    DeliveryState.QUEUED: "queued",
    DeliveryState.SENDING: "sending",
    DeliveryState.SENT: "sent",
    DeliveryState.DEFERRED: "will be tried again at {time}",
    DeliveryState.FAILED: "not delivered",
    DeliveryState.BOUNCED: "returned",
    DeliveryState.UNKNOWN: "perhaps sent",
}


def file_row(file: Attachment | Upload, quote: Quote | None, language: str) -> FileRow:
    """A file, or the card of the quote that it is."""
    is_sent = isinstance(file, Attachment)
    is_image = is_sent and file.content_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}
    row = FileRow(file.id, file.name, size_label(file.size, language), f"/files/{file.id}" if is_sent else "", is_image)
    if quote is None:
        return row
    return replace(
        row,
        quote_url=f"/quotes/{quote.id}",
        quote_title=f"{quote.number} · {quote.title}",
        quote_total=euros(quote.total, language),
        quote_state=quote.state,
        quote_state_label=translate(quote.state, language),
    )


def _event_row(entry: Entry, actor: Actor, day: str, starts_day: bool) -> MessageRow:
    event = entry.event
    assert event is not None
    return MessageRow(
        number=event.after_number,
        id=-event.id,  # apart from the messages' ids
        kind="event",
        author="",
        initials="",
        tint=5,
        at=event.at.isoformat(),
        time=time_label(event.at, actor.time_zone, actor.language),
        day=day,
        starts_day=starts_day,
        label="",
        text=event_sentence(event, entry.by, entry.assignee, actor.time_zone, actor.language),
    )
