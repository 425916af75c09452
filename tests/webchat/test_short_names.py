"""A script with short names says and does the same."""

import pytest

from witei_app.webchat.scripts import chat_script
from witei_app.webchat.short_names import with_short_names


def test_what_is_declared_is_shortened_everywhere() -> None:
    code = "const attempts=0;function again(){return attempts+1}again();"
    assert with_short_names(code) == "const b=0;function a(){return b+1}a();"


def test_each_of_a_list_is_shortened() -> None:
    code = "let frame,unread=0,opened=false;unread=frame(opened,other);"
    assert with_short_names(code) == "let a,c=0,b=false;c=a(b,other);"


@pytest.mark.parametrize(
    "use",
    [
        "box.again",
        "say({again})",
        "x={again:1}",
        "x={once(){},again(n){}}",
        "say('try again')",
        "`${again} it`",
        "{again=1}",
    ],
)
def test_what_might_be_a_property_or_a_text_stays(use: str) -> None:
    assert with_short_names(f"let again=1;{use};") == f"let again=1;{use};"


def test_a_spread_is_no_property() -> None:
    assert with_short_names("let again=[];say(...again);") == "let a=[];say(...a);"


def test_a_name_that_is_there_is_not_given_again() -> None:
    assert with_short_names("let again=a;b();") == "let c=a;b();"


def test_in_the_chat_it_leaves_what_others_know() -> None:
    code = chat_script().body.decode()
    assert "reconnectNow" not in code
    for known in ("texts.file_too_large", "signature", "unsent:", "dead_link", "crypto.randomUUID"):
        assert known in code
