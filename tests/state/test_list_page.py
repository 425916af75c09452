"""A page of the list, kept in order as conversations change, in pieces that are short to send."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from witei_app.conversations.rows import ConversationRow
from witei_app.state.list_page import IN_A_PIECE, ListPage, Rows, arranged, grown, put, read_again, take, whole

Step = tuple[int, int, bool]
STEPS = st.lists(st.tuples(st.integers(1, 15), st.integers(0, 40), st.booleans()), max_size=150)


def row(conversation_id: int, rank: int, subject: str = "") -> ConversationRow:
    return ConversationRow(conversation_id, "Marco", "MP", 1, "email", subject, "", f"{rank:03}", "", "")


def in_order(rows: Rows) -> Rows:
    return sorted(rows, key=lambda one: (one.rank, one.id), reverse=True)


def sent(before: ListPage, after: ListPage) -> list[Rows]:
    """The vars that a push sends."""
    parts = zip((before.rows, *before.pieces), (after.rows, *after.pieces), strict=True)
    return [new for old, new in parts if old != new]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(loaded=st.sets(st.integers(1, 15)), steps=STEPS)
def test_the_whole_list_is_always_what_a_sorted_one_would_be(loaded: set[int], steps: list[Step]) -> None:
    model = {one: row(one, one) for one in loaded}
    page = whole(in_order(list(model.values())))
    for number, (which, rank, is_put) in enumerate(steps):
        if is_put:
            model[which] = row(which, rank, f"change {number}")
            page = put(page, model[which], has_more=False)
        else:
            model.pop(which, None)
            page = take(page, which)
        assert arranged(page) == in_order(list(model.values()))
        assert all(len(piece) <= IN_A_PIECE for piece in page.pieces)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(steps=[(11, 0, True), (15, 15, True), (1, 0, True)], pages=[1, 2])  # one that sank, below the last page
@given(steps=STEPS, pages=st.lists(st.integers(0, 150), max_size=3))
def test_with_more_below_the_page_shows_what_the_top_of_a_sorted_list_is(steps: list[Step], pages: list[int]) -> None:
    model = {one: row(one, one) for one in range(1, 16)}
    page, has_more = whole(in_order(list(model.values()))[:5]), True
    for number, (which, rank, _) in enumerate(steps):
        if number in pages:  # the reader scrolls down: what comes next below the last row that is shown
            last = arranged(page)[-1]
            below = [one for one in in_order(list(model.values())) if (one.rank, one.id) < (last.rank, last.id)]
            page, has_more = grown(page, below[:5]), len(below) > 5
        model[which] = row(which, rank)
        page = put(page, model[which], has_more=has_more)
        seen = arranged(page)
        assert seen == in_order(list(model.values()))[: len(seen)]
        if not seen:
            return


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS, there=st.dictionaries(st.integers(1, 40), st.integers(0, 40)))
def test_what_is_read_again_is_what_is_seen(steps: list[Step], there: dict[int, int]) -> None:
    page = whole(in_order([row(one, one) for one in range(1, 16)]))
    for which, rank, is_put in steps:
        page = put(page, row(which, rank), has_more=False) if is_put else take(page, which)
    rows = in_order([row(one, rank) for one, rank in there.items()])
    assert arranged(read_again(page, rows)) == rows


def test_what_is_read_again_and_is_the_same_is_not_sent() -> None:
    before = whole([row(one, one) for one in range(900, 0, -1)])
    rows = [
        *(row(one, one) for one in range(900, 11, -1)),
        row(11, 11, "another"),
        *(row(one, one) for one in range(9, 0, -1)),
    ]
    after = read_again(before, rows)
    assert (sent(before, after), after.gone) == ([[row(11, 11, "another")]], [10])
    assert arranged(after) == rows


def test_a_change_sends_a_few_rows_and_never_the_page() -> None:
    page = whole([row(one, one) for one in range(50, 0, -1)])
    for number in range(30):
        changed = put(page, row(number % 50 + 1, 100 + number), has_more=True)
        assert [len(part) <= IN_A_PIECE for part in sent(page, changed)] == [True]
        page = changed


def test_what_is_the_same_sends_nothing() -> None:
    page = whole([row(2, 2), row(1, 1)])
    assert put(page, row(1, 1), has_more=False) is page
    assert take(page, 3) is page


def test_what_went_comes_back_when_it_is_put_again_or_loaded() -> None:
    page = take(whole([row(2, 2), row(1, 1)]), 1)
    assert arranged(page) == [row(2, 2)]
    assert arranged(put(page, row(1, 3), has_more=False)) == [row(1, 3), row(2, 2)]
    assert arranged(grown(page, [row(1, 1)])) == [row(2, 2), row(1, 1)]
