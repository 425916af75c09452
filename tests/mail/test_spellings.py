"""What mail programs spell in their own ways comes out as they meant it."""

import base64

import pytest

from witei_app.mail.parse import parse_mail
from witei_app.mail.sanitize import safe_frame_html
from witei_app.mail.types import ParsedMail

HEAD = b"From: marco@example.com\r\nSubject: Piso\r\nMIME-Version: 1.0\r\n"


def text_in(charset: str, data: bytes) -> str:
    head = f'Content-Type: text/plain; charset="{charset}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'.encode()
    return parse_mail(HEAD + head + base64.encodebytes(data)).text


def with_file(fields: str, html: str = "<p>Hola</p>") -> ParsedMail:
    body = f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--b\r\n{fields}\r\n\r\nx\r\n--b--\r\n"
    return parse_mail(HEAD + b"Content-Type: multipart/related; boundary=b\r\n\r\n" + body.encode())


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("windows-874", "cp874", "สวัสดีครับ “ครับ”"),
        ("ChineseBig5", "big5", "您好，房子還在嗎"),
        ("DOS-866", "cp866", "Привет, квартира"),
        ("hz-gb-2312", "hz", "您好房子"),
        ("csISO885915", "iso8859-15", "250.000 €, señor"),
        ("x-mac-ce", "mac-latin2", "Žluťoučký kůň"),
        ("x-mac-chinesetrad", "big5", "您好，房子還在嗎"),
        ("x-unicode-2-0-utf-7", "utf-7", "¿Sigue libre el ático?"),
        ("cp50221", "iso-2022-jp", "こんにちは"),
        ("utf-16", "utf-16-be", "¿Sigue libre el ático?"),
        ("utf-16", "utf-16-le", "¿Sigue libre el ático?"),
        ("iso-10646-ucs-2", "utf-16-be", "¿Sigue libre?"),
        ("utf-16", "utf-8", "¿Sigue libre el ático?"),
        ("unicode", "utf-8", "¿Sigue libre el ático?"),
    ],
)
def test_charsets_go_by_many_names(charset: str, codec: str, text: str) -> None:
    assert text_in(charset, text.encode(codec)) == text


def test_emoji_in_two_halves_are_put_together() -> None:
    assert text_in("utf-8", b"Hola \xed\xa0\xbd\xed\xb8\x80, \xc2\xbfqu\xc3\xa9 tal?") == "Hola 😀, ¿qué tal?"


def test_a_type_that_is_none_is_text() -> None:
    assert parse_mail(HEAD + b"Content-Type: ;;;text\r\n\r\nHola").text == "Hola"


def test_a_comment_beside_the_transfer_encoding_says_nothing() -> None:
    raw = HEAD + b"Content-Transfer-Encoding: (as ever) base64 (by us)\r\n\r\n" + base64.b64encode(b"Hola")
    assert parse_mail(raw).text == "Hola"


def test_words_that_are_only_called_base64_are_read() -> None:
    words = "¿Sigue libre el piso de la calle Mayor? Podemos verlo el martes por la tarde."
    fields = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw = HEAD + fields + words.encode()
    assert parse_mail(raw).text == words


def test_what_should_have_been_the_boundary_is_no_base64() -> None:
    part = b"Content-Type: text/csv; name=a.csv\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b"1;2")
    raw = HEAD + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n' + part + b"\r\n--x-->\r\nmore\r\n"
    assert parse_mail(raw).attachments[0].data == b"1;2"


def test_what_a_list_adds_below_base64_is_no_part_of_it() -> None:
    text = base64.encodebytes("¿Sigue libre?".encode())
    raw = HEAD + b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + text
    assert parse_mail(raw + b"\r\n-- \r\nThis is the footer of a list\r\n").text == "¿Sigue libre?"


@pytest.mark.parametrize(
    "fields",
    [
        "Content-Disposition: attachment; filename=\"atico.pdf\"; filename*=UTF-8''%C3%A1tico.pdf",
        "Content-Disposition: attachment; filename*=utf-8'es'%C3%A1tico.pdf; filename=atico.pdf",
        "Content-Disposition: attachment; filename*=\"utf-8''%C3%A1tico.pdf\"",
    ],
)
def test_of_two_names_the_extended_one_counts(fields: str) -> None:
    (file,) = with_file(fields).attachments
    assert file.name == "ático.pdf"


def test_a_name_in_a_comment_may_have_another_in_it() -> None:
    sender = parse_mail(b"From: marco@example.com (Marco (el alto) Torres)\r\n\r\nHola").sender
    assert (sender.name, sender.email) == ("Marco (el alto) Torres", "marco@example.com")


def test_a_picture_is_found_by_its_percent_encoded_id() -> None:
    mail = with_file("Content-Type: image/png\r\nContent-ID: <Foto 1@x>", '<img src="cid:Foto%201@x">')
    assert mail.attachments[0].is_inline
    assert "/files/7" in safe_frame_html(mail.html, {"Foto 1@x": "/files/7"}, show_images=False)


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/markdown", "# Visita\r\n\r\n¿El *jueves*?", "# Visita\n\n¿El *jueves*?"),
        ("text/x-web-markdown; charset=utf-8", "¿El jueves?", "¿El jueves?"),
        ("text/enriched", "<bold>Hola</bold>,\r\n¿el\r\njueves?\r\n\r\n2 << 3", "Hola, ¿el jueves?\n2 < 3"),
        ("text/enriched", "<color><param>red</param>Hola</color>", "Hola"),
        ("text/richtext", "<bold>Hola</bold><nl>2 <lt> 3", "Hola\n2 < 3"),
        ("multipart/alternative; boundary=B", "--B\r\nContent-Type: text/enriched\r\n\r\n<b>Hola</b>\r\n--B--", "Hola"),
        ("multipart/mixed; boundary=B", "--B\r\nContent-Type: text/markdown\r\n\r\nHola\r\n--B--", "Hola"),
        ("text/vcard", "BEGIN:VCARD\r\nEND:VCARD", ""),
    ],
)
def test_a_mail_in_another_kind_of_text_is_read(kind: str, body: str, text: str) -> None:
    assert parse_mail(HEAD + f"Content-Type: {kind}\r\n\r\n{body}\r\n".encode()).text.strip() == text


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ('"Ana Gil <ana@bank.example>" <marco@example.com>', "Ana Gil <ana@bank.example>"),
        ('": <ana@bank.example> "<marco@example.com>', ": <ana@bank.example>"),
        ('"Gil, Ana <ana@bank.example>, de Casas" <marco@example.com>', "Gil, Ana <ana@bank.example>, de Casas"),
        ("<marco@example.com> (<ana@bank.example>)", ""),
        ("Marco (<ana@bank.example>) <marco@example.com>", "Marco ()"),
    ],
)
def test_an_address_in_the_senders_name_is_not_the_senders(field: str, name: str) -> None:
    sender = parse_mail(f"From: {field}\n\nHola\n".encode()).sender
    assert (sender.name, sender.email) == (name, "marco@example.com")


def test_marks_within_an_encoded_name_are_part_of_it() -> None:
    words = b"=?utf-8?Q?Sol:_ventas;_alquiler_(Le=C3=B3n)?="
    to = b"To: =?utf-8?Q?open <a@example.com>, b@example.com"
    mail = parse_mail(b"From: " + words + b" <sol@example.com>\r\n" + to + b"\r\n\r\nx")
    assert str(mail.sender) == "Sol: ventas; alquiler (León) <sol@example.com>"
    assert [one.email for one in mail.to] == ["a@example.com", "b@example.com"]


@pytest.mark.parametrize("start", ['; start="<page@x>"', '; start="<pic@x>"', ""])
def test_the_page_of_related_parts_need_not_be_the_first(start: str) -> None:
    picture = "--b\r\nContent-Type: image/png\r\nContent-ID: <pic@x>\r\n\r\nx\r\n"
    page = '--b\r\nContent-Type: text/html\r\nContent-ID: <page@x>\r\n\r\n<p>La foto: <img src="cid:pic@x"></p>\r\n'
    head = f"Content-Type: multipart/related; boundary=b{start}\r\n\r\n"
    mail = parse_mail(HEAD + f"{head}{picture}{page}--b--\r\n".encode())
    assert (mail.new_text, "cid:pic@x" in mail.html) == ("La foto:", True)
    assert [(file.content_id, file.is_inline) for file in mail.attachments] == [("pic@x", True)]


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("This is an HTML message. Please use a mail program that can show it.", "Busco piso, no HTML."),
        ("Your e-mail program does not support HTML", "Busco piso, no HTML."),
        ("Busco piso, no HTML.\n\n-- \nMarco", "Busco piso, no HTML."),
    ],
)
def test_a_text_that_only_asks_for_html_is_not_what_was_written(text: str, is_read: str) -> None:
    page = "<p>Busco <b>piso</b>, no HTML.</p>"
    parts = f"--b\r\n\r\n{text}\r\n--b\r\nContent-Type: text/html\r\n\r\n{page}\r\n--b--\r\n"
    mail = parse_mail(HEAD + f"Content-Type: multipart/alternative; boundary=b\r\n\r\n{parts}".encode())
    assert mail.new_text == is_read


def test_a_new_page_is_a_new_line() -> None:
    assert text_in("utf-8", b"Piso\x0cGarage\x0bTrastero") == "Piso\nGarage\nTrastero"


@pytest.mark.parametrize("kind", ["text/x-amp-html", "text/watch-html"])
def test_what_is_said_once_more_for_watches_is_no_file(kind: str) -> None:
    page = "--b\r\nContent-Type: {}\r\n\r\n<p>Piso</p>\r\n"
    parts = f"--b\r\n\r\nPiso\r\n{page.format(kind)}{page.format('text/html')}--b--\r\n"
    mail = parse_mail(HEAD + f"Content-Type: multipart/alternative; boundary=b\r\n\r\n{parts}".encode())
    assert (mail.new_text, mail.html.strip(), mail.attachments) == ("Piso", "<p>Piso</p>", ())


def test_the_comma_behind_a_name_is_not_its_own():
    raw = b"From: Marco Torres, <marco@example.com>\r\nTo: Torres, Ana <ana@example.com>\r\n\r\nHola"
    assert (parse_mail(raw).sender.name, parse_mail(raw).to[0].name) == ("Marco Torres", "Torres, Ana")
