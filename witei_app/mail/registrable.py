"""Which domains somebody can register: exactly one name below a public suffix (https://publicsuffix.org)."""

import ipaddress
import re
from functools import cache

import idna
from publicsuffixlist import PublicSuffixList

from witei_app.mail.addresses import ascii_domain

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
# Names that lead nowhere on the public internet (RFC 6761, RFC 6762, RFC 7686).
_LOCAL = {"localhost", "local", "invalid", "onion", "arpa", "internal", "lan", "home"}


def tidy_domain(text: str) -> str:
    """The domain that somebody meant: of an address, a link or with "www." before it; lower case, ASCII."""
    text = re.sub(r"^[a-z]+://", "", text.strip().lower())
    text = re.split(r"[/?#:\s]", text, maxsplit=1)[0].rpartition("@")[2]
    return ascii_domain(text.removeprefix("www."))


def readable_domain(domain: str) -> str:
    """The domain as its owner writes it: "casas-españa.es" for "xn--casas-espaa-beb.es"."""
    try:
        return idna.decode(domain) if "xn--" in domain else domain
    except idna.IDNAError:
        return domain


def registrable_part(domain: str) -> str:
    """The part of `domain` that can be registered, "" for public suffixes, IP addresses and what is no domain."""
    if not _is_name(domain):
        return ""
    return _suffixes().privatesuffix(domain) or ""


def _is_name(domain: str) -> bool:
    labels = domain.split(".")
    if len(domain) > 253 or len(labels) < 2 or labels[-1] in _LOCAL:
        return False
    return not _is_ip(domain) and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()


def _is_ip(domain: str) -> bool:
    try:
        ipaddress.ip_address(domain.strip("[]"))
    except ValueError:
        return False
    return True


@cache
def _suffixes() -> PublicSuffixList:
    """The list as the library brings it; a suffix that it does not know counts as one (the list's own rule)."""
    return PublicSuffixList()
