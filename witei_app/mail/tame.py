"""Markup written to stall its readers: seen before it is given to a parser.

Browsers' rules make some short pages enormous. Measured: nh3 needs 32 s for 100,000 nested divs, and 15 s for 2,500
unclosed bold tags before as many paragraphs, because each paragraph opens all of them again; 30 s for a million
ampersands, or of signs from U+0080 to U+00BF. Writing 200,000 table cells as text takes 20 s.
"""

import re

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
_HUGE_TAG = re.compile(r"<[a-zA-Z][^<>]{5000,}")
_FORMATTING = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
# These close themselves or their like, so that many in a row are not nested.
_NOT_NESTED = {
    "p", "br", "img", "hr", "li", "td", "tr", "th", "dt", "dd", "option", "meta", "link", "col", "input", "area",
    "wbr", "tbody", "thead", "tfoot", "param", "source", "base", "html", "head", "body", "title", "style", "script",
}  # fmt: skip
_DEEPEST = 200
_MOST_FORMATTING = 40
_MOST_ATTRIBUTES = 200
_MOST_ENTITIES = 100_000
_MOST_TAGS = 40_000
# Characters that are shown of a mail's HTML, the pictures within it not counted: a browser takes two seconds for so
# many cells of a table, and nobody writes a tenth of it.
MOST_SHOWN = 2_000_000
_PICTURE = re.compile(r"data:image/[\w.+-]{1,20};base64,[A-Za-z0-9+/=\s%]+")


def is_tame(html: str) -> bool:
    """Whether `html` can be parsed in a time that its length suggests."""
    if (
        len(without_pictures(html)) > MOST_SHOWN
        or html.count("&") + html.encode("utf-8", "replace").count(b"\xc2") > _MOST_ENTITIES
    ):
        return False
    if any(tag[0].count("=") > _MOST_ATTRIBUTES for tag in _HUGE_TAG.finditer(html)):
        return False
    open_tags: dict[str, int] = {}
    depth = formatting = 0
    for found in _TAG.finditer(html):
        name = found[2].lower()
        if name in _NOT_NESTED:
            continue
        step = -1 if found[1] else 1
        count = open_tags.get(name, 0) + step
        if count < 0:
            continue
        open_tags[name] = count
        depth += step
        formatting += step if name in _FORMATTING else 0
        if depth > _DEEPEST or formatting > _MOST_FORMATTING:
            return False
    return True


def beginning(html: str) -> str:
    """As much of `html` as is shown: all of it, unless it is larger than anything that is written to be read."""
    if len(html) <= MOST_SHOWN or len(without_pictures(html)) <= MOST_SHOWN:
        return html
    end = html.rfind("<", 0, MOST_SHOWN)  # no tag is cut in two
    return html[: end if end > 0 else MOST_SHOWN]


def without_pictures(html: str) -> str:
    """`html` with the pictures that stand within it (RFC 2397) emptied: one of them is longer than any text."""
    return _PICTURE.sub("data:,", html) if ";base64," in html else html


def without_conditionals(html: str) -> str:
    """`html` without the comments that only Outlook reads: one can list hundreds of styles, each with a tag."""
    pieces: list[str] = []
    position = 0
    while (start := html.find("<!--[if", position)) >= 0 and (end := html.find("-->", start)) >= 0:
        pieces.append(html[position:start])
        position = end + len("-->")
    return "".join((*pieces, html[position:]))


def is_quickly_text(html: str) -> bool:
    """Whether `html` can be laid out as text in a time that its length suggests."""
    return html.count("<") < _MOST_TAGS and is_tame(html)
