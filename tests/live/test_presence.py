"""Who is here and who looks at what: by the tabs of this process, and as others tell by the bus."""

import pytest

from tests.cast import Cast
from witei_app.live import lookers, presence, tabs
from witei_app.live.bus import PROCESS
from witei_app.live.events import PeopleHere, UserLooking
from witei_app.live.presence import present_users


@pytest.fixture(autouse=True)
def nobody_elsewhere(no_tabs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What other processes have told is forgotten."""
    presence._told.clear()
    lookers._elsewhere.clear()


def elsewhere(cast: Cast, *user_ids: int | None, looking: tuple[tuple[int, int, str, int], ...] = ()) -> PeopleHere:
    """What another process tells."""
    return PeopleHere(cast.sol, "other", tuple(one or 0 for one in user_ids), looking)


async def test_whoever_has_a_tab_open_is_here(lite_cast: Cast) -> None:
    for token, actor in (("1", lite_cast.ana), ("2", lite_cast.ana), ("3", lite_cast.vera)):
        tabs.watch(token, actor)
    assert present_users(lite_cast.sol) == {lite_cast.ana.user_id}
    tabs.leave("1")
    assert present_users(lite_cast.sol) == {lite_cast.ana.user_id}
    tabs.leave("2")
    assert present_users(lite_cast.sol) == set()


async def test_other_processes_tell(lite_cast: Cast) -> None:
    tabs.watch("1", lite_cast.ana)
    presence.note(elsewhere(lite_cast, lite_cast.luis.user_id))
    assert present_users(lite_cast.sol) == {lite_cast.ana.user_id, lite_cast.luis.user_id}
    assert present_users(lite_cast.norte) == set()
    presence.note(elsewhere(lite_cast))
    assert present_users(lite_cast.sol) == {lite_cast.ana.user_id}


async def test_who_was_killed_and_tells_no_more_is_forgotten(lite_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    eva = lite_cast.eva.user_id or 0
    presence.note(elsewhere(lite_cast, eva))
    lookers.note(UserLooking(lite_cast.sol, 7, eva, "Eva Gil", "other", 1))
    monkeypatch.setattr(presence, "GONE_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(lookers, "GONE_AFTER_SECONDS", 0.0)
    assert present_users(lite_cast.sol) == set()
    assert lookers.of(7, lite_cast.sol, besides=None) == {}
    assert lookers.note_all(PeopleHere(lite_cast.sol, PROCESS, (), ())) == {7}, "who looks there is told"


async def test_who_looks_is_known_whatever_was_not_heard(lite_cast: Cast) -> None:
    ana, luis = lite_cast.ana, lite_cast.luis
    tab = tabs.watch("1", ana)
    await lookers.look_at(tab, 7)
    for tabs_of_luis in (1, 2, 2):  # one of them is heard twice
        lookers.note(UserLooking(lite_cast.sol, 7, luis.user_id or 0, luis.name, "other", tabs_of_luis))
    assert lookers.of(7, lite_cast.sol, besides=ana.user_id) == {luis.user_id: luis.name}
    assert lookers.of(7, lite_cast.sol, besides=luis.user_id) == {ana.user_id: ana.name}
    # That he left was not heard; what his process tells of all its tabs says so.
    assert lookers.note_all(elsewhere(lite_cast, luis.user_id)) == {7}
    assert lookers.of(7, lite_cast.sol, besides=ana.user_id) == {}
    assert lookers.all_news(lite_cast.sol) == ((7, ana.user_id, ana.name, 1),)
