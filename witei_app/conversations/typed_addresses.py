"""What people type or paste where an address is asked for: one, several, with names, out of a mail program."""

import re

from witei_app.crm.edit import checked_email
from witei_app.errors import Refused
from witei_app.mail.addresses import normalise_address
from witei_app.mail.types import Address

_MOST = 20_000  # characters
# A separator stands outside quotes and angle brackets. Outlook writes semicolons, tables have tabs and lines.
_PIECE = re.compile(r"(?:\"[^\"]*\"|<[^<>]*>|[^,;\t\r\n\"<])+|[\"<]")
_NAMED = re.compile(r"(?P<name>.*?)<\s*(?:mailto:)?(?P<email>[^<>]*)>", re.DOTALL)


def typed_addresses(typed: str) -> list[Address]:
    """The addresses in what was typed, in order. Refuses with the first that is none."""
    found: list[Address] = []
    name = ""
    for piece in (piece.strip() for piece in _PIECE.findall(typed[:_MOST])):
        if not piece:
            continue
        if "@" not in piece and not name:
            name = piece
            continue
        if name and "<" not in piece:
            break
        found += _addresses(f"{name}, {piece}" if name else piece)  # "Torres, Marco <marco@example.com>"
        name = ""
    if name:
        raise Refused("{email} is not an e-mail address.", email=name[:80])
    return list({one.email: one for one in found}.values())


def _addresses(piece: str) -> list[Address]:
    named = _NAMED.fullmatch(piece)
    if named is not None:
        return [Address(_plain(named["name"]), _checked(named["email"]))]
    return [Address("", _checked(word)) for word in piece.split()]


def _checked(email: str) -> str:
    checked = normalise_address(checked_email(email.removeprefix("mailto:")))
    if not checked:
        raise Refused("{email} is not an e-mail address.", email="<>")
    return checked


def _plain(name: str) -> str:
    """Without the quotes of RFC 5322 and those of SQL-minded exports."""
    return " ".join(name.strip().strip("\"'").replace('\\"', '"').split())[:255]
