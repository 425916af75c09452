import pytest

from witei_app.mail.parse import parse_mail
from witei_app.mail.plain import html_to_text, preview
from witei_app.mail.quoted import split_reply
from witei_app.mail.sanitize import safe_frame_html


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


@pytest.mark.parametrize("name", ["center", "form", "section", "dt", "dd", "fieldset", "summary"])
def test_words_on_lines_of_their_own_are_not_joined(name):
    assert html_to_text(f"<div>uno<{name}>dos</{name}>tres</div>") == "uno\ndos\ntres"


def test_a_line_drawn_across_parts_the_answer_from_the_history():
    fields = "<b>From: </b>sol@localhost.test<br><b>To: </b>marco@example.com<br><b>Subject: </b>Visita<br>"
    text = html_to_text(f"<div>Me va bien el jueves.<br>Marco<hr>{fields}<p>Hola</p></div>")
    assert split_reply(text)[0] == "Me va bien el jueves.\nMarco"


def test_a_quote_after_the_end_of_a_page_is_a_quote():
    html = "<!doctype html><html><body><p>uno</p></body></html>\nx=y><blockquote type=cite>dos</blockquote>"
    assert split_reply("uno", html) == ("uno\n\nx=y>", "> dos")


def test_text_that_is_only_called_html_keeps_its_lines():
    assert html_to_text("Hola &amp; adiós\n1 < 2\n\nAna") == "Hola & adiós\n1 < 2\n\nAna"


def test_what_only_outlook_reads_does_not_spoil_the_rest():
    styles = "".join(f'<w:LsdException Name="s{number}"/>' for number in range(371))
    only_outlook = f"<!--[if gte mso 9]><xml><w:Zoom>120</w:Zoom>{styles}</xml><![endif]-->"
    html = f"<html><head>{only_outlook}</head><body><p>Voy el <b>martes</b>.</p>"
    html += "<!--[if !mso]><!--><p>Marco</p><!--<![endif]-->"
    mail = parse_mail(f"Content-Type: text/html\n\n{html}</body></html>".encode())
    assert mail.text.split() == ["Voy", "el", "martes.", "Marco"]
    assert "<b>martes</b>" in safe_frame_html(mail.html, {}, False)


def test_what_fills_a_beginning_unseen_is_no_part_of_its_preview():
    assert preview("\u034f \u200c \u00ad \u034f \u200c Buenas, busco piso") == "Buenas, busco piso"
    assert preview("می\u200cخواهم 👨\u200d👩\u200d👧") == "می\u200cخواهم 👨\u200d👩\u200d👧"


def test_what_programs_write_for_pictures_and_links_is_no_part_of_a_preview():
    said = "[cid:image001.png@01DB]\nMiren: https://a.test/1<https://a.test/1> ana@a.test<mailto:ana@a.test>"
    assert preview(said) == "Miren: https://a.test/1 ana@a.test"
    assert preview("Mira: [image: image.png] <https://we.tl/t> [sic]") == "Mira: <https://we.tl/t> [sic]"
