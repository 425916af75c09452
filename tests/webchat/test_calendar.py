"""Days and times as the visitor's form of a language writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witei_app.webchat.calendar import spelling


@pytest.mark.parametrize(
    ("lang", "accepted", "time", "day"),
    [
        ("en", "en-GB,en;q=0.9", "{HH}:{mm}", "{EEEE}, {d} {MMMM}"),
        ("en", "de,en-US;q=0.5", "{h}:{mm}\u202f{a}", "{EEEE}, {MMMM} {d}"),
        ("es", "es-ES", "{H}:{mm}", "{EEEE}, {d} de {MMMM}"),
        ("es", "es-MX", "{h}:{mm}\u202f{a}", "{EEEE}, {d} de {MMMM}"),
        ("ca", "", "{H}:{mm}", "{EEEE}, {d} {MMMM}"),
        ("fr", "fr-CA", "{HH} h {mm}", "{EEEE} {d} {MMMM}"),
        ("de", "en", "{HH}:{mm}", "{EEEE}, {d}. {MMMM}"),
    ],
)
def test_each_form_of_a_language_writes_in_its_own_way(lang: str, accepted: str, time: str, day: str) -> None:
    said = spelling(lang, accepted)
    assert (said["time"], said["day"]) == (time, day)


def test_the_week_begins_as_scripts_count_it() -> None:
    said = spelling("ca", "ca")
    assert said["weekdays"].split("|")[0] == "diumenge"
    assert said["months"].split("|")[3] == "d’abril"
    assert [len(said[name].split("|")) for name in ("weekdays", "months", "halves")] == [7, 12, 2]


@given(st.text(alphabet="en-_;,=GBus*0.9 \0x", max_size=40))
def test_whatever_a_browser_sends_is_taken(accepted: str) -> None:
    assert spelling("en", accepted)["weekdays"].startswith("Sunday|Monday")
    assert spelling("en", "en" + accepted)["months"].startswith("January|")
