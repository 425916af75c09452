import pytest

from witei_app.mail.bounce_cause import explain
from witei_app.mail.files import safe_file_name
from witei_app.mail.parse import parse_mail


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Temp\\plano.pdf", "plano.pdf"),
        ("plano\0\r\n\t.pdf", "plano.pdf"),
        ("factura\u202efdp.exe", "facturafdp.exe"),
        ("..", "file"),
        ("", "file"),
        (" .bashrc. ", "bashrc"),
        ("con.txt", "_con.txt"),
        ('a<b>:"c|?*.pdf', "a_b___c___.pdf"),
        ("a\u0301tico.pdf", "ático.pdf"),
    ],
)
def test_a_name_is_safe_to_keep_and_to_show(given, kept):
    assert safe_file_name(given) == kept


def test_a_long_name_keeps_its_ending():
    name = safe_file_name("ático" * 100 + ".pdf")
    assert len(name.encode()) <= 240
    assert name.endswith(".pdf")


def test_causes_are_explained_in_both_languages():
    assert explain("mailbox_full") == "The mailbox is full."
    assert explain("mailbox_full", "es") == "El buzón está lleno."
    assert explain("no such cause") == "The message could not be delivered."


@pytest.mark.parametrize(
    ("cid", "source", "is_shown"),
    [
        ("image001.png@01DB.A", "cid:image001.png@01DB.A", True),
        ("A@b", "CID:a@B", True),
        ("a b", "cid:a%20b", True),
        ("a b", "cid:a b", True),
        ("logo&co@b", "cid:logo&amp;co@b", True),
        ("ii%1", "cid:ii%251", True),
        ("image1", "cid:image10", False),
        ("x", "https://a.test/x", False),
    ],
)
def test_a_picture_is_in_its_place_when_the_page_names_it(cid: str, source: str, *, is_shown: bool) -> None:
    page = f'--b\nContent-Type: text/html\n\n<p>Mire <img src="{source}">\n'
    picture = f"--b\nContent-Type: image/png\nContent-ID: <{cid}>\n\nx\n--b--\n"
    mail = parse_mail(f"Content-Type: multipart/related; boundary=b\n\n{page}{picture}".encode())
    assert [file.is_inline for file in mail.attachments] == [is_shown]
