import pytest

from witei_app.mail.bounce_cause import explain
from witei_app.mail.files import safe_file_name


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
