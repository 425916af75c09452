"""Hard mails, written from the standards and from what mail programs really do. Each comes out as a person reads it."""

from pathlib import Path

import pytest

from tests.mail.expected import EXPECTED
from witei_app.mail.parse import parse_mail
from witei_app.mail.sanitize import frame_document, safe_frame_html, text_to_html
from witei_app.mail.types import ParsedMail, Unreadable

CORPUS = Path(__file__).parent / "corpus"
NAMES = sorted(path.stem for path in CORPUS.glob("*.eml"))


def read(name: str) -> ParsedMail:
    return parse_mail((CORPUS / f"{name}.eml").read_bytes())


def test_every_mail_of_the_corpus_has_its_expectation():
    assert sorted(EXPECTED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_hard_mail_says_what_a_person_reads_in_it(name):
    mail, expected = read(name), EXPECTED[name]
    assert mail.subject == expected.get("subject", mail.subject)
    assert str(mail.sender) == expected.get("sender", str(mail.sender))
    assert mail.new_text == expected.get("new", mail.new_text)
    assert [file.name for file in mail.attachments if not file.is_inline] == expected.get(
        "files", ["Visita.eml"] if mail.bounce and mail.attachments else []
    )
    assert [file.content_id for file in mail.attachments if file.is_inline] == expected.get("inline", [])


@pytest.mark.parametrize("name", NAMES)
def test_what_is_folded_and_what_is_automatic_is_known(name):
    mail, expected = read(name), EXPECTED[name]
    assert mail.rest_text == expected.get("rest", "")
    assert mail.is_encrypted == expected.get("encrypted", False)
    if "bounce" in expected:
        report = mail.bounce
        assert report is not None
        found = (report.kind, report.cause, report.status, report.recipient, report.original_message_id)
        assert found == expected["bounce"]
        assert mail.is_automatic
    else:
        assert mail.bounce is None
        assert mail.automatic_reason == expected.get("automatic", "")


@pytest.mark.parametrize("name", NAMES)
def test_every_mail_can_be_shown(name):
    mail = read(name)
    assert "\0" not in mail.text + mail.html + mail.subject
    assert frame_document(safe_frame_html(mail.html, {}, show_images=True))
    assert text_to_html(mail.new_text) or not mail.new_text


def test_nothing_but_blanks_is_unreadable():
    with pytest.raises(Unreadable, match="empty"):
        parse_mail(b"\r\n \0\r\n")


def test_files_keep_their_exact_bytes():
    assert (
        read("alternative_in_related_in_mixed").attachments[1].data == b"%PDF-1.4\n%\xc3\xa4\xc3\xbc\xc3\xb6\xc3\x9f\n"
    )
    assert [file.data for file in read("same_name_twice").attachments] == [b"1", b"2"]
    assert read("uuencoded_file_in_text").attachments[0].data == b"hola\n"
    assert read("winmail_dat").attachments[0].data == b"Contrato de arras\r\n"


def test_a_message_inside_a_message_is_kept_byte_for_byte():
    raw = (CORPUS / "forwarded_message_as_file.eml").read_bytes()
    inner = read("forwarded_message_as_file").attachments[0].data
    assert inner in raw
    assert inner.startswith(b"From: Otro")
    assert inner.rstrip().endswith(b"--inner--")


def test_addresses_of_every_shape_are_read():
    mail = read("addresses_of_every_shape")
    assert mail.sender.name == 'Torres, Marco "el alto"'
    assert [address.email for address in mail.to] == ["sol@localhost.test", "ana@example.com", "luis@example.com"]
    assert [address.name for address in mail.cc] == ["Ruiz, Eva", "vera@example.com", "Pepe Gil"]
    assert mail.reply_to == ()


def test_ids_come_without_brackets_comments_and_folding():
    mail = read("references_folded_and_broken")
    assert mail.message_id == "m1@example.com"
    assert mail.in_reply_to == ("a1@example.com",)
    assert mail.references == ("a0@example.com", "a1@example.com", "a2@example.com", "a3@example.com")


def test_of_doubled_fields_the_first_that_says_something_counts():
    mail = read("doubled_headers")
    assert (mail.message_id, mail.sender.email, mail.date) == ("m1@example.com", "marco@example.com", None)


def test_an_id_without_an_at_and_a_date_of_a_computer_are_understood():
    mail = read("message_id_without_an_at")
    assert mail.message_id == "20261123-000017"
    assert str(mail.date) == "2026-11-23 10:31:00.250000+00:00"


def test_addresses_are_told_apart_without_commas():
    mail = read("addresses_without_brackets_or_commas")
    assert [str(address) for address in mail.to] == ["Sol <sol@localhost.test>", "Ana <ana@example.com>"]


def test_addresses_as_old_programs_write_them_are_read():
    mail = read("addresses_as_nobody_writes_them_now")
    assert [str(address) for address in mail.to] == ["Mary <mary@example.net>", "jdoe@test.example"]
    assert [str(address) for address in mail.cc] == ["marco@example.com"]
    assert [str(address) for address in mail.reply_to] == ["ana@example.com", "luis@example.com"]


def test_odd_dates_are_understood():
    date = read("odd_dates").date
    assert date is not None
    assert date.isoformat() == "2026-11-23T09:31:00+00:00"


def test_a_calendar_is_known_by_its_name_alone():
    invitation = read("calendar_file_called_a_stream").invitation
    assert invitation is not None
    assert (invitation.summary, str(invitation.ends_at)) == ("Notaría", "2026-12-15 16:30:00+00:00")


def test_an_invitation_names_its_hour_place_and_host():
    invitation = read("invitation_from_outlook").invitation
    assert invitation is not None
    assert invitation.summary == "Visita al ático de la calle Verdi, 12"
    assert str(invitation.starts_at) == "2026-11-26 16:00:00+00:00"
    assert str(invitation.ends_at) == "2026-11-26 16:30:00+00:00"
    assert invitation.place == "Carrer de Verdi, 12, Barcelona"
    assert str(invitation.organiser) == "Marco Torres <marco@example.com>"


def test_a_day_long_event_in_a_broken_calendar_is_read():
    invitation = read("invitation_all_day_broken_calendar").invitation
    assert invitation is not None
    assert (invitation.summary, str(invitation.starts_at)) == ("Puertas abiertas", "2026-12-01")


def test_the_null_sender_makes_a_mail_automatic():
    raw = b"From: marco@example.com\r\nSubject: Hola\r\n\r\nHola"
    assert not parse_mail(raw, "marco@example.com").is_automatic
    assert parse_mail(raw, "").automatic_reason == "null sender"


def boxes(depth: int, inner: str) -> bytes:
    """A text inside `depth` multiparts."""
    opened = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    closed = "".join(f"--b{n}--\n" for n in reversed(range(depth)))
    return f"From: marco@example.com\n{opened}Content-Type: text/plain\n\n{inner}\n{closed}".encode()


@pytest.mark.parametrize("depth", [3, 99, 150, 2000])
def test_a_text_in_very_many_boxes_is_not_lost(depth):
    assert "Hola desde dentro" in parse_mail(boxes(depth, "Hola desde dentro")).text


@pytest.mark.parametrize(
    ("kind", "body", "length"),
    [
        ("plain; format=flowed", "hola \n" * 200_000, 1_000_000),
        ("plain", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: x\n\n" * 5_000, 200_000),
        ("html", "<table>" + "<td>x" * 100_000, 100_000),
        ("html", "<div class=gmail_quote>" + "<blockquote type=cite>x</blockquote>y" * 5_000, 10_000),
        ("html", "&" * 1_000_000, 1_000_000),
    ],
)
def test_a_mail_written_to_stall_its_reader_is_read(kind, body, length):
    mail = parse_mail(f"From: marco@example.com\nContent-Type: text/{kind}\n\n{body}".encode())
    assert len(mail.text) >= length - 10
    assert safe_frame_html(mail.html, {}, show_images=True) or not mail.html


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@example.com\nTo: " + b"(\\" * 30_000 + b"\n\nHola",
        b"From: " + b'\\"' * 30_000 + b" <a@example.com>\n\nHola",
        b"From: a@example.com\nSubject: Re:" + b" " * 300_000 + b"x\n\nHola",
        b"From: a@example.com\nContent-Type: text/plain" + b";" * 60_000 + b"\n\nHola",
        b"From: a@example.com\n" + b"X-A: b\n" * 500_000 + b"\nHola",
        b"From: a@example.com\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nHola\n" * 200_000,
        b"From: a@example.com\nSubject: " + b"=?utf-8?b?eHh4?=\n " * 300_000 + b"\n\nHola",
    ],
    ids=["comments", "escapes", "blanks", "parameters", "fields", "parts", "words"],
)
def test_a_mail_larger_than_any_program_writes_is_read(raw):
    mail = parse_mail(raw)
    assert mail.sender.email == "a@example.com"
    assert "Hola" in mail.text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_of_more_parts_than_anybody_sends_one_text_is_made_whatever_ends_their_lines(end):
    lines = ["From: a@example.com", "Content-Type: multipart/mixed; boundary=b", "", *["--b", "", "Hola"] * 20_002, ""]
    mail = parse_mail(end.join(lines).encode())
    assert mail.text.count("--b\n\nHola") == 20_002
