"""A Dovecot of the tests' own: mailboxes as agencies keep them, with TLS from an authority that only tests trust."""

import datetime
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.servers import Process, accepts, free_port, program

PASSWORD = "clave-de-la-agència"  # no ASCII: LOGIN could not say it
OWNER = "nobody"
SETTINGS = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
auth_verbose = yes
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
disable_plaintext_auth = no
auth_failure_delay = 0
mail_max_userip_connections = 100
first_valid_uid = {uid}
last_valid_uid = {uid}
first_valid_gid = 1
mail_location = maildir:~/Maildir
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {sasl_port}
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/homes/%u
}}
"""


class Dovecot:
    """Every user name is a mailbox, with one password for all. `authority` is the certificate to trust.

    Mail servers may ask it about users and passwords at `sasl_port`.
    """

    def __init__(self) -> None:
        self.port, self.tls_port, self.sasl_port = free_port(), free_port(), free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))  # pytest's folders are closed to Dovecot's users
        self.folder.chmod(0o755)
        self.authority = self.folder / "authority.pem"
        make_certificates(self.folder)
        owner = pwd.getpwnam(OWNER)
        (self.folder / "homes").mkdir()
        os.chown(self.folder / "homes", owner.pw_uid, owner.pw_gid)
        values = {"folder": self.folder, "uid": owner.pw_uid, "gid": owner.pw_gid, "password": PASSWORD}
        text = SETTINGS.format(port=self.port, tls_port=self.tls_port, sasl_port=self.sasl_port, **values)
        (self.folder / "dovecot.conf").write_text(text)
        self.start()

    def start(self) -> None:
        """Start it, again on the same mailboxes."""
        command = [program("dovecot"), "-F", "-c", str(self.folder / "dovecot.conf")]
        self.process = Process(command, self.folder / "log")
        self.process.wait_until(lambda: accepts(self.port))

    def kill(self) -> None:
        """End it without a word to anybody, as when a cable is pulled."""
        self.process.stop(signal.SIGKILL)
        deadline = time.monotonic() + 5
        while accepts(self.port) and time.monotonic() < deadline:
            time.sleep(0.05)

    def stop(self) -> None:
        """End it, and forget the mailboxes."""
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def deliver(self, user: str, raw: str | bytes, *, at: float | None = None, folder: str = "") -> None:
        """Put a mail into a mailbox as a mail server would; `at` is when it arrived."""
        data = raw.encode() if isinstance(raw, str) else raw
        box = self._box(user, folder)
        name = f"{time.time_ns()}.M{os.urandom(6).hex()}.tests"
        (box / "tmp" / name).write_bytes(data)
        self._give_away(box / "tmp" / name)
        if at is not None:
            os.utime(box / "tmp" / name, (at, at))
        (box / "tmp" / name).rename(box / "new" / name)

    def empty(self, user: str) -> None:
        """Delete every mail of a mailbox, as a mail program does."""
        self._doveadm("expunge", "-u", user, "mailbox", "INBOX", "all")

    def make(self, user: str) -> None:
        """An empty mailbox."""
        self._box(user)

    def flags(self, user: str) -> list[str]:
        """The flags of the mails in a mailbox ("S" is \\Seen), those that nobody has looked at included."""
        box = self._box(user)
        return sorted(path.name.partition(":2,")[2] for part in ("cur", "new") for path in (box / part).iterdir())

    def renumber(self, user: str) -> None:
        """Another UIDVALIDITY and other UIDs, as after a restored backup (RFC 3501, 2.3.1.1)."""
        before = self._validity(user)
        box = self._box(user)
        while self._validity(user) == before:
            for path in box.glob("dovecot*"):
                path.unlink()
            time.sleep(1.1)  # Dovecot numbers by the clock's seconds

    def _validity(self, user: str) -> str:
        return self._doveadm("mailbox", "status", "-u", user, "uidvalidity", "INBOX")

    def _doveadm(self, *arguments: str) -> str:
        command = [program("doveadm"), "-c", str(self.folder / "dovecot.conf"), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def _box(self, user: str, folder: str = "") -> Path:
        box = self.folder / "homes" / user / "Maildir" / (f".{folder}" if folder else "")
        for path in (box.parent.parent, box.parent, box, *(box / part for part in ("cur", "new", "tmp"))):
            if not path.exists():
                path.mkdir()
                self._give_away(path)
        return box

    @staticmethod
    def _give_away(path: Path) -> None:
        owner = pwd.getpwnam(OWNER)
        os.chown(path, owner.pw_uid, owner.pw_gid)


def make_certificates(folder: Path, host: str = "localhost") -> None:
    """An authority (authority.pem) and a server of this name that it vouches for (server.pem, server.key)."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
    server = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    its_own = _certificate(authority, authority, authority_key.public_key())
    its_own = its_own.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    names = x509.SubjectAlternativeName([x509.DNSName(host)])
    signed = _certificate(server, authority, key.public_key()).add_extension(names, critical=False)
    for name, builder in (("authority.pem", its_own), ("server.pem", signed)):
        made = builder.sign(authority_key, hashes.SHA256())
        (folder / name).write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.key").write_bytes(key.private_bytes(*form))


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    moment = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - datetime.timedelta(days=1))
        .not_valid_after(moment + datetime.timedelta(days=2))
    )


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One for the whole run; each test uses a mailbox of its own."""
    server = Dovecot()
    yield server
    server.stop()
