"""Where the JavaScript of this folder is found by the pages."""

from concurrent.futures import ThreadPoolExecutor

import reflex as rx


def source(name: str) -> str:
    """The address to import a `.jsx` file of this folder from; it is among the pages' files from then on.

    `rx.asset` reads the whole stack to learn who asks. Among imports it is deep, 45 ms each time: it is asked in a
    thread, where nothing is below.
    """
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(_asset, name).result()


def _asset(name: str) -> str:
    return rx.asset(name, shared=True).importable_path
