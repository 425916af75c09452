"""The memory of a process that runs for months."""

import gc


def load() -> None:
    """Until `settle` nobody looks for garbage: what a start loads is none, and to look for it took a quarter of it."""
    gc.disable()


def settle() -> None:
    """What the program itself is made of stays for good: say so to the garbage collector, once all of it is loaded.

    Otherwise each full collection looks at it again, for 0.1 to 0.3 seconds in which the event loop does nothing else.
    """
    gc.enable()
    gc.collect()
    gc.freeze()
