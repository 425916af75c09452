"""A file that is posted at once."""

from typing import Any

import reflex as rx
from reflex.event import passthrough_event_spec

from witei_app.components.parts.source import source


class FilePost(rx.Component):
    """A file to choose or drop, posted to `url` at once with the `fields`; the answer's "href" goes to `on_done`."""

    library = source("file_post.jsx")
    tag = "FilePost"
    url: rx.Var[str]
    fields: rx.Var[dict[str, Any]]
    accept: rx.Var[str]
    label: rx.Var[str]
    hint: rx.Var[str]
    failed_label: rx.Var[str]
    sending_label: rx.Var[str]
    on_done: rx.EventHandler[passthrough_event_spec(str)]
