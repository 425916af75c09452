"""A line that was damaged, or is one too many, hides neither what somebody wrote nor the file they sent."""

import pytest

from witei_app.mail.parse import parse_mail

FIELDS = b"From: Marco <marco@example.com>\r\nTo: sol@localhost.test\r\nSubject: Piso\r\nMIME-Version: 1.0\r\n"
MIXED = b'Content-Type: multipart/mixed; boundary="=_frontera1"\r\n'
TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xc2\xbfSigue libre?\r\n"
FILE = (
    b"Content-Type: application/pdf; name=nomina.pdf\r\nContent-Disposition: attachment; filename=nomina.pdf\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n"
)
INNER = (
    b'Content-Type: multipart/alternative; boundary="dentro-22"\r\n\r\n--dentro-22\r\n' + TEXT + b"--dentro-22--\r\n"
)
PARTS = b"--=_frontera1\r\n%s--=_frontera1\r\n%s--=_frontera1--\r\n"


def said(raw: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    mail = parse_mail(raw)
    return mail.new_text, [(file.name, file.data) for file in mail.attachments]


WHOLE = ("¿Sigue libre?", [("nomina.pdf", b"%PDF-1.4\n")])


@pytest.mark.parametrize("text", [TEXT, INNER])
@pytest.mark.parametrize("which", [1, 2])
@pytest.mark.parametrize("damaged", [b"--=_fron\xf4era1", b"-=_frontera1", b"--=_fronterra1"])
def test_a_damaged_boundary_costs_no_part(text: bytes, which: int, damaged: bytes) -> None:
    pieces = (PARTS % (text, FILE)).split(b"--=_frontera1\r\n")
    pieces[which] = damaged + b"\r\n" + pieces[which]
    joined = b"".join(piece if piece.startswith(damaged) else b"--=_frontera1\r\n" + piece for piece in pieces if piece)
    assert said(FIELDS + MIXED + b"\r\n" + joined) == WHOLE


def test_the_last_boundary_in_pieces_hides_nothing_either() -> None:
    raw = FIELDS + MIXED + b"\r\n" + PARTS % (TEXT, FILE)
    assert said(raw.replace(b"--=_frontera1--", b"--=_frontera"))[0] == "¿Sigue libre?"


@pytest.mark.parametrize(
    "type_line", [b"", MIXED.replace(b"ten", b"t\xe9n"), MIXED.replace(b"multipart/", b"mult1part/")]
)
def test_a_mail_whose_type_is_lost_is_divided_where_it_evidently_is(type_line: bytes) -> None:
    assert said(FIELDS + type_line + b"\r\n" + PARTS % (INNER, FILE)) == WHOLE


@pytest.mark.parametrize("words", [b"This is a multi-part message in MIME format.\r\n\r\n", b"\r\n"])
def test_what_programs_put_above_the_parts_is_not_shown(words: bytes) -> None:
    assert said(FIELDS + b"\r\n" + words + PARTS % (TEXT, FILE)) == WHOLE


def test_words_above_what_looks_like_parts_are_shown() -> None:
    copied = b"Esto es lo que me llega:\r\n\r\n" + PARTS % (TEXT, FILE)
    assert said(FIELDS + b"\r\n" + copied)[0].startswith("Esto es lo que me llega:")


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_fields_below_a_blank_line_too_many_are_fields(kept: int) -> None:
    lines = (FIELDS + MIXED).splitlines(keepends=True)
    raw = b"".join(lines[:kept]) + b"\r\n" + b"".join(lines[kept:]) + b"\r\n" + PARTS % (TEXT, FILE)
    assert said(raw) == WHOLE
    mail = parse_mail(raw)
    assert (mail.subject, mail.to[0].email) == ("Piso", "sol@localhost.test")


def test_who_wrote_it_is_only_what_stands_in_the_head() -> None:
    raw = b"To: sol@localhost.test\r\n\r\nFrom: ana@sol.example\r\nContent-Type: text/plain\r\n\r\nHola\r\n"
    mail = parse_mail(raw)
    assert mail.sender.email == ""
    assert "Hola" in mail.new_text


def test_words_that_look_like_a_field_stay_words() -> None:
    body = b"Hola: quiero ver el piso.\r\nHorario: de 10 a 12\r\n\r\nMarco\r\n"
    assert said(FIELDS + b"\r\n" + body)[0] == "Hola: quiero ver el piso.\nHorario: de 10 a 12\n\nMarco"


def test_boundaries_that_differ_in_a_number_are_two() -> None:
    inner = (FIELDS + MIXED + b"\r\n" + PARTS % (TEXT, FILE)).replace(b"=_frontera1", b"=_frontera2")
    letter = b"Content-Type: message/rfc822\r\n\r\n" + inner
    text, files = said(FIELDS + MIXED + b"\r\n" + PARTS % (TEXT, letter))
    assert (text, files) == ("¿Sigue libre?", [("Piso.eml", inner.removesuffix(b"\r\n"))])
