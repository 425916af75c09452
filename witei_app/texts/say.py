"""Texts on the page: all languages are compiled in, the reader's is chosen in the browser."""

from typing import Any

import reflex as rx

from witei_app.texts.catalogue import CATALOGUES
from witei_app.texts.language import LanguageState


def say(text: str, **values: Any) -> rx.Var[str]:
    """Show `text` in the reader's language. `{name}` placeholders take vars or plain values."""
    translated = [(language, _fill(texts[text], values)) for language, texts in CATALOGUES.items() if text in texts]
    english = _fill(text, values)
    return rx.match(LanguageState.language, *translated, english) if translated else english


def _fill(template: str, values: dict[str, Any]) -> rx.Var[str]:
    """A var formats itself into a marker that `rx.Var.create` turns back into an expression."""
    return rx.Var.create(template.format(**values) if values else template).to(str)
