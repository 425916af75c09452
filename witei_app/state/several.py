"""What is done to several conversations at once."""

import reflex as rx

from witei_app.conversations.bunch import KINDS, MOST, MOST_AT_ONCE, act_on_several, start_bunch
from witei_app.state.signed_in import SignedInState, as_id, as_text


class SeveralState(SignedInState):
    """The selection itself is the browser's: it begins and ends there."""

    @rx.event
    async def act(self, name: str, ids: list[int], value: int):
        """Do one of bunch.KINDS to these conversations; `value` is the user when they are assigned."""
        kind = KINDS.get(as_text(name, 20))
        chosen = list(dict.fromkeys(filter(None, map(as_id, ids[:MOST] if isinstance(ids, list) else []))))
        if kind is None or not chosen:
            return
        async with self._acting() as (db, actor):
            if len(chosen) > MOST_AT_ONCE:
                await start_bunch(db, actor, as_text(name, 20), chosen, as_id(value))
                return
            outcome = await act_on_several(db, actor, kind, chosen, as_id(value))
            said = outcome.words(kind, actor.language)
        self._say_done(said)
