"""What a change of the list sends: lists that stay the same object are not sent at all."""

from dataclasses import replace

from witei_app.conversations.rows import ConversationRow
from witei_app.state.inbox import InboxState
from witei_app.state.list_page import MOST_FRESH, plain, put


def row(number: int, at: int) -> ConversationRow:
    return ConversationRow(number, f"Contact of {number}", "C", 1, "email", "", "", f"2026-11-23T10:{at:02}", "10:00")


PAGE = [row(number, 50 - number) for number in range(1, 11)]


def test_a_new_message_touches_the_fresh_rows_alone() -> None:
    fresh, rows = put([], PAGE, row(7, 55), has_more=True)

    assert [shown.id for shown in fresh] == [7]
    assert rows is PAGE


def test_reading_what_is_fresh_leaves_the_page_alone() -> None:
    fresh, _ = put([], PAGE, replace(row(7, 55), is_unread=True), has_more=True)

    read, rows = put(fresh, PAGE, row(7, 55), has_more=True)

    assert [shown.is_unread for shown in read] == [False]
    assert rows is PAGE


def test_what_is_fresh_joins_the_page_when_it_grows() -> None:
    fresh: list[ConversationRow] = []
    rows = PAGE
    for number in range(20, 21 + MOST_FRESH):
        fresh, rows = put(fresh, rows, row(number, 40 + number - 19 + 10), has_more=True)

    assert fresh == []
    assert [shown.id for shown in rows[: MOST_FRESH + 1]] == list(range(20 + MOST_FRESH, 19, -1))


def test_a_states_list_is_the_same_at_each_look() -> None:
    inbox = InboxState(_reflex_internal_init=True)  # type: ignore[call-arg]
    inbox.rows = PAGE

    assert plain(inbox.rows) is plain(inbox.rows)
