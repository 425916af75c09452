"""Lists: rows that are links, their end, and what is chosen of them."""

import reflex as rx
from reflex.event import no_args_event_spec, passthrough_event_spec

from witei_app.components.parts.source import source


class RowLink(rx.Component):
    """A list row that is a real link: a plain click opens in place, any other does what the browser does."""

    library = source("list.jsx")
    tag = "RowLink"
    href: rx.Var[str]
    current: rx.Var[bool]
    label: rx.Var[str]
    on_open: rx.EventHandler[no_args_event_spec]


class AddressKeeper(rx.Component):
    """Calls `on_arrive(id)` when the browser goes back or forth to a row that was opened in place.

    Keeps `query`, the view that is shown, in the address once it `is_known`.
    """

    library = source("list.jsx")
    tag = "AddressKeeper"
    prefix: rx.Var[str]
    query: rx.Var[str]
    is_known: rx.Var[bool]
    on_arrive: rx.EventHandler[passthrough_event_spec(int)]


class EndOfList(rx.Component):
    """Calls `on_reach` when the end of the list comes near; give it a key that changes with the rows."""

    library = source("list.jsx")
    tag = "EndOfList"
    margin: rx.Var[int]
    on_reach: rx.EventHandler[no_args_event_spec]


class SearchBox(rx.Component):
    """Tells `on_search` what is typed, after a pause; shows `search` until somebody types."""

    library = source("list.jsx")
    tag = "SearchBox"
    search: rx.Var[str]
    label: rx.Var[str]
    longest: rx.Var[int]
    on_search: rx.EventHandler[passthrough_event_spec(str)]


class RowCheck(rx.Component):
    """The box of a row that chooses it; with Shift all from the one before to this."""

    library = source("several.jsx")
    tag = "RowCheck"
    row_id: rx.Var[int]
    label: rx.Var[str]


class SelectSeveral(rx.Component):
    """The item of a menu that begins a selection: for fingers, which hover over no row."""

    library = source("several.jsx")
    tag = "SelectSeveral"


class SelectionBar(rx.Component):
    """Shown while rows are chosen. A child with `data-act` calls `on_act(name, ids, data-value)`; x and Esc work."""

    library = source("several.jsx")
    tag = "SelectionBar"
    labels: rx.Var[dict[str, str]]
    on_act: rx.EventHandler[passthrough_event_spec(str, list[int], int)]
