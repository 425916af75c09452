"""A page of the list, kept in order as conversations change."""

from hypothesis import given
from hypothesis import strategies as st

from witei_app.conversations.rows import ConversationRow
from witei_app.state.list_page import MOST_FRESH, Rows, put, take

Step = tuple[int, int, bool]
STEPS = st.lists(st.tuples(st.integers(1, 15), st.integers(0, 40), st.booleans()), max_size=60)


def row(conversation_id: int, at: int, subject: str = "") -> ConversationRow:
    return ConversationRow(conversation_id, "Marco", "MP", 1, "email", subject, "", f"{at:03}", "")


def shown(fresh: Rows, rows: Rows) -> Rows:
    """What a person sees: the fresh ones, then the page without them."""
    above = {one.id for one in fresh}
    return [*fresh, *(one for one in rows if one.id not in above)]


def newest_first(rows: Rows) -> Rows:
    return sorted(rows, key=lambda one: (one.at, one.id), reverse=True)


@given(loaded=st.sets(st.integers(1, 15)), steps=STEPS)
def test_the_whole_list_is_always_what_a_sorted_one_would_be(loaded: set[int], steps: list[Step]) -> None:
    model = {one: row(one, one) for one in loaded}
    fresh: Rows = []
    rows = newest_first(list(model.values()))
    for number, (which, at, is_put) in enumerate(steps):
        if is_put:
            now = max(at, int(model[which].at) if which in model else 0)  # no conversation gets older
            model[which] = row(which, now, f"change {number}")
            fresh, rows = put(fresh, rows, model[which], has_more=False)
        else:
            model.pop(which, None)
            fresh, rows = take(fresh, rows, which)
        assert shown(fresh, rows) == newest_first(list(model.values()))
        assert len(fresh) <= MOST_FRESH


@given(steps=STEPS)
def test_with_more_below_the_page_stays_sorted_whole_and_without_doubles(steps: list[Step]) -> None:
    newest = {one: one + 10 for one in range(5, 11)}
    fresh: Rows = []
    rows = newest_first([row(one, at) for one, at in newest.items()])
    for which, at, is_put in steps:
        before = shown(fresh, rows)
        newest[which] = max(at, newest.get(which, 0))
        one = row(which, newest[which])
        fresh, rows = put(fresh, rows, one, has_more=True) if is_put else take(fresh, rows, which)
        seen = shown(fresh, rows)
        assert seen == newest_first(seen)
        assert len({found.id for found in seen}) == len(seen)
        assert not is_put or not before or one.at < before[-1].at or one in seen


def test_a_new_message_leaves_the_loaded_page_untouched() -> None:
    rows = [row(2, 20), row(1, 10)]
    fresh, after = put([], rows, row(1, 30), has_more=False)
    assert [one.id for one in fresh] == [1]
    assert after is rows


def test_a_change_without_a_new_time_touches_one_list_alone() -> None:
    fresh, rows = [row(3, 30)], [row(2, 20), row(1, 10)]
    new_fresh, new_rows = put(fresh, rows, row(3, 30, "assigned"), has_more=False)
    assert (new_fresh[0].subject, new_rows is rows) == ("assigned", True)
    assert put(fresh, rows, row(3, 30), has_more=False)[0] is fresh
