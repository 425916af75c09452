"""What of a widget its visitors see: colour, words, who answers."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import escape
from typing import Any
from urllib.parse import urlsplit

from witei_app.texts.people import initials
from witei_app.texts.visitors import words
from witei_app.webchat.form import AskFirst
from witei_app.webchat.nudge import Nudge

LANGUAGES = ("es", "en", "ca", "fr", "de", "it", "pt")
OWN_TEXTS = ("title", "subtitle", "welcome", "replies", "nudge")
MOST_REPLIES = 5
LONGEST_TEXT = 5_000
MOST_FILES = 5  # in one message


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
    widget_id: int = 0


def own_words(look: Look | ButtonLook, lang: str) -> dict[str, str]:
    """Title, line below it and welcome: the agency's own where it wrote them in this language."""
    own: dict[str, object] = look.texts.get(lang) or {}
    return {name: str(own.get(name) or words(lang).get(name, "")) for name in OWN_TEXTS}


def questions(typed: str) -> list[str]:
    """The agency's questions to begin with, one to a line."""
    return [line.strip() for line in typed.splitlines() if line.strip()][:MOST_REPLIES]


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
