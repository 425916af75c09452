"""The cast, for sign-in and permissions."""

from tests.cast import announced, cast, configure, lite_cast

__all__ = ["announced", "cast", "configure", "lite_cast"]
