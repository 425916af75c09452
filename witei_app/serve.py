"""The web server: uvicorn around Reflex's ASGI app, on one port."""

import os
import resource
import socket
import sys
from ipaddress import ip_address
from urllib.parse import urlsplit

import uvicorn

from witei_app import memory
from witei_app.frontend import QUIET
from witei_app.setting_checks import host_and_port
from witei_app.settings import Settings
from witei_app.sockets import MOST_OF_ANYBODY

APP = "witei_app.witei_app:app"
# Seconds that open requests and sockets get to end by themselves once a stop was asked for.
STOP_WITHIN = 3
# What `reflex run --env prod` would set for its workers: use the build that is there, serve it beside the back end.
SERVE_THE_BUILD = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    # A line that died without a word (a phone out of reach, a laptop closed) is found out after 35 seconds on both
    # sides; by Reflex's own 145 the page would claim for two minutes to be up to date.
    "REFLEX_SOCKET_INTERVAL": "15",
    "REFLEX_SOCKET_TIMEOUT": "20",
}


def serve(settings: Settings) -> None:
    """Answer on `settings.port` until a signal ends it. Expects the pages to be built."""
    os.environ.update(QUIET | SERVE_THE_BUILD)
    _allow_many_connections()
    memory.load()
    uvicorn.run(
        APP,
        factory=True,
        host=bind_host(settings),
        port=settings.port,
        workers=settings.web_workers,
        loop="uvloop",
        http="witei_app.requests:Requests",
        ws="witei_app.sockets:Sockets",
        ws_max_size=MOST_OF_ANYBODY,
        timeout_graceful_shutdown=STOP_WITHIN,
        access_log=False,
        log_level="warning",
        server_header=False,
        # Anybody can send X-Forwarded-For: the app itself counts the hops that the operator trusts.
        proxy_headers=False,
    )


def refuse_taken_ports(settings: Settings) -> None:
    """End with one line when another program listens where this one is about to: another copy of it, most often."""
    wanted = {"WITEI_PORT": (bind_host(settings), settings.port)}
    if settings.runs_worker:
        wanted["WITEI_SMTP_LISTEN"] = host_and_port(settings.smtp_listen)
    for name, (host, port) in wanted.items():
        try:
            _try(host, port)
        except OSError as fault:
            sys.exit(f"{name}: {host}:{port} cannot be listened at: {fault.strerror or fault}. Set another one.")


def _try(host: str, port: int) -> None:
    """As the server will: what has just ended there is no matter."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(address)
        one.listen()


def bind_host(settings: Settings) -> str:
    """WITEI_LISTEN_ADDRESS; without it this machine alone while people reach the app at localhost, else any address."""
    if settings.listen_address:
        return settings.listen_address
    if not _is_this_machine(settings.public_url):
        return "0.0.0.0"  # noqa: S104  people reach it from elsewhere
    host = urlsplit(settings.public_url).hostname or ""
    return "127.0.0.1" if host == "localhost" else host


def allowed_origins(settings: Settings) -> list[str]:
    """The pages that may open our sockets: our own, under all names that this machine has for itself."""
    origin = settings.public_url
    if not _is_this_machine(origin):
        return [origin]
    parts = urlsplit(origin)
    port = f":{parts.port}" if parts.port else ""
    others = [f"{parts.scheme}://{host}{port}" for host in ("localhost", "127.0.0.1")]
    return others if origin in others else [origin, *others]


def _allow_many_connections() -> None:
    """Raise the number of open files, of which each connection is one, to what the machine allows a process."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _is_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
