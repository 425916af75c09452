"""Our words for the visitors of web chats, in the chat's seven languages. They lie beside the chat's own files."""

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "widget_embed"
FALLBACK = "en"
EMOJI_LANGUAGES = ("en", "es", "ca", "fr", "de", "it", "pt")  # in the order of emoji.txt


@cache
def _texts() -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = json.loads((FOLDER / "texts.json").read_text())
    return texts


@cache
def emoji_groups(lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The visitors' emoji: each group's title and its emoji with their names, all in one language."""
    at = EMOJI_LANGUAGES.index(lang)
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for line in (FOLDER / "emoji.txt").read_text().splitlines():
        if line.startswith("#"):
            groups.append((line[1:].split("|")[at].strip(), []))
        else:
            sign, *names = line.split("|")
            groups[-1][1].append((sign.strip(), names[at].strip()))
    return groups


def language(*wanted: str) -> str:
    """The first of the wanted languages ("es-MX", or a whole Accept-Language header) that there are texts for."""
    for header in wanted:
        for tag in header.split(","):
            short = tag.strip()[:2].lower()
            if short in _texts():
                return short
    return FALLBACK


def words(lang: str) -> dict[str, str]:
    """The texts of a language that `language` gave."""
    return _texts()[lang]


def own_name(name: str) -> str:
    """What a visitor is called to their face: without what the team calls somebody unknown, "" where that is all."""
    for texts in _texts().values():
        if name == texts["visitor_name"] or name.startswith(texts["visitor_from"].format(page="/")):
            return ""
        name = name.removesuffix(texts["unverified"].format(name=""))
    return name
