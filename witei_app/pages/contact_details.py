"""What stands beside the open conversation. Binding, nothing else."""

from typing import Any

import reflex as rx

from witei_app.components.contact_form import contact_form, note_form, ticket_form
from witei_app.components.details import details_panel
from witei_app.components.merge import address_list
from witei_app.components.parts.records import FormFollower
from witei_app.pages.frame import MAY
from witei_app.state.details import DetailsState
from witei_app.state.inbox import InboxState
from witei_app.state.merge import MergeState
from witei_app.state.thread import ThreadState


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
            email_turn=DetailsState.email_turn,
            follower=FormFollower.create(values=DetailsState.shown, turn=DetailsState.kept_turn),
        ),
        address_form=_addresses(),
        note_form=note_form(
            DetailsState.note_body,
            DetailsState.note_id,
            DetailsState.fault,
            on_save=DetailsState.save_note,
            on_cancel=cancel,
        ),
        ticket_form=ticket_form(DetailsState.fault, on_save=DetailsState.save_ticket, on_cancel=cancel),
        actions=_actions(),
        may={
            "contact": DetailsState.may.can_write,
            "note": DetailsState.may.can_write,
            "ticket": DetailsState.may.can_write & MAY["tickets"],
            "quote": DetailsState.may.can_write & MAY["quotes"],
            "end_visit": DetailsState.may.can_delete,
            "merge_conversation": DetailsState.may.can_write & _is_by_mail(),
        },
    )


def _is_by_mail() -> Any:
    """In the bin, nothing is done to it."""
    return (ThreadState.header.channel == "email") & (ThreadState.header.in_bin_until == "")


def _addresses() -> rx.Component:
    actions = {name: getattr(DetailsState, name) for name in ("add_address", "remove_address", "make_main")}
    details = ThreadState.details
    return address_list(details.addresses, DetailsState.address_fault, DetailsState.address_turn, actions)


def _actions() -> dict[str, Any]:
    """What is begun and done from the pane."""
    return {
        "contact": DetailsState.edit_contact,
        "merge": MergeState.begin,
        "merge_conversation": DetailsState.merge_conversation,
        "note": DetailsState.write_note,
        "ticket": DetailsState.begin_ticket,
        "quote": DetailsState.begin_quote,
        "shut_out": DetailsState.shut_out,
        "block": DetailsState.block,
        "unblock": DetailsState.unblock,
        "block_address": DetailsState.block_address,
        "change_note": DetailsState.change_note,
        "remove_note": DetailsState.remove_note,
    }
