"""The scripts of widget_embed, ready to be sent: there is no build step, files lie there as they are written."""

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from rjsmin import jsmin

from witei_app.texts.visitors import FOLDER, emoji_groups, words
from witei_app.webchat.look import ButtonLook, own_words
from witei_app.webchat.short_names import with_short_names

# The parts of the chat's script, which share what they name; each runs before those that follow.
CHAT = (
    *("config", "storage", "messages", "rows", "rich_text", "labels", "sending", "files", "questions"),
    *("exchange", "connection", "earlier", "heard", "unread", "host_page", "sound", "menu", "hands"),
    *("emoji_button", "start"),
)


@dataclass(frozen=True)
class Asset:
    """A file ready to be sent. `etag` has its quotes."""

    body: bytes
    packed: bytes
    etag: str


@cache
def plain_loader() -> Asset:
    """The loader as it lies there: its settings stand on the tag that loads it."""
    return _asset(_loader_code())


@cache
def _loader_code() -> str:
    return with_short_names(_squeezed("loader.js"))


@cache
def chat_script() -> Asset:
    """The visitor's side of the chat, inside the iframe: its parts as one script that leaves no names behind."""
    parts = "".join(_squeezed(f"chat/{part}.js") + "\n" for part in CHAT)
    return _asset(with_short_names(f'(()=>{{"use strict";{parts}}})();'))


@lru_cache(maxsize=1_000)
def loader(look: ButtonLook | None) -> Asset:
    """The loader with a widget's settings in it; without any for a widget that is off, and then it does nothing."""
    if look is None:
        return _asset("")
    known: dict[str, Any] = {"key": look.key, "color": look.colour, "side": look.position, "text": look.button_text}
    known |= {"lang": look.language, "nudge": _nudge(look)}
    given = {name: value for name, value in known.items() if value}
    settings = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    return _asset(_loader_code().replace("...script.dataset", f"...{settings},...script.dataset", 1))


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
    said = {"words": own_words(look, lang)["nudge"], "close": words(lang)["dismiss"]}
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
    """And what jsmin leaves: indentation and line ends of the style sheets in the scripts, brackets around a single
    parameter. Each statement ends with its semicolon, so no line end means anything."""
    lines = (line.strip() for line in (FOLDER / name).read_text().splitlines())
    code = re.sub(r"([;{,}])\n", r"\1", jsmin("\n".join(lines)))
    return re.sub(r"(?<!\w)\((\w+)\)=>", r"\1=>", code)
