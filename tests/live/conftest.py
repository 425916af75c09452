"""The cast, each in front of a tab, and the relay at work."""

from tests.cast import announced, cast, configure, lite_cast, no_tabs

__all__ = ["announced", "cast", "configure", "lite_cast", "no_tabs"]
