"""Hostile HTML made harmless: a narrow set shown in our own pages, a wider one for a sandboxed frame."""

import re
from collections.abc import Mapping
from html import escape
from urllib.parse import unquote

import nh3

from witei_app.mail.plain import html_to_text, preview, without_tags
from witei_app.mail.tame import is_tame

__all__ = [
    "frame_document",
    "has_remote_images",
    "html_to_text",
    "is_rich",
    "preview",
    "safe_frame_html",
    "safe_inline_html",
    "safe_note_html",
    "safe_outgoing_html",
    "text_to_html",
    "with_history_folded",
]

_LINK_SCHEMES = {"http", "https", "mailto", "tel"}
_LINK_REL = "noopener noreferrer nofollow"
_DROPPED_WITH_CONTENT = {
    "script", "style", "title", "noscript", "template", "iframe", "object", "embed", "applet", "svg", "math",
    "textarea", "select", "option", "audio", "video", "canvas", "frameset", "noembed", "noframes", "xmp",
}  # fmt: skip

_INLINE_TAGS = {"p", "br", "b", "strong", "i", "em", "u", "a", "ul", "ol", "li", "blockquote", "code", "pre"}
_INLINE = nh3.Cleaner(
    tags=_INLINE_TAGS,
    clean_content_tags=_DROPPED_WITH_CONTENT,
    attributes={"a": {"href"}},
    url_schemes=_LINK_SCHEMES,
    url_relative="deny",
    link_rel=_LINK_REL,
    set_tag_attribute_values={"a": {"target": "_blank"}},
)


def _mention_alone(tag: str, attribute: str, value: str) -> str | None:
    return value if tag != "span" or re.fullmatch(r"\d{1,15}", value) else None


_NOTE = nh3.Cleaner(
    tags=_INLINE_TAGS | {"span"},
    clean_content_tags=_DROPPED_WITH_CONTENT,
    attributes={"a": {"href"}, "span": {"data-mention"}},
    attribute_filter=_mention_alone,
    url_schemes=_LINK_SCHEMES,
    url_relative="deny",
    link_rel=_LINK_REL,
    set_tag_attribute_values={"a": {"target": "_blank"}},
)

_FRAME_TAGS = _INLINE_TAGS | {
    "div", "span", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "table", "thead", "tbody", "tfoot", "tr", "td", "th",
    "caption", "colgroup", "col", "img", "s", "strike", "del", "ins", "sub", "sup", "small", "big", "center", "font",
    "dl", "dt", "dd", "address", "abbr", "cite", "q", "kbd", "samp", "var", "tt", "mark", "wbr", "section", "article",
    "header", "footer", "main", "figure", "figcaption", "bdo", "bdi", "label",
}  # fmt: skip
_BOX = {"align", "valign", "width", "height", "bgcolor"}
_FRAME_ATTRIBUTES = {
    "*": {"style", "dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "align", "border", "hspace", "vspace"},
    "font": {"color", "size", "face"},
    "table": _BOX | {"border", "cellpadding", "cellspacing", "role"},
    "tr": _BOX,
    "td": _BOX | {"colspan", "rowspan", "nowrap"},
    "th": _BOX | {"colspan", "rowspan", "nowrap", "scope"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "div": {"align"},
    "p": {"align"},
    "h1": {"align"},
    "h2": {"align"},
    "h3": {"align"},
    "hr": {"align", "width", "size", "color", "noshade"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "li": {"value"},
}
# Nothing here places an element outside its own place, loads anything, or covers what is around it.
_STYLE_PROPERTIES = {
    "color", "background-color", "font", "font-family", "font-size", "font-style", "font-weight", "font-variant",
    "line-height", "letter-spacing", "word-spacing", "text-align", "text-decoration", "text-indent", "text-transform",
    "vertical-align", "white-space", "word-break", "overflow-wrap", "word-wrap", "direction", "width", "min-width",
    "max-width", "height", "min-height", "max-height", "padding", "padding-top", "padding-right", "padding-bottom",
    "padding-left", "margin", "margin-top", "margin-right", "margin-bottom", "margin-left", "border", "border-top",
    "border-right", "border-bottom", "border-left", "border-color", "border-style", "border-width", "border-radius",
    "border-top-color", "border-top-style", "border-top-width", "border-bottom-color", "border-bottom-style",
    "border-bottom-width", "border-left-color", "border-left-style", "border-left-width", "border-right-color",
    "border-right-style", "border-right-width", "border-collapse", "border-spacing", "table-layout", "display",
    "float", "clear", "list-style-type", "list-style-position", "mso-hide", "box-sizing", "background",
}  # fmt: skip
_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_ABSOLUTE_LINK = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_UNSAFE_VALUE = re.compile(r"[\\<>{}@]|/\*|expression|javascript|-moz-binding|behavior", re.IGNORECASE)
# Bounded: looked for at every place of a style, which may be long. No name that is allowed is longer.
_FUNCTION = re.compile(r"([\w-]{0,20})\s{0,20}\(")
_FUNCTIONS = {"rgb", "rgba", "hsl", "hsla", "calc", "min", "max"}
_NEGATIVE_MARGIN = re.compile(r"^\s*margin[^:]*:.*-\s*[\d.]", re.IGNORECASE)


def safe_inline_html(html: str) -> str:
    """What the composer may produce: paragraphs, emphasis, lists, quotes, code and links. All else becomes text."""
    return _INLINE.clean(html) if is_tame(html) else _bare(html)


def safe_note_html(html: str) -> str:
    """The same, with `<span data-mention="7">` where a colleague is called; other spans are bare."""
    return _NOTE.clean(html) if is_tame(html) else _bare(html)


def safe_frame_html(html: str, cid_urls: Mapping[str, str], show_images: bool) -> str:
    """Mail HTML for the sandboxed frame: layout and colours kept, nothing that runs, loads, submits or covers.

    `cid_urls` maps each Content-ID (without brackets) to where its image is served. Remote images come only with
    `show_images`; without it none is mentioned at all.
    """
    urls = {cid.lower(): url for cid, url in cid_urls.items()}

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "style":
            return safe_style(value) or None
        if tag == "img" and attribute == "src":
            return _image_source(value, urls, show_images)
        if attribute == "href":  # a relative address would lead into our own pages
            return value if _ABSOLUTE_LINK.match(value.strip()) else None
        return value

    cleaner = nh3.Cleaner(
        tags=_FRAME_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_FRAME_ATTRIBUTES,
        attribute_filter=keep,
        url_schemes=_LINK_SCHEMES | {"cid", "data"},
        url_relative="pass_through",
        link_rel=_LINK_REL,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        filter_style_properties=_STYLE_PROPERTIES,
    )
    return cleaner.clean(html) if is_tame(html) else _bare(html)


def safe_outgoing_html(html: str, content_ids: frozenset[str]) -> str:
    """The composer's output to send: as `safe_inline_html`, and the images that travel with the mail."""

    def keep(tag: str, attribute: str, value: str) -> str | None:
        return None if attribute == "src" and value.removeprefix("cid:") not in content_ids else value

    cleaner = nh3.Cleaner(
        tags=_INLINE_TAGS | {"img"},
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={"a": {"href"}, "img": {"src", "alt", "width", "height"}},
        attribute_filter=keep,
        url_schemes=_LINK_SCHEMES | {"cid"},
        url_relative="deny",
        link_rel=_LINK_REL,
    )
    return cleaner.clean(html) if is_tame(html) else _bare(html)


_IMAGE = re.compile(r"<img\b[^>]{0,5000}", re.IGNORECASE)
_REMOTE_SOURCE = re.compile(r"\bsrc\s{0,99}=\s{0,99}[\"']?\s{0,99}(?:https?:)?//", re.IGNORECASE)


def has_remote_images(html: str) -> bool:
    """Whether "Show images" would change anything."""
    return any(_REMOTE_SOURCE.search(image[0]) for image in _IMAGE.finditer(html))


def safe_style(style: str) -> str:
    """The declarations of a style attribute that load nothing and hide no code."""
    return ";".join(filter(_is_safe_declaration, style.split(";")))


def with_history_folded(new: str, history: str, label: str) -> str:
    """Two results of `safe_frame_html` as one, the second behind a sign that opens it without any script."""
    if not history:
        return new
    name = escape(label, quote=True)
    summary = f'<summary aria-label="{name}" title="{name}">•••</summary>'
    return f'{new}<details class="history">{summary}{history}</details>'


def frame_document(html: str) -> str:
    """A whole document for the sandboxed frame around the result of `safe_frame_html`.

    Its policy holds even if the sanitizer should miss something: no script, and no request but for images; for
    images from elsewhere only when `safe_frame_html` was asked to show them.
    """
    images = "'self' data: https: http:" if has_remote_images(html) else "'self' data:"
    policy = f"default-src 'none'; img-src {images}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return (
        "<!doctype html><html><head>"
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
        '<meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<base target="_blank"><style>{_FRAME_STYLE}</style></head><body>{html}</body></html>'
    )


_FRAME_STYLE = (
    # A mail that sets colours expects white paper; without its own it follows the reader's scheme.
    ":root{color-scheme:light dark}"
    "body{margin:0;padding:12px;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;"
    "color:#1c2024;background:#fff;overflow-wrap:anywhere}"
    "img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}"
    "blockquote{margin:0 0 0 4px;padding-left:12px;border-left:3px solid #d0d5da;color:#60646c}a{color:#0b68cb}"
    ".history{margin-top:8px}.history>summary{width:fit-content;padding:0 8px;border-radius:6px;background:#eef0f2;"
    "color:#60646c;font-size:11px;line-height:18px;cursor:pointer;list-style:none}"
    ".history>summary::-webkit-details-marker{display:none}.history[open]>summary{margin-bottom:8px}"
)


_LINK = re.compile(
    r"\b(?P<url>https?://[^\s<>\"'`]{1,1900}[^\s<>\"'`.,;:!?)\]}])|(?P<www>\bwww\.[\w.-]{1,200}\.[a-z]{2,20}(?:/[^\s<>\"'`]{0,500}"
    r"[^\s<>\"'`.,;:!?)\]}])?)|(?P<mail>\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})",
    re.IGNORECASE,
)


def text_to_html(text: str) -> str:
    """Plain text as paragraphs with its line breaks, links made clickable, everything else escaped."""
    text = text.replace("\r\n", "\n").strip("\n")
    paragraphs = re.split(r"\n[ \t]*\n+", text)
    return "".join(f"<p>{'<br>'.join(map(_line_to_html, lines.split(chr(10))))}</p>" for lines in paragraphs if lines)


_RICH = re.compile(
    r"<(?:img|table|h[1-6]|center|video|picture|hr)\b|<font\b[^>]{0,200}(?:color|size)|"
    r"(?:background|background-color|bgcolor)\s*[:=]\s*[\"']?\s*(?!transparent|inherit|none|initial|white|#fff|rgb\(255)",
    re.IGNORECASE,
)


_STYLE_SHEET = re.compile(r"<style\b[^>]{0,500}>[^<]*", re.IGNORECASE)


def is_rich(html: str) -> bool:
    """Whether layout matters: pictures, tables, headings, backgrounds. Otherwise our own typography reads better."""
    return bool(_RICH.search(_STYLE_SHEET.sub("", html)))


def _bare(html: str) -> str:
    """The text of what was written to stall its reader. It needs no cleaning, which would stall as well."""
    return text_to_html(without_tags(html))


def _line_to_html(line: str) -> str:
    pieces, position = [], 0
    for found in _LINK.finditer(line):
        pieces += [escape(line[position : found.start()]), _anchor(found)]
        position = found.end()
    return "".join([*pieces, escape(line[position:])])


def _anchor(found: re.Match[str]) -> str:
    prefix = "" if found["url"] else "https://" if found["www"] else "mailto:"
    return f'<a href="{escape(prefix + found[0])}" target="_blank" rel="{_LINK_REL}">{escape(found[0])}</a>'


def _image_source(value: str, urls: Mapping[str, str], show_images: bool) -> str | None:
    value = value.strip()
    if value[:4].lower() == "cid:":
        cid = value[4:].strip().lower()
        return urls.get(cid) or urls.get(unquote(cid))  # RFC 2392, 2: it may be percent-encoded
    if re.match(r"data:image/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=\s]*$", value, re.IGNORECASE):
        return value
    if show_images and _REMOTE.match(value):
        return value if value[:2] != "//" else f"https:{value}"
    return None


def _is_safe_declaration(declaration: str) -> bool:
    if not declaration.strip() or _UNSAFE_VALUE.search(declaration) or _NEGATIVE_MARGIN.search(declaration):
        return False
    return all(name.lower() in _FUNCTIONS for name in _FUNCTION.findall(declaration))
