"""The cast, a mail server, and a name server for domains."""

from tests.mail_server import server
from tests.sender_domains.conftest import announced, cast, configure, lite_cast, name_server

__all__ = ["announced", "cast", "configure", "lite_cast", "name_server", "server"]
