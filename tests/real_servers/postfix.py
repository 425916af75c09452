"""A Postfix of the tests' own: takes mail for contact.test into maildirs, hands mail for us to our listener."""

import email
import email.policy
import grp
import os
import pwd
import subprocess
import tempfile
from email.message import EmailMessage
from pathlib import Path

from tests.dovecot import Dovecot
from tests.servers import Process, accepts, free_port, program

# What a mail server does by default, without the daemons that nobody here asks for.
SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
SETTINGS = """
compatibility_level = 3.6
command_directory = {commands}
daemon_directory = /usr/lib/postfix/sbin
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.contact.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = contact.test
virtual_mailbox_base = {folder}/boxes
virtual_mailbox_maps = inline:{{marco@contact.test=marco/, nuria@contact.test=nuria/}}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_reject_unlisted_recipient = no
transport_maps = inline:{{localhost.test=smtp:[127.0.0.1]:{ours}}}
"""
WITH_USERS = """
smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/server.key
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
"""
WITH_TLS = """
tlsmgr unix - - n 1000? 1 tlsmgr
127.0.0.1:{port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
"""


class Postfix:
    """Unlisted recipients are accepted and bounced afterwards, as many servers on the internet do.

    With `users` it takes mail only from who signs in, by TLS: STARTTLS at `port`, from the first byte at `tls_port`.
    """

    def __init__(self, users: Dovecot | None = None) -> None:
        self.port, self.our_port, self.tls_port = free_port(), free_port(), free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="postfix-"))  # pytest's folders are closed to Postfix' user
        self.folder.chmod(0o755)
        owner = pwd.getpwnam("postfix")
        for name in ("queue", "data", "boxes", "etc"):
            (self.folder / name).mkdir()
        for name in ("data", "boxes"):
            os.chown(self.folder / name, owner.pw_uid, grp.getgrnam("postfix").gr_gid)
        commands = Path(program("postfix")).parent
        values = {"folder": self.folder, "uid": owner.pw_uid, "gid": owner.pw_gid, "ours": self.our_port}
        main, services = SETTINGS.format(commands=commands, **values), SERVICES.format(port=self.port)
        if users is not None:
            main += WITH_USERS.format(folder=users.folder, sasl=users.sasl_port)
            services += WITH_TLS.format(port=self.tls_port)
        (self.folder / "etc/main.cf").write_text(main)
        (self.folder / "etc/master.cf").write_text(services)
        subprocess.run([commands / "postfix", "-c", self.folder / "etc", "check"], check=True, capture_output=True)
        master = ["/usr/lib/postfix/sbin/master", "-c", str(self.folder / "etc"), "-d"]
        self.process = Process(master, self.folder / "log")
        self.process.wait_until(lambda: accepts(self.port))

    @property
    def url(self) -> str:
        """As WITEI_SMTP_RELAY_URL takes it."""
        return f"smtp://127.0.0.1:{self.port}"

    def marcos_mail(self) -> list[EmailMessage]:
        """What lies in Marco's mailbox, oldest first, as his mail program reads it."""
        delivered = sorted((self.folder / "boxes/marco/new").glob("*"), key=lambda path: path.stat().st_mtime)
        return [_read(path) for path in delivered]

    def marcos_first_mail(self) -> EmailMessage:
        """The first of them, once it is there: what is "sent" is with Postfix, which delivers it in its own time."""
        self.process.wait_until(lambda: self.marcos_mail() != [])
        return self.marcos_mail()[0]

    def mail_log(self) -> str:
        """What it has written about mail so far."""
        log = self.folder / "mail.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def stop(self) -> None:
        """End it, with all its daemons, and forget its mail."""
        self.process.stop()
        subprocess.run(["rm", "-rf", self.folder], check=True)


def _read(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), EmailMessage, policy=email.policy.default)
