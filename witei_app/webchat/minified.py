"""The scripts of widget_embed as small as bun makes them, which bundles the pages, too."""

import re
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from witei_app.frontend import build_environment
from witei_app.texts.visitors import FOLDER

# The parts of the chat's script, which share what they name; each runs before those that follow.
CHAT = (
    *("config", "storage", "messages", "rows", "rich_text", "labels", "sending", "files", "questions"),
    *("exchange", "connection", "earlier", "heard", "unread", "host_page", "sound", "menu", "hands"),
    *("emoji_button", "start"),
)
# Before the lines of a style sheet within a script, which bun leaves as they are.
_INDENTATION = re.compile(r"^ +", re.MULTILINE)


@cache
def minified() -> dict[str, str]:
    """Each script by its name. One run for the life of a process, 0.1 s: who serves asks once before anybody waits."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for script, code in _sources().items():
            (folder / f"{script}.js").write_text(_INDENTATION.sub("", code))
        command = ["bun", "build", "--no-bundle", "--minify", "--outdir", "small", *(f"{one}.js" for one in _sources())]
        subprocess.run(  # noqa: S603  every word of it is ours
            command,
            cwd=folder,
            env=build_environment(),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return {script: (folder / "small" / f"{script}.js").read_text().strip() for script in _sources()}


@cache
def chat_source() -> str:
    """The visitor's side of the chat, inside the iframe: its parts as one script that leaves no names behind."""
    parts = "\n".join((FOLDER / "chat" / f"{part}.js").read_text() for part in CHAT)
    return f'(() => {{"use strict";\n{parts}}})();'


def _sources() -> dict[str, str]:
    alone = {script: (FOLDER / f"{script}.js").read_text() for script in ("loader", "nudge", "emoji")}
    return alone | {"chat": chat_source()}
