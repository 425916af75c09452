"""Writing to the contact, or a note to the team."""

from typing import Any

import reflex as rx

from witei_app.components.icons import icon
from witei_app.components.parts import MessageEditor
from witei_app.conversations.rows import FileRow, HeaderRow
from witei_app.sender_domains.rows import SenderAddressRow
from witei_app.texts import say

_LABELS = {
    "message": "Message",
    "toolbar": "Formatting",
    "bold": "Bold",
    "italic": "Italic",
    "bullets": "List",
    "citation": "Quotation",
    "link": "Insert link",
    "emoji": "Insert emoji",
    "template": "Insert template",
    "file": "Attach file",
    "quote": "Attach quote",
    "signature": "Add signature",
    "note": "Note",
    "noteHint": "Write an internal note that only the team sees",
    "send": "Send",
    "sendHint": "Send (Ctrl+Enter)",
    "address": "Address of the link",
    "apply": "Apply",
    "remove": "Remove",
    "searchTemplates": "Search templates",
    "noTemplate": "No template has these words.",
    "noTemplates": "No templates yet. An administrator adds them in Settings.",
    "uploading": "Uploading",
    "tooLarge": "{name} is too large.",
    "drop": "Drop the files here",
    "missingFile": "You write of a file, but none is attached.",
    "sendWithout": "Send without a file",
    "uploadFailed": "The file could not be uploaded. Your text is kept; try again.",
}


def composer(
    header: rx.Var[HeaderRow],
    *,
    initial_html: rx.Var[str],
    clear_signal: rx.Var[int],
    restored: int | rx.Var[int] = 0,
    restore_signal: int | rx.Var[int] = 0,
    is_sending: bool | rx.Var[bool] = False,
    is_disabled: bool | rx.Var[bool] = False,
    is_note: bool | rx.Var[bool] = False,
    has_signature: bool | rx.Var[bool] = False,
    signature_html: str | rx.Var[str] = "",
    language: str | rx.Var[str] = "en",
    templates: Any = (),
    files: rx.Var[list[FileRow]] | None = None,
    upload_url: str = "",
    most_mb: int = 0,
    on_send: Any,
    on_change: Any = None,
    on_templates: Any = None,
    on_toggle_signature: Any = None,
    on_toggle_note: Any = None,
    on_attach_quote: Any = None,
    on_attached: Any = None,
    on_remove_file: Any = None,
    senders: rx.Var[list[SenderAddressRow]] | None = None,
    sender_id: int | rx.Var[int] = 0,
    on_sender: Any = None,
) -> rx.Component:
    """The composer at the foot of the thread.

    `on_send(conversation_id, html, client_id)` and `on_change(conversation_id, html)` (500 ms after the last key, and
    when the conversation changes) name the conversation the text was written in: a click on another row may be on its
    way. `client_id` is the same when the same text is sent again because no answer came.
    `html` is what a browser sent, so it is sanitised by whoever takes it. The text is cleared when `clear_signal`
    changes, never before; `initial_html` applies when the conversation changes. `templates` are dicts with "id",
    "title" and "html", asked for by `on_templates()` when they are to be shown. With `upload_url`, files are posted
    there one by one (fields "conversation", "file"; header X-Requested-With), answered by JSON {"id"} or {"error"},
    and `on_attached(id)` follows. Buttons without a handler are not shown.
    """
    handlers = {
        "on_change": on_change,
        "on_templates": on_templates,
        "on_toggle_signature": on_toggle_signature,
        "on_toggle_note": on_toggle_note,
        "on_attach_quote": on_attach_quote,
        "on_attached": on_attached,
    }
    editor = MessageEditor.create(
        *([] if files is None else [_attached(files, on_remove_file)]),
        conversation_id=header.id,
        initial_html=initial_html,
        clear_signal=clear_signal,
        restored=restored,
        restore_signal=restore_signal,
        is_sending=is_sending,
        is_disabled=is_disabled,
        is_note=is_note,
        has_signature=has_signature,
        signature_html=signature_html,
        invitation=_invitation(header, is_note),
        labels={name: say(text) for name, text in _LABELS.items()},
        language=language,
        templates=templates,
        upload_url=upload_url,
        most_mb=most_mb,
        has_files=False if files is None else files.length() > 0,
        offers_quote=on_attach_quote is not None,
        offers_signature=on_toggle_signature is not None,
        offers_note=on_toggle_note is not None,
        on_send=on_send,
        **{name: handler for name, handler in handlers.items() if handler is not None},
    )
    return rx.el.div(
        _to(header, is_note, _from(header, senders, sender_id, on_sender)),
        rx.cond((header.reply_warning != "") & ~rx.Var.create(is_note), _address_warning(header)),
        editor,
        class_name=rx.cond(is_note, "composer note", "composer"),
    )


def _address_warning(header: rx.Var[HeaderRow]) -> rx.Component:
    return rx.el.div(icon("alert", "small"), rx.el.span(header.reply_warning), class_name="mail-warning", role="note")


def plain_editor(
    *,
    label: rx.Var[str],
    editor_id: rx.Var[int],
    initial_html: rx.Var[str],
    clear_signal: rx.Var[int],
    language: rx.Var[str],
    save: rx.Var[str],
    on_save: Any,
) -> rx.Component:
    """The same editor for other texts (templates, signatures): named `label`, with a button `save`.

    `on_save(editor_id, html, client_id)`; the text is another one when `editor_id` changes.
    """
    labels = {name: say(text) for name, text in _LABELS.items()} | {"message": label, "send": save}
    editor = MessageEditor.create(
        conversation_id=editor_id,
        initial_html=initial_html,
        clear_signal=clear_signal,
        invitation="",
        labels=labels,
        language=language,
        on_send=on_save,
    )
    return rx.el.div(editor, class_name="composer plain-editor")


def closed_composer(on_reopen: Any) -> rx.Component:
    """In place of the composer in an archived conversation."""
    again = rx.el.button(say("Reopen"), type="button", class_name="button", on_click=on_reopen)
    return rx.el.div(
        icon("archive"), say("This conversation is archived. Reopen it to answer."), again, class_name="closed"
    )


def reading_only() -> rx.Component:
    """In place of the composer for whoever may read and no more."""
    return rx.el.div(icon("person"), say("You may read this conversation, not answer it."), class_name="closed")


def _to(header: rx.Var[HeaderRow], is_note: bool | rx.Var[bool], sender: rx.Component) -> rx.Component:
    to = rx.fragment(
        say("To"),
        rx.el.span(rx.el.span(header.contact_name, class_name="cut"), class_name="chip", title=header.reply_to),
        rx.cond(header.sends_from != "", sender),
    )
    note = rx.fragment(icon("note", "small"), say("Internal note: only your team sees it"))
    return rx.el.div(rx.cond(is_note, note, to), class_name="to")


def _from(
    header: rx.Var[HeaderRow], senders: rx.Var[list[SenderAddressRow]] | None, sender_id: Any, on_sender: Any
) -> rx.Component:
    """The address that the answer goes out from, to be chosen where there are several."""

    def said(address: Any) -> rx.Component:
        return rx.el.span(say("from {address}", address=address), class_name="from cut")

    if senders is None:
        return said(header.sends_from)
    choices = rx.foreach(senders, lambda one: rx.el.option(one.email, value=one.id.to_string(), key=one.id))
    select = rx.el.select(
        choices, value=sender_id.to_string(), on_change=on_sender, aria_label=say("From"), class_name="from"
    )
    only = rx.cond(senders.length() == 1, senders[0].email, header.sends_from)
    return rx.cond(senders.length() > 1, select, said(only))


def _invitation(header: rx.Var[HeaderRow], is_note: bool | rx.Var[bool]) -> rx.Var[str]:
    return rx.cond(is_note, say("What should the team know?"), say("Write to {name}…", name=header.contact_name))


def _attached(files: rx.Var[list[FileRow]], on_remove_file: Any) -> rx.Component:
    def chip(file: rx.Var[FileRow]) -> rx.Component:
        label = say("Remove {name}", name=file.name)
        parts: list[Any] = [
            icon(rx.cond(file.quote_title != "", "quote", "clip"), "small"),
            rx.el.span(rx.cond(file.quote_title != "", file.quote_title, file.name), class_name="cut"),
            rx.el.span(rx.cond(file.quote_title != "", file.quote_total, file.size), class_name="size"),
        ]
        if on_remove_file is not None:
            remove = {"type": "button", "aria_label": label, "title": label, "on_click": on_remove_file(file.id)}
            parts.append(rx.el.button(icon("close", "small"), class_name="remove", **remove))
        return rx.el.span(*parts, class_name="file", key=file.id)

    return rx.cond(files.length() > 0, rx.el.div(rx.foreach(files, chip), class_name="files"))
