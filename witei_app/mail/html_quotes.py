"""The history that mail programs put into HTML, each in its own way."""

import copy
import re
from itertools import islice
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from witei_app.mail.attribution import attribution_end, is_field_block
from witei_app.mail.disclaimer import is_disclaimer
from witei_app.mail.plain import html_tree, tree_to_text
from witei_app.mail.quote_words import SEPARATOR
from witei_app.mail.tame import is_quickly_text

# Cheap to look for first: most mails have none of these and need no parsing.
_ANY_MARK = re.compile(
    r"gmail_quote|divRplyFwdMsg|appendonsend|type=[\"']?cite|moz-cite-prefix|yahoo_quoted|protonmail_quote|"
    r"border-top:\s*solid|__DIVIDER__|isReplyContent|tutanota_quote|zmail_extra|mail-editor-reference|OriginalMessage|"
    r"name=[\"']?quote\b|<blockquote|>\s*-{4,} ?[^\W\d_]",
    re.IGNORECASE,
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
_FORWARDED = re.compile(r"forwarded message|mensaje reenviado|missatge reenviat|message transf|weitergeleitete|"
                        r"messaggio inoltrato|mensagem (re)?encaminhada", re.IGNORECASE)  # fmt: skip
_LARGEST = 2_000_000
# What programs write into the text where the HTML has a picture or a link.
_ONLY_IN_TEXT = re.compile(r"\[(?:cid|image)[^\[\]]*\]|<[^<>]*>|\(https?:[^()]*\)", re.IGNORECASE)
_MOST_COLOURED = 2_000
_MOST_QUOTES = 50
_LONGEST_LINE = 200
_MOST_PIECES = 10
_LONGEST_OPENING = 2_000
_SHORTEST_OPENING = 12
_RED = re.compile(
    r"(?<![\w-])color:\s*(?:red|#f00|#ff0000|#c00000|rgb\(\s*255,\s*0,\s*0\s*\))\s*(?:;|!|$)"
    r"|background(?:-color)?:\s*(?:yellow|#ff0|#ffff00|rgb\(\s*255,\s*255,\s*0\s*\))|mso-highlight",
    re.IGNORECASE,
)


def split_html(html: str) -> tuple[str, str] | None:
    """(text before the history, text of the history), None when there is no history or answers stand inside it."""
    if not _ANY_MARK.search(html) or len(html) > _LARGEST or not is_quickly_text(html):
        return None
    try:
        return _split(html_tree(html))
    except (etree.LxmlError, ValueError, RecursionError):
        return None


def fold_html(html: str, new_text: str, rest_text: str = "") -> tuple[str, str]:
    """(HTML before the history, HTML of the history); all of it is before when there is none, or when in doubt.

    `new_text` is what the person wrote: none of it may be in what is folded. `rest_text` is the remainder: where no
    program has marked the history, its first line is looked for.
    """
    if not (rest_text or _ANY_MARK.search(html)) or len(html) > _LARGEST or not is_quickly_text(html):
        return html, ""
    try:
        return _fold(html_tree(html), new_text, rest_text) or (html, "")
    except (etree.LxmlError, ValueError, RecursionError):
        return html, ""


def _fold(tree: Any, new_text: str, rest_text: str) -> tuple[str, str] | None:
    start = _history_of(tree) if _first_of(tree) is not None else _opened_by(tree, rest_text)
    if start is None:
        return None
    history = _html_from(start)
    _remove_from(start)
    words = _squeezed(tree.text_content() or "")
    shown = words + "".join(_squeezed(image.get("alt") or "") for image in tree.iter("img"))  # "[logo]" in the text
    if not words or not all(_squeezed(_ONLY_IN_TEXT.sub("", line)) in shown for line in new_text.split("\n")):
        return None
    return etree.tostring(tree, method="html", encoding="unicode"), history


def _opened_by(tree: Any, rest_text: str) -> Any:
    """The first element that begins as the history in the remainder does, None when there is none or somebody wrote in
    it in red. A signature above it stays: its pictures may be what the person sent."""
    lines = rest_text[:_LONGEST_OPENING].split("\n")
    line = next((_squeezed(lines[index]) for index in range(len(lines)) if _opens_history(lines, index)), "")
    if len(line) < _SHORTEST_OPENING:
        return None
    begins = (
        element
        for element in tree.iter("div", "p", "table", "blockquote", "span", "font")
        if _squeezed("".join(islice(element.itertext(), _MOST_PIECES))).startswith(line)
    )
    start = next(begins, None)
    return None if start is None or _has_red_words(start) else start


def _opens_history(lines: list[str], index: int) -> bool:
    if not _squeezed(lines[index]):  # a line drawn above it
        return False
    is_announced = is_field_block(lines, index) or bool(attribution_end(lines, index))
    return is_announced or SEPARATOR.fullmatch(lines[index][:_LONGEST_LINE]) is not None


def _squeezed(text: str) -> str:
    """Its letters and digits: in how they are spaced and marked, text and HTML differ."""
    return re.sub(r"[\W_]+", "", text)


def _html_from(start: Any) -> str:
    """`start` and all that follows it, with the attribution line just before it."""
    attribution = _attribution_before(start) if start.tag == "blockquote" else None
    pieces = [attribution] if attribution is not None else []
    element = start
    pieces.append(start)
    while element is not None:
        pieces += element.itersiblings()
        element = element.getparent()
    return "".join(etree.tostring(piece, method="html", encoding="unicode") for piece in pieces)


def _split(tree: Any) -> tuple[str, str] | None:
    start = _history_of(tree)
    if start is None:
        return None
    whole = tree_to_text(copy.deepcopy(tree))
    _remove_from(start)
    new = tree_to_text(tree)
    return (new, whole.removeprefix(new).strip("\n")) if new.strip() else None


def _history_of(tree: Any) -> Any:
    """The element that opens the history, None when there is none or somebody wrote in it."""
    start = _first_of(tree)
    if start is None or _FORWARDED.search((start.text_content() or "")[:300]):
        return None
    if _has_red_words(start):
        return None
    if not _takes_all_after(start) and (_wrote_after(start) or _answers_inside(start)):
        return None
    return start


def _first_of(tree: Any) -> Any:
    """The element that opens the history, the attribution line before a bare blockquote included."""
    found = [element for path in (*_WRAPPERS, *_MARKERS) for element in tree.xpath(path)[:1]]
    found += [element for element in tree.xpath("//div[@style]") if _is_outlook_block(element)][:1]
    found += [element for element in tree.iter("div", "p", "span") if _is_separator(element)][:1]
    quotes = tree.xpath("//blockquote[not(@type)]")[:_MOST_QUOTES]
    found += [quote for quote in quotes if _is_announced(quote)][:1]
    if not found:
        return None
    order = {element: index for index, element in enumerate(tree.iter())}
    first = min(found, key=lambda element: order.get(element, len(order)))  # the parser leaves some beside the tree
    if first not in order:
        return None
    # The Outlook app nests the marked block in others that hold nothing else.
    while first.getparent() is not None and _is_only_content(first) and first.getparent().tag == "div":
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


def _is_announced(quote: Any) -> bool:
    """Whether a plain blockquote is the history, since right above it stands who wrote it and when."""
    before = _attribution_before(quote)
    return before is not None and attribution_end([" ".join((before.text_content() or "").split())], 0) == 1


def _is_only_content(element: Any) -> bool:
    parent = element.getparent()
    if parent.tag in ("body", "html"):
        return False
    before = (parent.text or "") + "".join(_all_text(sibling) for sibling in element.itersiblings(preceding=True))
    return not before.strip()


def _all_text(element: Any) -> str:
    return (element.text_content() or "") + (element.tail or "") if isinstance(element.tag, str) else ""


def _takes_all_after(element: Any) -> bool:
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


def _wrote_after(start: Any) -> bool:
    after = _text_after(start).strip()
    return bool(after) and not is_disclaimer(after)


def _text_after(element: Any) -> str:
    """What the reader sees after the element, other than more of the history and the signature."""
    pieces: list[str] = []
    while element is not None:
        pieces.append(element.tail or "")
        for sibling in element.itersiblings():
            if not (isinstance(sibling.tag, str) and _is_history_or_signature(sibling)):
                pieces.append(_all_text(sibling))
            else:
                pieces.append(sibling.tail or "")
        element = element.getparent()
    return "".join(pieces).replace("\xa0", " ")


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


def _has_red_words(start: Any) -> bool:
    """Whether words from `start` on are red, or marked with a yellow pen: so people write answers within the mail
    that they answer."""
    reds = start.xpath("(descendant-or-self::*|following::*)[@style or @color]")
    return any(
        _RED.search(f"{element.get('style') or ''};color:{element.get('color') or ''}")
        and (element.text_content() or "").strip()
        for element in reds[:_MOST_COLOURED]
    )


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


def _remove_from(start: Any) -> None:
    """Take `start` and all that follows it out of its tree, and the attribution line just before it."""
    element = start
    while element.getparent() is not None:
        parent = element.getparent()
        for sibling in list(element.itersiblings()):
            parent.remove(sibling)
        element.tail = ""
        element = parent
    if start.tag == "blockquote":
        attribution = _attribution_before(start)
        if attribution is not None:
            attribution.getparent().remove(attribution)
    start.getparent().remove(start)


def _attribution_before(quote: Any) -> Any:
    """The element just before a quote that says who wrote it, None when there is none."""
    before = quote.getprevious()
    while before is not None and before.tag == "br" and not (before.tail or "").strip():
        before = before.getprevious()
    if before is not None and not (before.tail or "").strip() and _ends_like_attribution(before.text_content()):
        return before
    return None


def _ends_like_attribution(text: str) -> bool:
    text = text.strip()
    return len(text) < 300 and text.endswith(":") and bool(re.search(r"\d", text))
