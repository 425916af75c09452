"""A real name server (Knot) that is the authority for ".test" and ".example", with records that a test can change."""

import os
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import pytest

from tests.servers import Process, free_port, program
from witei_app.mail.dns_records import in_strings

ZONES = ("test.", "example.")
NEGATIVE_TTL = 300  # seconds for which "there is nothing" is remembered

_CONFIGURATION = """
server:
    rundir: {folder}
    listen: 127.0.0.1@{port}
log:
  - target: stderr
    any: warning
database:
    storage: {folder}
zone:
  - domain: test.
    file: {folder}/test.zone
    zonefile-load: whole
    journal-content: none
  - domain: example.
    file: {folder}/example.zone
    zonefile-load: whole
    journal-content: none
"""


class NameServer:
    """`publish` lines of a zone file, as an agency's panel would; they are served when it returns."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.port = port or free_port()
        self._serial = 0
        configuration = folder / "knot.conf"
        configuration.write_text(_CONFIGURATION.format(folder=folder, port=self.port))
        self._write(())
        self.process = Process([program("knotd"), "-c", str(configuration)], folder / "log")
        self.process.wait_until(lambda: self._served() == self._serial, within=10)

    @property
    def address(self) -> str:
        """As WITEI_DNS_SERVER takes it."""
        return f"127.0.0.1:{self.port}"

    def publish(self, *lines: str) -> None:
        """Serve these records and no others: 'inmosol.example. TXT "v=spf1 -all"'."""
        self._write(lines)
        os.kill(self.process.pid, signal.SIGHUP)
        self.process.wait_until(lambda: self._served() == self._serial, within=10)

    def stop(self) -> None:
        """End it."""
        self.process.stop()

    def _write(self, lines: Iterable[str]) -> None:
        self._serial += 1
        lines = list(lines)
        for zone in ZONES:
            head = (
                f"$ORIGIN {zone}\n$TTL 600\n@ SOA ns.{zone} host.{zone} {self._serial} 3600 600 86400 {NEGATIVE_TTL}\n"
            )
            mine = [line for line in lines if line.split(maxsplit=1)[0].endswith(zone)]
            text = "\n".join([f"{head}@ NS ns.{zone}", f"ns.{zone} A 127.0.0.1", *mine, ""])
            (self.folder / f"{zone}zone").write_text(text)

    def _served(self) -> int:
        """The lowest serial number that it answers with, 0 while it does not."""
        try:
            return min(self._serial_of(zone) for zone in ZONES)
        except (dns.exception.DNSException, OSError, LookupError):
            return 0

    def _serial_of(self, zone: str) -> int:
        answer = dns.query.udp(dns.message.make_query(zone, "SOA"), "127.0.0.1", port=self.port, timeout=1)
        return int(answer.answer[0][0].serial)


def zone_line(name: str, record_type: str, value: str) -> str:
    """A record as a zone file has it: long texts in pieces, hosts with a dot at the end."""
    written = in_strings(value) if record_type == "TXT" else f"{value}."
    return f"{name}. {record_type} {written}"


@pytest.fixture(scope="session")
def name_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NameServer]:
    """A name server for the whole run: what a test publishes is all that there is."""
    server = NameServer(tmp_path_factory.mktemp("knot"))
    yield server
    server.stop()
