"""Short names for what a script of ours declares: a visitor's browser need not read the long ones."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from string import ascii_letters

_WORD = re.compile(r"[A-Za-z_$][\w$]*")
# One name, or a list of them whose values are simple: `let frame,unread=0,isOpen`.
_DECLARED = re.compile(r"\b(?:const|let|function|class) ((?:\w+(?:=[\w.]+)?,)*[A-Za-z]\w*)")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|`(?:\\.|[^`\\])*`')
# Where a word may name a property, which the browser, the server or another file knows: after a dot, before a colon,
# alone in braces, as a method. (A sign before three dots is a spread.)
_PROPERTY = re.compile(
    r"(?<!\.\.)(?<=\.)([\w$]+)|([\w$]+)(?=:)|(?<=[{,])([\w$]+)(?=[,}=])|(?<=[{},])([\w$]+)(?=\([^()]*\)\{)"
)


def with_short_names(code: str) -> str:
    """The same script, squeezed as it is, with short names where a name can be nothing but a name.

    One that stands in a text, or might be a property anywhere, stays as it is.
    """
    words = Counter(_WORD.findall(code))
    kept = {word for text in _QUOTED.findall(code) for word in _WORD.findall(text)}
    kept |= {word for found in _PROPERTY.findall(code) for word in found}
    changed = sorted(_declared(code) - kept, key=lambda name: (-words[name], name))
    short = dict(zip(changed, _free(words), strict=False))
    return _WORD.sub(lambda word: short.get(word[0], word[0]), code)


def _declared(code: str) -> set[str]:
    names = {one.partition("=")[0] for found in _DECLARED.findall(code) for one in found.split(",")}
    return {name for name in names if len(name) > 2}


def _free(taken: Counter[str]) -> Iterator[str]:
    """Names of one and two letters that nothing has, and the language does not want for itself."""
    for length in (1, 2):
        for letters in product(ascii_letters, repeat=length):
            name = "".join(letters)
            if name not in taken and name not in {"do", "if", "in", "is", "of", "as"}:
                yield name
