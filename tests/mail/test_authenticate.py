"""Against a real name server: its records say what is right, the mails say who claims to send them."""

from collections.abc import Iterator
from pathlib import Path

import dns.resolver
import pytest

from tests.name_server import NameServer
from witei_app.mail.authenticate import authenticate
from witei_app.mail.dkim_keys import NewKey, load_private_key, new_pair
from witei_app.mail.sign import SigningKey, sign

MAIL = (
    b"From: Marco Torres <marco@casa-torres.example>\r\nTo: sol@localhost.test\r\nSubject: Visita\r\n"
    b"Date: Mon, 23 Nov 2026 10:31:00 +0100\r\nMessage-ID: <m1@casa-torres.example>\r\n\r\nHola\r\n"
)
PEER, OTHER_PEER = "93.184.216.34", "93.184.216.99"


@pytest.fixture(scope="module")
def key() -> NewKey:
    return new_pair()[0]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NameServer]:
    folder: Path = tmp_path_factory.mktemp("dns")
    server = NameServer(folder)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def resolver(server: NameServer, key: NewKey) -> dns.resolver.Resolver:
    half = len(key.public_value) // 2
    server.publish(
        f'casa-torres.example. TXT "v=spf1 ip4:{PEER} -all"',
        '_dmarc.casa-torres.example. TXT "v=DMARC1; p=reject"',
        f"{key.selector}._domainkey.casa-torres.example. TXT"
        f' "v=DKIM1; k=rsa; p={key.public_value[:half]}" "{key.public_value[half:]}"',
        'strict.example. TXT "v=spf1 -all"',
    )
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], server.port
    return resolver


def signed(raw: bytes, key: NewKey, domain: str = "casa-torres.example") -> bytes:
    return sign(raw, [SigningKey(domain, key.selector, load_private_key(key.private_pem))])


def test_a_signed_mail_is_verified_wherever_it_came_through(resolver, key):
    found = authenticate(signed(MAIL, key), OTHER_PEER, "list@elsewhere.example", "mx.elsewhere.example", resolver)
    assert (found.dkim, found.dmarc, found.verdict) == ("pass", "pass", "verified")
    assert found.explain("es") == "Viene de verdad de casa-torres.example."


def test_a_mail_from_the_domains_own_server_is_verified_without_a_signature(resolver):
    found = authenticate(MAIL, PEER, "marco@casa-torres.example", "mx.casa-torres.example", resolver)
    assert (found.spf, found.dkim, found.dmarc, found.verdict) == ("pass", "none", "pass", "verified")


def test_a_forged_sender_is_seen(resolver):
    found = authenticate(MAIL, OTHER_PEER, "x@casa-torres.example", "evil.example", resolver)
    assert (found.spf, found.dmarc, found.verdict) == ("fail", "fail", "failed")


def test_a_changed_body_breaks_the_signature(resolver, key):
    changed = signed(MAIL, key).replace(b"Hola", b"Pague aqui")
    assert authenticate(changed, OTHER_PEER, "", "x", resolver).verdict == "failed"


def test_the_signature_of_another_domain_does_not_speak_for_this_one(resolver):
    forged = MAIL.replace(b"casa-torres.example", b"strict.example")
    found = authenticate(forged, PEER, "x@casa-torres.example", "x", resolver)
    assert (found.spf, found.dmarc, found.verdict) == ("pass", "none", "unknown")


def test_results_that_came_with_the_mail_are_not_believed(resolver):
    claimed = b"Authentication-Results: mx.example; dkim=pass; spf=pass; dmarc=pass\r\n" + MAIL
    assert authenticate(claimed, OTHER_PEER, "x@other.example", "x", resolver).verdict == "failed"


@pytest.mark.parametrize(
    ("other", "is_signed", "verdict"),
    [
        (b"ana@casa-torres.example", True, "verified"),
        (b"x@nothing.example", True, "unknown"),
        (b"x@nothing.example", False, "failed"),
    ],
)
def test_of_several_authors_the_worst_counts(resolver, key, other, is_signed, verdict):
    raw = MAIL.replace(b"From: ", b"From: " + other + b", ")
    found = authenticate(signed(raw, key) if is_signed else raw, OTHER_PEER, "", "mx.nothing.example", resolver)
    assert found.verdict == verdict


def test_very_many_authors_are_nobody(resolver):
    many = b", ".join(b"x@n%d.example" % number for number in range(50))
    found = authenticate(MAIL.replace(b"From: ", b"From: " + many + b", "), PEER, "", "mx", resolver)
    assert (found.dmarc, found.verdict) == ("permerror", "unknown")


def test_our_own_relay_says_nothing_about_the_sender(resolver):
    assert authenticate(MAIL, "127.0.0.1", "marco@casa-torres.example", "x", resolver).spf == "none"


TRACES = {
    "postfix": f"from mx.casa-torres.example (mx.casa-torres.example [{PEER}]) by mail.test (Postfix) with ESMTPS",
    "exim": f"from [{PEER}] (helo=mx.casa-torres.example) by mail.test with esmtps (Exim 4.96)",
    "a filter": f"from localhost (localhost [127.0.0.1]) by mail.test (Postfix)\r\nReceived: from mx (x [{PEER}]) by y",
}


@pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES)
def test_behind_our_own_relay_nobody_is_accused_whose_server_it_names(resolver, trace):
    raw = f"Received: {trace}\r\n".encode() + MAIL
    found = authenticate(raw, "127.0.0.1", "marco@casa-torres.example", "mail.test", resolver)
    assert (found.spf, found.dmarc, found.verdict) == ("none", "permerror", "unknown")


def test_behind_our_own_relay_a_forged_sender_is_seen_too(resolver):
    by_another = f"Received: from mx (mx [{OTHER_PEER}]) by mail.test\r\nReceived: from mx (mx [{PEER}]) by mx\r\n"
    for trace in ("", by_another, "Received: by mail.test (from userid 33)\r\n"):
        found = authenticate(trace.encode() + MAIL, "10.0.0.5", "x@casa-torres.example", "mail.test", resolver)
        assert (found.dmarc, found.verdict) == ("fail", "failed")
    allowed = f"Received: from mx (mx [{PEER}]) by mail.test\r\n".encode()
    assert authenticate(allowed + MAIL, "127.0.0.1", "x@elsewhere.example", "m", resolver).verdict == "failed"


def test_without_answers_from_the_dns_nothing_is_claimed(key):
    silent = dns.resolver.Resolver(configure=False)
    silent.nameservers, silent.port, silent.lifetime = ["127.0.0.1"], 9, 0.2
    found = authenticate(signed(MAIL, key), PEER, "marco@casa-torres.example", "x", silent)
    assert (found.dmarc, found.verdict) == ("temperror", "unknown")


def test_of_a_fetched_mail_nobody_knows_the_server_so_only_a_signature_counts(resolver, key):
    unsigned = authenticate(MAIL, "", "marco@casa-torres.example", "", resolver)
    assert (unsigned.spf, unsigned.dmarc, unsigned.verdict) == ("none", "permerror", "unknown")
    assert authenticate(signed(MAIL, key), "", "marco@casa-torres.example", "", resolver).verdict == "verified"
