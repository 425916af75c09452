"""From raw bytes to the tree of MIME parts, after mending what would make the standard library lose some of them."""

import re
from collections.abc import Iterator
from email.errors import MissingHeaderBodySeparatorDefect
from email.message import Message
from email.parser import BytesParser

from witei_app.mail.charsets import decode_text, is_utf8
from witei_app.mail.headers import LenientPolicy
from witei_app.mail.lost_parts import BOUNDARY, apart, is_made_of_parts, part_in, with_fields_below
from witei_app.mail.smime import signed_content
from witei_app.mail.structure import CHARSET, content, content_as_sent, content_type, file_name


class Part(Message):
    """A MIME part. While it is being read, a message inside a message is a leaf, so that its bytes stay exact."""

    def get_content_type(self) -> str:
        media = super().get_content_type()
        return media.replace("message/", "application/", 1) if media.startswith("message/") else media


_PARSER = BytesParser(_class=Part, policy=LenientPolicy())
_DEEPEST = 100
_MOST_BOUNDARIES = 20_000
_MOST_LINES_OF_HEAD = 20_000


def read_tree(raw: bytes) -> Message:
    """The mail as a tree of parts, after mending what would make the standard library lose its headers."""
    head, body = with_fields_below(*_split_head(raw))
    head, more = _first_lines(head)
    head = _mend_head(_head_in_utf8(head, body))
    whole = head + b"\n" + more + body
    try:
        tree = _mended(_PARSER.parsebytes(whole)) if _has_few_parts(head, body) else None
    except RecursionError:  # hundreds of multiparts in one another
        tree = None
    if tree is None:  # all of it is one text
        return _with_one_text(_PARSER.parsebytes(whole, headersonly=True))
    if tree.is_multipart() and not any(map(_holds_something, leaves(tree))):
        return _with_what_follows(tree)
    return tree


def leaves(part: Message) -> Iterator[Message]:
    """Every part that holds content, in order."""
    waiting = [part]
    while waiting:
        part = waiting.pop()
        if part.is_multipart():
            waiting += reversed(part.get_payload())  # type: ignore[arg-type]
        else:
            yield part


def _holds_something(part: Message) -> bool:
    try:
        return bool(str(part.get_payload() or "")[:2000].strip())
    except ValueError:  # letters beyond ASCII, in a charset whose name nothing can be looked up by
        return True


def _with_what_follows(tree: Message) -> Message:
    """A mail whose parts are all empty: its words may stand after the end of them."""
    after = "\n".join(part.epilogue for part in tree.walk() if part.is_multipart() and part.epilogue)
    if after.strip():
        tree.set_payload([_PARSER.parsebytes(b"\n" + after.encode("utf-8", "surrogateescape"))])
    return tree


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


def _split_head(raw: bytes) -> tuple[bytes, bytes]:
    start = len(raw) - len(raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \t\0"))
    end = _HEAD_END.search(raw, start)
    return (raw[start : end.start()], raw[end.end() :]) if end else (raw[start:], b"")


def _has_few_parts(head: bytes, body: bytes) -> bool:
    """Whether these are not more parts than anybody sends: each costs time and memory."""
    return most_parts(body) <= _MOST_BOUNDARIES or b"multipart/" not in head.lower()


def most_parts(raw: bytes) -> int:
    """How many parts there can be at most, whichever line ends it has: quickly said, before it is parsed."""
    return raw.count(b"\n--") + raw.count(b"\r--")


def _first_lines(head: bytes) -> tuple[bytes, bytes]:
    """The head, and those of its lines that are too many to be fields."""
    if head.count(b"\n") <= _MOST_LINES_OF_HEAD:
        return head, b""
    lines = head.split(b"\n")
    return b"\n".join(lines[:_MOST_LINES_OF_HEAD]), b"\n".join(lines[_MOST_LINES_OF_HEAD:]) + b"\n\n"


def _head_in_utf8(head: bytes, body: bytes) -> bytes:
    """Fields in 8-bit characters say nowhere which: those of the text are the best guess (not RFC 2047, but common)."""
    if head.isascii():
        return head
    found = CHARSET.search(head) or CHARSET.search(body[:20_000])
    charset = found[1].decode("ascii") if found else ""
    lines = head.split(b"\n")
    foreign = [line for line in lines if not line.isascii() and not is_utf8(line)]
    if not foreign:
        return head
    read = iter(decode_text(b"\n".join(foreign), charset).encode("utf-8", "replace").split(b"\n"))
    return b"\n".join(line if line.isascii() or is_utf8(line) else next(read, b"") for line in lines)


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
        if depth == _DEEPEST:  # deeper than any mail program writes: what is below is taken out of its boxes
            part.set_payload(list(leaves(part)))
        part.set_payload([_mended(child, depth + 1) for child in _all_children(part)])
        return part
    if any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in part.defects):
        head, body = _split_head(_other_fields(part, "") + content_as_sent(part))
        part = _PARSER.parsebytes(_mend_head(head) + b"\n" + body)
        part.defects.clear()
        return _mended(part, depth + 1)
    if _may_be_signed(part):
        inner = signed_content(content(part)) if depth < _DEEPEST else b""
        if _KNOWN_FIELD.match(inner.lstrip()):  # not a document that was signed and attached ("arras.pdf.p7m")
            return _mended(_PARSER.parsebytes(_other_fields(part) + inner), depth + 1)
    is_multipart = content_type(part).startswith("multipart/") or is_made_of_parts(part)
    return _split_by_its_boundary(part) if is_multipart else part


def _may_be_signed(part: Message) -> bool:
    """Whether it is called S/MIME; servers on the way may have left only its name (RFC 8551, 3.2.2)."""
    kind = content_type(part)
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        return True
    return kind == "application/octet-stream" and file_name(part).lower() == "smime.p7m"


def _with_shared_boundary(part: Message) -> list[Message]:
    """The parts of `part`. What follows a multipart with the boundary of the outer one belongs into it."""
    children: list[Message] = part.get_payload()  # type: ignore[assignment]
    first = children[0] if len(children) > 1 else None
    if first is None or not first.defects or not content_type(first).startswith("multipart/"):
        return children
    if not part.get_boundary() or first.get_boundary() != part.get_boundary():
        return children
    first.set_payload([*children[1:]])
    return [first]


def _parts_after_the_end(part: Message) -> list[Message]:
    """Some programs give a nested multipart the boundary of the outer one, so that it seems to end too early."""
    boundary, epilogue = part.get_boundary(), part.epilogue or ""
    if not boundary or f"--{boundary}\n" not in epilogue.replace("\r", ""):
        return []
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n'
    more = _PARSER.parsebytes((head + epilogue).encode("utf-8", "surrogateescape"))
    return more.get_payload() if more.is_multipart() else []  # type: ignore[return-value]


def _all_children(part: Message) -> list[Message]:
    """The parts of a multipart, with those that a damaged boundary left before, in or after them."""
    found = [_parsed(one) for one in part_in(part.preamble)]
    after = _parts_after_the_end(part) or [_parsed(one) for one in part_in(part.epilogue)]
    boundary = (part.get_boundary() or "").encode("utf-8", "surrogateescape")
    for child in _with_shared_boundary(part):
        pieces = apart(child, boundary)
        if pieces:
            child.set_payload(pieces[0].decode("ascii", "surrogateescape"))
        found += [child, *map(_PARSER.parsebytes, pieces[1:])]
    return [*found, *after]


def _parsed(text: str) -> Message:
    return _PARSER.parsebytes(text.encode("utf-8", "surrogateescape"))


def _split_by_its_boundary(part: Message) -> Message:
    """A multipart in which its boundary was not found: divided where one evidently stands, else all of it is text."""
    body = content_as_sent(part)
    found = BOUNDARY.search(body)
    if found:
        boundary = found[1].decode("ascii", "replace").replace('"', "")
        kind = content_type(part) if content_type(part).startswith("multipart/") else "multipart/mixed"
        head = f'Content-Type: {kind}; boundary="{boundary}"\n\n'.encode()
        return _PARSER.parsebytes(_other_fields(part) + head + body)
    return _with_one_text(part)


def _with_one_text(part: Message) -> Message:
    body = content_as_sent(part)
    part.set_payload([_PARSER.parsebytes(b"\n" + body)] if body.strip() else [])
    return part


def _other_fields(part: Message, without: str = "content-") -> bytes:
    """The fields of a part, by default without those that describe its content."""
    kept = ((name, value) for name, value in part.items() if not without or not name.lower().startswith(without))
    fields = (f"{name}: {value}\n" for name, value in kept)
    return "".join(fields).encode("utf-8", "surrogateescape")
