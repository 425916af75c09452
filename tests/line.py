"""The line between a browser and the app, which can be cut: a proxy for TCP."""

import socket
import threading
from contextlib import suppress


class Line:
    """Listens on `port` and passes on to `target`, until it is cut."""

    def __init__(self) -> None:
        self.target = 0
        self._is_cut = False
        self._ends: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Close all that is open, refuse what comes."""
        self._is_cut = True
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def mend(self) -> None:
        """Pass on again."""
        self._is_cut = False

    def _accept(self) -> None:
        while True:
            near, _ = self._server.accept()
            far = self._reach()
            if far is None:
                near.close()
                continue
            self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()

    def _reach(self) -> socket.socket | None:
        with suppress(OSError):  # the app may have ended, the browser not yet
            return None if self._is_cut else socket.create_connection(("127.0.0.1", self.target))
        return None


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
