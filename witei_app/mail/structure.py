"""From raw bytes to the leaves of the MIME tree, and which of them are the body (RFC 8621, 4.1.4)."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import MissingHeaderBodySeparatorDefect
from email.message import Message
from email.parser import BytesParser

from witei_app.mail.charsets import decode_text, is_utf8
from witei_app.mail.headers import LenientPolicy, first_value, parameter
from witei_app.mail.smime import signed_content


class Part(Message):
    """A MIME part. While it is being read, a message inside a message is a leaf, so that its bytes stay exact."""

    def get_content_type(self) -> str:
        media = super().get_content_type()
        return media.replace("message/", "application/", 1) if media.startswith("message/") else media


@dataclass
class Body:
    """The leaves by what they are for. A part may be in both texts and htmls when it has no alternative."""

    texts: list[Message] = field(default_factory=list)
    htmls: list[Message] = field(default_factory=list)
    files: list[Message] = field(default_factory=list)


_PARSER = BytesParser(_class=Part, policy=LenientPolicy())
_DEEPEST = 50


def read_tree(raw: bytes) -> Message:
    """The mail as a tree of parts, after mending what would make the standard library lose its headers."""
    head, body = _split_head(raw)
    head = _mend_head(_head_in_utf8(head, body))
    try:
        return _mended(_PARSER.parsebytes(head + b"\n" + body))
    except RecursionError:
        return _PARSER.parsebytes(head + b"\n" + body, headersonly=True)


def leaves(part: Message, depth: int = 0) -> Iterator[Message]:
    """Every part that holds content, in order. What is nested deeper than any mail program writes is left out."""
    if not part.is_multipart():
        yield part
    elif depth < _DEEPEST:
        for child in part.get_payload():
            yield from leaves(child, depth + 1)  # type: ignore[arg-type]


def sort_parts(root: Message) -> Body:
    """Which leaves are the text, which the HTML, which are files."""
    body = Body()
    _sort([root], "mixed", False, body.htmls, body.texts, body.files)
    return body


def content_type(part: Message) -> str:
    """Lower-case "type/subtype", "application/octet-stream" when what is written there is nonsense."""
    value = first_value(part, "Content-Type")
    if not value:
        return part.get_default_type()
    found = re.match(r"\s*\"?([a-z0-9][\w.+-]*/[a-z0-9][\w.+*-]*)", value.lower())
    if found:
        return found[1]
    return "text/plain" if value.lower().startswith("text") else "application/octet-stream"


def disposition(part: Message) -> str:
    """ "attachment", "inline" or "" (RFC 2183); an unknown word is an attachment."""
    word = first_value(part, "Content-Disposition").partition(";")[0].strip().lower()
    return word if word in ("inline", "") else "attachment"


def file_name(part: Message) -> str:
    """The name the sender gave it, decoded but not yet safe; "" when there is none."""
    return parameter(part, "filename", "Content-Disposition") or parameter(part, "name", "Content-Type")


def content(part: Message) -> bytes:
    """The bytes of a leaf with its transfer encoding undone, as far as the damage allows."""
    encoding = first_value(part, "Content-Transfer-Encoding").partition(";")[0].strip(" \t\"'").lower()
    raw = content_as_sent(part)
    if encoding in ("base64", "base-64", "base 64", "b64"):
        return _base64(raw)
    if encoding in ("quoted-printable", "quotedprintable", "quoted/printable", "qp"):
        return binascii.a2b_qp(raw)
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return part.get_payload(decode=True) or b""  # type: ignore[return-value]
    return raw


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
        found = _CHARSET.search(data[:4096])
        charset = found[1].decode("ascii", "replace") if found else ""
    return decode_text(data, charset).replace("\r\n", "\n").replace("\r", "\n")


_KNOWN_FIELD = re.compile(
    rb"(?:received|return-path|delivered-to|from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|reply-to|"
    rb"sender|in-reply-to|references|x-[\w-]+|dkim-signature|authentication-results|arc-[\w-]+|list-[\w-]+|"
    rb"precedence|auto-submitted|importance|priority|user-agent|thread-[\w-]+)[ \t]*:",
    re.IGNORECASE,
)
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_PARAMETER = re.compile(rb"[\w-]{1,40}\*?[0-9]*\*?=")
# Where the blank line is missing or holds spaces, a boundary ends the head as well.
_HEAD_END = re.compile(rb"\r\n\r\n|\n\n|\n\r\n|\r\r(?!\n)|\n[ \t]+\r?\n(?=--)|\n(?=--)")


def _base64(raw: bytes) -> bytes:
    """Decode what can be decoded: foreign characters are skipped (RFC 2045, 6.8), joined pieces read one by one."""
    clean = re.sub(rb"[^A-Za-z0-9+/=]", b"", raw)
    return b"".join(_base64_piece(piece) for piece in re.findall(rb"[A-Za-z0-9+/]+", clean))


def _base64_piece(piece: bytes) -> bytes:
    piece = piece[: len(piece) - (len(piece) % 4 == 1)]
    return binascii.a2b_base64(piece + b"=" * (-len(piece) % 4))


def _split_head(raw: bytes) -> tuple[bytes, bytes]:
    start = len(raw) - len(raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \t\0"))
    end = _HEAD_END.search(raw, start)
    return (raw[start : end.start()], raw[end.end() :]) if end else (raw[start:], b"")


def _head_in_utf8(head: bytes, body: bytes) -> bytes:
    """Fields in 8-bit characters say nowhere which: those of the text are the best guess (not RFC 2047, but common)."""
    if head.isascii():
        return head
    found = _CHARSET.search(head) or _CHARSET.search(body[:20_000])
    charset = found[1].decode("ascii") if found else ""
    lines = head.split(b"\n")
    foreign = [line for line in lines if not line.isascii()]
    if all(map(is_utf8, foreign)):
        return head
    read = iter(decode_text(b"\n".join(foreign), charset).encode("utf-8", "replace").split(b"\n"))
    return b"\n".join(line if line.isascii() else next(read, b"") for line in lines)


_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)


def _mend_head(head: bytes) -> bytes:
    """The header fields one a line, each one readable: a single broken line must not lose those after it."""
    lines = re.split(rb"\r*\n", head) if b"\n" in head else re.split(rb"\r", head)
    known = [index for index, line in enumerate(lines) if _KNOWN_FIELD.match(line)]
    last_field = known[-1] if known else -1
    mended: list[bytes] = []
    for index, line in enumerate(lines):
        line = line.replace(b"\0", b"").replace(b"\r", b" ")
        found = _FIELD.match(line)
        if mended and mended[-1].endswith(b";") and _PARAMETER.match(line):
            mended.append(b" " + line)  # its indent was lost
        elif found:
            mended.append(found[1] + b":" + line[found.end() :])
        elif index > last_field and not line[:1].isspace():
            return _join(mended) + b"\n" + b"\n".join(lines[index:]) + b"\n"  # the blank line was forgotten
        elif index == 0 or line.startswith((b">From ", b"From ")) or not line.strip():
            continue  # the envelope line of an mbox, or what its reader left of it
        else:
            mended.append(b" " + line.lstrip())
    return _join(mended)


def _join(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def _mended(part: Message, depth: int = 0) -> Message:
    """`part` with what hides its parts undone: a broken head, a signature as a whole, a boundary not the one used."""
    if part.is_multipart():
        children = [*part.get_payload(), *_parts_after_the_end(part)]
        part.set_payload([_mended(child, depth + 1) for child in children] if depth < _DEEPEST else children)
        return part
    if any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in part.defects):
        head, body = _split_head(_other_fields(part, "") + content_as_sent(part))
        part = _PARSER.parsebytes(_mend_head(head) + b"\n" + body)
        part.defects.clear()
        return _mended(part, depth + 1)
    if content_type(part) in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        inner = signed_content(content(part)) if depth < _DEEPEST else b""
        return _mended(_PARSER.parsebytes(_other_fields(part) + inner), depth + 1) if inner else part
    return _split_by_its_boundary(part) if content_type(part).startswith("multipart/") else part


def _parts_after_the_end(part: Message) -> list[Message]:
    """Some programs give a nested multipart the boundary of the outer one, so that it seems to end too early."""
    boundary, epilogue = part.get_boundary(), part.epilogue or ""
    if not boundary or f"--{boundary}\n" not in epilogue.replace("\r", ""):
        return []
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n'
    more = _PARSER.parsebytes((head + epilogue).encode("utf-8", "surrogateescape"))
    return more.get_payload() if more.is_multipart() else []  # type: ignore[return-value]


def _split_by_its_boundary(part: Message) -> Message:
    """A multipart in which its boundary was not found: divided where one evidently stands, else all of it is text."""
    body = content_as_sent(part)
    found = re.search(rb"^--(\S{1,70})[ \t]*\r?\nContent-", body, re.MULTILINE | re.IGNORECASE)
    if found:
        boundary = found[1].decode("ascii", "replace").replace('"', "")
        head = f'Content-Type: {content_type(part)}; boundary="{boundary}"\n\n'.encode()
        return _PARSER.parsebytes(_other_fields(part) + head + body)
    part.set_payload([_PARSER.parsebytes(b"\n" + body)] if body.strip() else [])
    return part


def _other_fields(part: Message, without: str = "content-") -> bytes:
    """The fields of a part, by default without those that describe its content."""
    kept = ((name, value) for name, value in part.items() if not without or not name.lower().startswith(without))
    fields = (f"{name}: {value}\n" for name, value in kept)
    return "".join(fields).encode("utf-8", "surrogateescape")


def _sort(
    parts: list[Message],
    kind: str,
    in_alternative: bool,
    htmls: list[Message] | None,
    texts: list[Message] | None,
    files: list[Message],
    depth: int = 0,
) -> None:
    # This is the algorithm of RFC 8621, 4.1.4, under its own names: a list that is None takes no more parts.
    text_count, html_count = len(texts or ()), len(htmls or ())
    for index, part in enumerate(parts):
        if part.is_multipart():
            subtype = content_type(part).partition("/")[2]
            if depth < _DEEPEST:
                inner = subtype == "alternative" or in_alternative
                _sort(part.get_payload(), subtype, inner, htmls, texts, files, depth + 1)  # type: ignore[arg-type]
        elif not _is_shown(part, index, kind):
            files.append(part)
        elif kind == "alternative":
            _choose(part, htmls, texts, files)
        else:
            if in_alternative:
                is_plain = content_type(part) == "text/plain"
                htmls, texts = (None, texts) if is_plain else (htmls, None)
            _keep(part, htmls, texts, files)
    if kind == "alternative" and htmls is not None and texts is not None:
        _fill_the_missing(htmls, texts, text_count, html_count)


def _is_shown(part: Message, index: int, kind: str) -> bool:
    media = content_type(part)
    if disposition(part) == "attachment" or media not in _BODY_TYPES:
        return False
    return index == 0 or (kind != "related" and not file_name(part)) or kind == "alternative"


_BODY_TYPES = ("text/plain", "text/html", "multipart/mixed", "text/x-amp-html", "text/enriched", "text/richtext")


def _choose(part: Message, htmls: list[Message] | None, texts: list[Message] | None, files: list[Message]) -> None:
    media = content_type(part)
    if media == "text/plain" and texts is not None:
        texts.append(part)
    elif media == "text/html" and htmls is not None:
        htmls.append(part)
    elif media not in ("text/plain", "text/html", "text/x-amp-html", "text/enriched", "text/richtext"):
        files.append(part)


def _keep(part: Message, htmls: list[Message] | None, texts: list[Message] | None, files: list[Message]) -> None:
    if texts is not None:
        texts.append(part)
    if htmls is not None:
        htmls.append(part)


def _fill_the_missing(htmls: list[Message], texts: list[Message], text_count: int, html_count: int) -> None:
    if len(texts) == text_count and len(htmls) > html_count:
        texts.extend(htmls[html_count:])
    elif len(htmls) == html_count and len(texts) > text_count:
        htmls.extend(texts[text_count:])
