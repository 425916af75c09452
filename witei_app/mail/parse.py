"""From the raw bytes of a mail to what it says. Damage costs as little as it can: what is readable is read."""

import re
from collections.abc import Callable
from email.message import Message
from html import escape

from witei_app.mail.automatic import automatic_reason, list_address
from witei_app.mail.body import Body, sort_parts
from witei_app.mail.bounce import read_bounce
from witei_app.mail.charsets import without_controls
from witei_app.mail.encrypted import is_encrypted
from witei_app.mail.enriched import KINDS, enriched_to_text
from witei_app.mail.files import read_files, take_uuencoded, unpack_tnef
from witei_app.mail.flowed import unflow
from witei_app.mail.headers import (
    addresses,
    author_name,
    first_value,
    message_ids,
    own_id,
    parameter,
    read_date,
    text_value,
)
from witei_app.mail.invitation import read_invitation
from witei_app.mail.plain import html_to_text
from witei_app.mail.quoted import split_reply
from witei_app.mail.structure import content, content_type, disposition, file_name, text_content
from witei_app.mail.tame import beginning, without_conditionals
from witei_app.mail.tree import leaves, read_tree
from witei_app.mail.types import Address, Invitation, ParsedFile, ParsedMail, Unreadable

_PGP_SIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Z][A-Za-z-]*: [^\n]*\n)*\n(.*?)^-----BEGIN PGP SIGNATURE-----.*?"
    r"^-----END PGP SIGNATURE-----[ \t]*$\n?",
    re.DOTALL | re.MULTILINE,
)
OF_TEXT = '<pre style="white-space: pre-wrap">'  # how the HTML of a mail begins that has only text
_MOST_SIGNED = 10  # looking for the end of each takes the whole text


def parse_mail(raw: bytes, envelope_from: str | None = None) -> ParsedMail:
    """Read a mail. `envelope_from` is the SMTP sender, "" for the null sender, None when it is not known.

    Raises `Unreadable` only when there is neither a header field nor any text.
    """
    if not raw.strip(b"\r\n\t \0"):
        raise Unreadable("The message is empty.")
    message = read_tree(raw)
    parts = list(leaves(message))
    body = sort_parts(message)
    html = _joined(body.htmls, _as_html)
    text, encoded_files = take_uuencoded(_joined(body.texts, _as_text))
    if html and (not text.strip() or _says_it_is_html(text, html)):
        text = html_to_text(html)
    tnef_text = _tnef_text(parts) if not text.strip() else ""
    if tnef_text:
        html = tnef_text if re.search(r"<\w", tnef_text) else ""
        text = html_to_text(html) if html else tnef_text
    if not text.strip():
        text = _joined([part for part in parts if _is_words(part) or _is_all_there_is(part, message)], _as_text)
    return _assemble(message, parts, body, text, html, encoded_files, envelope_from)


def _assemble(
    message: Message,
    parts: list[Message],
    body: Body,
    text: str,
    html: str,
    encoded_files: list[ParsedFile],
    envelope_from: str | None,
) -> ParsedMail:
    subject, sender = text_value(message, "Subject"), _sender(message)
    report_text = "\n".join(_as_text(part) for part in parts if content_type(part) == "text/plain")[:200_000]
    bounce = read_bounce(message, parts, report_text or text, subject, sender, envelope_from)
    reason = "a delivery report" if bounce else automatic_reason(message, subject, sender.email, envelope_from)
    new_text, rest_text = split_reply(text, html, subject) if not bounce else (text.strip("\n"), "")
    return ParsedMail(
        message_id=own_id(message),
        in_reply_to=message_ids(first_value(message, "In-Reply-To")),
        references=message_ids(" ".join(message.get_all("References", []))),
        subject=subject,
        sender=sender,
        reply_to=addresses(message, "Reply-To"),
        to=addresses(message, "To"),
        cc=addresses(message, "Cc"),
        date=read_date(first_value(message, "Date")),
        text=text,
        html=html,
        shown_html=beginning(html),
        new_text=new_text,
        rest_text=rest_text,
        attachments=(*read_files(body.files, html), *encoded_files),
        is_automatic=bool(reason),
        automatic_reason=reason,
        bounce=bounce,
        invitation=_invitation(parts),
        list_address=_list_alone(message, subject, sender, envelope_from) if reason and not bounce else "",
        is_encrypted=not bounce and is_encrypted(message, parts, new_text),
    )


def _list_alone(message: Message, subject: str, sender: Address, envelope_from: str | None) -> str:
    """The list that passed the mail on, where nothing else makes it automatic."""
    listed = list_address(message)
    return listed if not automatic_reason(message, subject, sender.email, envelope_from, but_lists=True) else ""


def _sender(message: Message) -> Address:
    """The author; some systems fill in only Sender, or only the envelope line."""
    for name in ("From", "Sender", "Resent-From", "Return-Path"):
        found = addresses(message, name)
        if found:
            return found[0] if name == "From" else Address(author_name(message) or found[0].name, found[0].email)
    return Address(author_name(message))


def _joined(parts: list[Message], read: Callable[[Message], str]) -> str:
    return "\n".join(filter(None, (read(part) for part in parts)))


_LONGEST_EXCUSE = 600
_EXCUSES = re.compile(
    r"html|navegador|\bbrowser|(ver|leer) (bien |correctamente )?(este|el) (mensaje|correo|e-?mail|mail)"
    r"|(view|read|see) (this|the) (message|e-?mail|mail)|veure (aquest|el) (missatge|correu)",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W_]+")


def _says_it_is_html(text: str, html: str) -> bool:
    """Whether the text is only the excuse of a program ("Your mail program cannot show HTML") for what stands there."""
    if len(text) > _LONGEST_EXCUSE or not _EXCUSES.search(text):
        return False
    words, written = ("".join(_LETTERS.findall(one)) for one in (text, html_to_text(html)))
    return bool(written) and words[:40] not in written


# Of the kinds of text that are no body, those that are written for programs.
_FOR_PROGRAMS = re.compile(r"text/(?:calendar|(?:x-)?vcard|directory|css|(?:java|ecma)script|xml|rtf|.*\+xml)")


def _is_words(part: Message) -> bool:
    """Whether it can be read by a person, in a mail without any other text (RFC 2046, 4.1.4)."""
    kind = content_type(part)
    return kind.startswith("text/") and disposition(part) != "attachment" and not _FOR_PROGRAMS.match(kind)


def _is_all_there_is(part: Message, message: Message) -> bool:
    """Some programs call the text itself, without which there is nothing, an attachment, or a type that is none."""
    if part is not message or content_type(part) in ("text/plain", "text/html"):
        return part is message
    is_known = content_type(part) != "application/octet-stream" and content_type(part).startswith(_KNOWN)
    return not is_known and not file_name(part) and not _NO_TEXT.search(content(part)[:20_000])


_KNOWN = ("application/", "audio/", "font/", "image/", "message/", "model/", "multipart/", "text/", "video/")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def _as_text(part: Message) -> str:
    text, kind = without_controls(text_content(part)), content_type(part)
    if kind in KINDS:
        return enriched_to_text(text, kind)
    if kind in ("text/html", "text/x-amp-html") or not kind.startswith("text/"):
        return html_to_text(without_conditionals(text))
    if parameter(part, "format", "Content-Type").lower() == "flowed":
        text = unflow(text, parameter(part, "delsp", "Content-Type").lower() == "yes")
    if 0 < text.count("-----BEGIN PGP SIGNED") < _MOST_SIGNED:
        # Lines that begin with a dash were escaped for the signature (RFC 9580, 7.2).
        text = _PGP_SIGNED.sub(lambda signed: re.sub(r"(?m)^- ", "", signed[1]), text)
    return text.rstrip()


def _as_html(part: Message) -> str:
    text, kind = without_controls(text_content(part)), content_type(part)
    if kind == "text/plain" or kind in KINDS:
        text = enriched_to_text(text, kind) if kind in KINDS else text
        return f"{OF_TEXT}{escape(text)}</pre>"
    return without_conditionals(text)


def _tnef_text(parts: list[Message]) -> str:
    for part in parts:
        if content_type(part) == "application/ms-tnef" or file_name(part).lower() == "winmail.dat":
            return without_controls(unpack_tnef(content(part))[0])
    return ""


def _invitation(parts: list[Message]) -> Invitation | None:
    for part in parts:
        if content_type(part) in ("text/calendar", "application/ics") or file_name(part).lower().endswith(".ics"):
            return read_invitation(text_content(part))
    return None
