"""The cast, and browsers at the app's HTTP side."""

from tests.cast import announced, cast, configure, lite_cast
from tests.http.conftest import browse

__all__ = ["announced", "browse", "cast", "configure", "lite_cast"]
