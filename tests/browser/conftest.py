"""What all walks share."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

# A machine that runs two walks, two apps and two Chromiums at once is now and then busy for longer than Playwright's
# five seconds. Nothing waits longer for it: what is expected is seen as soon as it is there.
expect.set_options(timeout=15_000)


@pytest.fixture(autouse=True)
def closed_afterwards(browser: Browser) -> Iterator[None]:
    """A page that a walk leaves open goes on living: it hears what happens, and the next walks wait for it."""
    yield
    for context in browser.contexts:
        context.close()
