"""Header values in ASCII, folded so that no line passes 78 characters where it can be helped (RFC 5322, 2.2.3)."""

import base64
import re
from email.policy import Compat32
from itertools import groupby
from typing import Any

from witei_app.mail.addresses import ascii_domain
from witei_app.mail.types import Address

# 45 bytes give 60 characters of base64: with "=?utf-8?b?" and "?=" an encoded word stays under 75 (RFC 2047, 2).
_WORD_BYTES = 45
_MOST_REFERENCES = 40
_JOINERS = "\u200c\u200d"  # within words of several languages, and within a sign such as that of a family
_LINE = 76  # of one with encoded words (RFC 2047, 2)
_BEFORE_A_NAME = 4  # as if after "To: "
_LONGEST_ATOM = 60
_ATOM = re.compile(rf"(?!.*=\?)[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]{{1,{_LONGEST_ATOM}}}")
_ATOM_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")


class AsWritten(Compat32):
    """Header values are written as they were built here, and none may begin a new field."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One field with its line end. Refuses a value that would smuggle in another one."""
        if re.search(r"\r(?!\n)|(?<!\r)\n|\n(?![ \t])|\0", value) or re.search(r"\n[ \t]*(\r|$)", value):
            raise ValueError(f"The field {name} holds a line break.")
        return f"{name}: {value}\r\n".encode()


def encoded_text(text: str, first_line: int = 10) -> str:
    """Unstructured text such as a subject, as encoded words where it is not plain ASCII, folded."""
    text = on_one_line(text)
    is_plain = text.isascii() and "=?" not in text and " ".join(text.split()) == text
    if is_plain and max(map(len, text.split(" "))) < 70:
        return _fold(text.split(" "), first_line)
    return "\r\n ".join(_words(text, first_line))


def address_list(addresses: tuple[Address, ...]) -> str:
    """Mailboxes one a line, each with its name in quotes or encoded words."""
    return ",\r\n ".join(map(_mailbox, addresses))


def ids(message_ids: tuple[str, ...]) -> str:
    """References or In-Reply-To: each id on a line; of very many the first and the last ones (RFC 5322, 3.6.4)."""
    kept = [re.sub(r"[<>\s\0]", "", item) for item in message_ids]
    kept = [item for item in dict.fromkeys(kept) if item and item.isascii() and len(item) < 900]
    if len(kept) > _MOST_REFERENCES:
        kept = kept[:1] + kept[1 - _MOST_REFERENCES :]
    return "\r\n ".join(f"<{item}>" for item in kept)


def on_one_line(text: str) -> str:
    """`text` without line breaks and control characters."""
    return "".join(char if char.isprintable() or char in _JOINERS else " " for char in text).strip()


def needs_smtputf8(address: str) -> bool:
    """Whether only a server with SMTPUTF8 (RFC 6531) can take the address."""
    return not address.rpartition("@")[0].isascii()


def _mailbox(address: Address) -> str:
    name, email = on_one_line(address.name), _wire_address(address.email)
    if not name:
        return email
    if not (name.isascii() and "=?" not in name and " ".join(name.split()) == name and len(name) < 60):
        return f"{_encoded_name(name)}\r\n <{email}>"
    if not _ATOM_PHRASE.fullmatch(name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{name} <{email}>"


def _encoded_name(name: str) -> str:
    """As one encoded word where it fits in. Between two of them Python's reader puts a space (until 3.12.4), so that a
    longer name has its plain words in between as they are."""
    whole = _words(name, _BEFORE_A_NAME)
    if len(whole) == 1 or "  " in name:
        return "\r\n ".join(whole)
    pieces: list[str] = []
    for is_plain, group in groupby(name.split(" "), lambda word: _ATOM.fullmatch(word) is not None):
        words = list(group)
        pieces += words if is_plain else _words(" ".join(words), _BEFORE_A_NAME)
    return _fold(pieces, _BEFORE_A_NAME)


def _wire_address(email: str) -> str:
    local, at, domain = email.strip().rpartition("@")
    if not at or not local or not domain or re.search(r"[\s<>,;:\0]", email.strip()):
        raise ValueError("That is not an e-mail address.")
    return f"{local}@{ascii_domain(domain)}"


def _words(text: str, first_line: int) -> list[str]:
    """Encoded words that never split a character, on lines of 76 at most (RFC 2047, 2 and 5). `first_line` is what
    stands before the first one."""
    pieces, current, most = [], b"", (_LINE - first_line - len("=?utf-8?b??=")) // 4 * 3
    for char in text:
        data = char.encode("utf-8", "replace")
        if len(current) + len(data) > most:
            pieces.append(current)
            current, most = b"", _WORD_BYTES
        current += data
    pieces.append(current)
    return [f"=?utf-8?b?{base64.b64encode(piece).decode('ascii')}?=" for piece in pieces]


def _fold(words: list[str], first_line: int) -> str:
    lines, room = [""], 76 - first_line
    for word in words:
        if len(lines[-1]) + len(word) >= room and lines[-1].strip():
            lines.append(word)
            room = 76
        else:
            lines[-1] += (" " if lines[-1] else "") + word
    return "\r\n ".join(lines)
