"""The catalogues beside this file: `es.json` maps an English text to its Spanish one. A new file is a new language."""

import json
from pathlib import Path

_FOLDER = Path(__file__).parent

CATALOGUES: dict[str, dict[str, str]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.json"))
}
LANGUAGES: tuple[str, ...] = ("en", *CATALOGUES)
