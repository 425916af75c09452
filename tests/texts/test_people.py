"""How people are shown."""

import pytest

from witei_app.texts.people import initials


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Marco Torres", "MT"),
        ("María de los Ángeles", "MÁ"),
        ("ventas@example.com", "V"),
        ("(Ana) [agencia]", "A"),
        ("+34 600 123 456", "61"),
        ("🏡🎉", "🏡"),
        ("", ""),
    ],
)
def test_everybody_has_a_sign_in_their_avatar(name: str, shown: str) -> None:
    assert initials(name) == shown
