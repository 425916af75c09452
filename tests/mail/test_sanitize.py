from time import process_time

from witei_app.mail.sanitize import (
    frame_document,
    has_remote_images,
    html_to_text,
    is_rich,
    preview,
    safe_frame_html,
    safe_inline_html,
    safe_style,
    text_to_html,
)
from witei_app.mail.tame import is_tame


def test_the_composer_keeps_emphasis_lists_and_links():
    html = '<p>Hola <b>Marco</b></p><ul><li><a href="https://example.com">piso</a></li></ul>'
    assert safe_inline_html(html) == (
        '<p>Hola <b>Marco</b></p><ul><li><a href="https://example.com" target="_blank" '
        'rel="noopener noreferrer nofollow">piso</a></li></ul>'
    )


def test_links_into_our_own_pages_lose_their_address():
    for target in ("/settings/team", "javascript:alert(1)", "data:text/html,x", "//evil.example", "JaVa\tScript:x"):
        assert "href" not in safe_inline_html(f'<a href="{target}">x</a>')
        assert "href" not in safe_frame_html(f'<a href="{target}">x</a>', {}, show_images=True)


def test_the_frame_keeps_layout_and_colours():
    html = '<table width="600" bgcolor="#eee"><tr><td style="padding:4px;color:#333">x</td></tr></table>'
    safe = safe_frame_html(html, {}, show_images=False)
    assert 'width="600"' in safe
    assert "padding:4px;color:#333" in safe


def test_nothing_can_cover_or_leave_its_place():
    html = '<div style="position:fixed;top:0;z-index:9;margin-left:-900px;opacity:0;width:10px">x</div>'
    assert safe_frame_html(html, {}, show_images=True) == '<div style="width:10px">x</div>'


def test_styles_make_no_request_even_when_images_are_shown():
    for style in (
        "background:url(//e.example)",
        "background:u\\72l(x)",
        "list-style:url(x)",
        "width:expression(1)",
        "background:image-set('https://e.example' 1x)",
    ):
        assert "e.example" not in safe_frame_html(f'<p style="{style}">x</p>', {}, show_images=True)


def test_remote_images_wait_for_the_reader():
    html = '<img src="https://example.com/a.png" alt="Salón" srcset="https://example.com/b.png 2x">'
    assert safe_frame_html(html, {}, show_images=False) == '<img alt="Salón">'
    assert safe_frame_html(html, {}, show_images=True) == '<img src="https://example.com/a.png" alt="Salón">'
    assert has_remote_images(html)


def test_images_that_came_along_are_shown_by_their_id():
    safe = safe_frame_html('<img src="CID:Plano@x"><img src="cid:other">', {"plano@x": "/files/7"}, show_images=False)
    assert safe == '<img src="/files/7"><img>'


def test_forms_frames_styles_and_redirections_are_gone():
    html = (
        '<meta http-equiv="refresh" content="0;url=//e.example"><base href="//e.example"><style>@import "//e.example"'
        '</style><link rel="stylesheet" href="//e.example"><form action="//e.example"><input name="x">'
        '<button>Go</button></form><iframe src="//e.example"></iframe><object data="//e.example"></object>'
        '<svg><a href="//e.example"/></svg>'
    )
    assert safe_frame_html(html, {}, show_images=True) == "Go"


def test_the_document_of_the_frame_forbids_scripts_and_requests():
    document = frame_document("<p>x</p>")
    assert "default-src &#x27;none&#x27;; img-src &#x27;self&#x27; data:; style-src" in document
    assert '<base target="_blank">' in document
    assert "https: http:" in frame_document('<img src="https://example.com/a.png">')


def test_markup_that_would_stall_a_browser_is_shown_as_text():
    for html in ("<div>" * 5000 + "Hola", "".join(f"<b title={i}>" for i in range(100)) + "<p>Hola" * 100):
        assert not is_tame(html)
        assert "Hola" in safe_frame_html(html, {}, show_images=False)
        assert "Hola" in html_to_text(html)


def test_a_style_written_to_stall_its_reader_costs_as_much_as_its_length():
    begin = process_time()
    for style in ("color" * 20_000, "width:" + " " * 20_000, "x:" + "-" * 20_000):
        assert "(" not in safe_frame_html(f'<p style="{style}">Hola</p>', {}, show_images=False)
    assert process_time() - begin < 2  # squared, it was three minutes


def test_long_names_do_not_hide_a_function_that_loads():
    for name in ("a" * 30 + "-image-set", "-".join(["rgb"] * 9), "image-set" + " " * 30):
        assert safe_style(f"background:{name}(x)") == ""
    assert safe_style("color: rgb (1,2,3)") == "color: rgb (1,2,3)"


def test_signs_that_stall_the_cleaner_are_shown_as_text_when_they_are_too_many():
    assert not is_tame("\xa0" * 200_000)
    assert not is_tame("\xad" * 200_000)


def test_remote_images_are_looked_for_in_time():
    begin = process_time()
    assert not has_remote_images("<img src=" * 50_000)
    assert has_remote_images("<img src=" * 1000 + '<img alt="a < b" width=1 SRC = "//example.com/a.png">')
    assert process_time() - begin < 2  # each was read to the end of the page, or 5,000 characters: 12 seconds


def test_ordinary_newsletters_are_tame():
    row = '<tr><td><table><tr><td><a href="https://example.com"><img src="https://example.com/a.png"></a></td></tr></table>'
    assert is_tame("<table>" + (row + "</td></tr>") * 400 + "</table>")


def test_text_becomes_paragraphs_with_links():
    html = text_to_html("Mira https://example.com/a?b=1&c=2.\nGracias\n\n<b>no</b> www.example.com marco@example.com")
    assert html.startswith('<p>Mira <a href="https://example.com/a?b=1&amp;c=2" target="_blank"')
    assert "</a>.<br>Gracias</p><p>&lt;b&gt;no&lt;/b&gt; <a" in html
    assert 'href="https://www.example.com"' in html
    assert 'href="mailto:marco@example.com"' in html


def test_html_becomes_text_that_reads_well():
    html = "<h1>Ático</h1><p>Tres <b>habitaciones</b>,<br>ascensor</p><ul><li>luz</li><li>sol</li></ul>"
    assert html_to_text(html) == "Ático\n\nTres habitaciones,\nascensor\n\n  * luz\n  * sol"


def test_a_link_in_text_shows_where_it_leads_once():
    assert html_to_text('<a href="https://example.com/7">ficha</a>') == "ficha (https://example.com/7)"
    assert html_to_text('<a href="https://example.com/7">https://example.com/7</a>') == "https://example.com/7"


def test_rich_is_what_needs_its_own_layout():
    assert is_rich("<table><tr><td>x</td></tr></table>")
    assert is_rich('<div style="background-color: #ff0">x</div>')
    assert not is_rich('<div dir="ltr">Hola <b>Marco</b></div><style>table{}</style>')
    assert not is_rich('<p style="background-color:white">Hola</p>')


def test_a_preview_is_one_line_cut_at_a_word():
    assert preview("Hola,\n\n  ¿sigue libre?") == "Hola, ¿sigue libre?"
    assert preview("una dos tres cuatro", 12) == "una dos…"
    assert len(preview("x" * 500)) == 140
