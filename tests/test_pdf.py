"""What stands on paper for texts that its font has no letters for."""

import pytest

from witei_app.pdf import Paper


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Łukasz Żółć Пётр Ελλάδα 5 € 3º", "Łukasz Żółć Пётр Ελλάδα 5 € 3º"),
        ("Jose\u0301", "José"),
        ("王小明 · wang@x.test", "��� · wang@x.test"),
        ("Piso 😀👨\u200d👩 con ascensor", "Piso  con ascensor"),
        ("\U0001d5e3iso Ａ", "Piso A"),
        ("one\ntwo", "one\ntwo"),
    ],
)
def test_a_letter_that_cannot_be_printed_shows_that_it_was_there(text: str, shown: str) -> None:
    assert Paper("", "", "en").normalize_text(text).replace("\u200d", "") == shown
