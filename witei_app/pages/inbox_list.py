"""The list of /conversations. Binding, nothing else."""

import reflex as rx

from witei_app.components.arrange import arranged_rows
from witei_app.components.conversation_list import conversation_list
from witei_app.components.found import found_list
from witei_app.components.list_head import list_head
from witei_app.components.new_conversation import new_button
from witei_app.components.several import selection_bar
from witei_app.conversations.rows import ConversationRow
from witei_app.models import ConversationScope
from witei_app.pages.frame import MAY_BEGIN
from witei_app.state.conversations_page import ConversationsPageState
from witei_app.state.found import FoundState
from witei_app.state.inbox import PIECES, InboxState
from witei_app.state.new_conversation import NewConversationState
from witei_app.state.several import SeveralState
from witei_app.state.signed_in import SignedInState
from witei_app.state.thread import ThreadState


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
        sees_some=SignedInState.may.conversation_scope != ConversationScope.NONE.value,
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
        new_button=rx.cond(MAY_BEGIN, new_button(NewConversationState.begin)),
    )


def listed() -> rx.Var[list[ConversationRow]]:
    return arranged_rows(InboxState.rows, [getattr(InboxState, name) for name in PIECES], InboxState.gone)
