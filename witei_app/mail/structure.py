"""One part of a mail: its type, its name, its bytes and its text."""

import binascii
import re
from email.message import Message

from witei_app.mail.charsets import decode_text
from witei_app.mail.headers import extended_parameter, first_value, parameter, without_comments

# Where a part or its HTML names its charset.
CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)


_MISSPELT = {
    "plain": "text/plain", "plain/text": "text/plain", "html": "text/html", "html/text": "text/html",
    "text/htm": "text/html", "application/html": "text/html", "application/xhtml+xml": "text/html",
}  # fmt: skip


def content_type(part: Message) -> str:
    """Lower-case "type/subtype", "application/octet-stream" when what is written there is nonsense."""
    value = first_value(part, "Content-Type")
    if not value:
        return part.get_default_type()
    found = re.match(r"\s*\"?([a-z0-9][\w.+-]*(?:/[a-z0-9][\w.+*-]*)?)", value.lower())
    if found and ("/" in found[1] or found[1] in _MISSPELT):
        return _MISSPELT.get(found[1], found[1])
    # What is no type at all says nothing, so it is text (RFC 2045, 5.2); what names one without its subtype is a file.
    is_text = not re.match(r"\s*[a-z]", value.lower()) or value.lower().startswith("text")
    return "text/plain" if is_text else "application/octet-stream"


def disposition(part: Message) -> str:
    """ "attachment", "inline" or "" (RFC 2183); an unknown word is an attachment."""
    word = first_value(part, "Content-Disposition").partition(";")[0].strip().lower()
    return word if word in ("inline", "") else "attachment"


def file_name(part: Message) -> str:
    """The name the sender gave it, decoded but not yet safe; "" when there is none."""
    # A name that comes twice is right in its extended form: the other is for programs that cannot read it.
    extended = extended_parameter(part, "filename", "Content-Disposition")
    name = extended or parameter(part, "filename", "Content-Disposition") or parameter(part, "name", "Content-Type")
    return name[1:-1] if re.fullmatch(r"'[^']+'", name) else name.lstrip('"')  # of a quote that was not closed, too


def content(part: Message) -> bytes:
    """The bytes of a leaf with its transfer encoding undone, as far as the damage allows."""
    encoding = (
        without_comments(first_value(part, "Content-Transfer-Encoding")).partition(";")[0].strip(" \t\"'").lower()
    )
    raw = content_as_sent(part)
    if encoding in ("base64", "base-64", "base 64", "b64"):
        return _base64(raw)
    if encoding in ("quoted-printable", "quotedprintable", "quoted/printable", "qp"):
        return binascii.a2b_qp(_PADDED_BREAK.sub(b"=", raw))
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return part.get_payload(decode=True) or b""  # type: ignore[return-value]
    return raw


_PADDED_BREAK = re.compile(rb"=[ \t]+(?=\r?\n)")  # blanks that were added on the way (RFC 2045, 6.7, rule 3)


def content_as_sent(part: Message) -> bytes:
    """The bytes of a leaf as they travelled."""
    encoding = part["Content-Transfer-Encoding"]
    del part["Content-Transfer-Encoding"]  # or get_payload would decode, and replace bytes it cannot
    raw = part.get_payload(decode=True) or b""
    if encoding is not None:
        part["Content-Transfer-Encoding"] = encoding
    assert isinstance(raw, bytes)
    return raw


def text_content(part: Message) -> str:
    """The text of a leaf with "\\n" line ends."""
    data = content(part)
    charset = parameter(part, "charset", "Content-Type")
    if not charset and content_type(part) == "text/html":
        found = CHARSET.search(data[:4096])
        charset = found[1].decode("ascii", "replace") if found else ""
    text = decode_text(data, charset).replace("\r\n", "\n").replace("\r", "\n")
    # A new page ends a line, too: without it two words would become one. One by one: translate takes 100 times as long.
    return text.replace("\f", "\n").replace("\v", "\n")


def _base64(raw: bytes) -> bytes:
    """Decode what can be decoded: foreign characters are skipped (RFC 2045, 6.8), joined pieces read one by one."""
    if b" " in raw.lstrip()[:200].partition(b"\n")[0].strip() and raw.count(b" ") * 20 > len(raw):
        return raw  # words, which are only called so
    raw = raw.partition(b"\n--")[0]  # what should have been a boundary
    end = _WORDS_BELOW.search(raw)
    clean = re.sub(rb"[^A-Za-z0-9+/=]", b"", raw[: end.start() + 1] if end else raw)
    return b"".join(_base64_piece(piece) for piece in re.findall(rb"[A-Za-z0-9+/]+", clean))


# What a mailing list adds below is no base64: it comes after the padding and a blank line, and has spaces.
_WORDS_BELOW = re.compile(rb"=[ \t]*\r?\n(?:[ \t]*\r?\n)+(?:[-_]+ ?\r?\n)?(?=[^\r\n ]+ [^\r\n])")


def _base64_piece(piece: bytes) -> bytes:
    piece = piece[: len(piece) - (len(piece) % 4 == 1)]
    return binascii.a2b_base64(piece + b"=" * (-len(piece) % 4))
