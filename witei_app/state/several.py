"""What is done to several conversations at once."""

import reflex as rx

from witei_app.conversations.bunch import (
    KINDS,
    MOST,
    MOST_AT_ONCE,
    act_on_several,
    may_take_back,
    start_bunch,
    take_back,
)
from witei_app.state.offering import Offering
from witei_app.state.signed_in import SignedInState, as_id, as_text
from witei_app.texts import later

TAKEN_BACK = later("Taken back: {done}.")


class SeveralState(Offering, SignedInState):
    """The selection itself is the browser's: it begins and ends there. What was done is offered back."""

    _acted: tuple[str, dict[int, int], int] = ("", {}, 0)  # the act, whose each of them was, the act's value

    @rx.event
    async def act(self, name: str, ids: list[int], value: int):
        """Do one of bunch.KINDS to these conversations; `value` is the user when they are assigned."""
        name = as_text(name, 20)
        kind = KINDS.get(name)
        chosen = list(dict.fromkeys(filter(None, map(as_id, ids[:MOST] if isinstance(ids, list) else []))))
        if kind is None or not chosen:
            return
        said, before = "", {}
        async with self._acting() as (db, actor):
            if len(chosen) > MOST_AT_ONCE:
                await start_bunch(db, actor, name, chosen, as_id(value))
                return
            outcome = await act_on_several(db, actor, kind, chosen, as_id(value))
            said, before = outcome.words(kind, actor.language), outcome.before if may_take_back(actor, name) else {}
        if before:
            self._acted, self.notice = (name, before, as_id(value)), ""
            self._make_offer(said)
        elif said:
            self._say_done(said)

    @rx.event
    async def undo(self):
        """It was not meant."""
        (name, before, value), self._acted = self._acted, ("", {}, 0)
        self._end_offer()
        if not name:
            return
        async with self._acting() as (db, actor):
            outcome = await take_back(db, actor, name, before, value)
            self._say_done(TAKEN_BACK, done=str(outcome.done))
