"""Reading and mending SPF records (RFC 7208), as far as a domain's owner has to care."""

import ipaddress
import re
from collections.abc import Awaitable, Callable, Sequence

MOST_LOOKUPS = 10  # RFC 7208, 4.6.4
MOST_LENGTH = 450  # RFC 7208, 3.4: with the rest of the answer it has to fit 512 bytes of UDP
_COSTLY = re.compile(r"[+?~-]?(include:|exists:|a\b|mx\b|ptr\b)|redirect=", re.IGNORECASE)
_DOMAIN = r"([^\s:~?/%]+|\S*%\S*)"  # macros may bring anything
# One term of the grammar (RFC 7208, 12). A modifier that nobody knows is passed over (6).
_TERM = re.compile(
    rf"[+?~-]?(all|(include|exists):{_DOMAIN}|ptr(:{_DOMAIN})?|(a|mx)(:{_DOMAIN})?(/\d{{1,2}})?(//\d{{1,3}})?|"
    r"ip4:(?P<ip4>\S+)|ip6:(?P<ip6>\S+))|[a-z][a-z0-9._-]*=\S*",
    re.IGNORECASE,
)
# Two terms whose blank was lost between the strings of a record: no domain holds a colon.
_JOINED = re.compile(r"(?<=[^\s+?~-])(?=[+?~-]?(include|exists|ip4|ip6):|redirect=|[~?]all$)", re.IGNORECASE)
_MISSPELT_IP = re.compile(r"^([+?~-]?ip)v(?=[46]:)", re.IGNORECASE)
_ALL = re.compile(r"([+?~-]?)all", re.IGNORECASE)
_SOFTEST_FIRST = "+?~-"

FindSpf = Callable[[str], Awaitable[list[str]]]


def is_spf(text: str) -> bool:
    """Whether a TXT value is an SPF record at all (4.5: exactly this version, then a blank or the end)."""
    return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")


def lets_send(record: str, mail_domain: str) -> bool:
    """Whether the record includes us where it still counts: before "all", and not as somebody forbidden."""
    for term in record.split()[1:]:
        if _ALL.fullmatch(term):
            return False
        if term.lower().rstrip(".") in {f"include:{mail_domain}", f"+include:{mail_domain}"}:
            return True
    return False


def fault_in(record: str) -> str:
    """The first term that is none: one alone, and receivers take the whole record for broken (4.6)."""
    return next((term for term in record.split()[1:] if not _is_term(term)), "")


def _is_term(term: str) -> bool:
    found = _TERM.fullmatch(term)
    if found is None:
        return False
    try:
        if found["ip4"]:
            ipaddress.IPv4Network(found["ip4"], strict=False)
        if found["ip6"]:
            ipaddress.IPv6Network(found["ip6"], strict=False)
    except ValueError:
        return False
    return True


def included(record: str) -> list[str]:
    """The domains whose records it takes in; macros depend on the mail and are not among them."""
    return [target for term in record.split()[1:] if (target := _target(term))]


def merged(records: Sequence[str], mail_domain: str) -> str:
    """One record that says what all of them mean, and includes us. The softest "all" wins: nobody loses mail."""
    ours = f"include:{mail_domain}"
    written = [part for record in records for term in record.split()[1:] for part in _JOINED.sub(" ", term).split()]
    terms = list(dict.fromkeys(_MISSPELT_IP.sub(r"\1", term) for term in written))
    rest = [term for term in terms if not _ALL.fullmatch(term) and not _is_redirect(term)]
    kept = [term for term in rest if term.lower().lstrip("+?~-").rstrip(".") != ours]
    return " ".join(["v=spf1", *kept, ours, _end(terms)])


def _end(terms: list[str]) -> str:
    qualifiers = [found[1] or "+" for term in terms if (found := _ALL.fullmatch(term))]
    if qualifiers:  # 6.1: a redirect beside an "all" is never looked at
        return f"{min(qualifiers, key=_SOFTEST_FIRST.index)}all"
    return next((term for term in terms if _is_redirect(term)), "~all")


def _is_redirect(term: str) -> bool:
    return term.lower().startswith("redirect=")


async def count_lookups(record: str, find: FindSpf, most: int = MOST_LOOKUPS) -> int:
    """How many lookups a receiver needs for this record and all it includes; counting stops at one more than `most`."""
    lookups = 0
    for term in record.split()[1:]:
        if not _COSTLY.match(term):
            continue
        lookups += 1
        target = _target(term)
        if target and lookups <= most:
            for inner in (await find(target))[:1]:
                lookups += await count_lookups(inner, find, most - lookups)
        if lookups > most:
            break
    return lookups


def _target(term: str) -> str:
    """The domain whose record is read next; macros depend on the mail and are not followed."""
    found = re.match(r"[+?~-]?(?:include:|redirect=)([^\s%]+)$", term, re.IGNORECASE)
    return found[1].lower().rstrip(".") if found else ""
