"""Pages of one record, which colleagues change too."""

import reflex as rx
from reflex.event import no_args_event_spec

from witei_app.components.parts.source import source


class OfAddress(rx.Component):
    """Shows its first child until `number` is the one in the address, then the others."""

    library = source("of_address.jsx")
    tag = "OfAddress"
    number: rx.Var[int]


class FormFollower(rx.Component):
    """Inside of a form: fields that nobody touched follow `values`; each field's last one goes along as "shown"."""

    library = source("follow.jsx")
    tag = "FormFollower"
    values: rx.Var[dict[str, str]]
    turn: rx.Var[int]


class FormRenewer(rx.Component):
    """Inside of a form: when `turn` changes and nothing was typed there, `on_untouched`."""

    library = source("follow.jsx")
    tag = "FormRenewer"
    turn: rx.Var[int]
    on_untouched: rx.EventHandler[no_args_event_spec]
