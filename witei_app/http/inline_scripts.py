"""The inline scripts of the built pages by their hashes: the Content-Security-Policy names them and no other."""

import base64
import hashlib
import os
import re
from functools import cache
from pathlib import Path

from witei_app.frontend import web_folder

ANY = "'unsafe-inline'"
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


def allowed_scripts() -> str:
    """What `script-src` says besides 'self' (CSP 3, 2.3.1): thirty hashes or so.

    While the pages are built anew at each change (`make dev`), their scripts are others each time: then any inline one.
    """
    return _hashes(web_folder() / "build" / "client") if os.environ.get("REFLEX_ENV_MODE") != "preview" else ANY


@cache
def _hashes(folder: Path) -> str:
    scripts = {script for page in folder.rglob("*.html") for script in _INLINE.findall(page.read_text("utf-8"))}
    sums = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    return " ".join(sorted(f"'sha256-{one}'" for one in sums))
