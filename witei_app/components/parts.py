"""The JavaScript behind the page: one class per component in the `.jsx` files beside this one.

None of it evaluates text, so that the Content-Security-Policy can forbid that (design.md, decision 15).
"""

from typing import Any

import reflex as rx
from reflex.event import no_args_event_spec, passthrough_event_spec

_TIPTAP = ["@tiptap/core@3.34.0", "@tiptap/pm@3.34.0", "@tiptap/starter-kit@3.34.0"]
_TIPTAP += ["@tiptap/extension-mention@3.34.0", "@tiptap/suggestion@3.34.0"]
_EMOJI = ["emoji-picker-element@1.29.1", "emoji-picker-element-data@1.8.0"]


def _source(name: str) -> str:
    return rx.asset(name, shared=True).importable_path


# Imported by editor.jsx itself, the first when somebody writes, the second when somebody picks.
_source("rich_text.jsx")
_source("emoji.jsx")
_source("completion.jsx")
_source("pasted.jsx")
_source("unfilled.jsx")
_source("forms.jsx")


class MenuPanel(rx.Component):
    """A menu or another small panel over the page, opened by a button with `popoverTarget`."""

    library = _source("menu.jsx")
    tag = "MenuPanel"
    label: rx.Var[str]
    role: rx.Var[str]
    on_open: rx.EventHandler[no_args_event_spec]
    on_close: rx.EventHandler[no_args_event_spec]


class PostForm(rx.Component):
    """A form that the browser posts to `action`, a page of the server's own."""

    library = _source("menu.jsx")
    tag = "PostForm"
    action: rx.Var[str]


class ModalDialog(rx.Component):
    """A dialog that keeps the focus inside while `open`; Esc and a click outside call `on_close`."""

    library = _source("menu.jsx")
    tag = "ModalDialog"
    open: rx.Var[bool]
    label: rx.Var[str]
    on_close: rx.EventHandler[no_args_event_spec]


class ConfirmButton(rx.Component):
    """A button that asks once more before it acts."""

    library = _source("menu.jsx")
    tag = "ConfirmButton"
    label: rx.Var[str]
    title: rx.Var[str]
    body: rx.Var[str]
    action: rx.Var[str]
    cancel: rx.Var[str]
    shortcut: rx.Var[str]
    is_command: rx.Var[bool]
    on_confirm: rx.EventHandler[no_args_event_spec]


class RowLink(rx.Component):
    """A list row that is a real link: a plain click opens in place, any other does what the browser does."""

    library = _source("list.jsx")
    tag = "RowLink"
    href: rx.Var[str]
    current: rx.Var[bool]
    label: rx.Var[str]
    on_open: rx.EventHandler[no_args_event_spec]


class AddressKeeper(rx.Component):
    """Calls `on_arrive(id)` when the browser goes back or forth to a row that was opened in place.

    Keeps `query`, the view that is shown, in the address once it `is_known`.
    """

    library = _source("list.jsx")
    tag = "AddressKeeper"
    prefix: rx.Var[str]
    query: rx.Var[str]
    is_known: rx.Var[bool]
    on_arrive: rx.EventHandler[passthrough_event_spec(int)]


class RowCheck(rx.Component):
    """The box of a row that chooses it; with Shift all from the one before to this."""

    library = _source("several.jsx")
    tag = "RowCheck"
    row_id: rx.Var[int]
    label: rx.Var[str]


class SelectSeveral(rx.Component):
    """The item of a menu that begins a selection: for fingers, which hover over no row."""

    library = _source("several.jsx")
    tag = "SelectSeveral"


class SelectionBar(rx.Component):
    """Shown while rows are chosen. A child with `data-act` calls `on_act(name, ids, data-value)`; x and Esc work."""

    library = _source("several.jsx")
    tag = "SelectionBar"
    labels: rx.Var[dict[str, str]]
    on_act: rx.EventHandler[passthrough_event_spec(str, list[int], int)]


class EndOfList(rx.Component):
    """Calls `on_reach` when the end of the list comes near; give it a key that changes with the rows."""

    library = _source("list.jsx")
    tag = "EndOfList"
    margin: rx.Var[int]
    on_reach: rx.EventHandler[no_args_event_spec]


class ScrollKeeper(rx.Component):
    """The scrolling log of a thread. Entries carry `data-entry`."""

    library = _source("log.jsx")
    tag = "ScrollKeeper"
    label: rx.Var[str]
    reset_key: rx.Var[Any]
    jump_signal: rx.Var[int]
    target: rx.Var[int]
    target_signal: rx.Var[int]
    has_older: rx.Var[bool]
    new_label: rx.Var[str]
    on_older: rx.EventHandler[no_args_event_spec]
    on_why: rx.EventHandler[passthrough_event_spec(int)]
    on_again: rx.EventHandler[passthrough_event_spec(int)]


class PictureViewer(rx.Component):
    """Shows the pictures of the thread large, one after the other; opened by a click on one."""

    library = _source("pictures.jsx")
    tag = "PictureViewer"
    labels: rx.Var[dict[str, str]]


class MailFrame(rx.Component):
    """A mail in its own layout, sandboxed."""

    library = _source("frame.jsx")
    tag = "MailFrame"
    src: rx.Var[str]
    title: rx.Var[str]
    hidden_label: rx.Var[str]
    show_label: rx.Var[str]


class LineKeeper(rx.Component):
    """Keeps the tab's line to the server, and says so while it is lost; puts back what was typed into forms."""

    library = _source("line.jsx")
    tag = "LineKeeper"
    has_errors: rx.Var[bool]
    is_hydrated: rx.Var[bool]
    trouble: rx.Var[str]
    words: rx.Var[dict[str, str]]


class PageKeeper(rx.Component):
    """Keeps the tab's language, title and sign; says when the tab is looked at."""

    library = _source("page.jsx")
    tag = "PageKeeper"
    language: rx.Var[str]
    title: rx.Var[str]
    unread: rx.Var[int]
    on_visible: rx.EventHandler[passthrough_event_spec(bool)]


class MissingPage(rx.Component):
    """What is shown where nothing is; a session that is over leads past it to the sign-in."""

    library = _source("page.jsx")
    tag = "MissingPage"


class Shortcuts(rx.Component):
    """Single keys press what carries them in `aria-keyshortcuts`, while `is_on`; j and k walk the list."""

    library = _source("keys.jsx")
    tag = "Shortcuts"
    is_on: rx.Var[bool]


class KeysHelp(rx.Component):
    """The dialog of all keys; "?" opens it, and whatever has `data-opens` with its id."""

    library = _source("keys.jsx")
    tag = "KeysHelp"
    label: rx.Var[str]
    close_label: rx.Var[str]


class CommandPalette(rx.Component):
    """Ctrl+K: what can be done on this page, where one can go, and what `on_search(text)` finds."""

    library = _source("palette.jsx")
    tag = "CommandPalette"
    labels: rx.Var[dict[str, str]]
    found: rx.Var[Any]
    found_for: rx.Var[str]
    on_search: rx.EventHandler[passthrough_event_spec(str)]


class DetailsToggle(rx.Component):
    """Slides the details over the thread where there is no column for them."""

    library = _source("page.jsx")
    tag = "DetailsToggle"
    label: rx.Var[str]
    shortcut: rx.Var[str]


class Notifier(rx.Component):
    """Tells of something new, again whenever `number` changes, in `ways`: over the page, aloud, by the system when the
    app is not looked at. `on_arrive` when the page is connected (again), `on_here` now and then while it is used."""

    library = _source("notifier.jsx")
    tag = "Notifier"
    number: rx.Var[int]
    title: rx.Var[str]
    text: rx.Var[str]
    href: rx.Var[str]
    ways: rx.Var[str]
    open_label: rx.Var[str]
    is_connected: rx.Var[bool]
    on_arrive: rx.EventHandler[no_args_event_spec]
    on_here: rx.EventHandler[no_args_event_spec]


class MuteSwitch(rx.Component):
    """Sounds on this computer, or none."""

    library = _source("notifier.jsx")
    tag = "MuteSwitch"
    label: rx.Var[str]


class BrowserNoticeTest(rx.Component):
    """Asks the browser for leave to notify, on a click, and shows one; says where it stands."""

    library = _source("notifier.jsx")
    tag = "BrowserNoticeTest"
    label: rx.Var[str]
    allowed_text: rx.Var[str]
    ask_text: rx.Var[str]
    denied_text: rx.Var[str]
    unsupported_text: rx.Var[str]
    test_title: rx.Var[str]
    test_text: rx.Var[str]


class Toast(rx.Component):
    """A sentence at the foot of the page for a few seconds, again whenever `signal` changes."""

    library = _source("page.jsx")
    tag = "Toast"
    text: rx.Var[str]
    signal: rx.Var[int]
    seconds: rx.Var[int]
    is_hydrated: rx.Var[bool]
    action: rx.Var[str]
    on_action: rx.EventHandler[no_args_event_spec]


class CopyButton(rx.Component):
    """Copies `text`, and says so for a moment."""

    library = _source("copy.jsx")
    tag = "CopyButton"
    text: rx.Var[str]
    label: rx.Var[str]
    word: rx.Var[str]
    done_word: rx.Var[str]


class HandedLine(rx.Component):
    """A secret to read and copy, fetched by its ticket (accounts/handed.py)."""

    library = _source("handed.jsx")
    tag = "HandedLine"
    ticket: rx.Var[str]
    label: rx.Var[str]
    word: rx.Var[str]
    done_word: rx.Var[str]


class HandedList(rx.Component):
    """Several of them."""

    library = _source("handed.jsx")
    tag = "HandedList"
    ticket: rx.Var[str]
    label: rx.Var[str]


class HandedPicture(rx.Component):
    """One of them as a QR code."""

    library = _source("handed.jsx")
    tag = "HandedPicture"
    ticket: rx.Var[str]
    label: rx.Var[str]


class FilePost(rx.Component):
    """A file to choose or drop, posted to `url` at once with the `fields`; the answer's "href" goes to `on_done`."""

    library = _source("file_post.jsx")
    tag = "FilePost"
    url: rx.Var[str]
    fields: rx.Var[dict[str, Any]]
    accept: rx.Var[str]
    label: rx.Var[str]
    hint: rx.Var[str]
    failed_label: rx.Var[str]
    sending_label: rx.Var[str]
    on_done: rx.EventHandler[passthrough_event_spec(str)]


class MessageEditor(rx.Component):
    """The text of an answer with its toolbar; see `composer`."""

    library = _source("editor.jsx")
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
    offers_quote: rx.Var[bool]
    offers_signature: rx.Var[bool]
    offers_note: rx.Var[bool]
    shown_number: rx.Var[int]
    on_send: rx.EventHandler[passthrough_event_spec(int, str, str, bool, int)]
    on_send_and_archive: rx.EventHandler[passthrough_event_spec(int, str, str, bool, int)]
    on_change: rx.EventHandler[passthrough_event_spec(int, str, int)]
    on_templates: rx.EventHandler[no_args_event_spec]
    on_template: rx.EventHandler[passthrough_event_spec(str)]
    on_toggle_signature: rx.EventHandler[no_args_event_spec]
    on_toggle_note: rx.EventHandler[no_args_event_spec]
    on_attach_quote: rx.EventHandler[no_args_event_spec]
    on_attached: rx.EventHandler[passthrough_event_spec(int)]
