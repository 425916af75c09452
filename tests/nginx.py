"""nginx with the configuration of deploy/, on free ports and with a certificate of the tests' own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.servers import ROOT, Process, accepts, free_port, program

AROUND = """
daemon off;
pid {folder}/pid;
error_log stderr;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


class Nginx:
    """TLS at `port`, in front of the app at `app_port`."""

    def __init__(self, folder: Path, port: int, app_port: int) -> None:
        _certificate(folder)
        site = (ROOT / "deploy/nginx.conf").read_text()
        for theirs, ours in {
            "127.0.0.1:3000": f"127.0.0.1:{app_port}",
            "listen 80;": f"listen 127.0.0.1:{free_port()};",
            "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
            "inbox.agency.example": "localhost",
            "/etc/ssl/conversations": str(folder),
        }.items():
            assert theirs in site
            site = site.replace(theirs, ours)
        configuration = folder / "nginx.conf"
        configuration.write_text(AROUND.format(folder=folder, site=site))
        self._process = Process([program("nginx"), "-c", str(configuration)], folder / "log")
        self._process.wait_until(lambda: accepts(port))

    def stop(self) -> None:
        """End it."""
        self._process.stop()


def _certificate(folder: Path) -> None:
    """A certificate for localhost, signed by itself, under the names that deploy/nginx.conf gives."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "privkey.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
