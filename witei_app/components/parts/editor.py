"""The editor of messages: Tiptap, and emoji-picker-element."""

from typing import Any

import reflex as rx
from reflex.event import no_args_event_spec, passthrough_event_spec

from witei_app.components.parts.source import source

_TIPTAP = ["@tiptap/core@3.34.0", "@tiptap/pm@3.34.0", "@tiptap/starter-kit@3.34.0"]
_TIPTAP += ["@tiptap/extension-mention@3.34.0", "@tiptap/suggestion@3.34.0"]
_EMOJI = ["emoji-picker-element@1.29.1", "emoji-picker-element-data@1.8.0"]

# What editor.jsx is put together from; rich_text.jsx is fetched when somebody writes, emoji.jsx when somebody picks.
_PIECES = ("writing", "draft", "kept", "outgoing", "uploads", "pasted_pictures", "toolbar", "panels", "safe_html")
_FETCHED = ("rich_text", "completion", "pasted", "unfilled", "emoji")
for _name in (*_PIECES, *_FETCHED):
    source(f"{_name}.jsx")


class MessageEditor(rx.Component):
    """The text of an answer with its toolbar; see `composer`."""

    library = source("editor.jsx")
    tag = "MessageEditor"
    lib_dependencies: list[str] = _TIPTAP + _EMOJI
    conversation_id: rx.Var[int]
    owner: rx.Var[int]
    initial_html: rx.Var[str]
    draft_turn: rx.Var[int]
    kept_save: rx.Var[int]
    ask_signal: rx.Var[int]
    clear_signal: rx.Var[int]
    restored: rx.Var[int]
    restore_signal: rx.Var[int]
    is_sending: rx.Var[bool]
    is_disabled: rx.Var[bool]
    is_note: rx.Var[bool]
    note_turn: rx.Var[int]
    colleagues: rx.Var[list[Any]]
    has_signature: rx.Var[bool]
    signature_html: rx.Var[str]
    invitation: rx.Var[str]
    labels: rx.Var[dict[str, str]]
    language: rx.Var[str]
    templates: rx.Var[Any]
    upload_url: rx.Var[str]
    most_mb: rx.Var[int]
    has_files: rx.Var[bool]
    may_be_empty: rx.Var[bool]
    offers_quote: rx.Var[bool]
    offers_signature: rx.Var[bool]
    offers_note: rx.Var[bool]
    shown_number: rx.Var[int]
    on_send: rx.EventHandler[passthrough_event_spec(int, str, str, bool, int)]
    on_send_and_archive: rx.EventHandler[passthrough_event_spec(int, str, str, bool, int)]
    on_change: rx.EventHandler[passthrough_event_spec(int, str, int, bool)]
    on_templates: rx.EventHandler[no_args_event_spec]
    on_template: rx.EventHandler[passthrough_event_spec(str)]
    on_toggle_signature: rx.EventHandler[no_args_event_spec]
    on_toggle_note: rx.EventHandler[passthrough_event_spec(bool, int)]
    on_attach_quote: rx.EventHandler[no_args_event_spec]
    on_attached: rx.EventHandler[passthrough_event_spec(int)]


class KeptText(rx.Component):
    """Says `words` where the composer has gone with something in it that is not sent."""

    library = source("kept_text.jsx")
    tag = "KeptText"
    owner: rx.Var[int]
    words: rx.Var[str]
