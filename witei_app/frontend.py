"""The pages as the browser gets them: built when what they are made from changed, at home on any address."""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from reflex_base.plugins import Plugin

ROOT = Path(__file__).resolve().parent.parent
# What no page is made from; a change there needs a restart, not a build.
NEVER_ON_A_PAGE = {"http", "live", "mail", "outbox", "seed"}
# Reflex's own switches: no telemetry, no look at the package registry at each start.
QUIET = {"REFLEX_TELEMETRY_ENABLED": "false", "REFLEX_CHECK_LATEST_VERSION": "false"}
# When a build fails its words are shown, and have to be readable in a log.
PLAIN_TEXT = {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "160"}

_ADDRESS = re.compile(r"""(["'`])(http|ws)s?://[^/"'`]+(/[\w/-]*)\1""")
_ENV_CHUNKS = "assets/reflex-env-*.js"
# For these names Reflex guesses another port behind TLS; an address that is the page's own origin needs no guess.
_GUESSED_NAMES = re.compile(r"(SAME_DOMAIN_HOSTNAMES\s*=\s*)\[[^\]]*\]")


class PortableAddresses(Plugin):
    """Makes a finished build speak to wherever it was loaded from.

    Reflex writes the address of its own machine into one small file of the build. With the browser's own origin in its
    place the same build serves every port, host name and proxy.
    """

    def post_build(self, **context: Any) -> None:
        """Rewrite the addresses; Reflex compresses the files after this. Stops the build when there were none."""
        folder = Path(context["static_dir"])
        found = sum(_rewrite(chunk, _ADDRESS, _from_origin) for chunk in folder.glob(_ENV_CHUNKS))
        if not found or not sum(_rewrite(chunk, _GUESSED_NAMES, r"\1[]") for chunk in folder.glob("assets/*.js")):
            raise SystemExit("The build has no addresses to rewrite: this Reflex keeps them elsewhere.")


def _rewrite(chunk: Path, pattern: re.Pattern[str], new: str | Callable[[re.Match[str]], str]) -> int:
    text, found = pattern.subn(new, chunk.read_text())
    if found:
        chunk.write_text(text)
    return found


def _from_origin(address: re.Match[str]) -> str:
    origin = "location.origin" if address[2] == "http" else "location.origin.replace(/^http/,'ws')"
    return f"{origin}+'{address[3]}'"


def ensure_built() -> None:
    """Build the pages unless the last build was made from the same sources. Ends the program when that fails."""
    with _one_at_a_time():
        stamp = web_folder() / "conversations.built"
        sources = fingerprint()
        if stamp.exists() and stamp.read_text() == sources:
            return
        stamp.unlink(missing_ok=True)  # a build that is cut short must not pass for the old one
        _build()
        stamp.write_text(sources)


def web_folder() -> Path:
    """Where Reflex keeps the build."""
    return Path(os.environ.get("REFLEX_WEB_WORKDIR") or ROOT / ".web")


def fingerprint(root: Path = ROOT) -> str:
    """A hash of all that the pages are made from."""
    total = hashlib.sha256(repr(_reflex_versions()).encode())
    for path in sorted(_sources(root)):
        total.update(str(path.relative_to(root)).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    yield root / "rxconfig.py"
    yield from (root / "reflex.lock").glob("*.lock")  # Reflex writes the package.json beside it anew at each build
    yield from (path for path in (root / "assets").rglob("*") if path.is_file() and "external" not in path.parts)
    for path in (root / "witei_app").rglob("*"):
        is_source = path.is_file() and "__pycache__" not in path.parts
        if is_source and not NEVER_ON_A_PAGE.intersection(path.relative_to(root).parts):
            yield path


def _reflex_versions() -> list[str]:
    installed = ((found.metadata["Name"], found.version) for found in distributions())
    return sorted(f"{name} {version}" for name, version in installed if name.startswith(("reflex", "bun")))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Several processes may start at once, and one build serves them all."""
    with (ROOT / "rxconfig.py").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _build() -> None:
    print("Building the pages (under a minute the first time) ...", end="", flush=True)
    began = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
        cwd=ROOT,
        env=build_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if run.returncode:
        sys.exit(f" failed:\n{run.stdout}")
    print(f" done in {time.monotonic() - began:.0f} s.", flush=True)


def build_environment() -> dict[str, str]:
    """The environment for Reflex's commands, with the `bun` of this virtual environment first on the path."""
    beside_python = str(Path(sys.executable).parent)
    path = os.pathsep.join([beside_python, os.environ.get("PATH", os.defpath)])
    # Reflex's internal switches, such as the one that skips the compiling, are for the server alone.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("__REFLEX_")}
    return inherited | QUIET | PLAIN_TEXT | {"PATH": path}
