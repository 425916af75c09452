"""Our signatures, judged by OpenDKIM, which asks a real name server for the keys."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mail.signing import DOMAIN, dkim_records, keys, mail
from tests.name_server import NameServer, name_server, zone_line
from tests.servers import program
from witei_app.mail.sign import sign

__all__ = ["name_server"]


class OpenDkim:
    """OpenDKIM as a receiver has it."""

    def __init__(self, folder: Path, server: NameServer) -> None:
        self.folder = folder
        self.configuration = folder / "opendkim.conf"
        nameserver = server.address.replace(":", "@")
        self.configuration.write_text(f"Nameservers {nameserver}\nMode v\nSocket local:{folder}/socket\n")

    def judge(self, raw: bytes) -> str:
        """Its Authentication-Results."""
        (file := self.folder / "mail.eml").write_bytes(raw)
        command = [program("opendkim"), "-x", str(self.configuration), "-t", str(file), "-v", "-v"]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False).stdout


@pytest.fixture
def opendkim(tmp_path: Path, name_server: NameServer) -> OpenDkim:
    name_server.publish(*(zone_line(record.name, record.record_type, record.value) for record in dkim_records()))
    return OpenDkim(tmp_path, name_server)


def test_both_signatures_are_good(opendkim: OpenDkim) -> None:
    said = opendkim.judge(sign(mail(), keys()))
    assert said.count("dkim=pass") == 2
    assert "header.a=rsa-sha256" in said
    assert "header.a=ed25519-sha256" in said
    assert f"header.d={DOMAIN}" in said


def test_a_changed_mail_is_noticed(opendkim: OpenDkim) -> None:
    assert "dkim=pass" not in opendkim.judge(sign(mail(), keys()).replace(b"17:00", b"18:00"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=400), st.text(max_size=120))
def test_so_are_they_for_any_text_and_subject(opendkim: OpenDkim, text: str, subject: str) -> None:
    assert opendkim.judge(sign(mail(f"<p>{text}</p>", subject), keys())).count("dkim=pass") == 2
