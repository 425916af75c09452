import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy

import pytest

from witei_app.mail.compose import attribution, compose, new_message_id
from witei_app.mail.parse import parse_mail
from witei_app.mail.quoted import split_reply
from witei_app.mail.types import Address, OutgoingFile, OutgoingMail, QuotedMail

MAIL = OutgoingMail(
    sender=Address("Inmobiliaria Sol", "sol@localhost.test"),
    to=(Address("Marco Torres", "marco@example.com"),),
    subject="Re: Visita al ático",
    html="<p>Hola Marco,</p><p>¿le va bien el <b>jueves</b>?</p>",
    message_id="m1@localhost.test",
    date=datetime(2026, 11, 23, 9, 31, tzinfo=UTC),
    reply_to=Address("Inmobiliaria Sol", "sol+c1.aaaabbbbccccdddd@localhost.test"),
    in_reply_to="a2@example.com",
    references=("a1@example.com", "a2@example.com"),
    language="es",
    time_zone="Europe/Madrid",
)


def read(mail):
    """Read by the standard library's strict policy, not by our own reader."""
    return email.message_from_bytes(compose(mail).replace(b"\r\n", b"\n"), policy=policy.default)


def test_a_reply_is_text_and_html_and_knows_what_it_answers():
    message = read(MAIL)
    assert message.get_content_type() == "multipart/alternative"
    assert message["Subject"] == "Re: Visita al ático"
    assert message["Reply-To"] == "Inmobiliaria Sol <sol+c1.aaaabbbbccccdddd@localhost.test>"
    assert message["In-Reply-To"] == "<a2@example.com>"
    assert message["References"].split() == ["<a1@example.com>", "<a2@example.com>"]
    assert message["Date"] == "Mon, 23 Nov 2026 09:31:00 +0000"
    assert message["Auto-Submitted"] is None
    assert message.get_body(("plain",)).get_content() == "Hola Marco,\n\n¿le va bien el jueves?\n"
    assert not message.defects


@pytest.mark.parametrize(
    "name",
    [
        "José Ángel Fernández de la Peña y Núñez, Inmobiliaria Sol S.L.",
        "Inmobiliaria Sol, Málaga · Peña y Asociados Sociedad Limitada Unipersonal",
        "An Agency That Is Called So, And So On, In Its Own Words, S.L. (Marbella)",
    ],
)
def test_a_long_name_has_no_spaces_of_its_own_for_any_reader(name):
    mail = replace(MAIL, sender=Address(name, "sol@localhost.test"))
    assert read(mail)["From"].addresses[0].display_name == parse_mail(compose(mail)).sender.name == name
    assert max(map(len, compose(mail).partition(b"\r\nTo:")[0].split(b"\r\n"))) <= 78


@pytest.mark.parametrize("subject", ["Piso para 👨\u200d👩\u200d👧", "خانه\u200cها"])
def test_signs_that_are_joined_stay_so_in_a_subject(subject):
    mail = replace(MAIL, subject=subject)
    assert read(mail)["Subject"] == parse_mail(compose(mail)).subject == subject


def test_the_quoted_message_is_introduced_in_the_readers_language_and_hour():
    quoted = QuotedMail("Marco Torres", datetime(2026, 11, 23, 9, 31, tzinfo=UTC), "<p>¿Sigue libre?</p>")
    text = read(replace(MAIL, quoted=quoted)).get_body(("plain",)).get_content()
    assert text.endswith("El lun, 23 nov 2026 a las 10:31, Marco Torres escribió:\n\n> ¿Sigue libre?\n")
    english = read(replace(MAIL, quoted=quoted, language="en")).get_body(("plain",)).get_content()
    assert "On Mon, 23 Nov 2026 at 10:31, Marco Torres wrote:" in english


@pytest.mark.parametrize("language", ["en", "es", "ca", "fr", "de", "it", "pt"])
def test_what_introduces_a_quote_is_folded_when_it_comes_back(language):
    line = attribution("Marco Torres", datetime(2026, 11, 23, 9, 31, tzinfo=UTC), language)
    assert "wrote" not in line or language == "en"
    assert split_reply(f"Ok.\n\n{line}\n\n> ¿Sigue libre?") == ("Ok.", f"{line}\n\n> ¿Sigue libre?")


def test_files_and_images_find_their_places():
    files = (
        OutgoingFile("ficha del ático.pdf", "application/pdf", b"%PDF" + bytes(range(256))),
        OutgoingFile("logo.png", "image/png", b"\x89PNG", content_id="logo@localhost.test"),
    )
    message = read(replace(MAIL, html='<p>x</p><img src="cid:logo@localhost.test"><img src="cid:no">', files=files))
    assert message.get_content_type() == "multipart/mixed"
    [file] = message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == (files[0].name, files[0].data)
    assert '<img src="cid:logo@localhost.test"><img>' in message.get_body(("html",)).get_content()


def test_what_the_composer_sends_is_not_trusted():
    html = read(replace(MAIL, html='<p onclick="x()">Hola<script>x()</script></p>')).get_body(("html",)).get_content()
    assert ">Hola</p>" in html
    assert not re.search("script|onclick|x\\(\\)", html)


def test_lines_lists_and_quotes_have_the_spaces_that_the_composer_showed():
    written = "<p>Hola</p><p></p><p>Dos:</p><ul><li><p>uno</p></li></ul><blockquote><p>eso</p></blockquote>"
    html = read(replace(MAIL, html=written, signature_html="<p>Ana</p>")).get_body(("html",)).get_content()
    space = "margin:0 0 8px"
    assert f'<p style="{space}">Hola</p><p style="{space}"><br></p>' in html  # a line that was left empty is seen
    assert '<li><p style="margin:0">uno</p></li>' in html
    assert f'<blockquote style="{space};' in html
    assert f'<p style="{space}">Ana</p>' in html
    assert html.count("font-family") == 2


def test_a_mail_composed_again_is_the_same_mail():
    assert compose(MAIL) == compose(MAIL)


def test_automatic_mail_says_so():
    assert read(replace(MAIL, is_automatic=True))["Auto-Submitted"] == "auto-replied"
    assert read(replace(MAIL, is_automatic=True, in_reply_to=""))["Auto-Submitted"] == "auto-generated"


def test_very_many_references_keep_the_first_and_the_last():
    ids = tuple(f"{number}@example.com" for number in range(500))
    found = read(replace(MAIL, references=ids, in_reply_to=ids[-1]))["References"].split()
    assert (len(found), found[0], found[-1]) == (40, "<0@example.com>", "<499@example.com>")


def test_only_a_local_part_beyond_ascii_needs_smtputf8():
    assert compose(replace(MAIL, to=(Address("Ñandú", "marco@ñandú.es"),))).isascii()
    assert not compose(replace(MAIL, to=(Address("", "ñandú@example.com"),))).isascii()


@pytest.mark.parametrize("email_address", ["", "marco", "a b@example.com", "a@b, c@d", "a@example.com\r\nBcc: x@y"])
def test_what_is_no_address_is_refused(email_address):
    with pytest.raises(ValueError, match="address"):
        compose(replace(MAIL, to=(Address("Marco", email_address),)))


def test_lines_that_begin_with_from_are_not_touched_on_the_way():
    raw = compose(replace(MAIL, html="<p>From here on<br>.punto<br>-- </p>"))
    assert b"\r\nFrom here" not in raw
    assert read(replace(MAIL, html="<p>From here on</p>")).get_body(("plain",)).get_content() == "From here on\n"


def test_message_ids_are_unique_and_of_the_sending_domain():
    first, second = new_message_id("ñandú.es"), new_message_id("ñandú.es")
    assert first != second
    assert first.endswith("@xn--and-6ma2c.es")


def test_the_lines_of_a_long_subject_fit_76_columns():
    subject = "¿Ático? 🏠 con terraza y vistas al mar " * 5 + "."
    changed = replace(MAIL, subject=subject)
    assert max(len(line) for line in compose(changed).splitlines() if b"=?utf-8?" in line) <= 76
    assert read(changed)["Subject"] == subject
