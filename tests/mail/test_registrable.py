"""What somebody can register."""

import pytest

from witei_app.mail.registrable import registrable_part, tidy_domain


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("InmoSol.ES", "inmosol.es"),
        (" https://www.inmosol.es/pisos?x=1 ", "inmosol.es"),
        ("info@inmosol.es", "inmosol.es"),
        ("inmosol.es.", "inmosol.es"),
        ("cañada.es", "xn--caada-pta.es"),
        ("http://inmosol.es:8080", "inmosol.es"),
    ],
)
def test_what_people_type_is_understood(typed: str, meant: str) -> None:
    assert tidy_domain(typed) == meant


@pytest.mark.parametrize(
    ("domain", "part"),
    [
        ("inmosol.es", "inmosol.es"),
        ("mail.inmosol.co.uk", "inmosol.co.uk"),
        ("inmosol.com.es", "inmosol.com.es"),
        ("inmosol.example", "inmosol.example"),
        ("inmosol.github.io", "inmosol.github.io"),
    ],
)
def test_it_is_one_name_below_a_public_suffix(domain: str, part: str) -> None:
    assert registrable_part(domain) == part


NONE = ["", "es", "co.uk", "com.es", "github.io", "127.0.0.1", "[::1]", "10.0.0.1", "a..b", "-a.es", "a-.es", "a b.es"]
NONE += ["x.localhost", "printer.local", "1.2.3.4.in-addr.arpa", "under_score.es", "x.1", f"{'a' * 64}.es", "a." * 130]


@pytest.mark.parametrize("text", NONE)
def test_all_else_is_none(text: str) -> None:
    assert registrable_part(text) == ""
