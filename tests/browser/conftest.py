"""What all walks share."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser


@pytest.fixture(autouse=True)
def closed_afterwards(browser: Browser) -> Iterator[None]:
    """A page that a walk leaves open goes on living: it hears what happens, and the next walks wait for it."""
    yield
    for context in browser.contexts:
        context.close()
