"""/conversations and /conversations/{id}: list, thread, details. Binding, nothing else."""

from typing import Any

import reflex as rx

from witei_app.components.doubts import doubts_dialog
from witei_app.components.notice import toast
from witei_app.components.put_off import snooze_form
from witei_app.components.quote_picker import quote_picker
from witei_app.components.shell import app_shell, page_keeper
from witei_app.components.why import why_dialog
from witei_app.pages.composing import writing_first
from witei_app.pages.contact_details import details
from witei_app.pages.frame import menu_for
from witei_app.pages.inbox_list import inbox_list
from witei_app.pages.merging import merging
from witei_app.pages.open_thread import nothing_open, open_thread
from witei_app.state.bin import BinState
from witei_app.state.conversations_page import ConversationsPageState
from witei_app.state.new_conversation import NewConversationState
from witei_app.state.quote_picker import QuotePickerState
from witei_app.state.sending import SendingState
from witei_app.state.several import SeveralState
from witei_app.state.signed_in import SignedInState
from witei_app.state.snooze import SnoozeState
from witei_app.state.thread import ThreadState
from witei_app.state.undo import UndoState
from witei_app.state.why import WhyState
from witei_app.texts import say
from witei_app.texts.language import LanguageState

_OFFERS = {BinState: BinState.take_back, SeveralState: SeveralState.undo, UndoState: UndoState.undo}


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
        page_keeper(LanguageState.language, say("Conversations"), SignedInState.unread, ThreadState.look),
        inbox_list(),
        rx.cond(has_thread | ThreadState.is_loading, open_thread(), nothing_open()),
        rx.cond(has_thread | ThreadState.is_loading, details()),
        rx.cond(
            ~has_thread & ~NewConversationState.is_writing, toast(SignedInState.notice, SignedInState.notice_number)
        ),
        toast(SignedInState.done, SignedInState.done_number, seconds=8),
        *(_offer(state, back) for state, back in _OFFERS.items()),
        *_dialogs(),
        kind="inbox",
        pane=rx.cond(has_thread | ThreadState.is_missing, "thread", "list"),
    )


def _offer(state: Any, on_back: Any) -> rx.Component:
    return toast(state.offered, state.offer_number, say("Undo"), on_back, seconds=state.seconds)


def _is_open_here(asked_in: rx.Var[int]) -> rx.Var[bool]:
    return (asked_in > 0) & (asked_in == ThreadState.conversation_id)


def _dialogs() -> tuple[rx.Component, ...]:
    return (
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
        snooze_form(
            _is_open_here(SnoozeState.choosing_for),
            SignedInState.notice,
            on_submit=SnoozeState.snooze_until,
            on_close=SnoozeState.cancel,
        ),
        *writing_first(),
        merging(ThreadState.details.contact_id),
        quote_picker(
            _is_open_here(QuotePickerState.choosing_for),
            QuotePickerState.choices,
            SignedInState.notice,
            on_pick=QuotePickerState.attach,
            on_new=QuotePickerState.begin,
            on_close=QuotePickerState.cancel,
        ),
    )
