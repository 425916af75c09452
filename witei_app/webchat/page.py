"""The page inside the visitor's iframe, with the policy that it is sent with.

It carries its style sheet and one language's texts, so that an open chat costs the visitor three requests and a
WebSocket.
"""

import base64
import hashlib
import json
import re
from dataclasses import asdict, dataclass
from functools import cache
from html import escape
from string import Template

from witei_app.texts.visitors import FOLDER, words
from witei_app.webchat.calendar import spelling
from witei_app.webchat.look import LONGEST_TEXT, MOST_FILES, Look, ink_on, own_words, questions
from witei_app.webchat.minified import chat_source
from witei_app.webchat.pace import in_words
from witei_app.webchat.scripts import chat_script

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class ChatPage:
    """The iframe's page and the policy that it is sent with."""

    html: str
    content_security_policy: str


def chat_page(look: Look, lang: str, host: str, *, is_rtl: bool = False, accepted: str = "") -> ChatPage:
    """The page inside the iframe. `host` is what the browser called us by, for the socket's address in the policy; with
    `is_rtl` it runs from right to left, as the agency's page does; `accepted` are the browser's languages."""
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
        "dates": spelling(lang, accepted),
        "texts": {name: text for name, text in words(lang).items() if name in _said_by_script()},
        **({"files": {"most": MOST_FILES, "mb": look.most_file_mb}} if look.takes_files else {}),
        **({"replies": replies} if (replies := questions(own["replies"])) else {}),
        **({"form": asdict(look.form)} if look.form.is_asked else {}),
    }
    values = words(lang) | own | {"lang": lang, "version": chat_script().etag[1:-1]}
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
    """The texts that the script names; the others stand in the page, or are said by the server."""
    named = re.findall(r"\btexts\.(\w+)", chat_source())
    return frozenset(named) | {"ask_name", "ask_email", "ask_phone"}


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
