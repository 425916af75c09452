"""What this process cannot reach at the moment: found out by whoever tries, told when it begins and when it ends.

One failure is no outage: a connection may have been ended by an administrator. Where somebody probes
(`live/missed.py`), a failure makes them look, and what they find counts.
"""

import time
from collections.abc import Callable

import structlog

DATABASE = "database"
WRITING = "writing"  # the database takes nothing: the disk is full, somebody else holds it
BUS = "redis"
# An outage of hours, or one that comes and goes, is some lines in the log, not some for each second and loop.
SAY_AGAIN_SECONDS = 60.0

log = structlog.get_logger()
_since: dict[str, float] = {}
_said: dict[tuple[str, str], float] = {}
_listeners: list[Callable[[str, bool], None]] = []
_probes: list[Callable[[str], None]] = []


def suspect(what: str, fault: BaseException | None = None) -> None:
    """It failed just now, or takes long: is it there?"""
    _say_sometimes(what, "suspected", fault)
    for look in _probes:
        look(what)


def note(what: str, fault: BaseException | None = None) -> None:
    """It is away."""
    is_news = what not in _since
    _since.setdefault(what, time.monotonic())
    _say_sometimes(what, "away", fault)
    if is_news:
        _tell(what, is_away=True)


def back(what: str) -> None:
    """It was reached."""
    since = _since.pop(what, None)
    if since is None:
        return
    if _said.get((what, "away"), 0.0) >= since:
        log.warning("back", what=what, seconds=round(time.monotonic() - since))
    _tell(what, is_away=False)


def is_away(what: str) -> bool:
    """Whether it was away when somebody last tried."""
    return what in _since


def trouble() -> str:
    """The worst of it, for who sits in front of a page; "" when everything is there."""
    if is_away(DATABASE) or is_away(WRITING):
        return DATABASE
    return BUS if is_away(BUS) else ""


def subscribe(listener: Callable[[str, bool], None]) -> Callable[[], None]:
    """Call the listener when something goes away (True) and when it is back (False). Gives what ends it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def probe(look: Callable[[str], None]) -> Callable[[], None]:
    """Ask this when somebody suspects that something is away. Gives what ends it."""
    _probes.append(look)
    return lambda: _probes.remove(look)


def _say_sometimes(what: str, word: str, fault: BaseException | None) -> None:
    moment = time.monotonic()
    if fault is not None and moment - _said.get((what, word), -SAY_AGAIN_SECONDS) >= SAY_AGAIN_SECONDS:
        _said[what, word] = moment
        # The first line: more is a page of SQL, or what stands in a database's own words.
        log.warning(word, what=what, fault=f"{type(fault).__name__}: {fault}".splitlines()[0][:200])


def _tell(what: str, *, is_away: bool) -> None:
    for listener in _listeners:
        listener(what, is_away)
