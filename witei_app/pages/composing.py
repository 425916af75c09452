"""Answering in /conversations, and beginning a conversation. Binding, nothing else."""

from typing import Any

import reflex as rx

from witei_app.components.composer import (
    attached_files,
    closed_composer,
    composer,
    invitation,
    mail_recipients,
    message_editor,
    sender_choice,
)
from witei_app.components.doubts import doubts_dialog
from witei_app.components.new_conversation import new_conversation
from witei_app.components.recipients import RecipientFields
from witei_app.state.composer import ComposerState
from witei_app.state.new_conversation import NewConversationState
from witei_app.state.quote_picker import QuotePickerState
from witei_app.state.sending import SendingState
from witei_app.state.signed_in import SignedInState
from witei_app.state.thread import ThreadState
from witei_app.state.undo import UndoState
from witei_app.texts.language import LanguageState


def answering() -> rx.Component:
    is_archived = ThreadState.header.status == "archived"
    return rx.cond(is_archived, closed_composer(SignedInState.me.id, ThreadState.reopen), writing())


def writing() -> rx.Component:
    is_mail = ThreadState.header.channel == "email"
    mail = mail_recipients(
        ThreadState.header,
        RecipientFields.of(ComposerState),
        ComposerState.others,
        ComposerState.reply_to_all,
        ComposerState.senders,
        ComposerState.sender_id,
        ComposerState.send_from,
    )
    return composer(
        ThreadState.header,
        editor(is_mail),
        is_note=ComposerState.is_note,
        recipients=rx.cond(is_mail, mail),
    )


def editor(is_mail: rx.Var[bool]) -> rx.Component:
    return message_editor(
        attached_files(ComposerState.files, ComposerState.remove_file),
        conversation_id=ThreadState.header.id,
        shown_number=ThreadState.last_number,
        invitation=invitation(ThreadState.header, ComposerState.is_note),
        clear_signal=ComposerState.clear_signal,
        restored=UndoState.restored,
        restore_signal=UndoState.restore_signal,
        is_note=ComposerState.is_note,
        note_turn=ComposerState.note_turn,
        colleagues=ComposerState.colleagues,
        has_signature=ComposerState.has_signature & is_mail,
        signature_html=rx.cond(is_mail, ComposerState.signature_html, ""),
        on_send=SendingState.send,
        on_send_and_archive=SendingState.send_and_archive,
        on_attach_quote=QuotePickerState.choose,
        on_toggle_note=ComposerState.toggle_note,
        **_written_with(ComposerState),
    )


def writing_first() -> tuple[rx.Component, ...]:
    dialog = new_conversation(
        NewConversationState.is_writing,
        RecipientFields.of(NewConversationState),
        NewConversationState.subject,
        NewConversationState.subject_turn,
        rx.cond(NewConversationState.fault != "", NewConversationState.fault, SignedInState.notice),
        first_editor(),
        sender_choice(NewConversationState.senders, NewConversationState.sender_id, "", NewConversationState.send_from),
        on_subject=NewConversationState.set_subject,
        on_close=NewConversationState.cancel,
    )
    doubts = doubts_dialog(
        NewConversationState.doubts, on_send=NewConversationState.send_anyway, on_back=NewConversationState.go_back
    )
    return dialog, doubts


def first_editor() -> rx.Component:
    return message_editor(
        attached_files(NewConversationState.files, NewConversationState.remove_file),
        conversation_id=NewConversationState.turn,
        invitation="",
        clear_signal=NewConversationState.sent_signal,
        has_signature=NewConversationState.has_signature,
        signature_html=NewConversationState.signature_html,
        on_send=NewConversationState.send,
        **_written_with(NewConversationState),
    )


def _written_with(state: type[ComposerState] | type[NewConversationState]) -> dict[str, Any]:
    """What an answer and a first message have alike: the draft, files, templates, the signature's switch."""
    return {
        "owner": SignedInState.me.id,
        "initial_html": state.draft_html,
        "draft_turn": state.draft_turn,
        "kept_save": state.kept_save,
        "ask_signal": state.ask_signal,
        "language": LanguageState.language,
        "templates": state.templates,
        "has_files": state.files.length() > 0,
        "upload_url": "/uploads",
        "most_mb": state.most_mb,
        "on_change": state.keep,
        "on_attached": state.attached,
        "on_templates": state.show_templates,
        "on_template": state.template_used,
        "on_toggle_signature": state.toggle_signature,
    }
