"""Whose address it is, as far as it can be believed."""

import pytest
from starlette.requests import HTTPConnection

from tests.cast import Configure
from witei_app.http.session import address_of


def asked_with(*forwarded: str) -> str:
    """The address of a request with these lines of X-Forwarded-For."""
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    return address_of(HTTPConnection({"type": "http", "headers": headers, "client": ("10.0.0.1", 1)}))


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (["203.0.113.5"], "203.0.113.5"),
        (["198.51.100.1, 203.0.113.5"], "203.0.113.5"),
        (["198.51.100.1", "203.0.113.5"], "203.0.113.5"),  # the client's own line, and the proxy's
        (["198.51.100.1, 198.51.100.2", "203.0.113.5"], "203.0.113.5"),
        (["nonsense"], "10.0.0.1"),
        ([], "10.0.0.1"),
    ],
)
def test_what_the_last_proxy_saw_counts(configure: Configure, forwarded: list[str], address: str) -> None:
    configure(TRUSTED_PROXY_HOPS="1")
    assert asked_with(*forwarded) == address


def test_without_a_proxy_nothing_that_is_said_counts(configure: Configure) -> None:
    configure(TRUSTED_PROXY_HOPS="0")
    assert asked_with("203.0.113.5") == "10.0.0.1"
