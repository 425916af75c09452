"""Writing to the contact, or a note to the team."""

from typing import Any

import reflex as rx

from witei_app.components.icons import icon
from witei_app.components.parts.chosen import Choice
from witei_app.components.parts.editor import KeptText, MessageEditor
from witei_app.components.recipients import RecipientFields, recipient_fields
from witei_app.conversations.rows import FileRow, HeaderRow
from witei_app.sender_domains.rows import SenderAddressRow
from witei_app.texts import say

_LABELS = {
    "message": "Message",
    "reply": "Reply",
    "noteCommand": "Internal note",
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
    "filesFirst": "A file is still being uploaded. Send when it is there.",
    "opening": "This conversation is still being opened. Send in a moment.",
    "nothing": "Write something first.",
    "tooLong": "This text is too long to be kept or sent. Put it into a file instead.",
    "tooLarge": "{name} is too large: {most} MB at most.",
    "drop": "Drop the files here",
    "picture": "Picture",
    "picturesElsewhere": "Some pictures could not be pasted: attach them as files.",
    "noPictures": "Pictures cannot be pasted here: only the text is kept.",
    "sendAndArchive": "Send and archive",
    "more": "More options",
    "colleagues": "Colleagues",
    "uploadFailed": "{name} could not be uploaded. Your text is kept; try again.",
}


def composer(
    header: rx.Var[HeaderRow],
    editor: rx.Component,
    *,
    is_note: rx.Var[bool],
    recipients: rx.Component,
) -> rx.Component:
    """The composer at the foot of the thread: whom it is for (`recipients`), what to know first, the text."""
    warning = (header.reply_warning != "") & ~is_note
    note = rx.el.div(icon("note", "small"), say("Internal note: only your team sees it"), class_name="to")
    return rx.el.div(
        rx.cond(is_note, note, recipients),
        rx.cond(warning, _address_warning(header)),
        editor,
        class_name=rx.cond(is_note, "composer note", "composer"),
    )


def message_editor(*children: Any, labels: dict[str, Any] | None = None, **props: Any) -> rx.Component:
    """The text of a message with its toolbar. Buttons without a handler are not shown.

    `on_send(conversation_id, html, client_id, is_note, shown_number)`, `on_send_and_archive` alike, and
    `on_change(conversation_id, html, number, is_note)` (500 ms after the last key, and when the conversation changes)
    name the conversation the text was written in: a click on another row may be on its way. `client_id` is the same
    when the same text is sent again because no answer came. A text waits in the browser, for `owner` alone, until
    `kept_save` is the number of its last `on_change`; when `ask_signal` changes, what still waits is told again. `html`
    is what a browser sent, so it is sanitised by whoever takes it. The text is cleared when `clear_signal` grows, never
    before; `initial_html` applies when the conversation changes, and when `draft_turn` does and nothing waits.
    `templates` are dicts with "id", "title" and "html", asked for by `on_templates()` when they are to be shown. With
    `upload_url`, files are posted there one by one (fields "conversation", "file"; header X-Requested-With), answered
    by JSON {"id"} or {"error"}, and `on_attached(id)` follows.
    """
    words = {name: say(text) for name, text in _LABELS.items()} | (labels or {})
    return MessageEditor.create(
        *children,
        labels=words,
        offers_quote="on_attach_quote" in props,
        offers_signature="on_toggle_signature" in props,
        offers_note="on_toggle_note" in props,
        **props,
    )


def mail_recipients(
    header: rx.Var[HeaderRow],
    fields: RecipientFields,
    others: rx.Var[int],
    on_all: Any,
    senders: rx.Var[list[SenderAddressRow]],
    sender_id: rx.Var[int],
    on_sender: Any,
) -> rx.Component:
    """Above an answer by mail: chips, everybody else at one click, and the address that it goes out from."""
    to_all = rx.el.button(
        say("Reply to all"),
        rx.el.span(others, class_name="count", custom_attrs={"aria-hidden": "true"}),
        type="button",
        class_name="text-button",
        on_click=on_all,
    )
    sender = sender_choice(senders, sender_id, header.sends_from, on_sender)
    return recipient_fields(fields, rx.cond(others > 0, to_all), sender)


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
    """The same editor for other texts (templates, signatures), empty ones too: named `label`, with a button `save`.

    `on_save(editor_id, html, client_id)`; the text is another one when `editor_id` changes.
    """
    editor = message_editor(
        conversation_id=editor_id,
        initial_html=initial_html,
        clear_signal=clear_signal,
        invitation="",
        labels={"message": label, "reply": label, "send": save},
        language=language,
        may_be_empty=True,
        on_send=on_save,
    )
    return rx.el.div(editor, class_name="composer plain-editor")


def kept_text(owner: rx.Var[int], **props: Any) -> rx.Component:
    """That what `owner` was writing is kept, where the composer went away under their fingers."""
    return KeptText.create(owner=owner, words=say("What you were writing is kept."), **props)


def closed_composer(owner: rx.Var[int], on_reopen: Any) -> rx.Component:
    """In place of the composer in an archived conversation."""
    again = rx.el.button(say("Answer it"), type="button", class_name="button", on_click=on_reopen)
    words = say("This conversation is archived. Whoever answers opens it again.")
    return rx.el.div(icon("archive"), rx.el.span(words, " ", kept_text(owner)), again, class_name="closed")


def reading_only(owner: rx.Var[int]) -> rx.Component:
    """In place of the composer for whoever may read and no more."""
    words = say("You may read this conversation, not answer it.")
    return rx.el.div(icon("person"), rx.el.span(words, " ", kept_text(owner)), class_name="closed")


def sender_choice(
    senders: rx.Var[list[SenderAddressRow]], sender_id: rx.Var[int], otherwise: rx.Var[str] | str, on_sender: Any
) -> rx.Component:
    """The address that it goes out from, to be chosen where there are several; `otherwise` where there is none."""

    def answers_to(one: rx.Var[SenderAddressRow]) -> rx.Var[str]:
        return say("answers to {address}", address=one.email)

    def choice(one: rx.Var[SenderAddressRow]) -> rx.Component:
        text = rx.cond(one.is_failing, answers_to(one), one.email)
        return rx.el.option(text, value=one.id.to_string(), key=one.id)

    select = Choice.create(
        rx.foreach(senders, choice),
        value=sender_id.to_string(),
        on_change=on_sender,
        aria_label=say("From"),
        class_name="from",
    )
    only = rx.cond(senders.length() == 1, senders[0].email, otherwise)
    is_failing = (senders.length() == 1) & senders[0].is_failing
    words = rx.cond(is_failing, answers_to(senders[0]), say("from {address}", address=only))
    said = rx.cond(only != "", rx.el.span(words, class_name="from cut"))
    return rx.cond(senders.length() > 1, select, said)


def invitation(header: rx.Var[HeaderRow], is_note: rx.Var[bool]) -> rx.Var[str]:
    """What stands in the empty editor."""
    return rx.cond(is_note, say("What should the team know?"), say("Write to {name}…", name=header.contact_name))


def attached_files(files: rx.Var[list[FileRow]], on_remove_file: Any) -> rx.Component:
    """The files that wait in the draft."""

    def chip(file: rx.Var[FileRow]) -> rx.Component:
        label = say("Remove {name}", name=file.name)
        parts: list[Any] = [
            icon(rx.cond(file.quote_title != "", "quote", "clip"), "small"),
            rx.el.span(rx.cond(file.quote_title != "", file.quote_title, file.name), class_name="cut"),
            rx.el.span(rx.cond(file.quote_title != "", file.quote_total, file.size), class_name="size"),
        ]
        remove = {"type": "button", "aria_label": label, "title": label, "on_click": on_remove_file(file.id)}
        parts.append(rx.el.button(icon("close", "small"), class_name="remove", **remove))
        return rx.el.span(*parts, class_name="file", key=file.id)

    return rx.cond(files.length() > 0, rx.el.div(rx.foreach(files, chip), class_name="files"))
