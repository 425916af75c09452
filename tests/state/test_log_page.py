"""The loaded thread and what came since: in order, whole, and short to send however much comes."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from witei_app.conversations.rows import MessageRow
from witei_app.state.log_page import IN_A_PIECE, PIECES, LogPage, Rows, put, strung, take, whole

# A new message, a change of the one so many before the newest, or a withdrawal of one.
STEPS = st.lists(st.tuples(st.sampled_from(["new", "new", "change", "withdraw"]), st.integers(0, 50)), max_size=120)


def row(number: int, state: str = "") -> MessageRow:
    return MessageRow(number, number, "in", "Marco", "M", 1, "", "", "", False, "", state=state)


def sent(before: LogPage, after: LogPage) -> list[Rows]:
    """The vars that a push sends."""
    parts = zip((before.messages, *before.pieces), (after.messages, *after.pieces), strict=True)
    return [new for old, new in parts if old != new]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(loaded=st.integers(0, 30), steps=STEPS)
def test_what_is_shown_is_always_the_end_of_the_thread(loaded: int, steps: list[tuple[str, int]]) -> None:
    model = {number: row(number) for number in range(1, loaded + 1)}
    page, newest, was_cut = whole(list(model.values())), loaded, False
    for step, (what, back) in enumerate(steps):
        which = newest - back
        if what == "new":
            newest += 1
            model[newest] = row(newest)
            page = put(page, model[newest])
        elif what == "change" and which in {one.id for one in strung(page)}:
            model[which] = row(which, f"state {step}")
            page = put(page, model[which])
        elif what == "withdraw":
            if which in {one.id for one in strung(page)}:
                del model[which]
            page = take(page, which)
        seen = strung(page)
        assert seen == list(model.values())[len(model) - len(seen) :]
        was_cut |= page.is_cut
        assert was_cut or len(seen) == len(model)
        assert all(len(piece) <= IN_A_PIECE for piece in page.pieces)


def test_no_message_sends_the_page_again_however_many_come() -> None:
    page = whole([row(number) for number in range(1, 31)])
    for number in range(31, 200):
        before, page = page, put(page, row(number, "queued"))
        assert sum(map(len, sent(before, page))) <= IN_A_PIECE
        before, page = page, put(page, row(number, "sent"))
        assert sum(map(len, sent(before, page))) <= IN_A_PIECE
    seen = [one.number for one in strung(page)]
    assert seen == list(range(seen[0], 200))
    assert len(seen) >= IN_A_PIECE * (PIECES - 1)


def test_what_is_the_same_sends_nothing_and_keeps_the_day_above_it() -> None:
    first = MessageRow(1, 1, "in", "Marco", "M", 1, "", "", "Today", True, "")
    page = whole([first])
    assert put(page, row(1)) != page  # another day's word
    assert strung(put(page, row(1, "sent")))[0].starts_day
    assert put(page, first) is page
    assert take(page, 2) is page
