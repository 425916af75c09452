"""Everybody."""

from tests.cast import cast, configure, lite_cast

__all__ = ["cast", "configure", "lite_cast"]
