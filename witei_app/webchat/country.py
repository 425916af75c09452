"""The country of an address, where the operator supplies a database for it (WITEI_COUNTRY_DATABASE); else nothing."""

import re
import time
from pathlib import Path
from typing import Any

import maxminddb
import structlog

from witei_app.settings import settings

log = structlog.get_logger()
LOOK_SECONDS = 60


class Countries:
    """An open database. A newer file under the same name is taken within a minute."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader: maxminddb.Reader | None = None
        self._stamp: tuple[int, int] | None = None
        self._look_at = 0.0

    def find(self, address: str) -> str:
        """The country's two letters (ISO 3166-1), "" when it is not known."""
        self._refresh()
        try:
            return _code(self._reader.get(address)) if self._reader else ""
        except (ValueError, maxminddb.InvalidDatabaseError):  # no address; a file that was overwritten in place
            return ""

    def _refresh(self) -> None:
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_SECONDS
        try:
            found = self._path.stat()
            if (stamp := (found.st_mtime_ns, found.st_ino)) != self._stamp:
                self._reader, self._stamp = maxminddb.open_database(self._path), stamp
        except (OSError, maxminddb.InvalidDatabaseError) as fault:
            log.warning("country.database", path=str(self._path), reason=str(fault))


_countries: dict[Path, Countries] = {}


def country_of(address: str) -> str:
    """The country's two letters, "" without a database or where it does not say."""
    path = settings().country_database
    if path is None or not address:
        return ""
    if path not in _countries:
        _countries[path] = Countries(path)
    return _countries[path].find(address)


def _code(found: Any) -> str:
    """MaxMind and DB-IP write {"country": {"iso_code": "ES"}}, IPinfo {"country": "ES"} or {"country_code": "ES"}."""
    if not isinstance(found, dict):
        return ""
    country = found.get("country_code") or found.get("country") or found.get("registered_country")
    code = country.get("iso_code") if isinstance(country, dict) else country
    return code.upper() if isinstance(code, str) and re.fullmatch("[A-Za-z]{2}", code) else ""
