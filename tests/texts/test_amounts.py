"""Quantities as people check them in a spreadsheet."""

from witei_app.texts.amounts import change_label, number_label


def test_halves_are_rounded_up() -> None:
    assert [number_label(number, "en") for number in (25.25, 2.25, 4.35, 3, 0)] == ["25.3", "2.3", "4.4", "3", "0"]
    assert [change_label(now, 8, "en") for now in (13, 5, 9, 11)] == ["+63%", "−38%", "+13%", "+38%"]
