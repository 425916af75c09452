"""The cast, for those who ask for long work."""

from tests.cast import announced, cast, configure, lite_cast

__all__ = ["announced", "cast", "configure", "lite_cast"]
