"""The open conversation of /conversations. Binding, nothing else."""

import reflex as rx

from witei_app.components.arrange import strung_rows
from witei_app.components.composer import kept_text, reading_only
from witei_app.components.notice import error_state, refusal_notice
from witei_app.components.put_off import binned, snoozed_line
from witei_app.components.thread import message_log, no_thread, thread_header, thread_panel
from witei_app.components.typing import typing_line
from witei_app.conversations.rows import MessageRow
from witei_app.pages.composing import answering
from witei_app.pages.inbox_list import listed
from witei_app.state.bin import BinState
from witei_app.state.composer import ComposerState
from witei_app.state.conversations_page import ConversationsPageState
from witei_app.state.found import FoundState
from witei_app.state.inbox import InboxState
from witei_app.state.signed_in import SignedInState
from witei_app.state.snooze import SnoozeState
from witei_app.state.thread import PIECES as THREAD_PIECES
from witei_app.state.thread import ThreadState
from witei_app.state.why import WhyState
from witei_app.texts import say


def open_thread() -> rx.Component:
    return thread_panel(
        _head(),
        rx.cond(
            ThreadState.header.snoozed_until != "",
            snoozed_line(ThreadState.header, SnoozeState.wake, SignedInState.may.can_write),
        ),
        _messages(),
        typing_line(
            ThreadState.header.contact_name,
            ThreadState.typing_signal,
            written().length(),
        ),
        refusal_notice(SignedInState.notice, SignedInState.dismiss_notice),
        rx.cond(
            ThreadState.header.in_bin_until != "",
            binned(ThreadState.header, on_restore=BinState.restore, on_delete=BinState.delete_for_good),
            rx.cond(SignedInState.may.can_write, answering(), reading_only(SignedInState.me.id)),
        ),
    )


def _head() -> rx.Component:
    return thread_header(
        ThreadState.header,
        InboxState.people,
        SignedInState.me.id,
        lookers=ThreadState.lookers,
        writing=ThreadState.writing,
        on_back=ConversationsPageState.back,
        on_assign=ThreadState.assign,
        on_archive=ThreadState.archive,
        on_reopen=ThreadState.reopen,
        on_delete=ConversationsPageState.delete,
        on_unread=ConversationsPageState.put_back,
        on_snooze=SnoozeState.snooze,
        on_choose_snooze=SnoozeState.choose,
        on_wake=SnoozeState.wake,
        can_write=SignedInState.may.can_write,
        can_assign_others=SignedInState.may.can_assign_others,
        can_delete=SignedInState.may.can_delete,
    )


def _messages() -> rx.Component:
    return message_log(
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
    )


def nothing_open() -> rx.Component:
    gone = error_state(
        say("This conversation is not here"),
        say("It was deleted, or somebody else has it now."),
        say("Back to the list"),
        ConversationsPageState.back,
    )
    has_choice = InboxState.is_loading | (listed().length() > 0) | (FoundState.found.length() > 0)
    is_quiet = ~has_choice & (InboxState.status == "open") & (InboxState.search == "")
    kept = kept_text(SignedInState.me.id, class_name="closed")
    return rx.cond(
        ThreadState.is_missing,
        thread_panel(rx.el.div(gone, role="alert", class_name="gone"), kept),
        no_thread(is_quiet, has_choice),
    )


def written() -> rx.Var[list[MessageRow]]:
    pieces = [getattr(ThreadState, name) for name in THREAD_PIECES]
    return strung_rows(ThreadState.messages, pieces, ThreadState.turn, ThreadState.withdrawn)
