"""Whether a domain's records are there and right; if not, what is wrong in words that its owner can act on."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from witei_app.mail import spf
from witei_app.mail.dns_lookup import Answer, NoAnswer, look_up
from witei_app.mail.dns_records import Record, RecordKind

LookUp = Callable[[str, str], Awaitable[Answer]]
_MOST_ALIASES = 8  # in a row, as the common resolvers follow them; one may lead back to itself


class Level(StrEnum):
    """`advice` is worth mending but stops nothing, `unsure` says nothing about the record."""

    GOOD = "good"
    ADVICE = "advice"
    MISSING = "missing"
    WRONG = "wrong"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Finding:
    """What was found out about one record. `text` is English with {placeholders}, `suggestion` the value to publish."""

    kind: RecordKind
    level: Level
    text: str
    selector: str = ""
    suggestion: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_broken(self) -> bool:
        """Whether mail of the domain would not be believed."""
        return self.level in {Level.MISSING, Level.WRONG}


async def check_records(records: Sequence[Record], mail_domain: str, ask: LookUp = look_up) -> list[Finding]:
    """Look at all records at once. Takes at most some ten seconds, with name servers that do not answer."""
    domain = next((record.name for record in records if record.kind == RecordKind.SPF), "")
    return list(await asyncio.gather(*(_check(record, domain, mail_domain, ask) for record in records)))


async def _check(record: Record, domain: str, mail_domain: str, ask: LookUp) -> Finding:
    try:
        finding = await _check_kind(record, mail_domain, ask)
        return await _mistake_of_panels(record, domain, ask) or finding if finding.is_broken else finding
    except NoAnswer:
        text = "The name servers do not answer just now. Nothing is changed; it will be tried again."
        return Finding(record.kind, Level.UNSURE, text, record.selector)


async def _check_kind(record: Record, mail_domain: str, ask: LookUp) -> Finding:
    if record.kind == RecordKind.SPF:
        return await _check_spf(record, mail_domain, ask)
    if record.kind == RecordKind.RETURN_PATH:
        return await _check_return_path(record, ask)
    if record.kind == RecordKind.DMARC:
        return await _check_dmarc(record, ask)
    return await _check_dkim(record, ask)


async def _mistake_of_panels(record: Record, domain: str, ask: LookUp) -> Finding | None:
    """What a panel made of a record that was entered right but for its name or its type."""
    doubled = f"{record.name}.{domain}"
    answer = await ask(doubled, record.record_type)
    if answer.values and not (await ask(record.name, record.record_type)).values:
        text = "It was found as {name}: your panel adds the domain by itself. Enter the short name."
        return _wrong(record, text, answer, name=doubled)
    if record.kind in (RecordKind.DKIM_RSA, RecordKind.DKIM_ED25519):
        alias = await ask(record.name, "CNAME")
        if alias.values:
            text = "There is a CNAME under this name, to {target}. Remove it and publish the TXT record."
            return _wrong(record, text, alias, target=alias.values[0])
    return None


async def _check_dkim(record: Record, ask: LookUp) -> Finding:
    answer = await ask(record.name, "TXT")
    found = [value for value in answer.values if value.strip()]
    if not found:
        return _missing(record, answer)
    if len(found) > 1:
        return _wrong(record, "There are {count} records under this name. Keep only the one shown here.", answer,
                      count=len(found))  # fmt: skip
    return _judge_dkim(record, found[0], answer)


def _judge_dkim(record: Record, value: str, answer: Answer) -> Finding:
    """The p= tag must be ours; blanks, quotes and the order of tags do not matter (RFC 6376, 3.2)."""
    tags, wanted = _tags(value), _tags(record.value)
    theirs = re.sub(r"\s", "", tags.get("p", ""))
    if theirs == wanted["p"] and tags.get("k", "rsa") == wanted["k"] and tags.get("v", "DKIM1") == "DKIM1":
        return Finding(record.kind, Level.GOOD, "Published and right.", record.selector)
    if theirs == wanted["p"]:
        text = "The key is right, but not what stands before it. It must be: {start}"
        return _wrong(record, text, answer, start=record.value.partition("p=")[0].strip())
    if theirs and wanted["p"].startswith(theirs):
        text = "It is too long for one string and was cut off after {length} characters. Enter it in pieces, as below."
        return _wrong(record, text, answer, length=len(value))
    if theirs.lower() == wanted["p"].lower():
        text = "Its letters are lower case here, which makes it another key. Copy the value again as it stands."
        return _wrong(record, text, answer)
    if '"' in value or "\\" in value:
        return _wrong(record, "The value has quotes or backslashes in it that do not belong there.", answer)
    if not theirs:
        return _wrong(record, "The record has no key in it (the part after p=).", answer)
    return _wrong(record, "There is a record, but with another key. Copy the value again, whole.", answer)


async def _check_spf(record: Record, mail_domain: str, ask: LookUp) -> Finding:
    answer = await ask(record.name, "TXT")
    found = [value for value in answer.values if spf.is_spf(value)]
    if not found:
        return _misspelt_spf(record, mail_domain, answer) or _missing(record, answer)
    suggestion = spf.merged(found, mail_domain)
    if len(found) > 1:
        text = "There are {count} SPF records, and then none of them counts. Replace them by this one."
        return _wrong(record, text, answer, suggestion, count=len(found))
    if not spf.lets_send(found[0], mail_domain):
        text = "There is an SPF record without us. Replace it by this one, which keeps all that it says now."
        return _wrong(record, text, answer, suggestion)
    fault = spf.fault_in(found[0])
    if fault:
        text = "{term} does not belong in an SPF record, and because of it the whole record does not count. Correct it."
        return _wrong(record, text, answer, "" if spf.fault_in(suggestion) else suggestion, term=fault)
    return await _judge(record, found[0], answer, ask)


def _misspelt_spf(record: Record, mail_domain: str, answer: Answer) -> Finding | None:
    meant = [tidy for value in answer.values if spf.is_spf(tidy := value.replace("\\", "").strip(' "'))]
    if not meant:
        return None
    text = "There is an SPF record with quotes or blanks around it, so it does not count. Replace it by this one."
    return _wrong(record, text, answer, spf.merged(meant, mail_domain))


async def _judge(record: Record, value: str, answer: Answer, ask: LookUp) -> Finding:
    async def find(domain: str) -> list[str]:
        return [text for text in (await ask(domain, "TXT")).values if spf.is_spf(text)]

    lookups = await spf.count_lookups(value, find)
    if lookups > spf.MOST_LOOKUPS:
        text = "It needs more than {most} lookups, and then it does not count. Remove services that you no longer use."
        return _wrong(record, text, answer, most=spf.MOST_LOOKUPS)
    if len(value) > spf.MOST_LENGTH:
        text = "It is too long ({length} characters): some receivers cannot read it. Remove what you no longer use."
        return _wrong(record, text, answer, length=len(value))
    ours = record.value.split("include:")[1].split()[0]
    for domain in spf.included(value):
        if domain != ours and len(await find(domain)) != 1:  # RFC 7208, 5.2 and 4.5
            text = "It includes {domain}, which has no valid SPF record, so this one does not count. Remove that part."
            return Finding(record.kind, Level.ADVICE, text, values={"domain": domain})
    if not await find(ours):
        text = "Published and right. Our own domain has no SPF record yet: that is for whoever runs this installation."
        return Finding(record.kind, Level.GOOD, text)
    return Finding(record.kind, Level.GOOD, "Published and right.")


async def _check_return_path(record: Record, ask: LookUp) -> Finding:
    answer = await ask(record.name, "CNAME")
    if await _leads_to(record.value, answer, ask):
        return Finding(record.kind, Level.GOOD, "Published and right.")
    if answer.values:
        text = "It points to {target} instead of {wanted}."
        return _wrong(record, text, answer, target=answer.values[0], wanted=record.value)
    exchangers = await ask(record.name, "MX")
    if record.value in exchangers.values:  # where a panel allows no CNAME there
        return Finding(record.kind, Level.GOOD, "Published as an MX record, which will do.")
    if exchangers.values or (await ask(record.name, "A")).values:
        text = "There are other records under this name. Remove them and publish the CNAME alone."
        return _wrong(record, text, exchangers)
    return _missing(record, answer)


async def _leads_to(wanted: str, answer: Answer, ask: LookUp) -> bool:
    """Whether this CNAME is ours, or the first of several that lead to us: names of their own, as some panels give."""
    for _ in range(_MOST_ALIASES):
        if wanted in answer.values or not answer.values:
            break
        answer = await ask(answer.values[0], "CNAME")
    return wanted in answer.values


async def _check_dmarc(record: Record, ask: LookUp) -> Finding:
    answer = await ask(record.name, "TXT")
    found = [value for value in answer.values if re.match(r"v\s*=\s*DMARC1\s*(;|$)", value)]
    if len(found) > 1:
        text = "There are {count} DMARC records, and then none of them counts. Keep only one."
        return Finding(record.kind, Level.ADVICE, text, values={"count": len(found)})
    if not found and any(re.search(r"v\s*=\s*DMARC1", value, re.IGNORECASE) for value in answer.values):
        text = "There is a record, but it does not begin with v=DMARC1 as it is written here, so it does not count."
        return Finding(record.kind, Level.ADVICE, text, suggestion=record.value)
    if not found:
        text = "It is not there. Mail is signed without it too, but some receivers trust it less. {wait}"
        return Finding(record.kind, Level.ADVICE, text, suggestion=record.value, values=_patience(answer))
    if _tags(found[0]).get("p", "").lower() not in {"none", "quarantine", "reject"}:
        text = "Its policy (the part after p=) is not one of none, quarantine or reject, so it does not count."
        return Finding(record.kind, Level.ADVICE, text, suggestion=record.value)
    return Finding(record.kind, Level.GOOD, "Published and right.")


def _missing(record: Record, answer: Answer) -> Finding:
    text = "It is not there, or not visible yet. {wait}"
    return Finding(record.kind, Level.MISSING, text, record.selector, values=_patience(answer))


def _wrong(record: Record, text: str, answer: Answer, suggestion: str = "", **values: Any) -> Finding:
    # What was mended a minute ago may still be seen as it was.
    return Finding(
        record.kind, Level.WRONG, f"{text} {{wait}}", record.selector, suggestion, values | _patience(answer)
    )


def _patience(answer: Answer) -> dict[str, int]:
    """How many minutes a change may take to be seen; the page makes a sentence of it."""
    return {"wait": -(-answer.wait // 60)}


def _tags(value: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in value.split(";"))
    return {name.strip(): text.strip() for name, equals, text in pairs if equals}
