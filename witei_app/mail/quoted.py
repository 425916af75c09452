"""What the person wrote, apart from the history and the signature below it. When in doubt, more is shown.

A library was tried first: mail-parser-reply takes lists ("- one") for signatures, which hides what a customer wrote,
and needs over a second for a crafted line of 5 KB. Everything here reads each line once.
"""

import re

from witei_app.mail.attribution import attribution_end, fields_end, is_field_block, is_loose_attribution
from witei_app.mail.disclaimer import disclaimer_start
from witei_app.mail.html_quotes import hides_words, split_html
from witei_app.mail.quote_words import (
    ATTRIBUTION_WITHIN,
    CLOSING,
    FORWARD_SUBJECT,
    FORWARDED,
    GREETING,
    MARKED,
    ODD_FIELD,
    OF_A_SIGNATURE,
    POINTS_BELOW,
    RULE,
    RULE_WITH_WORDS,
    SEPARATOR,
)
from witei_app.mail.signature_line import signature_start

_LONGEST = 400_000
_LONGEST_GREETING = 80
_MOST_ODD_FIELDS = 9
_LONGEST_OF_SIGNATURE = 1_000
_MOST_WORDS_OF_GREETING = 6


def split_reply(text: str, html: str = "", subject: str = "") -> tuple[str, str]:
    """(what the person wrote, the remainder to fold). A forwarded mail and answers between quotes stay whole."""
    if FORWARD_SUBJECT.match(subject) or len(text) > _LONGEST:
        return text.strip("\n"), ""
    new, rest = _split(text, html)
    return (text.strip("\n"), "") if rest and html and hides_words(html, new, rest) else (new, rest)


def _split(text: str, html: str) -> tuple[str, str]:
    lines = _attribution_apart(text.split("\n"))
    start = _history_start(lines)
    below = _after_first_quote(lines, start) if start is not None else 0
    if below:
        new, folded = _with_signature_folded(lines[below:], [])
        return new, "\n".join(lines[start:below]).strip("\n") + (f"\n\n{folded}" if folded else "")
    if start is not None and _is_all_history(lines, start):
        return _with_signature_folded(lines[:start], lines[start:])
    if start is None and html:
        from_html = split_html(html)
        if from_html and not _leads_below(from_html[0]):
            return _with_signature_folded(from_html[0].split("\n"), from_html[1].split("\n"))
    return _with_signature_folded(lines, [])


def _with_signature_folded(lines: list[str], rest: list[str]) -> tuple[str, str]:
    start = signature_start(lines)
    new, folded = lines[:start], lines[start:] + rest
    if not "".join(new).strip():  # never show an empty message
        new, folded = lines + rest, []
    return "\n".join(new).strip("\n").rstrip(), "\n".join(folded).strip("\n").rstrip()


def _attribution_apart(lines: list[str]) -> list[str]:
    """An attribution on the same line as the end of the answer, put on a line of its own above the quote."""
    marked = next((index for index, line in enumerate(lines) if line.startswith(">")), 0)
    found = ATTRIBUTION_WITHIN.fullmatch(lines[marked - 1][:600]) if marked else None
    return [*lines[: marked - 1], found[1], found[2], *lines[marked:]] if found else lines


def _after_first_quote(lines: list[str], start: int) -> int:
    """The line at which the answer begins that stands below the one quote in the mail, 0 when it is not so."""
    end = attribution_end(lines, start)
    if not end or any(line.strip() for line in lines[:start]):
        return 0
    marked = [index for index in range(end, len(lines)) if lines[index].startswith(">")]
    if not marked or any(line.strip() for line in lines[end : marked[0]]):
        return 0
    below = marked[-1] + 1
    is_one_quote = not any(line.strip() for line in lines[marked[0] : below] if not line.startswith(">"))
    return below if is_one_quote and "".join(lines[below:]).strip() and _history_start(lines[below:]) is None else 0


def _history_start(lines: list[str]) -> int | None:
    """The first line of the quoted history, None when there is none."""
    for index, line in enumerate(lines):
        has_rule = "--" in line or "——" in line  # most lines have neither: looking for a character is cheap
        if (has_rule or line.rstrip()[-1:] in (":", "：")) and FORWARDED.fullmatch(line[:200]):
            return None
        if line.startswith(">"):
            return _with_loose_attribution(lines, index)
        if (has_rule and SEPARATOR.fullmatch(line[:200])) or is_field_block(lines, index):
            return _with_rule(lines, index)
        if attribution_end(lines, index):
            return index
    return None


def _with_loose_attribution(lines: list[str], index: int) -> int:
    """`index` of a quoted line, or that of "Ana wrote:" above it, which says neither when nor from where."""
    above = next((number for number in range(index - 1, max(index - 3, -1), -1) if lines[number].strip()), index)
    return above if is_loose_attribution(lines[above]) else index


def _with_rule(lines: list[str], index: int) -> int:
    """`index`, or that of the line drawn above it."""
    for above in range(index - 1, max(index - 4, -1), -1):
        if _is_rule(lines[above]):
            return above
        if lines[above].strip():
            break
    return index


def _is_rule(line: str) -> bool:
    return bool(RULE.fullmatch(line[:200]) or RULE_WITH_WORDS.fullmatch(line[:200]))


def _is_all_history(lines: list[str], start: int) -> bool:
    """Whether nothing that the person wrote can be in the lines from `start` on."""
    above = "\n".join(lines[:start]).strip()
    if POINTS_BELOW.search(above.lower()):
        return False
    end = attribution_end(lines, start)
    if _introduces(lines, start):
        return False
    if not end and not lines[start].startswith(">"):
        end = _end_of_fields_above_a_quote(lines, start)
        if not end and (is_field_block(lines, start) or not is_loose_attribution(lines[start])):
            return not _says_nothing(above)  # Outlook's way: all that follows is the mail being answered
        end = end or start + 1
    last = start + signature_start(lines[start : start + disclaimer_start(lines[start:])])
    body = lines[end or start : last]
    marked = [index for index, line in enumerate(body) if MARKED.match(line)]
    if not marked:
        return bool(end) and not _says_nothing(above)
    return not any(_is_own_line(body, index, marked[0]) for index in range(len(body)))


def _end_of_fields_above_a_quote(lines: list[str], start: int) -> int:
    """The line at which a marked quote begins right below a line drawn or a block of fields, 0 when none does."""
    fields = start
    while _is_rule(lines[fields]) or SEPARATOR.fullmatch(lines[fields][:200]):
        fields += 1
        if fields == len(lines):
            return 0
    if fields == start and not is_field_block(lines, start):
        return 0
    end = _past_odd_fields(lines, fields_end(lines, fields))
    return end if end < len(lines) and lines[end].startswith(">") else 0


def _past_odd_fields(lines: list[str], end: int) -> int:
    """`end`, or the quote below a few fields more that are called otherwise, or have no colon as in eM Client."""
    block = lines[end : end + _MOST_ODD_FIELDS]
    quote = next((number for number, line in enumerate(block) if line.startswith(">")), 0)
    return end + quote if all(ODD_FIELD.match(line[:200]) for line in block[:quote] if line.strip()) else end


def _leads_below(above: str) -> bool:
    """Whether the person says that more stands below, or only greets above it: an answer must be somewhere."""
    words = above.strip()
    return bool(POINTS_BELOW.search(words.lower())) or _says_nothing(words)


def _says_nothing(words: str) -> bool:
    """Whether it is a greeting and a signature at most: what the person has to say must be below."""
    lines = [line for line in words[:_LONGEST_OF_SIGNATURE].split("\n") if line.strip()]
    if _only_greets(words) or not lines or len(words) > _LONGEST_OF_SIGNATURE:
        return _only_greets(words)
    said = lines[_only_greets(lines[0]) :]
    # One line in capitals, without a greeting, may be the answer: "Muchas Gracias".
    is_signed = len(lines) > 1 and all(OF_A_SIGNATURE.fullmatch(line[:200]) for line in said)
    return is_signed or bool(CLOSING.fullmatch(said[0][:100]))


def _only_greets(words: str) -> bool:
    """Whether it is "Hello Ana," and no more. One bare word is all that somebody said."""
    if len(words) >= _LONGEST_GREETING or words.isalpha() or len(words.split()) > _MOST_WORDS_OF_GREETING:
        return False
    return bool(GREETING.fullmatch(words))


def _introduces(lines: list[str], start: int) -> bool:
    """Whether the person leads over to what stands below: "This is what the bank says:"."""
    above = next((line.strip() for line in reversed(lines[:start]) if line.strip() and not RULE.fullmatch(line)), "")
    return above[-1:] in (":", "：") and not re.search(r"[\d@]", above)


def _is_own_line(body: list[str], index: int, first_marked: int) -> bool:
    line = body[index]
    if not line.strip() or MARKED.match(line) or RULE.fullmatch(line[:200]):
        return False
    if any(attribution_end(body, start) > index for start in range(max(0, index - 3), index + 1)):
        return False
    # Some programs wrap a quoted line and leave its end without a mark; one short word group is not an answer.
    is_wrapped = index > first_marked and index + 1 < len(body) and body[index + 1].startswith(">")
    return not (is_wrapped and body[index - 1].startswith(">") and len(body[index - 1]) > 60 and len(line) < 25)
