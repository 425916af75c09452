"""What a damaged line hides: fields below a blank line that should not be there, parts below a broken boundary."""

import re
from email.message import Message

from witei_app.mail.headers import first_value
from witei_app.mail.structure import content_as_sent, content_type

BOUNDARY = re.compile(rb"^--(\S{1,70})[ \t]*\r?\nContent-", re.MULTILINE | re.IGNORECASE)
# Nothing stands above it, or what programs put there: "This is a multi-part message in MIME format."
_SOON_A_BOUNDARY = re.compile(
    rb"\s{0,20}(?:[^\n]{0,100}(?:MIME|multi-?part|boundary=)[^\n]{0,200}\s{1,20}){0,2}--(\S{1,70})[ \t]*\r?\nContent-",
    re.IGNORECASE,
)
_NEXT_OF_MBOX = re.compile(r"^From \S+(?:@\S+| .*\d\d:\d\d)", re.MULTILINE)
_FIELD = rb"[!-9;-~]{1,60}[ \t]*:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,100}+"
_FIELDS = re.compile(rb"(?:[ \t]*\r?\n){0,3}+((?:" + _FIELD + rb"){1,60}+)(?=\r?\n)")
_NAMES_THE_TYPE = re.compile(rb"^content-type[ \t]*:", re.IGNORECASE | re.MULTILINE)
_NAMES_THE_AUTHOR = re.compile(rb"^from[ \t]*:", re.IGNORECASE | re.MULTILINE)
_MOST_BLOCKS = 20
# Where a part begins below what was a boundary: one word, its fields, a blank line, and something.
_BEGINS = re.compile(
    r"(?:\A|^[^\s:]{0,90}[ \t]*\r?\n)(Content-[a-z-]{2,30}[ \t]*:[^\n]{0,2000}\n"
    r"(?:(?:[!-9;-~]{1,60}:|[ \t])[^\n]{0,2000}\n){0,60}+\r?\n(?=\s{0,20}\S))",
    re.IGNORECASE | re.MULTILINE,
)
_FIELDS_BEGIN = re.compile(rb"\n(?=content-[a-z-]{2,30}[ \t]*:)", re.IGNORECASE)
_FURTHEST = 100_000
_LONGEST_BOUNDARY = 80
_MOST_DAMAGED = 2  # characters of a boundary
_MOST_PARTS = 50
_OTHER_TYPE = re.compile(r"\s*\"?(?:application|audio|font|image|message|model|text|video|x-)", re.IGNORECASE)


def with_fields_below(head: bytes, body: bytes) -> tuple[bytes, bytes]:
    """Head and body, where scripts that end a line twice left the rest of the fields, with the type, to the body.

    Who wrote it must stand above: only that was seen by those who signed and checked it.
    """
    if b"content-type" in head.lower() or not _NAMES_THE_AUTHOR.search(head):
        return head, body
    start, more = 0, b""
    for _ in range(_MOST_BLOCKS):
        found = _FIELDS.match(body, start)
        if found is None:
            break
        more, start = more + b"\n" + found[1].rstrip(b"\r\n"), found.end()
        if _NAMES_THE_TYPE.search(found[1]):
            return head + more, body[start:].removeprefix(b"\r\n").removeprefix(b"\n")
    return head, body


def part_in(text: str | None) -> list[str]:
    """The part that stands before the first boundary of a multipart, or after its last one; mostly none."""
    if not text or "ontent-" not in text:
        return []
    text = _NEXT_OF_MBOX.split(text, 1)[0]
    found = _BEGINS.search(text, 0, _FURTHEST)
    return [text[found.start(1) :]] if found else []


def apart(part: Message, boundary: bytes) -> list[bytes]:
    """The content of a part, and the parts in it that a damaged boundary did not divide from it."""
    if len(boundary) < 4 * _MOST_DAMAGED or not _has_fields_within(part) or part.defects or _has_others(part):
        return []
    data, pieces, start = content_as_sent(part), [], 0
    for found in _FIELDS_BEGIN.finditer(data):
        above = max(data.rfind(b"\n", start, found.start()) + 1, found.start() - _LONGEST_BOUNDARY)
        if _resembles(data[above : found.start()].rstrip(), b"--" + boundary):
            pieces.append(data[start:above].removesuffix(b"\n").removesuffix(b"\r"))
            start = found.end()
            if len(pieces) == _MOST_PARTS:
                break
    return [*pieces, data[start:]]


def is_made_of_parts(part: Message) -> bool:
    """Whether a part is a multipart, though its type, which should say so, is lost or damaged."""
    if part.get_default_type() != "text/plain" or _OTHER_TYPE.match(first_value(part, "Content-Type")):
        return False
    body = content_as_sent(part)
    found = _SOON_A_BOUNDARY.match(body[:2000])
    return found is not None and body.count(b"\n--" + found[1]) > 1


def _has_fields_within(part: Message) -> bool:
    """Whether a line of its content begins as the fields of a part do: quickly said."""
    text = getattr(part, "_payload", None)  # get_payload would decode it first
    return isinstance(text, str) and ("\nContent-" in text or "\ncontent-" in text)


def _has_others(part: Message) -> bool:
    """Whether it has boundaries of its own, which may differ in one number only."""
    return content_type(part).startswith(("multipart/", "message/"))


def _resembles(line: bytes, boundary: bytes) -> bool:
    if abs(len(line) - len(boundary)) > _MOST_DAMAGED:
        return False
    return _same(line, boundary) + _same(line[::-1], boundary[::-1]) >= len(boundary) - _MOST_DAMAGED


def _same(one: bytes, other: bytes) -> int:
    """How many bytes they have in common from the beginning."""
    return next((index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
