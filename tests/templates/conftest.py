"""Everybody."""

from tests.cast import cast, configure

__all__ = ["cast", "configure"]
