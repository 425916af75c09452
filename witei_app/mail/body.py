"""Which parts are the text of a mail, which its HTML, and which are files (RFC 8621, 4.1.4)."""

from dataclasses import dataclass, field
from email.message import Message
from typing import cast

from witei_app.mail.headers import first_value, parameter
from witei_app.mail.structure import content_type, disposition, file_name


@dataclass
class Body:
    """The leaves by what they are for. A part may be in both texts and htmls when it has no alternative."""

    texts: list[Message] = field(default_factory=list)
    htmls: list[Message] = field(default_factory=list)
    files: list[Message] = field(default_factory=list)


def sort_parts(root: Message) -> Body:
    """Which leaves are the text, which the HTML, which are files."""
    body = Body()
    _sort([root], "mixed", body.htmls, body.texts, body.files)
    return body


def _sort(
    parts: list[Message],
    kind: str,
    htmls: list[Message] | None,
    texts: list[Message] | None,
    files: list[Message],
    *,
    in_alternative: bool = False,
    is_within: bool = False,
) -> None:
    # This is the algorithm of RFC 8621, 4.1.4, under its own names: a list that is None takes no more parts. But for
    # `is_within`: what an alternative that stands within another one lacks, that other one may have.
    text_count, html_count = len(texts or ()), len(htmls or ())
    for index, part in enumerate(parts):
        if part.is_multipart():
            subtype = content_type(part).partition("/")[2]
            inner = subtype == "alternative" or in_alternative
            below = _children(part, subtype)
            _sort(below, subtype, htmls, texts, files, in_alternative=inner, is_within=in_alternative)
        elif not _is_shown(part, index, kind):
            files.append(part)
        elif kind == "alternative":
            _choose(part, htmls, texts, files)
        else:
            if in_alternative:
                is_plain = content_type(part) == "text/plain"
                htmls, texts = (None, texts) if is_plain else (htmls, None)
            _keep(part, htmls, texts, files)
    if kind == "alternative" and not is_within and htmls is not None and texts is not None:
        _fill_the_missing(htmls, texts, text_count, html_count)


def _children(part: Message, subtype: str) -> list[Message]:
    """The parts inside, what is shown first: of related ones that is the root, which need not stand there."""
    inside = cast(list[Message], part.get_payload())
    root = _root(part, inside) if subtype == "related" else None
    return inside if root is None else [root, *(one for one in inside if one is not root)]


def _root(part: Message, inside: list[Message]) -> Message | None:
    """The part that `start` names (RFC 2387, 3.2), else the first, of those that can be shown."""
    start = parameter(part, "start", "Content-Type").strip(" <>")
    texts = [one for index, one in enumerate(inside) if one.is_multipart() or _is_shown(one, index, "mixed")]
    named = [one for one in texts if start and first_value(one, "Content-ID").strip(" <>") == start]
    return next(iter(named or texts), None)


def _is_shown(part: Message, index: int, kind: str) -> bool:
    shown = _SAME_IN_OTHER_WORDS if kind == "alternative" else _BODY_TYPES
    if disposition(part) == "attachment" or content_type(part) not in shown:
        return False
    return index == 0 or (kind != "related" and not file_name(part)) or kind == "alternative"


_BODY_TYPES = ("text/plain", "text/html", "multipart/mixed", "text/x-amp-html", "text/enriched", "text/richtext")
# The same text once more, for programs and watches that we are not.
_SAME_IN_OTHER_WORDS = {
    *("text/plain", "text/html", "text/enriched", "text/richtext"),
    *("text/x-amp-html", "text/watch-html", "text/vnd.google.email-reaction+json"),
}


def _choose(part: Message, htmls: list[Message] | None, texts: list[Message] | None, files: list[Message]) -> None:
    media = content_type(part)
    if media == "text/plain" and texts is not None:
        texts.append(part)
    elif media == "text/html" and htmls is not None:
        htmls.append(part)
    elif media not in _SAME_IN_OTHER_WORDS:
        files.append(part)


def _keep(part: Message, htmls: list[Message] | None, texts: list[Message] | None, files: list[Message]) -> None:
    if texts is not None:
        texts.append(part)
    if htmls is not None:
        htmls.append(part)


def _fill_the_missing(htmls: list[Message], texts: list[Message], text_count: int, html_count: int) -> None:
    if len(texts) == text_count and len(htmls) > html_count:
        texts.extend(htmls[html_count:])
    elif len(htmls) == html_count and len(texts) > text_count:
        htmls.extend(texts[text_count:])
