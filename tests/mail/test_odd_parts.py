"""Parts that are called what they are not, or that only some programs write: nothing of them is lost, or shown raw."""

import base64
import re
from pathlib import Path

import pytest

from witei_app.mail.parse import parse_mail
from witei_app.mail.structure import content, content_type
from witei_app.mail.tree import leaves, read_tree
from witei_app.mail.types import ParsedMail

CORPUS = Path(__file__).parent / "corpus"
HEAD = b"From: marco@example.com\r\nSubject: Piso\r\nMIME-Version: 1.0\r\n"


def mixed(*parts: bytes) -> ParsedMail:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return parse_mail(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body + b"--b--\r\n")


PICTURE = (
    b"Content-Type: image/jpeg; name=piso.jpg\r\nContent-Disposition: inline; filename=piso.jpg\r\n"
    b"Content-Id: <1@iphone>\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/eA=="
)


def test_a_picture_and_no_word_is_a_file_that_can_be_seen() -> None:
    for mail in (mixed(PICTURE), mixed(PICTURE, PICTURE), parse_mail(HEAD + PICTURE)):
        assert {(file.name, file.data, file.is_inline) for file in mail.attachments} == {
            ("piso.jpg", b"\xff\xd8\xffx", False)
        }


@pytest.mark.parametrize(
    "kind", ["plain", "plain/text", "application/octet-stream", "text", "unknown/unknown", "a/b;;"]
)
def test_words_are_read_whatever_their_type_is_called(kind: str) -> None:
    mail = parse_mail(HEAD + f"Content-Type: {kind}; charset=utf-8\r\n\r\n¿Sigue libre?\r\n".encode())
    assert mail.new_text == "¿Sigue libre?"


@pytest.mark.parametrize("kind", ["html", "html/text", "text/htm", "application/xhtml+xml", "TEXT/HTML;"])
def test_a_page_is_one_whatever_its_type_is_called(kind: str) -> None:
    mail = parse_mail(HEAD + f"Content-Type: {kind}\r\n\r\n<p>¿Sigue <b>libre</b>?</p>\r\n".encode())
    assert (mail.new_text, "<b>libre</b>" in mail.html, mail.attachments) == ("¿Sigue libre?", True, ())


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/calendar; method=REPLY", b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR"),
        ("application/json", b"{}"),
        ("application/octet-stream; name=piso.csv", b"a;b"),
        ("application/octet-stream", b"\x00\x01\x02"),
    ],
)
def test_what_is_for_programs_is_a_file_and_no_text(kind: str, body: bytes) -> None:
    mail = parse_mail(HEAD + f"Content-Type: {kind}\r\n\r\n".encode() + body)
    assert (mail.new_text, [file.data for file in mail.attachments]) == ("", [body])


def signed_whole() -> bytes:
    return (CORPUS / "signed_with_smime_as_a_whole.eml").read_bytes()


def test_a_mail_signed_as_a_whole_is_known_by_its_name_alone() -> None:
    mail = parse_mail(signed_whole().replace(b"application/pkcs7-mime", b"application/octet-stream"))
    assert mail.new_text == "Firmado entero, con señal."
    assert [file.name for file in mail.attachments] == ["arras.pdf"]


def test_a_document_that_was_signed_and_attached_stays_as_it_is() -> None:
    signed = base64.b64decode(signed_whole().partition(b"\r\n\r\n")[2])
    start = signed.index(b"Content-Type: multipart")
    length = signed[start - 1]
    document = b"%PDF-1.4 ".ljust(length, b"x")
    signed = signed[:start] + document + signed[start + length :]
    head = b'Content-Type: application/pkcs7-mime; name="arras.pdf.p7m"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    mail = mixed(b"\r\nAdjunto las arras.", head + base64.encodebytes(signed))
    assert mail.new_text == "Adjunto las arras."
    assert [(file.name, file.data) for file in mail.attachments] == [("arras.pdf.p7m", signed)]


def test_a_winmail_dat_whose_words_are_not_read_is_there_beside_its_files() -> None:
    parts = leaves(read_tree((CORPUS / "winmail_dat.eml").read_bytes()))
    data = next(content(part) for part in parts if content_type(part) == "application/ms-tnef")
    tnef = b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    tnef += base64.encodebytes(data)
    assert [file.name for file in mixed(tnef).attachments][-1] == "winmail.dat"
    assert mixed(tnef).attachments[-1].data == data
    assert "winmail.dat" not in [file.name for file in mixed(b"\r\nHola", tnef).attachments]


@pytest.mark.parametrize(
    ("given", "name"),
    [("'plano.pdf'", "plano.pdf"), ('"plano.pdf', "plano.pdf"), ("d'Alella.pdf", "d'Alella.pdf"), ("''", "''")],
)
def test_a_name_is_without_the_quotes_around_it(given: str, name: str) -> None:
    mail = mixed(
        f"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename={given}\r\n\r\nx".encode()
    )
    assert [file.name for file in mail.attachments] == [name]


def test_blanks_that_were_added_behind_a_soft_line_break_are_not_the_authors() -> None:
    mail = parse_mail(
        HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\nel pi= \t\r\nso =C3=A1=\r\ntico = 2\r\n"
    )
    assert mail.text == "el piso ático = 2"


def test_a_text_without_any_known_ending_is_called_one() -> None:
    assert re.fullmatch(r"text-\d.txt", mixed(b"Content-Type: text/rfc822-headers\r\n\r\nA: b").attachments[0].name)


def test_an_alternative_within_another_says_nothing_twice() -> None:
    inner = (
        b"Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/html\r\n\r\n<p>Hola\r\n--c--"
    )
    for parts in ((b"\r\nHola", inner), (inner,)):
        body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
        mail = parse_mail(HEAD + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n" + body + b"--b--\r\n")
        assert (mail.text, mail.html) == ("Hola", "<p>Hola")


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("Mon, 23 Nov 2026 10:31:00 +01:00", 9),
        ("Mon, 23 Nov 2026 10:31:00 CET", 9),
        ("Mon, 20 Jul 2026 10:31:00 CEST", 8),
        ("Mon, 20 Jul 2026 10:31:00 BST", 9),
        ("Mon, 23 Nov 2026 10:31:00 EST", 15),
        ("2026-11-23T10:31:00+01:00", 9),
        ("Mon, 23 Nov 2026 10:31:00 -0300", 13),
    ],
)
def test_zones_are_understood_as_other_standards_write_them(written: str, hour: int) -> None:
    date = parse_mail(HEAD + f"Date: {written}\r\n\r\nHola".encode()).date
    assert date is not None
    assert (date.hour, date.minute) == (hour, 31)
