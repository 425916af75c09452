"""What the browser gets for the web chat: the loader, the iframe's page and its script, ready to be sent.

There is no build step: files lie in widget_embed/ as they are written. Comments and spaces stay here, and the page
carries its style sheet and one language's texts, so that an open chat costs the visitor three requests and a
WebSocket.
"""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import cache, lru_cache
from html import escape
from string import Template
from typing import Any
from urllib.parse import urlsplit

from rjsmin import jsmin

from witei_app.texts.people import initials
from witei_app.texts.visitors import FOLDER, emoji_groups, words
from witei_app.webchat.form import AskFirst
from witei_app.webchat.nudge import Nudge
from witei_app.webchat.pace import in_words

LANGUAGES = ("es", "en", "ca", "fr", "de", "it", "pt")
OWN_TEXTS = ("title", "subtitle", "welcome", "replies", "nudge")
MOST_REPLIES = 5
LONGEST_TEXT = 5_000
MOST_FILES = 5  # in one message
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Asset:
    """A file ready to be sent. `etag` has its quotes."""

    body: bytes
    packed: bytes
    etag: str


@dataclass(frozen=True)
class Face:
    """Somebody who answers: their name, and the SHA-256 of their picture, "" without one."""

    name: str
    portrait: str = ""

    @property
    def html(self) -> str:
        """As it stands at the head of the chat."""
        if not self.portrait:
            return f'<span aria-hidden="true">{escape(initials(self.name))}</span>'
        return f'<span><img src="{escape(portrait_address(self.portrait))}" alt="" width="30" height="30"></span>'


def portrait_address(sha256: str) -> str:
    """Where a user's picture is shown (http/portraits.py)."""
    return f"/portraits/{sha256}.webp"


@dataclass(frozen=True)
class Look:
    """What of a widget its visitors see. `texts` may hold "title", "subtitle" and "welcome" by language."""

    key: str
    agency: str
    colour: str
    texts: dict[str, Any]
    sites: tuple[str, ...] = ()
    faces: tuple[Face, ...] = ()
    form: AskFirst = field(default_factory=AskFirst)
    language: str = ""
    pace: timedelta | None = None
    takes_files: bool = True
    accept: str = ""
    most_file_mb: int = 25
    logo: str = ""
    patience_minutes: int = 2


@dataclass(frozen=True)
class ButtonLook:
    """What of a widget the loader shows before anybody presses its button."""

    key: str
    colour: str
    position: str
    button_text: str
    language: str
    sites: tuple[str, ...]
    nudge: Nudge = field(default_factory=Nudge)
    texts: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class ChatPage:
    """The iframe's page and the policy that it is sent with."""

    html: str
    content_security_policy: str


@cache
def script(name: str) -> Asset:
    """One of the scripts of widget_embed, without its comments and spaces."""
    return _asset(_squeezed(name))


@lru_cache(maxsize=1_000)
def loader(look: ButtonLook | None) -> Asset:
    """The loader with a widget's settings in it; without any for a widget that is off, and then it does nothing."""
    if look is None:
        return _asset("")
    known: dict[str, Any] = {"key": look.key, "color": look.colour, "side": look.position, "text": look.button_text}
    known |= {"lang": look.language, "nudge": _nudge(look)}
    given = {name: value for name, value in known.items() if value}
    settings = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    return _asset(_squeezed("loader.js").replace("...script.dataset", f"...{settings},...script.dataset", 1))


def _nudge(look: ButtonLook) -> dict[str, Any]:
    """When and where the line is shown; nothing when it is off."""
    if not look.nudge.is_on:
        return {}
    return {"after": look.nudge.seconds, "on": look.nudge.pattern}


def nudge_script(look: ButtonLook | None, lang: str) -> Asset:
    """The line beside the button, with its words in the visitor's language."""
    if look is None or not look.nudge.is_on:
        return _asset("")
    lang = look.language or lang
    said = {"words": own_words(look, lang)["nudge"], "close": words(lang)["close"]}
    return _asset(_filled(_squeezed("nudge.js"), said))


@cache
def emoji_script(lang: str) -> Asset:
    """What shows the visitor's emoji, with their names in one language."""
    texts = words(lang)
    said = {"title": texts["emoji"], "search": texts["emoji_search"], "none": texts["emoji_none"]}
    return _asset(_filled(_squeezed("emoji.js"), {"groups": emoji_groups(lang), "words": said}))


def _filled(code: str, given: dict[str, Any]) -> str:
    """The script with these values in place of its empty ones."""
    for name, value in given.items():
        empty = f"const {name}={json.dumps(type(value)())};"
        assert empty in code, name
        filled = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        code = code.replace(empty, f"const {name}={filled};", 1)
    return code


def _asset(text: str) -> Asset:
    body = text.encode()
    return Asset(body, gzip.compress(body, 9, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:16]}"')


@cache
def _squeezed(name: str) -> str:
    """Indentation goes from the style sheets in the scripts, too, which jsmin leaves alone."""
    lines = (line.strip() for line in (FOLDER / name).read_text().splitlines())
    code: str = jsmin("\n".join(lines))
    return code


def own_words(look: Look | ButtonLook, lang: str) -> dict[str, str]:
    """Title, line below it and welcome: the agency's own where it wrote them in this language."""
    own: dict[str, object] = look.texts.get(lang) or {}
    return {name: str(own.get(name) or words(lang).get(name, "")) for name in OWN_TEXTS}


def ink_on(colour: str) -> str:
    """Black or white, whichever contrasts more with the colour: always 4.5:1 or better."""
    return "#000" if _luminance(colour) > 0.179 else "#fff"


def contrast(colour: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(colour), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    if len(colour) == 4:
        colour = "#" + "".join(letter * 2 for letter in colour[1:])
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def chat_page(look: Look, lang: str, host: str, *, is_rtl: bool = False) -> ChatPage:
    """The page inside the iframe. `host` is what the browser called us by, for the socket's address in the policy; with
    `is_rtl` it runs from right to left, as the agency's page does."""
    style = _style(look.colour)
    own = own_words(look, lang)
    config = {
        "key": look.key,
        "lang": lang,
        "name": look.agency,
        "color": look.colour,
        "welcome": own["welcome"],
        "longest": LONGEST_TEXT,
        "slow": look.patience_minutes * 60,
        "texts": {name: text for name, text in words(lang).items() if name in _said_by_script()},
        **({"files": {"most": MOST_FILES, "mb": look.most_file_mb}} if look.takes_files else {}),
        **({"replies": own["replies"].splitlines()[:MOST_REPLIES]} if own["replies"] else {}),
        **({"form": asdict(look.form)} if look.form.is_asked else {}),
    }
    values = words(lang) | own | {"lang": lang, "version": script("chat.js").etag[1:-1]}
    values["usual"] = words(lang)["usual"].format(time=in_words(look.pace, lang)) if look.pace else ""
    values = {name: escape(value) for name, value in values.items()}
    values["no_files"] = "" if look.takes_files else "hidden"
    values["dir"] = ' dir="rtl"' if is_rtl else ""
    values["config"] = escape(json.dumps(config, ensure_ascii=False))
    values["accept"] = f'accept="{escape(look.accept)}"' if look.accept else ""
    values["logo"] = f'<img class="logo" src="{escape(look.logo)}" alt="">' if look.logo else ""
    values["faces"] = "".join(face.html for face in look.faces)
    values["names"] = escape(", ".join(face.name for face in look.faces))
    return ChatPage(_page().substitute(values, style=style), _policy(style, host, look.sites))


@cache
def _said_by_script() -> frozenset[str]:
    """The texts that chat.js names; the others stand in the page, or are said by the server."""
    return frozenset(re.findall(r"\btexts\.(\w+)", _squeezed("chat.js"))) | {"ask_name", "ask_email", "ask_phone"}


@cache
def _page() -> Template:
    return Template((FOLDER / "chat.html").read_text())


@cache
def _style(colour: str) -> str:
    brand = colour if _COLOUR.fullmatch(colour) else "#1d5fe0"
    return f":root{{--brand:{brand};--on-brand:{ink_on(brand)}}}{_style_sheet()}"


@cache
def _style_sheet() -> str:
    code = re.sub(r"/\*.*?\*/", "", (FOLDER / "chat.css").read_text(), flags=re.DOTALL)
    return re.sub(r"\s*([{};,>])\s*", r"\1", code).strip()


def _policy(style: str, host: str, sites: tuple[str, ...]) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'sha256-{digest}'",
            f"connect-src 'self' ws://{host} wss://{host}",  # Safari before 15.4 leaves ws: out of 'self'
            "img-src 'self' data:",
            "base-uri 'none'",
            "form-action 'none'",
            # Without sites any page may have it, a file on somebody's disk too, which is no "*".
            *([f"frame-ancestors {' '.join(sites)}"] if sites else []),
        )
    )


def origin(address: str) -> str:
    """Scheme, host and port of an address, in lower case without the scheme's own port; "" when it has none."""
    try:
        parts = urlsplit(address.strip().lower())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[a-z0-9.-]+|[0-9a-f:]+", parts.hostname or ""):
        return ""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    is_usual = port is None or port == {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{port}")
