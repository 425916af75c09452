"""/conversations and /conversations/{id}: list, thread, details. Binding, nothing else."""

import reflex as rx

from witei_app.components.arrange import arranged_rows, strung_rows
from witei_app.components.composer import (
    attached_files,
    closed_composer,
    composer,
    invitation,
    mail_recipients,
    message_editor,
    reading_only,
)
from witei_app.components.contact_form import contact_form, note_form, ticket_form
from witei_app.components.conversation_list import conversation_list
from witei_app.components.details import details_panel
from witei_app.components.doubts import doubts_dialog
from witei_app.components.found import found_list
from witei_app.components.list_head import list_head
from witei_app.components.merge import address_list
from witei_app.components.new_conversation import new_button, new_conversation
from witei_app.components.notice import error_state, refusal_notice, toast
from witei_app.components.put_off import binned, snooze_form, snoozed_line
from witei_app.components.quote_picker import quote_picker
from witei_app.components.recipients import RecipientFields
from witei_app.components.several import selection_bar
from witei_app.components.shell import app_shell, page_keeper
from witei_app.components.thread import message_log, no_thread, thread_header, thread_panel
from witei_app.components.typing import typing_line
from witei_app.components.why import why_dialog
from witei_app.conversations.rows import ConversationRow, MessageRow
from witei_app.pages.frame import menu_for
from witei_app.pages.merging import merging
from witei_app.state.bin import BinState
from witei_app.state.composer import ComposerState
from witei_app.state.conversations_page import ConversationsPageState
from witei_app.state.details import DetailsState
from witei_app.state.found import FoundState
from witei_app.state.inbox import PIECES, InboxState
from witei_app.state.merge import MergeState
from witei_app.state.new_conversation import NewConversationState
from witei_app.state.quote_picker import QuotePickerState
from witei_app.state.sending import SendingState
from witei_app.state.several import SeveralState
from witei_app.state.signed_in import SignedInState
from witei_app.state.snooze import SnoozeState
from witei_app.state.thread import PIECES as THREAD_PIECES
from witei_app.state.thread import ThreadState
from witei_app.state.undo import UndoState
from witei_app.state.why import WhyState
from witei_app.texts import say
from witei_app.texts.language import LanguageState


def add(app: rx.App) -> None:
    """The list alone, and the list with a conversation open: one page, so that going between them redraws nothing."""
    app.add_page(
        conversations_page,
        route="/conversations/[[...splat]]",
        title="Conversations",
        on_load=ConversationsPageState.arrive,
    )


def conversations_page() -> rx.Component:
    has_thread = ThreadState.conversation_id > 0
    return app_shell(
        menu_for("conversations"),
        page_keeper(LanguageState.language, "Conversations", SignedInState.unread, ThreadState.look),
        inbox_list(),
        rx.cond(has_thread | ThreadState.is_loading, open_thread(), nothing_open()),
        rx.cond(
            has_thread | ThreadState.is_loading,
            details(),
        ),
        rx.cond(~has_thread, toast(SignedInState.notice, SignedInState.notice_number)),
        toast(SignedInState.done, SignedInState.done_number, seconds=8),
        toast(UndoState.sent, UndoState.sent_number, say("Undo"), UndoState.undo, seconds=UndoState.seconds),
        why_dialog(
            WhyState.why,
            can_write=SignedInState.may.can_write,
            on_close=WhyState.hide,
            on_follow=WhyState.follow,
            on_join=WhyState.join,
            on_split=WhyState.split,
            is_moving=WhyState.is_moving,
            targets=WhyState.targets,
            on_look_for=WhyState.look_for,
            on_move=WhyState.move,
        ),
        doubts_dialog(SendingState.doubts, on_send=SendingState.send_anyway, on_back=SendingState.go_back),
        snooze_form(SnoozeState.is_choosing, on_submit=SnoozeState.snooze_until, on_close=SnoozeState.cancel),
        *writing_first(),
        merging(ThreadState.details.contact_id),
        quote_picker(
            QuotePickerState.is_choosing,
            QuotePickerState.choices,
            SignedInState.notice,
            on_pick=QuotePickerState.attach,
            on_new=QuotePickerState.begin,
            on_close=QuotePickerState.cancel,
        ),
        kind="inbox",
        pane=rx.cond(has_thread | ThreadState.is_missing, "thread", "list"),
    )


def inbox_list() -> rx.Component:
    return conversation_list(
        listed(),
        ThreadState.conversation_id,
        head=inbox_head(),
        bar=selection_bar(
            InboxState.people,
            SignedInState.me.id,
            status=InboxState.status,
            can_write=SignedInState.may.can_write,
            can_delete=SignedInState.may.can_delete,
            on_act=SeveralState.act,
        ),
        view=InboxState.whose,
        status=InboxState.status,
        search=InboxState.search,
        is_narrowed=(InboxState.channel != "") | InboxState.needs_reply,
        address=InboxState.address,
        is_loading=InboxState.is_loading,
        has_more=InboxState.has_more,
        on_open=ConversationsPageState.open,
        on_more=InboxState.more,
        found=found_list(
            FoundState.found,
            is_asked=FoundState.is_looking_for,
            turn=FoundState.found_turn,
            has_more=FoundState.has_more_found,
            since=FoundState.found_since,
            is_looking=FoundState.is_looking_further,
            selected_id=ThreadState.conversation_id,
            on_open=ConversationsPageState.open_at,
            on_more=FoundState.more_found,
            on_further=FoundState.look_further,
        ),
    )


def inbox_head() -> rx.Component:
    return list_head(
        view=InboxState.whose,
        status=InboxState.status,
        is_admin=SignedInState.is_admin,
        search=InboxState.search,
        channel=InboxState.channel,
        order=InboxState.order,
        needs_reply=InboxState.needs_reply,
        counts=InboxState.counts,
        on_view=InboxState.show,
        on_status=InboxState.show_status,
        on_search=InboxState.find,
        on_channel=InboxState.show_channel,
        on_order=InboxState.sort,
        on_needs_reply=InboxState.show_needs_reply,
        own_views=InboxState.own_views,
        new_button=new_button(NewConversationState.begin),
    )


def listed() -> rx.Var[list[ConversationRow]]:
    return arranged_rows(InboxState.rows, [getattr(InboxState, name) for name in PIECES], InboxState.gone)


def open_thread() -> rx.Component:
    return thread_panel(
        thread_header(
            ThreadState.header,
            InboxState.people,
            SignedInState.me.id,
            lookers=ThreadState.lookers,
            on_back=ConversationsPageState.back,
            on_assign=ThreadState.assign,
            on_archive=ThreadState.archive,
            on_reopen=ThreadState.reopen,
            on_delete=ThreadState.delete,
            on_unread=ConversationsPageState.put_back,
            on_snooze=SnoozeState.snooze,
            on_choose_snooze=SnoozeState.choose,
            on_wake=SnoozeState.wake,
            can_write=SignedInState.may.can_write,
            can_assign_others=SignedInState.may.can_assign_others,
            can_delete=SignedInState.may.can_delete,
        ),
        rx.cond(
            ThreadState.header.snoozed_until != "",
            snoozed_line(ThreadState.header, SnoozeState.wake, SignedInState.may.can_write),
        ),
        message_log(
            written(),
            conversation_id=ThreadState.conversation_id,
            jump_signal=ComposerState.clear_signal,
            target=ThreadState.target,
            target_signal=ThreadState.target_signal,
            has_older=ThreadState.has_older,
            is_loading=ThreadState.is_loading,
            on_older=ThreadState.older,
            on_why=WhyState.show,
            on_again=ThreadState.send_again,
        ),
        typing_line(
            ThreadState.header.contact_name,
            ThreadState.typing_signal,
            written().length(),
        ),
        refusal_notice(SignedInState.notice, SignedInState.dismiss_notice),
        rx.cond(
            ThreadState.header.in_bin_until != "",
            binned(ThreadState.header, on_restore=BinState.restore, on_delete=BinState.delete_for_good),
            rx.cond(SignedInState.may.can_write, answering(), reading_only()),
        ),
    )


def written() -> rx.Var[list[MessageRow]]:
    pieces = [getattr(ThreadState, name) for name in THREAD_PIECES]
    return strung_rows(ThreadState.messages, pieces, ThreadState.turn, ThreadState.withdrawn)


def answering() -> rx.Component:
    is_archived = ThreadState.header.status == "archived"
    return rx.cond(is_archived, closed_composer(ThreadState.reopen), writing())


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
        owner=SignedInState.me.id,
        kept_save=ComposerState.kept_save,
        ask_signal=ComposerState.ask_signal,
        invitation=invitation(ThreadState.header, ComposerState.is_note),
        initial_html=ComposerState.draft_html,
        clear_signal=ComposerState.clear_signal,
        restored=UndoState.restored,
        restore_signal=UndoState.restore_signal,
        is_note=ComposerState.is_note,
        colleagues=ComposerState.colleagues,
        has_signature=ComposerState.has_signature & is_mail,
        signature_html=rx.cond(is_mail, ComposerState.signature_html, ""),
        language=LanguageState.language,
        templates=ComposerState.templates,
        has_files=ComposerState.files.length() > 0,
        upload_url="/uploads",
        most_mb=ComposerState.most_mb,
        on_send=SendingState.send,
        on_send_and_archive=SendingState.send_and_archive,
        on_change=ComposerState.keep,
        on_attached=ComposerState.attached,
        on_attach_quote=QuotePickerState.choose,
        on_templates=ComposerState.show_templates,
        on_template=ComposerState.template_used,
        on_toggle_signature=ComposerState.toggle_signature,
        on_toggle_note=ComposerState.toggle_note,
    )


def writing_first() -> tuple[rx.Component, ...]:
    dialog = new_conversation(
        NewConversationState.is_writing,
        RecipientFields.of(NewConversationState),
        NewConversationState.subject,
        NewConversationState.subject_turn,
        NewConversationState.fault,
        first_editor(),
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
        initial_html=NewConversationState.draft_html,
        clear_signal=NewConversationState.sent_signal,
        has_signature=NewConversationState.has_signature,
        signature_html=NewConversationState.signature_html,
        language=LanguageState.language,
        templates=NewConversationState.templates,
        has_files=NewConversationState.files.length() > 0,
        upload_url="/uploads",
        most_mb=NewConversationState.most_mb,
        on_send=NewConversationState.send,
        on_change=NewConversationState.keep,
        on_attached=NewConversationState.attached,
        on_templates=NewConversationState.show_templates,
        on_template=NewConversationState.template_used,
        on_toggle_signature=NewConversationState.toggle_signature,
    )


def details() -> rx.Component:
    cancel = DetailsState.cancel
    return details_panel(
        ThreadState.details,
        is_loading=ThreadState.is_loading,
        editing=DetailsState.editing,
        contact_form=contact_form(
            DetailsState.fields,
            InboxState.people,
            DetailsState.contact_fault,
            on_save=DetailsState.save,
            on_cancel=cancel,
        ),
        address_form=address_list(
            ThreadState.details.addresses,
            DetailsState.address_fault,
            DetailsState.address_turn,
            {
                "add_address": DetailsState.add_address,
                "remove_address": DetailsState.remove_address,
                "make_main": DetailsState.make_main,
            },
        ),
        note_form=note_form(
            DetailsState.note_body,
            DetailsState.note_id,
            DetailsState.fault,
            on_save=DetailsState.save_note,
            on_cancel=cancel,
        ),
        ticket_form=ticket_form(DetailsState.fault, on_save=DetailsState.save_ticket, on_cancel=cancel),
        actions={
            "contact": DetailsState.edit_contact,
            "merge": MergeState.begin,
            "note": DetailsState.write_note,
            "ticket": DetailsState.begin_ticket,
            "quote": DetailsState.begin_quote,
            "shut_out": DetailsState.shut_out,
            "block": DetailsState.block,
            "unblock": DetailsState.unblock,
            "block_address": DetailsState.block_address,
            "change_note": DetailsState.change_note,
            "remove_note": DetailsState.remove_note,
        },
    )


def nothing_open() -> rx.Component:
    gone = error_state(
        say("This conversation is not here"),
        say("It was deleted, or somebody else has it now."),
        say("Back to the list"),
        ConversationsPageState.back,
    )
    return rx.cond(ThreadState.is_missing, thread_panel(gone), no_thread(listed().length() == 0))
