"""A name server, for what is looked up."""

from tests.cast import configure
from tests.name_server import name_server

__all__ = ["configure", "name_server"]
