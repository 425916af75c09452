"""The cast, and a name server for domains."""

from tests.sender_domains.conftest import announced, cast, configure, lite_cast, name_server

__all__ = ["announced", "cast", "configure", "lite_cast", "name_server"]
