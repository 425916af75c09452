"""What real programs put on the clipboard, pasted where one writes: readable there, and the same in the mail."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import inbox_of
from tests.conftest import StartApp
from tests.servers import AppServer

# Google Docs: all of it within a "bold" that is none, empty lines as <br>.
DOCS = (
    '<b style="font-weight:normal;" id="docs-internal-guid-7f"><p dir="ltr"><span style="font-weight:400">Hola </span>'
    '<span style="font-weight:700">Marco</span></p><br /><ul><li><p dir="ltr"><span>uno</span></p></li></ul></b>'
)
SHEETS = (
    "<google-sheets-html-origin><style><!--td {border: 1px}--></style><table><tbody>"
    '<tr><td style="font-weight:bold;">Piso</td><td style="font-weight:bold;">Precio</td></tr>'
    "<tr><td>Calle Mayor 3<br/>2º B</td><td>250.000 €</td></tr></tbody></table>"
)
EXCEL = (
    "<html><head><style><!--table {mso-x:1} .xl65\n\t{mso-style-parent:style0;\n\tfont-weight:700;} --></style></head>"
    "<body><table><tr><td class=xl65>Mes</td><td>Renta</td></tr></table></body></html>"
)
WORD = "<h1>Gastos<o:p></o:p></h1>" + "".join(
    f"<p class=MsoListParagraph style='mso-list:l0 level{level} lfo1'><![if !supportLists]>"
    f"<span style='mso-list:Ignore'>·&nbsp;</span><![endif]>{words}<o:p></o:p></p>"
    for level, words in ((1, "Notaría"), (2, "Copias"), (1, "Registro"))
)
GMAIL = (
    '<div dir="ltr">Hola, <img data-emoji="🙂" alt="🙂" src="https://fonts.gstatic.com/1f642.png"></div><div><br></div>'
    "<div>¿mañana?</div>"
)
WEB_PAGE = (
    '<article id="x" style="color:red"><img src="https://elsewhere.example/p.png" alt="Salón" onerror="alert(1)">'
    '<p>Ático<script>alert(1)</script></p><a href="/casa">ver</a> <a href="javascript:alert(1)">más</a> '
    '<a href="https://sol.example/1">ficha</a><svg><text>x</text></svg></article>'
)
PICTURE = (  # one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
OWN = r' (?:target|rel|class)="[^"]*"|<br class="ProseMirror-trailingBreak">|<img class="Pro[^>]*>'


@pytest.fixture(scope="module")
def office(start_shared_app: StartApp) -> AppServer:
    """The demo agency, for the tests of this file."""
    return start_shared_app()


@pytest.fixture
def page(browser: Browser, office: AppServer) -> Page:
    """Ana's open conversation, with the real editor in it and the cursor there."""
    page = inbox_of(browser, office, "ana")
    page.locator("[data-row]").nth(3).click()
    box = box_of(page)
    box.click()
    expect(box).to_have_class(re.compile("ProseMirror"))
    box.press("Control+a")
    box.press("Delete")
    return page


def box_of(page: Page) -> Locator:
    """Where Ana writes."""
    return page.get_by_role("textbox", name="Message", exact=True)


def paste(page: Page, html: str = "", text: str = "", picture: bool = False) -> None:
    """What a program put on the clipboard, into what has the focus."""
    page.evaluate(
        """([html, text, hasPicture]) => {
          const data = new DataTransfer();
          if (html) data.setData("text/html", html);
          if (text) data.setData("text/plain", text);
          if (hasPicture) data.items.add(new File(["x"], "image.png", { type: "image/png" }));
          const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          document.activeElement.dispatchEvent(event);
        }""",
        [html, text, picture],
    )


def written(page: Page) -> str:
    """What stands in the text, without what the editor and the browser put there for themselves."""
    return re.sub(OWN, "", box_of(page).inner_html())


@pytest.mark.parametrize(
    ("pasted", "becomes"),
    [
        (DOCS, "<p>Hola <strong>Marco</strong></p><p></p><ul><li><p>uno</p></li></ul>"),
        (SHEETS, "<p><strong>Piso</strong> | <strong>Precio</strong></p><p>Calle Mayor 3 2º B | 250.000 €</p>"),
        (EXCEL, "<p><strong>Mes</strong> | Renta</p>"),
        (
            WORD,
            "<p><strong>Gastos</strong></p><ul><li><p>Notaría</p><ul><li><p>Copias</p></li></ul></li>"
            "<li><p>Registro</p></li></ul>",
        ),
        (GMAIL, "<p>Hola, 🙂</p><p></p><p>¿mañana?</p>"),
        (WEB_PAGE, '<p>Ático</p><p>ver más <a href="https://sol.example/1">ficha</a></p>'),
    ],
    ids=["docs", "sheets", "excel", "word", "gmail", "web page"],
)
def test_what_a_program_copies_stays_readable(page: Page, pasted: str, becomes: str) -> None:
    paste(page, pasted, "the same as text")
    expect(box_of(page)).not_to_be_empty()
    assert written(page) == becomes
    page.context.close()


def test_plain_text_keeps_its_lines_and_an_address_over_words_is_their_link(page: Page) -> None:
    paste(page, text="Hola Marco,\r\n\r\nCalle Mayor 3\n28013\tMadrid\n")
    assert written(page) == "<p>Hola Marco,</p><p></p><p>Calle Mayor 3</p><p>28013&nbsp;&nbsp;&nbsp; Madrid</p>"
    box_of(page).press("Control+a")
    page.keyboard.type("la ficha")
    for _ in "ficha":
        page.keyboard.press("Shift+ArrowLeft")
    address = "https://sol.example/1"
    paste(page, f'<a href="{address}">Ático en Sol | El portal</a>', address)  # as Edge copies its address bar
    assert written(page) == f'<p>la <a href="{address}">ficha</a></p>'
    page.context.close()


def test_a_picture_that_was_copied_from_a_page_is_a_file_and_a_tables_picture_of_itself_is_none(page: Page) -> None:
    paste(page, EXCEL, "Mes\tRenta", picture=True)
    expect(box_of(page)).to_have_text("Mes | Renta")
    paste(page, '<meta charset="utf-8"><img src="https://elsewhere.example/p.png" alt="Salón">', picture=True)
    expect(page.get_by_role("button", name="Remove image.png")).to_be_visible()
    expect(box_of(page)).to_have_text("Mes | Renta")
    page.context.close()


def test_pictures_inside_of_what_is_pasted_become_files_or_it_is_said(page: Page) -> None:
    said = page.locator(".composer").get_by_role("alert")
    paste(page, f'<p>El plano: <img src="data:image/png;base64,{PICTURE}"></p>', "El plano:")
    expect(page.get_by_role("button", name="Remove Picture 1.png")).to_be_visible()
    expect(said).to_have_count(0)
    paste(page, f"{WEB_PAGE}<img src=https://elsewhere.example/a.gif width=1>", "Ático")
    expect(said).to_have_text("Some pictures could not be pasted: attach them as files.")
    paste(page, GMAIL, "Hola")  # a sign
    expect(said).to_have_count(0)
    page.context.close()
