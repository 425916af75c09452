"""Reading and mending SPF records (RFC 7208), as far as a domain's owner has to care."""

import re
from collections.abc import Awaitable, Callable, Sequence

MOST_LOOKUPS = 10  # RFC 7208, 4.6.4
MOST_LENGTH = 450  # RFC 7208, 3.4: with the rest of the answer it has to fit 512 bytes of UDP
_COSTLY = re.compile(r"[+?~-]?(include:|exists:|a\b|mx\b|ptr\b)|redirect=", re.IGNORECASE)
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


def merged(records: Sequence[str], mail_domain: str) -> str:
    """One record that says what all of them say, and includes us. The softest "all" wins, so that nobody loses mail."""
    ours = f"include:{mail_domain}"
    terms = list(dict.fromkeys(term for record in records for term in record.split()[1:]))
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
