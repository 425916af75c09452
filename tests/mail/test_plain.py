import pytest

from witei_app.mail.plain import html_to_text
from witei_app.mail.quoted import split_reply


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><p>uno</p></body></html><p>dos</p>",
        "<html><body><p>uno</p></body></html>\n<html><head><title>x</title></head><body><p>dos</p></body></html>",
        "<!doctype html><HTML><BODY><p>uno</p></BODY></HTML >dos",
    ],
)
def test_what_stands_after_the_end_of_a_page_is_read(html):
    assert html_to_text(html).split() == ["uno", "dos"]


def test_a_quote_after_the_end_of_a_page_is_a_quote():
    html = "<!doctype html><html><body><p>uno</p></body></html>\nx=y><blockquote type=cite>dos</blockquote>"
    assert split_reply("uno", html) == ("uno\n\nx=y>", "> dos")


def test_text_that_is_only_called_html_keeps_its_lines():
    assert html_to_text("Hola &amp; adiós\n1 < 2\n\nAna") == "Hola & adiós\n1 < 2\n\nAna"
