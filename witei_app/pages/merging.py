"""The dialog for merging two contacts, bound for the pages that offer it."""

import reflex as rx

from witei_app.components.merge import merge_dialog
from witei_app.state.merge import MergeState


def merging(contact_id: rx.Var[int]) -> rx.Component:
    """One for a page that shows this contact."""
    return merge_dialog(
        (MergeState.kept_id > 0) & (MergeState.kept_id == contact_id),
        MergeState.found,
        MergeState.sides,
        MergeState.notice,
        on_find=MergeState.find,
        on_pick=MergeState.pick,
        on_choose=MergeState.choose,
        on_merge=MergeState.merge,
        on_close=MergeState.cancel,
    )
