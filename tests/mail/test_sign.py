"""DKIM signatures. tests/real_servers/test_signatures.py has them judged by somebody else's program."""

import re
import time
from functools import cache

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mail.signing import DOMAIN, keys, mail, public_record
from witei_app.mail.sign import sign


def is_believed(raw: bytes) -> bool:
    """What dkimpy says of the first signature, RSA's."""
    try:
        return bool(dkim.DKIM(raw).verify(0, dnsfunc=lambda name, timeout=5: public_record(name)))
    except dkim.ValidationError:  # the text was changed, and not only a header
        return False


@cache
def signed() -> bytes:
    return sign(mail(), keys())


def test_both_keys_sign_under_the_domain_of_from() -> None:
    headers = signed().split(b"\r\nFrom:")[0]
    assert re.findall(rb" a=([a-z0-9-]+);", headers) == [b"rsa-sha256", b"ed25519-sha256"]
    assert headers.count(f"d={DOMAIN};".encode()) == 2
    assert is_believed(signed())


def test_nothing_of_the_mail_is_changed() -> None:
    assert signed().endswith(mail())


def test_lines_stay_short_enough_for_every_relay() -> None:
    assert max(map(len, signed().split(b"\r\n"))) < 100


@pytest.mark.parametrize("header", [b"From", b"Reply-To", b"Cc", b"Subject", b"To"])
def test_no_header_can_be_added_to_a_signed_mail(header: bytes) -> None:
    assert not is_believed(header + b": evil@elsewhere.test\r\n" + signed())


def test_a_changed_text_is_not_believed() -> None:
    assert not is_believed(signed().replace(b"17:00", b"18:00"))


def blanks_at_line_ends(raw: bytes) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n" + re.sub(rb"\r\n", b" \t\r\n", body)


def refolded(raw: bytes) -> bytes:
    head, blank, body = raw.partition(b"\r\n\r\n")
    return re.sub(rb"\r\n[ \t]+", b"\r\n\t", head) + blank + body


def unfolded(raw: bytes) -> bytes:
    head, blank, body = raw.partition(b"\r\n\r\n")
    return re.sub(rb"\r\n[ \t]+", b" ", head) + blank + body


def names_in_capitals(raw: bytes) -> bytes:
    head, blank, body = raw.partition(b"\r\n\r\n")
    names = re.compile(rb"(?m)^(From|To|Subject|Date|Message-ID|MIME-Version)(?=:)")
    return names.sub(lambda found: found[0].upper(), head) + blank + body


RELAYS = [
    lambda raw: (
        b"Received: from a (a [192.0.2.1])\r\n\tby b with ESMTP id 1; Mon, 23 Nov 2026 10:00:00 +0000\r\n" + raw
    ),
    lambda raw: b"Return-Path: <bounces@x.test>\r\nDelivered-To: marco@contact.test\r\n" + raw,
    lambda raw: b"Authentication-Results: mx.test; dkim=pass\r\nX-Spam-Score: 0.1\r\n" + raw,
    lambda raw: raw + b"\r\n\r\n",
    blanks_at_line_ends,
    refolded,
    unfolded,
    names_in_capitals,
]


@given(st.lists(st.sampled_from(RELAYS), max_size=6))
def test_what_relays_do_to_a_mail_does_no_harm(relays) -> None:
    raw = signed()
    for relay in relays:
        raw = relay(raw)
    assert is_believed(raw)


@settings(deadline=None)
@given(st.text(max_size=300), st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=80))
def test_any_text_and_subject_can_be_signed(text: str, subject: str) -> None:
    assert is_believed(sign(mail(f"<p>{text}</p>", subject), keys()))


def test_two_signatures_take_far_less_than_one_in_plain_python() -> None:
    raw, pair = mail(), keys()
    sign(raw, pair)
    begin = time.process_time()
    for _ in range(20):
        sign(raw, pair)
    assert (time.process_time() - begin) / 20 < 0.006  # dkimpy's own RSA: 0.008 for one
