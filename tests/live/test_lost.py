"""Tabs whose state is lost call again; those that were only slow do not."""

from tests.cast import Cast
from tests.fakes import Pushes
from witei_app.live import tabs
from witei_app.live.lost import LostStates


async def test_a_handler_that_ends_after_the_next_was_told_has_lost_nothing(lite_cast: Cast, no_tabs: None) -> None:
    pushes = Pushes()
    lost = LostStates(pushes.hang_up, lambda: None)
    tab = tabs.watch("ana", lite_cast.ana)
    first = lost.watcher(tab)
    tabs.take_news("ana")  # the first handler has begun
    second = lost.watcher(tab)
    first()
    await lost.hang_up()
    assert pushes.hung_up == []
    second()  # and took nothing
    await lost.hang_up()
    assert pushes.hung_up == ["ana"]


async def test_a_tab_is_not_made_to_call_in_a_circle(lite_cast: Cast, no_tabs: None) -> None:
    pushes = Pushes()
    lost = LostStates(pushes.hang_up, lambda: None)
    for _ in range(3):
        lost.watcher(tabs.watch("ana", lite_cast.ana))()
        await lost.hang_up()
    assert pushes.hung_up == ["ana"]


async def test_a_tab_that_has_gone_is_left_alone(lite_cast: Cast, no_tabs: None) -> None:
    pushes = Pushes()
    lost = LostStates(pushes.hang_up, lambda: None)
    ran = lost.watcher(tabs.watch("ana", lite_cast.ana))
    tabs.leave("ana")
    ran()
    await lost.hang_up()
    assert pushes.hung_up == []
