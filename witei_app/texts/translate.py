"""Sentences made on the server: refusals, system lines, previews."""

from witei_app.texts.catalogue import CATALOGUES, LANGUAGES

__all__ = ["LANGUAGES", "later", "translate"]


def translate(text: str, language: str = "en", **values: object) -> str:
    """Give `text` in `language`, with `{name}` placeholders filled in.

    A text or a language nobody has translated stays English: better a foreign sentence than none.
    """
    template = CATALOGUES.get(language, {}).get(text, text)
    return template.format(**values) if values else template


def later(text: str) -> str:
    """Marks a text that is stored in English and translated when somebody reads it."""
    return text
