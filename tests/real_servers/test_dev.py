"""`make dev`, in a copy of the project: it serves, and builds again what somebody changes."""

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from tests.servers import ROOT, Process, answers, free_port

NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".web", ".*_cache", "__pycache__", "data")


def copy_of_the_project(folder: Path) -> Path:
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def is_in(words: str, folder: Path) -> bool:
    """Whether a script there holds these words. It may be that all of them are just being made."""
    with suppress(FileNotFoundError):
        return any(words in script.read_text() for script in folder.glob("*.js"))
    return False


def test_a_change_is_built_at_once(tmp_path: Path) -> None:
    project, port = copy_of_the_project(tmp_path / "project"), free_port()
    own = {
        "WITEI_PORT": str(port),
        "WITEI_SMTP_LISTEN": f"127.0.0.1:{free_port()}",
        "WITEI_DATA_DIR": str(tmp_path / "data"),
    }
    command = ["make", "--directory", str(project), "dev"]
    process = Process(command, tmp_path / "log", {**os.environ, **own})
    try:
        process.wait_until(lambda: answers(f"http://127.0.0.1:{port}/conversations"), within=180)
        assert "Demo sign-in" in process.log.read_text()
        page = project / "witei_app" / "pages" / "not_found.py"
        page.write_text(page.read_text().replace('say("There is nothing at this address")', '"Changed just now"'))
        built = project / ".web" / "build" / "client" / "assets"
        process.wait_until(lambda: is_in("Changed just now", built), within=180)
        process.wait_until(lambda: answers(f"http://127.0.0.1:{port}/conversations"), within=60)
    finally:
        process.stop()
