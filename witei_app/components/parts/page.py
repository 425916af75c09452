"""What every page has: its line to the server, its title, its toast."""

import reflex as rx
from reflex.event import no_args_event_spec, passthrough_event_spec

from witei_app.components.parts.source import source

for _name in ("busy", "drops", "focus", "forms", "once", "press", "silence", "version"):  # imported by line.jsx
    source(f"{_name}.jsx")


class LineKeeper(rx.Component):
    """Keeps the tab's line to the server, and says so while it is lost; puts back what was typed into forms."""

    library = source("line.jsx")
    tag = "LineKeeper"
    has_errors: rx.Var[bool]
    is_hydrated: rx.Var[bool]
    trouble: rx.Var[str]
    words: rx.Var[dict[str, str]]


class UnsavedKeeper(rx.Component):
    """Asks who leaves a page of settings, or a quote, with changes that were not saved."""

    library = source("unsaved.jsx")
    tag = "UnsavedKeeper"
    words: rx.Var[dict[str, str]]


class PageKeeper(rx.Component):
    """Keeps the tab's language, title and sign; says when the tab is looked at."""

    library = source("page.jsx")
    tag = "PageKeeper"
    language: rx.Var[str]
    title: rx.Var[str]
    unread: rx.Var[int]
    on_visible: rx.EventHandler[passthrough_event_spec(bool)]


class MissingPage(rx.Component):
    """What is shown where nothing is; a session that is over leads past it to the sign-in."""

    library = source("page.jsx")
    tag = "MissingPage"


class DetailsToggle(rx.Component):
    """Slides the details over the thread where there is no column for them."""

    library = source("page.jsx")
    tag = "DetailsToggle"
    label: rx.Var[str]
    shortcut: rx.Var[str]


class Toast(rx.Component):
    """A sentence at the foot of the page for a few seconds, again whenever `signal` changes."""

    library = source("page.jsx")
    tag = "Toast"
    text: rx.Var[str]
    signal: rx.Var[int]
    seconds: rx.Var[int]
    is_hydrated: rx.Var[bool]
    action: rx.Var[str]
    on_action: rx.EventHandler[no_args_event_spec]
