"""A real Postfix of our own: takes the app's outgoing mail, delivers it to mailboxes, sends what is for us back in."""

import mailbox
import os
import pwd
import shutil
import time
from email.message import Message
from pathlib import Path

from tests.servers import Process, accepts, free_port, program

DOMAIN = "contact.test"
# Postfix takes mail for it and returns it later, with a report (RFC 3464).
GONE = f"gone@{DOMAIN}"

_SERVICES = """\
postlog   unix-dgram n - n - 1 postlogd
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix n - n 60 1 pickup
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
relay     unix - - n - - smtp
showq     unix n - n - - showq
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
virtual   unix - n n - - virtual
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
"""


class Postfix:
    """Everybody at contact.test but `gone@` has a mailbox; localhost.test is passed on to the app's listener."""

    def __init__(self, folder: Path, app_smtp_port: int) -> None:
        self.port = free_port()
        self._folder = folder
        self._folder.chmod(0o755)
        self._configure(app_smtp_port)
        command = [program("postfix"), "-c", str(folder / "etc"), "start-fg"]
        self.process = Process(command, folder / "log")
        self.process.wait_until(lambda: accepts(self.port))

    @property
    def relay_url(self) -> str:
        """What WITEI_SMTP_RELAY_URL is set to."""
        return f"smtp://127.0.0.1:{self.port}"

    def mails(self, local_part: str) -> list[Message]:
        """What lies in somebody's mailbox, oldest first, as a mail program finds it."""
        found = [message for _, message in sorted(mailbox.Maildir(self._folder / "mail" / "everybody").items())]
        return [message for message in found if message["Delivered-To"] == f"{local_part}@{DOMAIN}"]

    def wait_for(self, local_part: str, count: int = 1, within: float = 20) -> list[Message]:
        """The mailbox once it holds so many mails."""
        deadline = time.monotonic() + within
        while len(found := self.mails(local_part)) < count:
            assert time.monotonic() < deadline, f"{len(found)} of {count} mails came:\n{self.process.tail()}"
            time.sleep(0.05)
        return found

    def stop(self) -> None:
        """End it."""
        self.process.stop()

    def _configure(self, app_smtp_port: int) -> None:
        for name in ("etc", "queue", "data", "mail"):
            (self._folder / name).mkdir()
        owner = pwd.getpwnam("nobody")
        shutil.chown(self._folder / "data", "postfix")
        mailbox.Maildir(self._folder / "mail" / "everybody")
        for place in (self._folder / "mail").rglob("*"):
            os.chown(place, owner.pw_uid, owner.pw_gid)
        settings = {
            "compatibility_level": "3.6",
            "queue_directory": self._folder / "queue",
            "data_directory": self._folder / "data",
            "maillog_file": self._folder / "mail.log",
            "maillog_file_prefixes": self._folder,
            "myhostname": f"mx.{DOMAIN}",
            "mydestination": "",
            "mynetworks": "127.0.0.0/8",
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "smtp_host_lookup": "native",
            "alias_maps": "",
            "virtual_mailbox_domains": DOMAIN,
            "virtual_mailbox_base": self._folder / "mail",
            "virtual_mailbox_maps": "static:everybody/",
            "virtual_uid_maps": f"static:{owner.pw_uid}",
            "virtual_gid_maps": f"static:{owner.pw_gid}",
            "relay_domains": "localhost.test",
            "transport_maps": f"inline:{{ {{ localhost.test = relay:[127.0.0.1]:{app_smtp_port} }}, "
            f"{{ {GONE} = error:5.1.1 The mailbox was closed }} }}",
            "smtpd_recipient_restrictions": "permit_mynetworks, reject",
            "smtpd_reject_unlisted_recipient": "no",  # what cannot be delivered is found out later, and returned
        }
        main = "".join(f"{name} = {value}\n" for name, value in settings.items())
        (self._folder / "etc" / "main.cf").write_text(main)
        (self._folder / "etc" / "master.cf").write_text(_SERVICES.format(port=self.port))
