"""Whether somebody wrote into the history of a mail's HTML, or after it: then it is shown."""

import copy
import re
from typing import Any

from witei_app.mail.disclaimer import is_disclaimer
from witei_app.mail.html_colours import has_words_in_colour
from witei_app.mail.html_history import all_text, takes_all_after
from witei_app.mail.signature_line import signature_start

_MOST_COLOURED = 2_000
_RED = re.compile(
    r"(?<![\w-])color:\s*(?:red|#f00|#ff0000|#c00000|rgb\(\s*255,\s*0,\s*0\s*\))\s*(?:;|!|$)"
    r"|background(?:-color)?:\s*(?:yellow|#ff0|#ffff00|rgb\(\s*255,\s*255,\s*0\s*\))|mso-highlight",
    re.IGNORECASE,
)


def somebody_wrote_in(start: Any) -> bool:
    """Whether words of the person's own are in what `start` opens, or below it."""
    if has_marked_words(start):
        return True
    return not takes_all_after(start) and (_wrote_after(start) or _answers_inside(start))


def has_marked_words(start: Any) -> bool:
    """Whether words from `start` on are red, or marked with a yellow pen, or in its first mail of another colour: so
    people write answers within the mail that they answer."""
    reds = start.xpath("(descendant-or-self::*|following::*)[@style or @color]")
    return any(
        _RED.search(f"{element.get('style') or ''};color:{element.get('color') or ''}")
        and (element.text_content() or "").strip()
        for element in reds[:_MOST_COLOURED]
    ) or has_words_in_colour(start)


def _wrote_after(start: Any) -> bool:
    after = text_after(start).strip()
    lines = ["-- " if line.strip() == "--" else line.strip() for line in after.split("\n")]
    return bool(after) and signature_start(lines) > 0 and not is_disclaimer(after)


def text_after(element: Any) -> str:
    """What the reader sees after the element, other than more of the history and the signature."""
    pieces: list[str] = []
    while element is not None:
        pieces.append(element.tail or "")
        for sibling in element.itersiblings():
            if not (isinstance(sibling.tag, str) and _is_history_or_signature(sibling)):
                pieces.append(all_text(sibling))
                continue
            while pieces and pieces[-1].strip() in ("", "--"):  # the mark above the signature
                pieces.pop()
            pieces.append(sibling.tail or "")
        element = element.getparent()
    return "\n".join(pieces).replace("\xa0", " ")


def _is_history_or_signature(element: Any) -> bool:
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"
    # Apple's telephones put the attribution and what it announces into a blockquote each.
    is_follow_up = element.tag == "blockquote" and (element.get("type") == "cite" or _follows_prefix(element))
    return is_follow_up or element.tag in ("style", "script") or bool(
        re.search(r"gmail_quote|yahoo_quoted|moz-signature|gmail_signature|mobile-signature", marks)
    )  # fmt: skip


def _follows_prefix(element: Any) -> bool:
    before = element.getprevious()
    while before is not None and before.tag == "br" and not (before.tail or "").strip():
        before = before.getprevious()
    return before is not None and "moz-cite-prefix" in (before.get("class") or "")


def _answers_inside(element: Any) -> bool:
    """Whether somebody wrote between the quotes: text in the wrapper after a blockquote but in none."""
    if element.tag == "blockquote":
        return False
    quotes = element.xpath(".//blockquote[not(ancestor::blockquote)]")
    if not quotes:
        return False
    outside = copy.deepcopy(element)
    quotes = outside.xpath(".//blockquote[not(ancestor::blockquote)]")
    _blank_before(quotes[0], outside)
    for quote in quotes:
        quote.clear(keep_tail=True)
    return bool((outside.text_content() or "").replace("\xa0", " ").strip())


def _blank_before(quote: Any, top: Any) -> None:
    """Empty everything in `top` before `quote`: it is the attribution."""
    element = quote
    while element is not top:
        for sibling in list(element.itersiblings(preceding=True)):
            sibling.clear()
        element = element.getparent()
        element.text = ""
