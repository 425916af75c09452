"""Where the web server listens, and whose pages may open its sockets."""

import pytest

from witei_app.serve import allowed_origins, bind_host
from witei_app.settings import Settings


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("", "127.0.0.1"),
        ("http://localhost:8080", "127.0.0.1"),
        ("http://127.0.0.1:3000", "127.0.0.1"),
        ("http://[::1]:3000", "::1"),
        ("https://inbox.example", "0.0.0.0"),
        ("http://192.168.1.5:3000", "0.0.0.0"),
    ],
)
def test_it_listens_beyond_this_machine_only_with_an_address_of_its_own(base_url: str, host: str) -> None:
    assert bind_host(Settings(base_url=base_url)) == host


def test_behind_a_proxy_on_the_same_machine_it_can_keep_to_itself() -> None:
    assert bind_host(Settings(base_url="https://inbox.example", listen_address="127.0.0.1")) == "127.0.0.1"


def test_only_its_own_pages_may_open_sockets() -> None:
    assert allowed_origins(Settings(base_url="https://inbox.example")) == ["https://inbox.example"]


def test_this_machine_goes_by_both_its_names() -> None:
    assert allowed_origins(Settings(port=3100)) == ["http://localhost:3100", "http://127.0.0.1:3100"]


def test_the_address_by_which_people_reach_it_is_one_of_them() -> None:
    assert "http://[::1]:3000" in allowed_origins(Settings(base_url="http://[::1]:3000"))
