"""Answers in another colour within the mail that is answered: so people write them in Outlook, and say so nowhere.

What this program sends has no colours above its signature. So whatever has one in the mail that is answered, and stands
beside words without, is the answer. That mail ends where the signature or the next older one begins.
"""

import re
from collections.abc import Iterator
from typing import Any

from witei_app.mail.quote_words import CLOSING, OF_A_SIGNATURE, SUBJECT, WROTE

_MOST_PIECES = 2_000
_LONGEST_PIECE = 200
_MOST_OF_FIELDS = 40
_COLOUR = re.compile(r"(?<![\w-])color:\s*(#[0-9a-f]{3,6}\b|rgba?\([\d\s,.]{5,30}\)|[a-z]{3,20})", re.IGNORECASE)
_PEN = re.compile(
    r"background(?:-color)?:\s*(?:yellow|lime|aqua|#ff0\b|#ffff00|rgb\(\s*255,\s*255,\s*0)|mso-highlight", re.IGNORECASE
)
_NAMES = {
    "aqua", "blue", "blueviolet", "brown", "chocolate", "coral", "cornflowerblue", "crimson", "cyan", "darkblue",
    "darkcyan", "darkgreen", "darkmagenta", "darkorange", "darkred", "darkviolet", "deeppink", "deepskyblue",
    "dodgerblue", "firebrick", "forestgreen", "fuchsia", "green", "hotpink", "indigo", "lime", "limegreen", "magenta",
    "maroon", "mediumblue", "midnightblue", "navy", "olive", "orange", "orangered", "orchid", "pink", "purple", "red",
    "royalblue", "seagreen", "sienna", "skyblue", "steelblue", "teal", "tomato", "turquoise", "violet",
}  # fmt: skip
_GREY = 48  # red, green and blue of a grey are at most so far apart
_FROM = re.compile(r"[\s*]*(?:from|de|von|da|van|od|от|fra|från|expéditeur|remitente)\s*:", re.IGNORECASE)
_SIGNATURE = re.compile(r"gmail_signature|moz-signature|(?:^|\s)(?:x_)*signature(?:\s|$)", re.IGNORECASE)
_OF_THEIR_OWN = ("a", "style", "script", "title")
_FEW_WORDS = 4


def has_words_in_colour(start: Any) -> bool:
    """Whether the mail that `start` opens has words of another colour beside words that have none."""
    pieces = list(_pieces(start))
    is_plain_before = is_closed = False
    for words, is_coloured in pieces[_end_of_fields(pieces) :]:
        is_closed = is_closed or CLOSING.fullmatch(words) is not None
        if not is_coloured:
            is_plain_before = True
        elif is_plain_before and not (is_closed and _is_of_a_signature(words)):
            return True
    return False


def _end_of_fields(pieces: list[tuple[str, bool]]) -> int:
    """Where the mail itself begins: below its subject, the last field of all."""
    subjects = [index for index, (words, _) in enumerate(pieces[:_MOST_OF_FIELDS]) if SUBJECT.match(words)]
    return subjects[-1] + 1 + (pieces[subjects[-1]][0][-1] in ":：") if subjects else 0


def _is_of_a_signature(words: str) -> bool:
    is_short = len(words.split()) < _FEW_WORDS and words[-1] not in ".!?"
    return is_short or OF_A_SIGNATURE.fullmatch(words) is not None


def _pieces(start: Any) -> Iterator[tuple[str, bool]]:
    """The words of the mail that `start` announces, and whether they are in a colour; without its links."""
    announced = 0
    colours: dict[Any, bool] = {None: False}
    for piece in start.xpath("(descendant-or-self::*|following::*)/text()")[:_MOST_PIECES]:
        owner = piece.getparent().getparent() if piece.is_tail else piece.getparent()
        words = " ".join(piece[:_LONGEST_PIECE].split())
        if not any(map(str.isalpha, words)) and words not in ("--", "—"):
            continue
        announced += bool(_FROM.match(words) or (words[-1] in ":：" and WROTE.search(words)))
        if announced > 1 or words in ("--", "—") or _is_in_signature(owner):
            return
        if owner.tag not in _OF_THEIR_OWN and next(owner.iterancestors(*_OF_THEIR_OWN), None) is None:
            yield words, _is_coloured(owner, colours)


def _is_in_signature(owner: Any) -> bool:
    near = [owner, *owner.iterancestors()][:4]
    return any(_SIGNATURE.search(f"{one.get('class') or ''} {one.get('id') or ''}") for one in near)


def _is_coloured(owner: Any, known: dict[Any, bool]) -> bool:
    """Whether the words in `owner` have a colour, their own or that of what they stand in."""
    above: list[Any] = []
    while owner not in known:
        above.append(owner)
        colour = _colour(owner)
        if colour is None:
            owner = owner.getparent()
        else:
            known[owner] = colour
    known.update(dict.fromkeys(above, known[owner]))
    return known[owner]


def _colour(element: Any) -> bool | None:
    """Whether the element gives its words a colour, or takes it from them; None where it says nothing."""
    style = element.get("style") or ""
    found = _COLOUR.findall(f"{style};color:{element.get('color') or ''}")
    if _PEN.search(style):
        return True
    return _is_colour(found[-1].lower()) if found else None


def _is_colour(value: str) -> bool:
    if value.startswith("#"):
        digits = value[1:] if len(value) > 4 else "".join(digit * 2 for digit in value[1:])
        parts = [int(digits[at : at + 2], 16) for at in (0, 2, 4) if digits[at : at + 2]]
    elif value.startswith("rgb"):
        parts = [int(number) for number in re.findall(r"\d{1,3}(?![\d.])", value)[:3]]
    else:
        return value in _NAMES
    return max(parts, default=0) - min(parts, default=0) > _GREY
