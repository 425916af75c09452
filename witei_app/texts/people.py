"""How people and languages are shown: initials, a tint of their own, a language's name."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

TINTS = 5


@lru_cache(maxsize=20_000)
def initials(name: str) -> str:
    """Two letters at most: "Marco Torres" is "MT", "ventas@example.com" is "V"."""
    words = [word for word in name.split("@")[0].replace(".", " ").split() if word[0].isalnum()]
    names = [word for word in words if word[0].isupper()] or words  # "María de los Ángeles" is "MÁ"
    first = next(filter(str.isalnum, name), name[:1])
    return ("".join(word[0] for word in names[:2]) or first).upper()


def tint(person_id: int) -> int:
    """One of the five tints of an avatar, always the same for the same person."""
    return person_id % TINTS + 1


@lru_cache(maxsize=1_000)
def country_name(code: str, language: str) -> str:
    """The name of a country: ("ES", "en") is "Spain"; an unknown code as it stands."""
    return Locale.parse(language or "en").territories.get(code, code) if code else ""


@lru_cache(maxsize=1_000)
def language_name(code: str, language: str) -> str:
    """The name of a language: ("es", "en") is "Spanish"; an unknown code as it stands."""
    if not code:
        return ""
    try:
        name = Locale.parse(code.replace("-", "_")).get_language_name(language or "en")
    except (UnknownLocaleError, ValueError):
        return code
    return (name or code).capitalize() if (language or "en") == "en" else (name or code)
