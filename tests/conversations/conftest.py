"""The cast, for the rules and reads of conversations."""

from tests.cast import announced, cast, configure, lite_cast

__all__ = ["announced", "cast", "configure", "lite_cast"]
