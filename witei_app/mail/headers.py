"""Header fields as they come: encoded words, 8-bit bytes, ids, dates and addresses. Nothing here raises."""

import binascii
import re
from datetime import UTC, datetime
from email.message import Message
from email.policy import Compat32
from email.utils import mktime_tz, parsedate_tz
from typing import Any
from urllib.parse import unquote_to_bytes

from witei_app.mail.charsets import decode_text, without_controls
from witei_app.mail.types import Address

# Structured fields are cut here: nobody writes to a thousand people by hand, and some readers are quadratic.
_LONGEST_FIELD = 64_000
_LONGEST_OF_CONTENT = 8_000
_MOST_PARAMETERS = 100
_LONGEST_NAME = 2_000
_MOST_ESCAPES = 300  # beyond it backslashes are dropped: each hides a quote's end, which then is looked for far away
# The part between the last two question marks may hold spaces and even question marks in real mail (RFC 2047, 2).
_ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?(.{0,4000}?)\?=", re.DOTALL)
_ENCODED_NAME = re.compile(r"=\?[^?\s]{1,80}\?[qQ]\?[^?\s]{1,1000}\?=")
_SPACE_BETWEEN_WORDS = re.compile(r"(?<=\?=)\s{1,1000}(?==\?[^?\s]{1,80}\?[bBqQ]\?)")
# Base64 cut between two characters of a group of four, which only broken mailers do.
_SPLIT_BASE64 = re.compile(r"(=\?([^?\s]{1,60})\?[bB]\?)([A-Za-z0-9+/]{1,1000})\?==\?\2\?[bB]\?")
_LINE_ENDS = re.compile(r"[\r\n]+")  # without the blanks around: to look for them takes a square of their number


class LenientPolicy(Compat32):
    """Header values as unfolded text, whatever bytes they were written in."""

    def header_fetch_parse(self, name: str, value: Any) -> str:
        """The value with 8-bit bytes decoded (RFC 6532, or the charset they look like) and folding undone."""
        text = str(value)
        if not text.isascii():
            text = decode_text(text.encode("utf-8", "surrogateescape"))
        unfolded = " ".join(line.strip(" \t") for line in _LINE_ENDS.split(text))
        value = unfolded.replace("\t", " ")[:_LONGEST_FIELD].strip()
        return _few_parameters(value) if name.lower().startswith("content-") else value


def _few_parameters(value: str) -> str:
    """The library reads the rest of a field again for each of its parameters."""
    value = value[:_LONGEST_OF_CONTENT]
    return value if value.count(";") <= _MOST_PARAMETERS else re.sub(r";[\s;]*;", ";", value)


def first_value(message: Message, name: str) -> str:
    """The first value of the field that is not empty: doubled fields are common, the second one is rarely right."""
    return next((value for value in message.get_all(name, []) if value), "")


def decode_words(value: str) -> str:
    """`value` with its encoded words decoded (RFC 2047), also where they are split inside a character."""
    if "=?" not in value:
        return without_controls(value)
    pieces: list[str] = []
    pending, pending_charset, position = b"", "", 0
    value = _SPLIT_BASE64.sub(_join_base64, _SPACE_BETWEEN_WORDS.sub("", value))
    for word in _ENCODED_WORD.finditer(value):
        charset, data = word[1], _word_bytes(word[2], word[3])
        between = value[position : word.start()]
        if pending_charset and (between or charset.lower() != pending_charset.lower()):
            pieces.append(decode_text(pending, pending_charset))
            pending = b""
        pieces.append(between)
        pending, pending_charset, position = pending + data, charset, word.end()
    if pending_charset:
        pieces.append(decode_text(pending, pending_charset))
    pieces.append(value[position:])
    return without_controls("".join(pieces).replace("\n", " ").replace("\r", ""))


def text_value(message: Message, name: str) -> str:
    """An unstructured field such as Subject, decoded and on one line."""
    return decode_words(first_value(message, name)).strip()


def addresses(message: Message, name: str) -> tuple[Address, ...]:
    """All mailboxes of all fields called `name`, in order, each address once."""
    found: dict[str, Address] = {}
    for value in message.get_all(name, []):
        for address in read_addresses(value):
            found.setdefault(address.email.lower(), address)
    return tuple(found.values())


def read_addresses(value: str) -> list[Address]:
    """The mailboxes in an address field (RFC 5322, 3.4), reading also what should have been quoted."""
    return [mailbox for mailbox in _mailboxes(value) if mailbox.email]


def author_name(message: Message) -> str:
    """The name in From, also where it comes without an address ("MAILER-DAEMON <>")."""
    return next((mailbox.name for mailbox in _mailboxes(first_value(message, "From")) if mailbox.name), "")


def message_ids(value: str) -> tuple[str, ...]:
    """The ids in Message-ID, In-Reply-To or References, without brackets, each once, in order."""
    ids = re.findall(r"<([^<>]{1,990})>", value) or [word for word in value.split() if "@" in word]
    return tuple(dict.fromkeys(filter(None, (re.sub(r"\s+", "", without_controls(found)) for found in ids))))


def own_id(message: Message) -> str:
    """The mail's own Message-ID; some programs write one without "@" or brackets."""
    value = first_value(message, "Message-ID")
    alone = value if re.fullmatch(r"[\x21-\x7e]{1,990}", value) else ""
    return next(iter(message_ids(value)), alone.strip("<>"))


# Zones as programs of other standards write them; of names, parsedate_tz knows America's.
_ZONE = re.compile(r"(?<=[\d ])(?:([+-]\d\d):(\d\d)|(WEST|CEST|CET|EEST|EET|BST|WET|MSK))$")
_HOURS = {"WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3}


def _offset(zone: re.Match[str]) -> str:
    return f"+{_HOURS[zone[3]]:02}00" if zone[3] else f" {zone[1]}{zone[2]}"


def read_date(value: str) -> datetime | None:
    """The moment in UTC. A date without a zone is taken as UTC (RFC 5322, 3.3: "-0000" says the same)."""
    value = _COMMENT.sub(" ", value[:200]).strip()
    try:
        parts = parsedate_tz(_ZONE.sub(_offset, re.sub(r"(:\d\d)\.\d+", r"\1", value)))
        return _iso_date(value) if parts is None else datetime.fromtimestamp(mktime_tz(parts), UTC)
    except (ValueError, OverflowError, OSError, IndexError, TypeError):
        return None


def parameter(message: Message, name: str, header: str) -> str:
    """A parameter of a structured field, from RFC 2231, from encoded words (RFC 2047), or raw."""
    try:
        value = message.get_param(name, "", header)
    except (ValueError, LookupError, TypeError, UnicodeError):
        return _raw_parameter(first_value(message, header), name)
    if isinstance(value, tuple):
        charset, _, text = value
        return without_controls(decode_text(text.encode("latin-1", "replace"), charset or ""))
    return decode_words(value or "") or _raw_parameter(first_value(message, header), name)


def extended_parameter(message: Message, name: str, header: str) -> str:
    """A parameter in its extended form alone (RFC 2231, 4): `name*=utf-8''...`; "" when it is not written so."""
    found = re.search(
        rf";\s*{re.escape(name)}\*=\s*([\w.:-]*)'[^']*'([^;\s]+)", first_value(message, header), re.IGNORECASE
    )
    return without_controls(decode_text(unquote_to_bytes(found[2].strip('"')), found[1])) if found else ""


def without_comments(value: str) -> str:
    """`value` without what stands in parentheses (RFC 5322, 3.2.2)."""
    return _COMMENT.sub(" ", value)


_ADDRESS_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.){0,1000}"|\((?>(?:[^()\\]|\\.|\((?>(?:[^()\\]|\\.){0,100})\)){0,200})\)|<[^<>]*>|[,;:]|[^",;:(<]+|.',
    re.DOTALL,
)
# A comment, with one more inside it at most.
_COMMENT = re.compile(r"\(((?>(?:[^()\\]|\\.|\((?>(?:[^()\\]|\\.){0,100})\)){0,200}))\)")
_QUOTED_OR_COMMENT = re.compile(rf'"(?:[^"\\]|\\.){{0,1000}}"|{_COMMENT.pattern}')
# "ana@example . com" (RFC 5322, 4.4, allows it in what is received).
_SPACED_DOMAIN = re.compile(r"@\s*[\w-]{1,63}(?:\s*\.\s*[\w-]{1,63}){1,10}")
# Quotes around the name or a part of it, and an address smuggled in among it.
_QUOTED_OR_ADDRESS = re.compile(r'"((?:[^"\\]|\\.)*)"|<[^<>]*>?:?')


def _word_bytes(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "surrogateescape")
    if encoding in "bB":
        raw = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        raw = raw[: len(raw) - (len(raw) % 4 == 1)]
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))
    return binascii.a2b_qp(raw, header=True)


def _join_base64(split: re.Match[str]) -> str:
    return f"{split[1]}{split[3]}" if len(split[3]) % 4 else split[0]


def _iso_date(value: str) -> datetime | None:
    moment = datetime.fromisoformat(value)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _mailboxes(value: str) -> list[Address]:
    """Every mailbox in the field, also those that have a name only."""
    found = []
    chunk, end = "", 0  # `end` is where the address in `chunk` ends that stands in brackets
    value = _ENCODED_NAME.sub(_without_marks, value[:_LONGEST_FIELD])
    if value.count("\\") > _MOST_ESCAPES:
        value = value.replace("\\", "")
    for piece in _ADDRESS_TOKEN.findall(value):
        if piece == ":" and "<" not in chunk and "@" not in chunk:
            chunk = ""  # the name of a group
        elif piece not in (",", ";"):
            # "Ana <ana@example.com> Luis <luis@example.com>": the next name, unless a colon or a comment follows.
            rest = chunk[end:].lstrip()
            if end and piece[0] == "<" and rest[:1] not in (":", "(", "<") and len(chunk) < _LONGEST_NAME:
                found.append(_mailbox(chunk[:end]))
                chunk, end = rest, 0
            chunk += piece
            end = end or (len(chunk) if piece[0] == "<" and "@" in piece else 0)
        elif "@" in chunk or "<" in chunk:
            found += map(_mailbox, _one_by_one(chunk))
            chunk, end = "", 0
        elif chunk.strip() and piece == ",":
            chunk += piece  # "Torres, Marco <marco@example.com>" without its quotes
        else:
            chunk, end = "", 0
    return [*found, *map(_mailbox, _one_by_one(chunk))]


def _without_marks(word: re.Match[str]) -> str:
    """An encoded word without what would end a name. RFC 2047, 5 (3), allows none of it there, programs write it."""
    return re.sub(r'[:;,<>"()]', lambda mark: f"={ord(mark[0]):02X}", word[0])


def _one_by_one(chunk: str) -> list[str]:
    """Bare addresses that only spaces tell apart; and the last of "ana, luis, marco@example.com", which is no name."""
    if "<" in chunk or '"' in chunk or "@" not in chunk:
        return [chunk]
    words = _SPACED_DOMAIN.sub(lambda found: re.sub(r"\s+", "", found[0]), chunk).split()
    if len(words) > 1 and all("@" in word.strip("@,") for word in words):
        return words
    return words[-1:] if len(words) > 1 and words[-2][-1] == "," and "@" in words[-1] else [" ".join(words)]


def _mailbox(chunk: str) -> Address:
    chunk = chunk.strip(" ,")
    # A name in quotes may hold an address, and so may a comment: neither is the sender's.
    bracket = _QUOTED_OR_COMMENT.sub(lambda found: "_" * len(found[0]), chunk).rfind("<")
    if bracket >= 0:
        before = chunk[:bracket]
        email, _, after = chunk[bracket + 1 :].partition(">")
        name = before if before.strip() else after
        if "@" not in email and "@" in name:  # "marco@example.com <>", or the two the wrong way round
            email, name = name, email
        return Address(_clean_name(name), _clean_email(email))
    comment = _COMMENT.search(chunk)
    words = _COMMENT.sub(" ", chunk)
    bare = re.search(r'(?:^|[\s\[<])([^\s"\[\]<>]+@[^\s"\[\]<>]+)', words)
    if bare and not words.lstrip().startswith('"'):  # "Marco Torres marco@example.com"
        name = _clean_name(words[: bare.start()]) or _clean_name(comment[1] if comment else "")
        return Address(name, _clean_email(bare[1]))
    if "@" in words:
        return Address(_clean_name(comment[1] if comment else ""), _clean_email(words))
    return Address(_clean_name(words), "")


def _clean_name(name: str) -> str:
    name = name[:_LONGEST_NAME].strip().rstrip(" ,")  # "Ana, <ana@example.com>"
    if re.fullmatch(r"\([^()]*\)", name):
        name = name[1:-1]
    if name.count('"') == 1:  # never closed
        name = name.replace('"', "")
    name = _QUOTED_OR_ADDRESS.sub(lambda found: re.sub(r"\\(.)", r"\1", found[1] or ""), name)
    name = decode_words(name).strip()
    if len(name) > 2 and name[0] == name[-1] == "'":
        name = name[1:-1]
    return re.sub(r"\s+", " ", name).strip()


def _clean_email(email: str) -> str:
    email = decode_words(_COMMENT.sub("", email)).strip(" '<>,;\t")
    if " " in email:
        email = _SPACED_DOMAIN.sub(lambda found: re.sub(r"\s+", "", found[0]), email)
    email = re.sub(r"^mailto:", "", email, flags=re.IGNORECASE)
    email = re.sub(r"^@[^:]*:", "", email)  # a source route (RFC 5322, 4.4)
    local, _, domain = email.rpartition("@")
    if re.fullmatch(r'\s*"[^"]*"\s*', local):
        return f"{local.strip()}@{domain.strip()}"[:320]
    words = email.replace('"', " ").split()
    if len(words) > 1 and not words[0].endswith("@"):
        return next((word for word in words if "@" in word[1:]), "".join(words))[:320]
    return "".join(words)[:320]


def _raw_parameter(value: str, name: str) -> str:
    found = re.search(rf'[;\s]{re.escape(name)}\*?\s*=\s*"?([^";]*)', value, re.IGNORECASE)
    return decode_words(found[1]) if found else ""
