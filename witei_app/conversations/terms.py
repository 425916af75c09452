"""What somebody typed to find messages, as words and phrases."""

import re
import unicodedata
from dataclasses import dataclass, replace

MOST_TERMS = 8
SHORTEST = 3

WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')
_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True)
class Term:
    """Words that follow each other; the last one may be the beginning of a longer word."""

    words: tuple[str, ...]
    is_begun: bool = False


def terms_of(search: str) -> list[Term]:
    """What is looked for: words, phrases in quotation marks; "A-1234" is a phrase too. Nothing while it is too short.

    The last word may go on, as one types.
    """
    terms = []
    for quoted, bare in _TERM.findall(search[:200]):
        words = tuple(WORD.findall(plain(quoted or bare)))
        if words:
            terms.append(Term(words))
    terms = terms[:MOST_TERMS]
    if not any(len(word) >= SHORTEST for term in terms for word in term.words):
        return []
    if search[-1:].isalnum() and len(terms[-1].words[-1]) >= SHORTEST:
        terms[-1] = replace(terms[-1], is_begun=True)
    return terms


def plain(text: str) -> str:
    """Without case and accents, as both databases keep words."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text).lower())
