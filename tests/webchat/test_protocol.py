"""What the socket takes, and what it says."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witei_app.models import Direction, Message
from witei_app.webchat.protocol import LARGEST_FRAME, BadFrame, Hello, Moved, Read, Say, message_frame, parse

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
NAMES = st.sampled_from(["t", "token", "since", "page", "lang", "user", "id", "text", "n", "extra"])
KINDS = st.sampled_from(["hello", "say", "read", "typing", "ping", "welcome", ""])


@given(st.text() | ANYTHING.map(json.dumps))
def test_any_text_is_a_frame_or_a_bad_frame(text: str) -> None:
    _parse_or_refuse(text)


@given(KINDS, st.dictionaries(NAMES, ANYTHING, max_size=5))
def test_frames_with_wrong_fields_are_bad_frames(kind: str, fields: dict[str, Any]) -> None:
    _parse_or_refuse(json.dumps({**fields, "t": kind}))


def _parse_or_refuse(text: str) -> None:
    try:
        frame = parse(text)
    except BadFrame:
        return
    assert json.loads(text)["t"] == frame.t


@given(st.text())
def test_what_a_visitor_writes_comes_through_without_control_characters(text: str) -> None:
    frame = parse(json.dumps({"t": "say", "id": "12345678", "text": text.encode("utf-8", "replace").decode()}))
    assert isinstance(frame, Say)
    assert all(letter in "\n\t" or letter >= " " for letter in frame.text)


@pytest.mark.parametrize(
    "frame",
    [
        {"t": "say", "id": "short", "text": "x"},
        {"t": "say", "id": "a" * 65, "text": "x"},
        {"t": "say", "id": "12345678'--", "text": "x"},
        {"t": "say", "id": "12345678", "text": "x", "by": "agent"},
        {"t": "read", "n": -1},
        {"t": "read", "n": 2**31},
        {"t": "read", "n": "3"},
        {"t": "hello", "since": 1.5},
        {"t": "welcome"},
    ],
)
def test_a_frame_with_anything_else_in_it_is_refused(frame: dict[str, Any]) -> None:
    with pytest.raises(BadFrame):
        parse(json.dumps(frame))


def test_a_frame_over_the_size_is_refused_before_it_is_read() -> None:
    with pytest.raises(BadFrame, match="too large"):
        parse(json.dumps({"t": "say", "id": "12345678", "text": "x" * LARGEST_FRAME}))


def test_the_longest_message_fits_a_frame_in_any_alphabet() -> None:
    for letter in ("x", "ñ", "語"):
        frame = {"t": "say", "id": "12345678", "text": letter * 5000}
        assert isinstance(parse(json.dumps(frame, ensure_ascii=False)), Say)


def test_what_the_page_says_of_itself_is_cut_not_refused() -> None:
    frame = parse(json.dumps({"t": "hello", "page": {"url": "https://a.example/" + "x" * 5000, "title": "a\0b\nc"}}))
    assert isinstance(frame, Hello)
    assert len(frame.page.url) == 2000
    assert frame.page.title == "ab c"


def test_a_number_is_read() -> None:
    assert parse('{"t":"read","n":7}') == Read(t="read", n=7)


def test_an_internal_note_has_no_frame() -> None:
    with pytest.raises(AssertionError):
        message_frame(Message(number=1, direction=Direction.NOTE, text="for colleagues"))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("https://sol.example/flats?x=1#photos", "https://sol.example/flats?x=1"),
        ("https://sol.example/#access_token=secret", "https://sol.example/"),
        ("https://sol.example/#/flats/12", "https://sol.example/#/flats/12"),
        ("https://sol.example/#!flats", "https://sol.example/#!flats"),
    ],
)
def test_what_a_page_keeps_behind_its_address_stays_there(sent: str, kept: str) -> None:
    frame = parse(json.dumps({"t": "page", "page": {"url": sent, "title": "", "referrer": ""}}))
    assert isinstance(frame, Moved)
    assert frame.page.url == kept
