"""The cast, each told of something."""

from tests.cast import announced, cast, configure, lite_cast, no_tabs

__all__ = ["announced", "cast", "configure", "lite_cast", "no_tabs"]
