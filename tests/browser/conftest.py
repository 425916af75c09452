"""What all walks share."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, expect

# A machine that runs two walks, two apps and two Chromiums at once is now and then busy for longer than Playwright's
# five seconds. Nothing waits longer for it: what is expected is seen as soon as it is there.
expect.set_options(timeout=15_000)


@pytest.fixture(autouse=True)
def closed_afterwards(browser: Browser) -> Iterator[None]:
    """A page that a walk leaves open goes on living: it hears what happens, and the next walks wait for it.

    What is still loading arrives first: a context that is closed in the middle of it may never be closed.
    """
    yield
    for context in browser.contexts:
        for page in context.pages:
            with suppress(Error):
                page.wait_for_load_state(timeout=10_000)
        context.close()
