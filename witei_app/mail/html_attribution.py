"""The line above a quote in a mail's HTML that says who wrote it: found, and put into an element of its own."""

import re
from typing import Any

from witei_app.mail.attribution import attribution_end

_WITHIN_A_LINE = {"a", "b", "em", "font", "i", "small", "span", "strong", "u", "wbr"}
_BLOCKS = {"div", "p", "td", "center"}
_DEEPEST = 5
_MOST_INSIDE = 20
_LONGEST = 400


def attribution_before(quote: Any) -> Any:
    """The element just before a quote that says who wrote it, None when there is none."""
    before = _past_blanks(quote.getprevious())
    if before is not None and not (before.tail or "").strip() and _ends_like_attribution(before.text_content()):
        return before
    return None


def is_announced(quote: Any) -> bool:
    """Whether right above a quote stands who wrote it and when; that line is put into an element of its own."""
    _put_apart(quote)
    before = attribution_before(quote)
    return before is not None and _is_attribution(before.text_content() or "")


def _put_apart(quote: Any) -> None:
    """Mail.ru writes it below the answer without an element around it, Yandex as the last line of the answer's
    paragraph: there it gets one, right above the quote.
    """
    container, last = _line_above(quote)
    inside: list[Any] = []
    while last is not None and last.tag in _WITHIN_A_LINE and len(inside) < _MOST_INSIDE:
        inside.insert(0, last)
        last = last.getprevious()
    if last is None and container is not quote.getparent():
        return  # it is all that its element says
    text = (container.text if last is None else last.tail) or ""
    if not _is_attribution(text + "".join((one.text_content() or "") + (one.tail or "") for one in inside)):
        return
    line = quote.makeelement("div")
    line.text = text
    line.extend(inside)
    if last is None:
        container.text = None
    else:
        last.tail = None
    quote.addprevious(line)


def _line_above(quote: Any) -> tuple[Any, Any]:
    """What holds the line above the quote, and the last element there: of the line, or before it."""
    container, last = quote.getparent(), _past_blanks(quote.getprevious())
    for _ in range(_DEEPEST):
        if last is None or last.tag not in _BLOCKS or (last.tail or "").strip():
            break
        container, last = last, _past_blanks(next(last.iterchildren(reversed=True), None))
    return container, last


def _past_blanks(element: Any) -> Any:
    """The element, or the one before the line ends that stand between it and the quote."""
    while element is not None and element.tag == "br" and not (element.tail or "").strip():
        element = element.getprevious()
    return element


def _is_attribution(words: str) -> bool:
    return len(words) < _LONGEST and attribution_end([" ".join(words.split())], 0) == 1


def _ends_like_attribution(text: str) -> bool:
    text = text.strip()
    return len(text) < 300 and text.endswith(":") and bool(re.search(r"\d", text))
