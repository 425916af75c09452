"""Where the history begins in a mail's HTML: by the marks that each program leaves, or by its first line."""

import re
from itertools import islice
from typing import Any

from witei_app.mail.attribution import attribution_end, is_field_block
from witei_app.mail.html_attribution import is_announced
from witei_app.mail.quote_words import SEPARATOR

# Cheap to look for first: most mails have none of these and need no parsing. In small letters, as they are looked for:
# without regard to the case it takes five times as long, and nobody else runs meanwhile.
_ANY_MARK = re.compile(
    r"gmail_quote|divrplyfwdmsg|appendonsend|type=[\"']?cite|moz-cite-prefix|yahoo_quoted|protonmail_quote|"
    r"border-top:\s*solid|__divider__|isreplycontent|tutanota_quote|zmail_extra|mail-editor-reference|originalmessage|"
    r"name=[\"']?quote\b|<blockquote|>\s*-{4,} ?[^\W\d_]"
)
# Everything inside these is history, apart from what stands between the blockquotes in them.
_WRAPPERS = (
    # Gmail's button for a quote of one's own makes a blockquote of that class too.
    "//*[not(self::blockquote)][contains(concat(' ', @class, ' '), ' gmail_quote ') or "
    "contains(@class, 'gmail_quote_container')]",
    "//*[contains(@class, 'yahoo_quoted')]",
    "//*[contains(@class, 'protonmail_quote') or contains(@class, 'tutanota_quote')]",
    "//*[contains(concat(' ', @class, ' '), ' zmail_extra ')]",
    "//div[@name='quote']",  # GMX, WEB.DE, mail.com
    "//blockquote[@type='cite']",
    "//*[contains(@class, 'moz-cite-prefix')]",
)
# Everything after these is history.
_MARKERS = (
    "//*[@id='divRplyFwdMsg' or @id='appendonsend' or @id='x_divRplyFwdMsg']",
    "//*[@id='mail-editor-reference-message-container']",
    "//hr[@data-marker='__DIVIDER__']",
    "//*[@id='isReplyContent' or @name='OriginalMessage' or contains(@class, 'OriginalMessage')]",
)
_OUTLOOK_RULE = re.compile(r"border:\s*none;\s*border-top:\s*solid\s+#?\w+\s+1\.0pt", re.IGNORECASE)
_FIELD = re.compile(r"\s*(from|de|von|da|expéditeur|remitente)\s*:", re.IGNORECASE)
_MOST_QUOTES = 50
_LONGEST_LINE = 200
_MOST_PIECES = 10
_LONGEST_OPENING = 2_000
_SHORTEST_OPENING = 12


def may_be_marked(html: str) -> bool:
    """Whether there may be a mark in it: quickly said, before it is parsed."""
    return _ANY_MARK.search(html.lower()) is not None


def begin_of_history(tree: Any) -> Any:
    """The element that opens the history, the attribution line before a bare blockquote included."""
    found = [element for path in (*_WRAPPERS, *_MARKERS) for element in tree.xpath(path)[:1]]
    found += [element for element in tree.xpath("//div[@style]") if _is_outlook_block(element)][:1]
    found += [element for element in tree.iter("div", "p", "span") if _is_separator(element)][:1]
    quotes = tree.xpath("//blockquote[not(@type)]")[:_MOST_QUOTES]
    found += [quote for quote in quotes if is_announced(quote)][:1]
    if not found:
        return None
    order = {element: index for index, element in enumerate(tree.iter())}
    first = min(found, key=lambda element: order.get(element, len(order)))  # the parser leaves some beside the tree
    if first not in order:
        return None
    # The Outlook app nests the marked block in others that hold nothing else.
    while first.getparent() is not None and first.getparent().tag == "div" and _is_only_content(first):
        first = first.getparent()
    return first


def _is_outlook_block(element: Any) -> bool:
    return bool(_OUTLOOK_RULE.search(element.get("style", ""))) and bool(_FIELD.match(element.text_content() or ""))


def _is_separator(element: Any) -> bool:
    """Whether it is the line "-------- Mensaje original --------" that Samsung and others draw above the history."""
    if not (element.text or "").lstrip().startswith("--"):
        return False
    words = "".join(islice(element.itertext(), _MOST_PIECES)).strip()  # all of it, of many nested, takes a square
    return len(words) < _LONGEST_LINE and SEPARATOR.fullmatch(words) is not None


def _is_only_content(element: Any) -> bool:
    """Whether nothing stands before it in what holds it, nor after it unless that is history as well."""
    parent = element.getparent()
    around = [parent.text or "", *map(all_text, element.itersiblings(preceding=True))]
    if not takes_all_after(element):
        around += [element.tail or "", *map(all_text, element.itersiblings())]
    return not "".join(around).strip()


def takes_all_after(element: Any) -> bool:
    """Outlook and its kin mark where the history begins but do not enclose it."""
    marked = [element, *element.iterdescendants()][:20]
    return any(
        (item.get("id") or "") in ("divRplyFwdMsg", "appendonsend", "x_divRplyFwdMsg", "isReplyContent")
        or item.get("data-marker") == "__DIVIDER__"
        or _is_outlook_block(item)
        or _is_separator(item)
        or "OriginalMessage" in (item.get("class") or "") + (item.get("name") or "")
        for item in marked
        if isinstance(item.tag, str)
    )


def opened_by(tree: Any, rest_text: str) -> Any:
    """The first element that begins as the history in the remainder does, None when there is none. A signature above
    it stays: its pictures may be what the person sent.
    """
    lines = rest_text[:_LONGEST_OPENING].split("\n")
    line = next((squeezed(lines[index]) for index in range(len(lines)) if _opens_history(lines, index)), "")
    if len(line) < _SHORTEST_OPENING:
        return None
    begins = (
        element
        for element in tree.iter("div", "p", "table", "blockquote", "span", "font")
        if squeezed("".join(islice(element.itertext(), _MOST_PIECES))).startswith(line)
    )
    return next(begins, None)


def _opens_history(lines: list[str], index: int) -> bool:
    if not squeezed(lines[index]):  # a line drawn above it
        return False
    is_announced = is_field_block(lines, index) or bool(attribution_end(lines, index))
    return is_announced or SEPARATOR.fullmatch(lines[index][:_LONGEST_LINE]) is not None


def squeezed(text: str) -> str:
    """Its letters and digits: in how they are spaced and marked, text and HTML differ."""
    return re.sub(r"[\W_]+", "", text)


def all_text(element: Any) -> str:
    return (element.text_content() or "") + (element.tail or "") if isinstance(element.tag, str) else ""
