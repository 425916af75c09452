"""Handing mail to a real Postfix that wants a user, a password and TLS."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.cast import Cast, Configure, configure, get, lite_cast, queued
from tests.dovecot import PASSWORD, Dovecot, dovecot
from tests.real_servers.postfix import Postfix
from witei_app.models import Delivery, DeliveryState
from witei_app.outbox.deliver import deliver_next
from witei_app.outbox.transport import transport_for

__all__ = ["configure", "dovecot", "lite_cast"]


@pytest.fixture(scope="module")
def postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    """One for all tests here."""
    server = Postfix(dovecot)
    yield server
    server.stop()


@pytest.fixture
def trusted(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system trusts the authority of the server's certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))


async def handed(cast: Cast, url: str) -> Delivery:
    """Ana's answer, after one try to hand it to the relay."""
    await queued(cast)
    transport = transport_for(url)
    assert await deliver_next(transport)
    await transport.close()
    delivery: Delivery = await get(Delivery, 1)
    return delivery


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
async def test_it_signs_in_by_tls_and_the_mail_is_taken(
    lite_cast: Cast, configure: Configure, postfix: Postfix, trusted: None, scheme: str
) -> None:
    port = postfix.tls_port if scheme == "smtps" else postfix.port
    delivery = await handed(lite_cast, f"{scheme}://info:{quote(PASSWORD)}@localhost:{port}")
    assert (delivery.state, delivery.response[:3]) == (DeliveryState.SENT, "250")
    assert "sasl_username=info" in postfix.mail_log()


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
async def test_a_server_that_cannot_be_trusted_hears_no_password(
    lite_cast: Cast, configure: Configure, postfix: Postfix, scheme: str
) -> None:
    port = postfix.tls_port if scheme == "smtps" else postfix.port
    delivery = await handed(lite_cast, f"{scheme}://stranger:{quote(PASSWORD)}@localhost:{port}")
    assert delivery.state == DeliveryState.DEFERRED
    assert "certificate" in delivery.response.lower()
    assert "stranger" not in postfix.mail_log()


async def test_a_wrong_password_waits_for_the_operator(
    lite_cast: Cast, configure: Configure, postfix: Postfix, trusted: None
) -> None:
    delivery = await handed(lite_cast, f"smtps://info:wrong@localhost:{postfix.tls_port}")
    assert delivery.state == DeliveryState.DEFERRED
    assert "535" in delivery.response or "authentication" in delivery.response.lower()


async def test_without_signing_in_it_is_refused(
    lite_cast: Cast, configure: Configure, postfix: Postfix, trusted: None
) -> None:
    delivery = await handed(lite_cast, f"smtp+starttls://localhost:{postfix.port}")
    assert (delivery.state, delivery.response[:3]) == (DeliveryState.FAILED, "554")
