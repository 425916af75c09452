"""What the browser loads: its weight, its policy, its languages, its colours."""

import gzip
import json
import re
from dataclasses import replace
from html import unescape

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webchat.conftest import Agency
from witei_app.db import transaction
from witei_app.texts.visitors import FOLDER, emoji_groups, language, words
from witei_app.webchat.look import ButtonLook, Face, Look, ink_on, origin
from witei_app.webchat.minified import CHAT
from witei_app.webchat.nudge import Nudge
from witei_app.webchat.page import chat_page
from witei_app.webchat.scripts import chat_script, emoji_script, loader, plain_loader

LOOK = Look("sol", "Inmobiliaria Sol", "#1d5fe0", {}, faces=(Face("Ana Ruiz"), Face("Luis Urrutia", "0f" * 32)))
LANGUAGES = ["en", "es", "ca", "fr", "de", "it", "pt"]


def test_the_loader_weighs_at_most_3_kb() -> None:
    assert len(plain_loader().packed) <= 3 * 1024


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_open_chat_weighs_at_most_20_kb(lang: str) -> None:
    page = gzip.compress(chat_page(LOOK, lang, "localhost:3000").html.encode(), 9)
    assert len(plain_loader().packed) + len(chat_script().packed) + len(page) <= 20 * 1024


def test_every_part_of_the_script_is_sent_once() -> None:
    assert sorted(CHAT) == sorted(one.stem for one in (FOLDER / "chat").glob("*.js"))


def test_empty_lines_between_the_questions_are_none() -> None:
    look = replace(LOOK, texts={"en": {"replies": "One?\n\n  Two? \n" + "Three?\n" * 9}})
    config = json.loads(unescape(re.findall(r'data-chat="([^"]+)"', chat_page(look, "en", "h").html)[0]))
    assert config["replies"] == ["One?", "Two?", "Three?", "Three?", "Three?"]


def test_every_language_says_everything() -> None:
    for lang in LANGUAGES:
        assert set(words(lang)) == set(words("en"))
        assert all(words(lang).values())


def test_the_names_that_checks_rely_on() -> None:
    html = chat_page(LOOK, "en", "localhost:3000").html
    for name in ('role="log" aria-label="Messages"', 'aria-label="Your message"', 'aria-label="Send"'):
        assert name in html


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (["es"], "es"),
        (["es-MX"], "es"),
        (["sv", "ca,en;q=0.5"], "ca"),
        (["", "xx"], "en"),
        (["EN-gb"], "en"),
        ([], "en"),
    ],
)
def test_the_page_chooses_the_language_then_the_browser(wanted: list[str], chosen: str) -> None:
    assert language(*wanted) == chosen


def test_the_agencys_own_words_stand_in_their_language_alone() -> None:
    look = Look("sol", "Sol", "#1d5fe0", {"es": {"title": "¿Busca casa?"}})
    assert "¿Busca casa?" in chat_page(look, "es", "h").html
    assert "How can we help?" in chat_page(look, "en", "h").html


@given(st.text(max_size=40))
def test_what_the_agency_writes_is_text(hostile: str) -> None:
    look = Look("sol", hostile, hostile, {"en": {"title": f"</h1><script>{hostile}"}}, faces=(Face(hostile, hostile),))
    html = chat_page(look, "en", "h").html
    assert html.count("<script") == 1
    assert re.findall(r"<[a-z]+[^>]* on\w+=", html) == []


def test_the_policy_lets_in_only_our_own_and_only_the_widgets_sites() -> None:
    look = Look("sol", "Sol", "#1d5fe0", {}, sites=("https://sol.example", "https://www.sol.example"))
    policy = chat_page(look, "en", "chat.example").content_security_policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors https://sol.example https://www.sol.example" in policy
    assert "unsafe" not in policy
    assert "wss://chat.example" in policy


@given(st.integers(0, 0xFFFFFF))
def test_text_on_any_colour_has_contrast(colour: int) -> None:
    background = _luminance(colour)
    ink = 0.0 if ink_on(f"#{colour:06x}") == "#000" else 1.0
    lighter, darker = max(background, ink), min(background, ink)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def _luminance(colour: int) -> float:
    parts = [(colour >> shift & 0xFF) / 255 for shift in (16, 8, 0)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@given(st.text())
def test_an_origin_holds_nothing_that_could_add_to_a_policy(address: str) -> None:
    assert re.fullmatch(r"(https?://[a-z0-9.\-:\[\]]+)?", origin(address))
    assert re.fullmatch(r"(https?://[a-z0-9.\-:\[\]]+)?", origin(f"https://{address}"))


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://Sol.Example/contact?x=1", "https://sol.example"),
        ("https://sol.example:443", "https://sol.example"),
        ("http://localhost:3000/", "http://localhost:3000"),
        ("javascript:alert(1)", ""),
        ("sol.example", ""),
        ("null", ""),
    ],
)
def test_an_origin_is_scheme_host_and_port(address: str, found: str) -> None:
    assert origin(address) == found


async def test_scripts_come_packed_and_are_asked_for_once(lite_sol: Agency, port: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as browser:
        first = await browser.get("/embed/loader.js")
        again = await browser.get("/embed/loader.js", headers={"If-None-Match": first.headers["etag"]})
        plain = await browser.get("/embed/loader.js", headers={"Accept-Encoding": "identity"})
    assert first.headers["content-encoding"] == "gzip"
    assert again.status_code == 304
    assert plain.text == first.text
    assert "set-cookie" not in first.headers


async def test_the_page_of_a_widget_and_of_none(lite_sol: Agency, port: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as browser:
        page = await browser.get(f"/embed/chat/{lite_sol.key}?lang=es")
        none = await browser.get("/embed/chat/nobody", headers={"Accept-Language": "de"})
    assert "¿En qué le ayudamos?" in page.text
    assert "AR" in page.text
    assert f"ws://127.0.0.1:{port}" in page.headers["content-security-policy"]
    assert none.status_code == 404
    assert none.text == words("de")["unavailable"]


async def test_a_widget_that_is_off_or_misspells_its_sites_shows_nothing(lite_sol: Agency, port: int) -> None:
    for change in ({"is_enabled": False}, {"is_enabled": True, "sites": ["sol.example"]}):
        async with transaction() as db:
            for name, value in change.items():
                setattr(lite_sol.widget, name, value)
            db.add(lite_sol.widget)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as browser:
            assert (await browser.get(f"/embed/chat/{lite_sol.key}")).status_code == 404


def test_the_loader_stays_light_with_a_widgets_settings_in_it() -> None:
    look = ButtonLook("Zk3_vT0-qX9LrWb2Ns7dQg", "#a7c31e", "left", "¿Buscas piso? Escríbenos ahora, ¡gratis!", "pt", ())
    assert len(loader(look).packed) <= 3 * 1024


def test_what_the_script_says_comes_with_it_and_little_else() -> None:
    config = json.loads(unescape(re.findall(r'data-chat="([^"]+)"', chat_page(LOOK, "es", "h").html)[0]))
    named = set(re.findall(r"texts\.(\w+)", "".join(one.read_text() for one in (FOLDER / "chat").glob("*.js")))) | {
        "ask_name",
        "ask_email",
        "ask_phone",
    }
    assert set(config["texts"]) == named
    assert named <= set(words("es"))


def test_the_emoji_weigh_little_and_have_names_in_each_language() -> None:
    signs = [[sign for _, group in emoji_groups(lang) for sign, _ in group] for lang in LANGUAGES]
    assert all(one == signs[0] for one in signs)
    assert len(set(signs[0])) == len(signs[0]) > 100
    for lang in LANGUAGES:
        assert all(title and all(names for _, names in group) for title, group in emoji_groups(lang))
        assert len(emoji_script(lang).packed) <= 4 * 1024
        assert words(lang)["emoji_search"] in emoji_script(lang).body.decode()


def test_a_page_from_right_to_left_has_the_chat_so() -> None:
    assert '<html lang="en" dir="rtl">' in chat_page(LOOK, "en", "h", is_rtl=True).html
    assert "Ana Ruiz, Luis Urrutia" in chat_page(LOOK, "en", "h").html


@pytest.mark.parametrize("lang", ["", *LANGUAGES])
def test_the_loader_with_a_line_that_speaks_first_stays_light_too(lang: str) -> None:
    pages = ("/pisos/*", "/alquiler/*", "/obra-nueva/*")
    look = ButtonLook("Zk3_vT0-qX9LrWb2Ns7dQg", "#a7c31e", "left", "Pregúntenos", lang, (), Nudge(True, 20, pages))
    assert len(loader(look).packed) <= 3 * 1024
