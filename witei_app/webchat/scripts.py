"""The scripts of widget_embed, ready to be sent."""

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from witei_app.texts.visitors import emoji_groups, words
from witei_app.webchat.look import ButtonLook, own_words
from witei_app.webchat.minified import minified

# Where the loader reads its settings off the tag that loads it.
_OFF_THE_TAG = re.compile(r"(?=\.\.\.[\w$]+\.dataset\b)")


@dataclass(frozen=True)
class Asset:
    """A file ready to be sent. `etag` has its quotes."""

    body: bytes
    packed: bytes
    etag: str


@cache
def plain_loader() -> Asset:
    """The loader as it lies there: its settings stand on the tag that loads it."""
    return _asset(minified()["loader"])


@cache
def chat_script() -> Asset:
    """The visitor's side of the chat, inside the iframe."""
    return _asset(minified()["chat"])


@lru_cache(maxsize=1_000)
def loader(look: ButtonLook | None) -> Asset:
    """The loader with a widget's settings in it; without any for a widget that is off, and then it does nothing."""
    if look is None:
        return _asset("")
    known: dict[str, Any] = {"key": look.key, "color": look.colour, "side": look.position, "text": look.button_text}
    known |= {"lang": look.language, "nudge": _nudge(look)}
    given = {name: value for name, value in known.items() if value}
    code, found = _OFF_THE_TAG.subn(lambda _: f"...{_literal(given)},", minified()["loader"])
    assert found == 1
    return _asset(code)


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
    return _asset(_filled("nudge", WORDS=own_words(look, lang)["nudge"], CLOSE=words(lang)["dismiss"]))


@cache
def emoji_script(lang: str) -> Asset:
    """What shows the visitor's emoji, with their names in one language."""
    texts = words(lang)
    said = {"title": texts["emoji"], "search": texts["emoji_search"], "none": texts["emoji_none"]}
    return _asset(_filled("emoji", GROUPS=emoji_groups(lang), WORDS=said))


def _filled(script: str, **given: Any) -> str:
    """The script with these values for the names that it leaves open."""
    of_names = re.compile(rf"\b({'|'.join(given)})\b")
    return of_names.sub(lambda found: _literal(given[found[0]]), minified()[script])


def _literal(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _asset(text: str) -> Asset:
    body = text.encode()
    return Asset(body, gzip.compress(body, 9, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:16]}"')
