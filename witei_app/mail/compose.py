"""From what an agent wrote to the bytes that any relay passes on unchanged: 7 bits, short lines, CRLF."""

import base64
import binascii
import hashlib
import re
import secrets
from datetime import datetime
from email.generator import BytesGenerator
from email.message import Message
from email.utils import format_datetime
from html import escape
from io import BytesIO
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from witei_app.mail.addresses import ascii_domain
from witei_app.mail.as_written import as_written
from witei_app.mail.encode_headers import AsWritten, address_list, encoded_text, ids, on_one_line
from witei_app.mail.files import safe_file_name
from witei_app.mail.plain import html_to_text
from witei_app.mail.sanitize import safe_frame_html, safe_inline_html, safe_outgoing_html, text_to_html
from witei_app.mail.types import OutgoingFile, OutgoingMail, QuotedMail


def new_message_id(domain: str) -> str:
    """A new Message-ID of `domain`, without brackets, as `ParsedMail` has them."""
    return f"{secrets.token_hex(16)}@{ascii_domain(domain)}"


def compose(mail: OutgoingMail) -> bytes:
    """The mail as it goes to the relay. Refuses (ValueError) addresses that are none; Bcc has no place in it."""
    root = _body(mail)
    for name, value in _fields(mail):
        root[name] = value
    for header in ("Content-Type", "Content-Transfer-Encoding"):  # below the others, as people expect
        if header in root:
            value = root[header]
            del root[header]
            root[header] = value
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=_POLICY).flatten(root)
    return out.getvalue()


def quoted_html(html: str) -> str:
    """The HTML of a mail as it may stand in another one: no picture, from elsewhere or left behind here."""
    return _PICTURE.sub("", safe_frame_html(html, {}, show_images=False))


def attribution(author: str, written_at: datetime, language: str) -> str:
    """The line above a quoted message, in the words that mail programs know, with the clock of `written_at`."""
    language = language if language in _ATTRIBUTIONS else "en"
    day = format_date(written_at, "EEE, d MMM y", locale=language)
    return _ATTRIBUTIONS[language].format(day=day, time=format_time(written_at, "HH:mm", locale=language),
                                          author=on_one_line(author))  # fmt: skip


_POLICY = AsWritten(linesep="\r\n", max_line_length=None)
_ATTRIBUTIONS = {
    "en": "On {day} at {time}, {author} wrote:",
    "es": "El {day} a las {time}, {author} escribió:",
    "ca": "El {day} a les {time}, {author} va escriure:",
    "fr": "Le {day} à {time}, {author} a écrit :",
    "de": "Am {day} um {time} schrieb {author}:",
    "it": "Il giorno {day} alle ore {time} {author} ha scritto:",
    "pt": "Em {day} às {time}, {author} escreveu:",
}
_PICTURE = re.compile(r'<img(?: [\w-]+="[^"]*")*>')  # as the sanitizer writes it
_QUOTE_STYLE = "margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex"


def _fields(mail: OutgoingMail) -> list[tuple[str, str]]:
    references = tuple(dict.fromkeys((*mail.references, *filter(None, (mail.in_reply_to,)))))
    fields = [
        ("From", address_list((mail.sender,))),
        ("To", address_list(mail.to)),
        ("Cc", address_list(mail.cc)),
        ("Reply-To", address_list((mail.reply_to,)) if mail.reply_to else ""),
        ("Subject", encoded_text(mail.subject)),
        ("Date", format_datetime(mail.date)),
        ("Message-ID", ids((mail.message_id,))),
        ("In-Reply-To", ids((mail.in_reply_to,)) if mail.in_reply_to else ""),
        ("References", ids(references)),
        ("Auto-Submitted", _auto_submitted(mail)),
        # Exchange sends absence notes to automatic mail unless told not to.
        ("X-Auto-Response-Suppress", "All" if mail.is_automatic else ""),
        # RFC 8058, 3.1: mail programs show a button of their own for these two.
        ("List-Unsubscribe", f"<{on_one_line(mail.unsubscribe)}>" if mail.unsubscribe else ""),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click" if mail.unsubscribe else ""),
        ("MIME-Version", "1.0"),
    ]
    return [(name, value) for name, value in fields if value or name == "Subject"]


def _auto_submitted(mail: OutgoingMail) -> str:
    # RFC 3834, 5: an answer to one mail is auto-replied, all other automatic mail is auto-generated.
    return ("auto-replied" if mail.in_reply_to else "auto-generated") if mail.is_automatic else ""


def _body(mail: OutgoingMail) -> Message:
    """multipart/mixed > multipart/related > multipart/alternative, each only where it is needed."""
    images = [file for file in mail.files if file.content_id]
    html = _html(mail, frozenset(file.content_id for file in images))
    body = _multipart(mail, "alternative", [_text_part("plain", _text(mail)), _text_part("html", html)])
    if images:
        body = _multipart(mail, "related", [body, *map(_file_part, images)])
    files = [_file_part(file) for file in mail.files if not file.content_id]
    return _multipart(mail, "mixed", [body, *files]) if files else body


def _text(mail: OutgoingMail) -> str:
    text = html_to_text(_laid_out(mail, frozenset()) if mail.keeps_layout else safe_inline_html(mail.html))
    if mail.signature_html.strip():
        text += f"\n\n-- \n{html_to_text(mail.signature_html)}"
    if mail.closing_html:
        text += f"\n\n{html_to_text(mail.closing_html)}"
    if mail.quoted:
        said = mail.quoted.text or html_to_text(mail.quoted.html)
        quoted = "\n".join(f"> {line}".rstrip() for line in said.strip().splitlines())
        text += f"\n\n{_attribution(mail, mail.quoted)}\n\n{quoted}"
    return text + "\n"


def _attribution(mail: OutgoingMail, quoted: QuotedMail) -> str:
    return attribution(quoted.author, quoted.written_at.astimezone(ZoneInfo(mail.time_zone)), mail.language)


def _html(mail: OutgoingMail, content_ids: frozenset[str]) -> str:
    html = _laid_out(mail, content_ids) if mail.keeps_layout else as_written(safe_outgoing_html(mail.html, content_ids))
    if mail.signature_html.strip():
        pictures = {cid: f"cid:{cid}" for cid in content_ids}
        signature = as_written(safe_frame_html(mail.signature_html, pictures, show_images=True))
        html += f'<div class="gmail_signature" data-smartmail="gmail_signature"><div>-- </div>{signature}</div>'
    html += mail.closing_html
    if mail.quoted:
        line = escape(_attribution(mail, mail.quoted))
        quoted = quoted_html(mail.quoted.html) or text_to_html(mail.quoted.text)
        # The names that Gmail gave them: other programs, and we, fold the quote by them.
        html += (
            f'<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{line}<br></div>'
            f'<blockquote class="gmail_quote" style="{_QUOTE_STYLE}">{quoted}</blockquote></div>'
        )
    return f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>{html}</body></html>\n'


def _laid_out(mail: OutgoingMail, content_ids: frozenset[str]) -> str:
    return safe_frame_html(mail.html, {cid: f"cid:{cid}" for cid in content_ids}, show_images=False)


def _text_part(subtype: str, text: str) -> Message:
    data = re.sub(r"\r\n|\r|\n", "\r\n", text).encode("utf-8", "replace")
    lines = binascii.b2a_qp(data, istext=True).decode("ascii")
    # "From " at the start of a line is changed by servers that keep mbox files, which breaks signatures.
    lines = re.sub(r"(?m)^From ", "=46rom ", lines.replace("\r\n", "\n"))
    part = _part(f"text/{subtype}; charset=utf-8", "quoted-printable")
    part.set_payload(lines)
    return part


def _file_part(file: OutgoingFile) -> Message:
    name = safe_file_name(file.name)
    media = file.content_type.strip().lower()
    # A message or multipart must not be encoded (RFC 2046, 5.2.1), so these go as plain bytes.
    if not re.fullmatch(r"(?!message/|multipart/)[a-z0-9][\w.+-]{0,60}/[a-z0-9][\w.+-]{0,80}", media):
        media = "application/octet-stream"
    part = _part(f"{media};\r\n {_parameter_words(name)}", "base64")
    kind = "inline" if file.content_id else "attachment"
    part["Content-Disposition"] = f"{kind};\r\n {_parameter(name)}"
    if file.content_id:
        part["Content-ID"] = ids((file.content_id,))
    part.set_payload(base64.encodebytes(file.data).decode("ascii"))
    return part


def _parameter(name: str) -> str:
    """filename as RFC 2231 has it, in pieces that fit a line when it is not ASCII."""
    if name.isascii():
        return f'filename="{_quoted(name)}"'
    encoded = quote(name, safe="")
    pieces = re.findall(r"(?:%[0-9A-F]{2}|[^%]){1,18}", encoded)
    if len(pieces) == 1:
        return f"filename*=utf-8''{encoded}"
    start = "utf-8''"
    return ";\r\n ".join(
        f"filename*{number}*={start if not number else ''}{piece}" for number, piece in enumerate(pieces)
    )


def _parameter_words(name: str) -> str:
    """The older name parameter, which some programs still read instead."""
    return f'name="{_quoted(name) if name.isascii() else encoded_text(name)}"'


def _quoted(name: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", name)


def _multipart(mail: OutgoingMail, subtype: str, parts: list[Message]) -> Message:
    # The same mail is the same bytes at each try; "=_" cannot appear in its parts (RFC 2045, 6.7).
    boundary = f"=_{hashlib.sha256(f'{subtype} {mail.message_id}'.encode()).hexdigest()[:32]}"
    whole = Message(policy=_POLICY)
    whole["Content-Type"] = f'multipart/{subtype}; boundary="{boundary}"'
    for part in parts:
        whole.attach(part)
    return whole


def _part(content_type: str, encoding: str) -> Message:
    part = Message(policy=_POLICY)
    part["Content-Type"] = content_type
    part["Content-Transfer-Encoding"] = encoding
    return part
