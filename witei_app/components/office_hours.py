"""The fields of office hours: a week, and holidays. A workspace and a chat widget have the same."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from witei_app.components.form import field, text_area, text_input
from witei_app.texts import say

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
More = dict[str, Any]


def office_hours_fields(days: Any, holidays: Any, day_more: Callable[[int], More], holidays_more: More) -> rx.Component:
    """`days` are the texts of Monday to Sunday; `day_more` and `holidays_more` say what a change does, or the names."""
    week = [
        field(say(name), text_input(days[number], placeholder=say("closed all day"), **day_more(number)))
        for number, name in enumerate(DAY_NAMES)
    ]
    free = text_area(holidays, rows=3, placeholder="25/12\n2027-03-26", **holidays_more)
    return rx.fragment(
        rx.el.div(*week, class_name="two-fields"),
        field(say("Holidays, one to a line"), free, hint=say("25/12 repeats every year, 2027-03-26 is that day only.")),
    )
