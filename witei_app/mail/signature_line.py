"""Where the signature begins that a program put below what the person wrote."""

import re
from collections.abc import Sequence

from witei_app.mail.disclaimer import LEGAL
from witei_app.mail.quote_words import DEVICE

_MOST_LINES = 15
_WEB_ADDRESS = re.compile(r"\s*<?https?:\S+")
_LIST_RULE = re.compile(r"_{2,60}")
_OF_A_LIST = re.compile(r"mailing list|mailman|googlegroups|unsubscribe|list(?:info|serv)", re.IGNORECASE)
_SENT = re.compile(r"[\s*_>(<-]*enviado ", re.IGNORECASE)
_NAMES_A_DEVICE = re.compile(
    r"[A-Z0-9]|\b(?:mi|meu|minha|m[óo]vil|smartphone|celular|tel[ée]fono|iphone|ipad|android|outlook|tablet|correo|e?mail|"
    r"app)\b"
)
_MOST_BELOW, _LONGEST_SENTENCE, _FEW_WORDS = 60, 2_000, 2
# Words that end as a sentence does, with nothing to click and no number to call.
_SENTENCE = re.compile(r"[¡¿]?[^\W\d](?:(?!https?:|www\.|\d{6})[^@|])*[.!…?)]", re.DOTALL)
_OF_A_COMPANY = re.compile(
    r"regist(?:ered|ro|rada)|inscrit[ao]|capital social|\b[cn]\.?i\.?f\b|\bvat\b|reservados|rights reserved|virus|"
    r"(?:dar(?:se|te|le)? de|la) baja|newsletter|subscri",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*(?:[-*•·]|\d{1,2}[.)])\s+\w")
_AFTERTHOUGHT = re.compile(r"\s*(?:p\.? ?[sd]\.?|n\.?b\.?)\s*[:.\-)]|\s*p[sd]\b|.*\?\s*$", re.IGNORECASE)


def signature_start(lines: Sequence[str]) -> int:
    """Where the signature begins (RFC 3676, 4.3), or the line that a telephone or a list adds; else the end."""
    start = len(lines)
    below = 0  # the lines below that are not blank
    only_machines = True  # whether nobody wrote any of those below, down to where the signature begins
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if below > _MOST_LINES or line.startswith(">"):
            break
        if _opens_signature(lines, index, start, below):
            start, only_machines = index, True
        elif only_machines and line.strip():
            if is_of_a_device(line):
                start = index
            else:
                only_machines = bool(_WEB_ADDRESS.fullmatch(line[:300]))
        below += bool(line.strip())
    return start


def is_of_a_device(line: str) -> bool:
    """Whether a telephone or a program added this line. People write "Enviado con cariño", too, and name no program."""
    if not DEVICE.fullmatch(line[:200]):
        return False
    sent = _SENT.match(line)
    return sent is None or _NAMES_A_DEVICE.search(line, sent.end()) is not None


def is_nobodys(line: str) -> bool:
    """Whether nobody wrote this line: it is blank, an address of the web, or a program's."""
    return not line.strip() or bool(_WEB_ADDRESS.fullmatch(line[:300]) or is_of_a_device(line))


def _opens_signature(lines: Sequence[str], index: int, start: int, below: int) -> bool:
    line, after = lines[index], lines[index + 1 : start]
    if line in ("-- ", "--", "—") and any(map(_AFTERTHOUGHT.match, after)):
        return False
    if line == "-- ":
        return not _says_more(after)
    if line in ("--", "—"):
        above = next((one.rstrip() for one in reversed(lines[max(index - 3, 0) : index]) if one.strip()), "")
        if above.endswith(":"):
            return False  # "I need:" and a list below a line
        return (below > 0 or start < len(lines)) and below <= 8 and _is_signature(after)
    return bool(_LIST_RULE.fullmatch(line[:80])) and below <= 6 and any(map(_OF_A_LIST.search, after))


def _says_more(lines: Sequence[str]) -> bool:
    """Whether somebody went on writing below their signature: a blank line and a sentence stand there. What a company
    or a list adds comes last, and below it nobody writes.
    """
    paragraphs = "\n".join(map(str.strip, lines[:_MOST_BELOW])).strip("\n").split("\n\n")[1:]
    for paragraph in paragraphs:
        if LEGAL.search(paragraph) or _OF_A_LIST.search(paragraph) or _OF_A_COMPANY.search(paragraph):
            return False
        if _SENTENCE.fullmatch(paragraph[:_LONGEST_SENTENCE].strip()) and len(paragraph.split()) > _FEW_WORDS:
            return True
    return False


def _is_signature(lines: Sequence[str]) -> bool:
    """Whether these can be the lines of a signature: none is a sentence or of a list, or a program wrote them all."""
    if all(map(is_nobodys, lines)):
        return True
    if sum(bool(_LISTED.match(line)) for line in lines) > 1:
        return False
    return not any(re.search(r"[.,;:?!…]\s*$", line) and len(line.split()) > 4 for line in lines)
