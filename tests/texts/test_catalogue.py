"""Nothing a person reads is left untranslated, and no translation lost a placeholder."""

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from reflex import Component

from witei_app.components.composer import _LABELS
from witei_app.components.rail import _ENTRIES, _SETTINGS
from witei_app.crm.csv_files import ENCODINGS
from witei_app.pages import add_pages
from witei_app.texts import translate
from witei_app.texts.catalogue import CATALOGUES

PACKAGE = Path(__file__).parents[2] / "witei_app"
SAYING = {"say", "_say_done", "translate", "later", "Refused", "NotFound", "NotAllowed"}


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_text_is_translated(language: str) -> None:
    assert sorted(said() - set(CATALOGUES[language])) == []


@pytest.mark.parametrize("language", CATALOGUES)
def test_translations_keep_their_placeholders(language: str) -> None:
    for text, translated in CATALOGUES[language].items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", translated)), text


@pytest.mark.parametrize("language", CATALOGUES)
def test_whatever_a_page_says_is_translated(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what is said from a table of labels, which the source does not show."""
    asked = Asked(CATALOGUES[language])
    monkeypatch.setattr(importlib.import_module("witei_app.texts.say"), "CATALOGUES", {language: asked})
    pages = Pages()
    add_pages(pages)  # type: ignore[arg-type]
    assert len(pages.made) > 20
    assert sorted(asked.missing - set(ENCODINGS.values())) == []  # names, not words


class Pages:
    """In place of the app: makes each page at once."""

    def __init__(self) -> None:
        self.made: list[Component] = []

    def add_page(self, component: Callable[[], Component], **_: object) -> None:
        """As of an app."""
        self.made.append(component())


class Asked(dict[str, str]):
    """A catalogue that notes what it was asked for and has not."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__(texts)
        self.missing: set[str] = set()

    def __contains__(self, text: object) -> bool:
        if not super().__contains__(text):
            self.missing.add(str(text))
            return False
        return True


def test_an_unknown_text_or_language_stays_english() -> None:
    assert translate("Nobody wrote this in Spanish", "es") == "Nobody wrote this in Spanish"
    assert translate("Today", "xx") == "Today"


def test_values_with_braces_are_only_text() -> None:
    assert translate("You: {preview}", "es", preview="{who} {") == "Tú: {who} {"


def said() -> set[str]:
    """Every text given to `say`, `translate`, `later` or a refusal, and to `t` in the server's own pages."""
    labels = {*_LABELS.values(), *(text for text, *_ in [*_ENTRIES.values(), *_SETTINGS.values()])}
    return labels | set(_in_python()) | set(_in_pages())


def _in_python() -> Iterator[str]:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in SAYING and node.args:
                text = node.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield text.value


def _in_pages() -> Iterator[str]:
    for path in PACKAGE.rglob("*.html"):
        for double, single in re.findall(r"""\bt\(\s*(?:"([^"]*)"|'([^']*)')""", path.read_text(encoding="utf-8")):
            yield double or single


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""
