"""Where in a text a quote is announced: "On Monday Ana wrote:" in one to four lines, or Outlook's block of fields."""

import re
from collections.abc import Sequence

from witei_app.mail.quote_words import (
    ADDRESS,
    ANY_FIELD,
    CLOSED_BY_AN_ADDRESS,
    COLON,
    DATE,
    DATE_TIME_NAME,
    DATED,
    DIRECTION_MARKS,
    ENDS_WITH_WROTE,
    FIELD_OF_FORM,
    FROM,
    LOOSE_ATTRIBUTION,
    MESSAGE_OF,
    OPENED_WITH_A_DATE,
    OTHER_FIELD,
    SUBJECT,
    TIME,
    WROTE,
)

_LONGEST = 600
_LONGEST_LAST = 200
_MOST_LINES = 4
_MOST_FIELDS, _FEW_FIELDS = 12, 2
_SHORTEST_WRAPPED = 40
_WORD = re.compile(r"[a-zà-ÿ]{3}")
_NOT, _LIKELY, _SURELY = 0, 1, 2


def attribution_end(lines: Sequence[str], index: int) -> int:
    """The line after an attribution that begins at `index`, 0 when none begins there."""
    first = lines[index].strip()
    if not first or len(first) > 400:
        return 0
    has_address = "@" in "".join(lines[index : index + _MOST_LINES])
    for end in range(index + 1, min(index + _MOST_LINES, len(lines)) + 1):
        last = lines[end - 1].strip()
        if not last:
            return 0
        if last[-1] not in ":：" and not (has_address and _closes(lines, end, last)):
            continue
        joined = _joined(lines, index, end)
        if not _begins_here(lines, index, end, joined):
            return 0  # or the line before it would be taken for a part of it
        return end if _is_a_programs(joined) or _is_marked_after(lines, end) else 0
    return 0


def is_loose_attribution(line: str) -> bool:
    """Whether a line announces the quote right below it, though not as surely as an attribution does."""
    line = DIRECTION_MARKS.sub("", line[:300])
    return bool(LOOSE_ATTRIBUTION.fullmatch(line[:120]) or CLOSED_BY_AN_ADDRESS.search(line))


def is_field_block(lines: Sequence[str], index: int) -> bool:
    """Whether Outlook's "From: Sent: To: Subject:" begins here, in any of its languages and orders."""
    first = lines[index][:200]
    if not (":" in first or "：" in first) or not (FROM.match(first) or OTHER_FIELD.match(first[:60])):
        return False
    block = [first, *(line[:200] for line in lines[index + 1 : index + 12] if line.strip())][:7]
    from_line = next((line for line in block if FROM.match(line)), "")
    fields = sum(bool(OTHER_FIELD.match(line[:60]) or SUBJECT.match(line[:60])) for line in block)
    # A customer's own form may ask "From: Friday. To: Monday. Subject: moving." It has neither an address nor an hour.
    is_of_mail = fields > _FEW_FIELDS or any("@" in line or TIME.search(line) for line in block)
    is_named = any(map(SUBJECT.match, block)) or bool(ADDRESS.search(from_line))
    is_block = bool(from_line) and is_of_mail and is_named and fields >= (2 if from_line is first else 3)
    return is_block and not _is_form(lines, index)


def _is_form(lines: Sequence[str], index: int) -> bool:
    """Whether the fields are those of a form on a web page: what somebody wants to know stands in them, or below."""
    for line in lines[index : index + _MOST_FIELDS]:
        if not ANY_FIELD.match(line[:60]):
            return False
        if FIELD_OF_FORM.match(line[:60]):
            return True
    return False


def fields_end(lines: Sequence[str], index: int) -> int:
    """The first line from `index` on that is neither a field of such a block nor blank."""
    for number in range(index, len(lines)):
        line = lines[number][:200]
        if line.strip() and not (FROM.match(line) or SUBJECT.match(line) or OTHER_FIELD.match(line[:60])):
            return number
    return len(lines)


def _joined(lines: Sequence[str], start: int, end: int) -> str:
    return " ".join(line.strip() for line in lines[start:end])[:_LONGEST]


def _closes(lines: Sequence[str], end: int, last: str) -> bool:
    """Whether an attribution with an address can end here without a colon, which some programs forget."""
    if last[-1] == ">" and CLOSED_BY_AN_ADDRESS.search(last):
        return _is_marked_after(lines, end)
    has_more = end < len(lines) and lines[end].lstrip().startswith("(")  # Gmail in Portuguese: the date comes last
    return not has_more and len(last) < _LONGEST_LAST and bool(ENDS_WITH_WROTE.search(last[-20:]))


def _begins_here(lines: Sequence[str], index: int, end: int, joined: str) -> bool:
    """Whether `index` is the first of its lines: not a line of the answer above it, nor one in its middle."""
    form, first = _form(joined), lines[index].strip()
    if form == _NOT or end == index + 1:
        return form != _NOT
    is_name = lines[index + 1].lstrip().startswith("<")
    is_cut = is_name or first[-1] in ",<(" or DATE_TIME_NAME.fullmatch(first)
    later = range(index + 1, end)
    if form == _LIKELY and is_name and joined.endswith("):") and _is_dated(joined):  # Gmail in Portuguese
        return first[-1] not in ".!?" and not _form(first)
    if form == _LIKELY:
        return (first[-1] in ",<(" or "<" in first) and not any(_form(_joined(lines, start, end)) for start in later)
    if is_cut:
        return True
    opened = OPENED_WITH_A_DATE.match(first)
    is_date_alone = opened is not None and not _WORD.search(first, opened.end())
    if not is_date_alone and len(first) < _SHORTEST_WRAPPED:
        return False
    whole = _SURELY if is_date_alone else _LIKELY
    return not any(_is_whole(lines[start].strip(), _joined(lines, start, end), whole) for start in later)


def _is_whole(first: str, joined: str, least: int) -> bool:
    """Whether these lines are an attribution without any line above them: "<ana@example.com> wrote:" is not."""
    form = _form(joined)
    return form >= least and (form == _SURELY or (first[:1].isalnum() and "@" in first))


def _form(joined: str) -> int:
    """How much these words look like an attribution."""
    if MESSAGE_OF.match(joined):
        return _SURELY
    opened = OPENED_WITH_A_DATE.match(joined)
    if opened and (_wrote_soon(joined, opened.end()) or CLOSED_BY_AN_ADDRESS.search(joined)):
        return _SURELY
    address = ADDRESS.search(joined[:320]) if "@" in joined else None
    if address and joined[: address.start()].count(".") < 4 and _wrote_soon(joined, address.end(), 60):
        return _LIKELY
    return _LIKELY if _wrote_and_date(joined) else _NOT


def _wrote_soon(joined: str, after: int, within: int = 300) -> bool:
    return any(
        found.start() - after <= within and len(joined) - found.end() <= 160 for found in WROTE.finditer(joined, after)
    )


def _wrote_and_date(joined: str) -> bool:
    """ "Ana Gil wrote on Monday, 23 Nov 2026 at 10:31:", or the date first."""
    for wrote in WROTE.finditer(joined[:300]):
        before, after = joined[: wrote.start()], joined[wrote.end() :]
        if 2 <= len(before) <= 80 and len(after) <= 120 and DATED.search(after[:80]):
            return True
        if len(before) <= 240 and DATED.search(before) and not COLON.sub("", after).strip():
            return True
    return False


def _is_a_programs(joined: str) -> bool:
    """Whether no person writes so: with an address, or with the date and the time."""
    return "@" in joined or _is_dated(joined)


def _is_dated(joined: str) -> bool:
    return bool(DATE.search(joined) and TIME.search(joined))


def _is_marked_after(lines: Sequence[str], end: int) -> bool:
    return next((line for line in lines[end : end + 4] if line.strip()), "").startswith(">")
