"""HTML to text that reads well, and short previews of it."""

import re
from html import unescape
from itertools import islice
from typing import Any

from inscriptis.css_profiles import CSS_PROFILES  # type: ignore[import-untyped]
from inscriptis.html_engine import Inscriptis  # type: ignore[import-untyped]
from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from witei_app.mail.charsets import without_controls
from witei_app.mail.html_attribution import is_announced
from witei_app.mail.tame import beginning, is_quickly_text, without_pictures

# Elements on lines of their own (HTML, 15.3) that inscriptis takes for words within one.
_ALSO_BLOCKS = (
    "center", "dd", "details", "dialog", "dir", "dl", "dt", "fieldset", "form", "hr", "legend", "menu",
    "optgroup", "option", "search", "section", "summary",
)  # fmt: skip
_CSS = CSS_PROFILES["strict"]
_CONFIG = ParserConfig(css={**dict.fromkeys(_ALSO_BLOCKS, _CSS["div"]), **_CSS}, display_images=False)
_PARSER = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
_LONGEST_LINK = 200
_TAG = re.compile(r"<[a-zA-Z!/]")
_END_OF_PAGE = re.compile(r"</(html|body)\s*>", re.IGNORECASE)
_MOST_QUOTES = 200


def html_to_text(html: str) -> str:
    """`html` as text: paragraphs, lists and tables keep their shape, a link is followed by its address."""
    html = beginning(without_pictures(html))
    if not html.strip():
        return ""
    if not is_quickly_text(html) or not _TAG.search(html):  # text that is only called HTML keeps its lines
        return without_tags(html)
    try:
        return tree_to_text(html_tree(html))
    except (etree.LxmlError, ValueError, RecursionError, AssertionError):
        return without_tags(html)


def html_tree(html: str) -> Any:
    """`html` as a tree. What stands after the end of the page belongs to it, as in every browser.

    Raises what lxml raises.
    """
    html = without_controls(html).replace(_BEGIN, "").replace(_END, "")
    html = _END_OF_PAGE.sub(lambda end: "<br>" if end[1].lower() == "html" else "", html)
    return lxml_html.document_fromstring(html.encode("utf-8", "replace"), _PARSER)


def tree_to_text(tree: Any) -> str:
    """The same for a parsed tree, which is changed."""
    for hidden in tree.xpath("//*[contains(translate(@style, ' N', 'n'), 'display:none')]"):
        if hidden.getparent() is not None:
            hidden.drop_tree()
    for link in tree.iter("a"):
        _write_address(link)
    has_quotes = _mark_quotes(tree)
    text = Inscriptis(tree, _CONFIG).get_text().replace("\xa0", " ")
    lines = [line if line == "-- " else line.rstrip() for line in text.split("\n")]
    if has_quotes:
        lines = _with_quote_marks(lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


# What newsletters fill the beginning with. Joiners stay between letters, where Persian and emoji need them.
_UNSEEN = re.compile("[\u00ad\u034f\u180e\u200b\u2060-\u2064\ufeff]|(?<!\\S)[\u200c\u200d]+|[\u200c\u200d]+(?!\\S)")


# What Outlook and Gmail write into the text for a picture, and behind a link once more.
_NO_WORDS = re.compile(r"\[(?:cid:|image: )[^\[\]]{1,200}\]|(?<=\S)<(?:mailto:|https?://)[^<>\s]{1,1000}>")


def preview(text: str, limit: int = 140) -> str:
    """The beginning of `text` on one line, cut at a word."""
    line = " ".join(_NO_WORDS.sub("", _UNSEEN.sub("", text[: limit * 8])).split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return cut[: cut.rfind(" ")].rstrip(" ,;:.-") + "…" if " " in cut[limit // 2 :] else cut + "…"


def _write_address(link: Any) -> None:
    target = (link.get("href") or "").strip()
    words = " ".join((link.text_content() or "").split())
    plain = re.sub(r"^(mailto:|tel:|https?://)|/$", "", target)
    if not re.match(r"https?://", target) or len(target) > _LONGEST_LINK or plain in words or not words:
        return
    link.tail = f" ({target}){link.tail or ''}"


# They stand where a quote begins and ends until it is text. Nobody can send them: they are taken out of the mail first.
_BEGIN, _END = "\ue0f0", "\ue0f1"


def _mark_quotes(tree: Any) -> bool:
    """Whether a mail program quotes here. What a person only indented is no quote."""
    quotes = [quote for quote in islice(tree.iter("blockquote"), _MOST_QUOTES) if _is_a_programs(quote)]
    for quote in quotes:
        for place, mark in ((0, _BEGIN), (len(quote) + 1, _END)):
            line = quote.makeelement("div")
            line.text = mark
            quote.insert(place, line)
        quote[0].tail, quote.text = quote.text, None
    return bool(quotes)


def _is_a_programs(quote: Any) -> bool:
    marks = f"{quote.get('type') or ''} {quote.get('class') or ''}"
    if "gmail_quote" not in marks:
        return "cite" in marks.split() or "protonmail_quote" in marks or is_announced(quote)
    # Gmail's button for a quote of one's own makes one like those in which Gmail quotes.
    is_inside = any("gmail_quote" in (above.get("class") or "") for above in quote.iterancestors())
    return is_inside or _text_before(quote).endswith(":")


def _text_before(element: Any) -> str:
    """The words on the page nearest before the element."""
    while element is not None:
        before = element.getprevious()
        if before is None:
            element = element.getparent()
            words = (element.text or "").strip() if element is not None else ""
        else:
            element = before
            words = (before.tail or "").strip() or (before.text_content() or "").strip()
        if words:
            return words
    return ""


def _with_quote_marks(lines: list[str]) -> list[str]:
    """Each quoted line begins with ">", as in a mail of text."""
    depth = above = blank = 0
    marked: list[str] = []
    for line in lines:
        depth += line.count(_BEGIN)
        words = line.replace(_BEGIN, "").replace(_END, "")
        words = words.strip() if depth else words
        if words:
            marked += [">" * min(above, depth)] * blank + [f"{'>' * depth} {words}" if depth else words]
            above, blank = depth, 0
        elif words == line:
            blank += 1
        depth = max(0, depth - line.count(_END))
    return marked


def without_tags(html: str) -> str:
    """What is left of `html` without its tags: for markup that cannot be parsed."""
    html = beginning(without_pictures(html))
    text = re.sub(r"<(?:script|style)\b[^>]{0,500}>[^<]*", " ", html, flags=re.IGNORECASE)
    text = re.sub(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]*>", "\n", text, flags=re.IGNORECASE)
    text = re.sub(r"[ \t]+", " ", re.sub(r"<[^<>]*>", " ", text))
    return re.sub(r"\n\s*\n\s*", "\n\n", unescape(text)).strip()
