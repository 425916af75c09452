"""Places in templates."""

import pytest

from witei_app.errors import Refused
from witei_app.templates.placeholders import check_filled, check_places, fill, fill_line

VALUES = {"contact.first_name": "Marco", "contact.phone": "", "workspace.name": "Sol & Hijos"}


def test_what_is_known_is_put_in():
    assert fill("<p>Hola, {{ contact.first_name }}:</p>", VALUES) == "<p>Hola, Marco:</p>"


def test_the_text_after_the_bar_stands_in_for_what_is_unknown():
    assert fill("{{contact.phone|sin teléfono}}", VALUES) == "sin teléfono"


def test_nothing_may_stand_in_for_it_too():
    assert fill("Hola{{contact.phone|}}:", VALUES) == "Hola:"
    assert fill_line("Hola{{contact.phone|}}", VALUES) == "Hola"


def test_what_is_left_stays_visible():
    assert fill("{{contact.phone}}", VALUES) == "{{contact.phone}}"


def test_a_value_is_text_and_no_markup():
    assert fill("{{contact.first_name}}", {"contact.first_name": "<b>M</b>"}) == "&lt;b&gt;M&lt;/b&gt;"


def test_a_place_that_nothing_fills_is_refused_when_saving():
    with pytest.raises(Refused, match="shoe_size"):
        check_places("{{contact.shoe_size}}")


def test_nothing_is_sent_with_a_place_left_empty():
    with pytest.raises(Refused, match=r"\{\{contact.phone\}\}"):
        check_filled("<p>Tel. {{contact.phone}}</p>")
