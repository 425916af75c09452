"""The history in a mail's HTML, cut off: as text, and as HTML that is folded."""

import copy
import re
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from witei_app.mail.disclaimer import is_disclaimer
from witei_app.mail.html_answers import has_marked_words, somebody_wrote_in, text_after
from witei_app.mail.html_attribution import attribution_before
from witei_app.mail.html_colours import has_words_in_colour
from witei_app.mail.html_history import begin_of_history, may_be_marked, opened_by, squeezed, takes_all_after
from witei_app.mail.plain import html_tree, tree_to_text
from witei_app.mail.signature_line import is_nobodys
from witei_app.mail.tame import MOST_SHOWN, is_quickly_text
from witei_app.mail.types import ParsedMail

_FORWARDED = re.compile(r"forwarded message|mensaje reenviado|missatge reenviat|message transf|weitergeleitete|"
                        r"messaggio inoltrato|mensagem (re)?encaminhada", re.IGNORECASE)  # fmt: skip
_MAY_HIDE = re.compile(r"\bcolor\s*[:=]|mso-highlight|background|(?:gmail|moz)[_-]signature")  # in small letters
_SIGNATURES = "//*[contains(@class, 'gmail_signature') or contains(@class, 'moz-signature')][not(ancestor::blockquote)]"
# What programs write into the text where the HTML has a picture or a link.
_ONLY_IN_TEXT = re.compile(r"\[(?:cid|image)[^\[\]]*\]|<[^<>]*>|\(https?:[^()]*\)", re.IGNORECASE)


def split_html(html: str) -> tuple[str, str] | None:
    """(text before the history, text of the history), None when there is no history or answers stand inside it."""
    if len(html) > MOST_SHOWN or not may_be_marked(html) or not is_quickly_text(html):
        return None
    try:
        return _split(html_tree(html))
    except (etree.LxmlError, ValueError, RecursionError):
        return None


def hides_words(html: str, new_text: str, rest_text: str) -> bool:
    """Whether words of the person's own are in the remainder, as only the HTML can tell: in a colour within the mail
    that is answered, or below what a program marked as the signature.
    """
    if len(html) > MOST_SHOWN or not _MAY_HIDE.search(html.lower()) or not is_quickly_text(html):
        return False
    try:
        tree = html_tree(html)
        start = begin_of_history(tree)
        start = opened_by(tree, rest_text) if start is None else start
        if start is not None and has_words_in_colour(start):
            return True
        below = _below_signature(tree, start)
    except (etree.LxmlError, ValueError, RecursionError):
        return False
    shown = squeezed(new_text)
    return not all(squeezed(line) in shown for line in below)


def _below_signature(tree: Any, start: Any) -> list[str]:
    """The lines that somebody wrote below the signature, in Gmail or Thunderbird, apart from the history."""
    if start is not None:
        if takes_all_after(start):
            _remove_from(start)
        else:
            start.drop_tree()
    signatures = tree.xpath(_SIGNATURES)
    after = text_after(signatures[-1]).strip() if signatures else ""
    return [] if is_disclaimer(after) else [line for line in after.split("\n") if not is_nobodys(line)]


def fold_shown(parsed: ParsedMail) -> tuple[str, str]:
    """A mail's HTML as far as it is shown: (what its author wrote, the history that is folded below)."""
    html = parsed.shown_html
    return fold_html(html, parsed.new_text, parsed.rest_text) if parsed.rest_text else (html, "")


def fold_html(html: str, new_text: str, rest_text: str = "") -> tuple[str, str]:
    """(HTML before the history, HTML of the history); all of it is before when there is none, or when in doubt.

    `new_text` is what the person wrote: none of it may be in what is folded. `rest_text` is the remainder: where no
    program has marked the history, its first line is looked for.
    """
    if len(html) > MOST_SHOWN or not (rest_text or may_be_marked(html)) or not is_quickly_text(html):
        return html, ""
    try:
        return _fold(html_tree(html), new_text, rest_text) or (html, "")
    except (etree.LxmlError, ValueError, RecursionError):
        return html, ""


def _fold(tree: Any, new_text: str, rest_text: str) -> tuple[str, str] | None:
    start = _history_of(tree) if begin_of_history(tree) is not None else _unmarked_history_of(tree, rest_text)
    if start is None:
        return None
    history = _html_from(start)
    _remove_from(start)
    words = squeezed(tree.text_content() or "")
    shown = words + "".join(squeezed(image.get("alt") or "") for image in tree.iter("img"))  # "[logo]" in the text
    if not words or not all(squeezed(_ONLY_IN_TEXT.sub("", line)) in shown for line in new_text.split("\n")):
        return None
    return etree.tostring(tree, method="html", encoding="unicode"), history


def _html_from(start: Any) -> str:
    """`start` and all that follows it, with the attribution line just before it."""
    attribution = attribution_before(start) if start.tag == "blockquote" else None
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
    start = begin_of_history(tree)
    if start is None or _FORWARDED.search((start.text_content() or "")[:300]):
        return None
    return None if somebody_wrote_in(start) else start


def _unmarked_history_of(tree: Any, rest_text: str) -> Any:
    start = opened_by(tree, rest_text)
    return None if start is None or has_marked_words(start) else start


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
        attribution = attribution_before(start)
        if attribution is not None:
            attribution.getparent().remove(attribution)
    start.getparent().remove(start)
