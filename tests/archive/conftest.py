"""Fixtures of this folder: databases beside each other."""

from tests.cast import announced, cast, configure, lite_cast, no_tabs

__all__ = ["announced", "cast", "configure", "lite_cast", "no_tabs"]
