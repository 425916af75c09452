"""Which server on the internet handed a mail over, as the mail server in front of us wrote it down."""

import ipaddress
import re
from typing import NamedTuple

from witei_app.mail.tree import read_tree

MOST_HOPS = 10  # a filter or two in one house
# "from mx.a.com (mx.a.com [192.0.2.1]) by ..." (RFC 5321, 4.4), "from unknown (HELO mx.a.com) (192.0.2.1) by ..."
_ADDRESS = re.compile(r"[\[(](?:IPv6:)?([0-9a-f.:]{3,45})[\])]", re.IGNORECASE)
_BY = re.compile(r"\sby\s")
_NAME = re.compile(r"(?:helo[= ]|from\s+)([\w.-]+)", re.IGNORECASE)


class Hop(NamedTuple):
    """An address, and the name that it gave itself."""

    address: str
    helo: str


def came_from(raw: bytes) -> Hop | None:
    """The nearest server of the internet in the trace of a mail; None where the trace tells none.

    Only the lines that our own servers wrote are true. Whoever can reach us as one of them can write what they like.
    """
    for line in read_tree(raw).get_all("Received", [])[:MOST_HOPS]:
        sender = _BY.split(str(line), maxsplit=1)[0]
        found = [one for text in _ADDRESS.findall(sender) if (one := _address(text)) is not None]
        if not found:
            return None
        name = _NAME.search(sender)
        if found[-1].is_global:
            return Hop(str(found[-1]), name[1] if name else "")
    return None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
