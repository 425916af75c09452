"""HTML to text that reads well, and short previews of it."""

import re
from html import unescape
from typing import Any

from inscriptis.css_profiles import CSS_PROFILES  # type: ignore[import-untyped]
from inscriptis.html_engine import Inscriptis  # type: ignore[import-untyped]
from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from witei_app.mail.charsets import without_controls
from witei_app.mail.tame import is_quickly_text

_CONFIG = ParserConfig(css=CSS_PROFILES["strict"], display_images=False)
_PARSER = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
_LONGEST_LINK = 200
_LARGEST = 3_000_000


def html_to_text(html: str) -> str:
    """`html` as text: paragraphs, lists and tables keep their shape, a link is followed by its address."""
    if not html.strip():
        return ""
    if not is_quickly_text(html):
        return without_tags(html)
    try:
        tree = lxml_html.document_fromstring(without_controls(html[:_LARGEST]).encode("utf-8", "replace"), _PARSER)
        return tree_to_text(tree)
    except (etree.LxmlError, ValueError, RecursionError, AssertionError):
        return without_tags(html)


def tree_to_text(tree: Any) -> str:
    """The same for a parsed tree, which is changed."""
    for hidden in tree.xpath("//*[contains(translate(@style, ' N', 'n'), 'display:none')]"):
        if hidden.getparent() is not None:
            hidden.drop_tree()
    for link in tree.iter("a"):
        _write_address(link)
    text = Inscriptis(tree, _CONFIG).get_text().replace("\xa0", " ")
    lines = [line if line == "-- " else line.rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def preview(text: str, limit: int = 140) -> str:
    """The beginning of `text` on one line, cut at a word."""
    line = " ".join(text[: limit * 8].split())
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


def without_tags(html: str) -> str:
    """What is left of `html` without its tags: for markup that cannot be parsed."""
    text = re.sub(r"<(?:script|style)\b[^>]{0,500}>[^<]*", " ", html[:_LARGEST], flags=re.IGNORECASE)
    text = re.sub(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]*>", "\n", text, flags=re.IGNORECASE)
    text = re.sub(r"[ \t]+", " ", re.sub(r"<[^<>]*>", " ", text))
    return re.sub(r"\n\s*\n\s*", "\n\n", unescape(text)).strip()
