"""What a process remembers of the database that it works with: each test has another one, with the same ids."""

import gc
from typing import Any

from witei_app.accounts import sign_in
from witei_app.conversations import erased_words
from witei_app.live import away, lookers, presence
from witei_app.webchat import pace, present, present_by_http, recent, widgets

STORES: tuple[Any, ...] = (
    *(present._here, recent._frames, pace._known, widgets._sites, widgets._next_note),
    *(present_by_http._asking, present_by_http._keepers),
    *(presence._told, lookers._elsewhere, sign_in._noted, away._since),
    erased_words._pace,
)


def settle() -> None:
    """What there is now stays until the end: it is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()


def forget() -> None:
    """Begin anew, as a process does."""
    for store in STORES:
        store.clear()
