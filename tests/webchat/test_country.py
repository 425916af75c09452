"""The visitor's country, where the operator supplies a database."""

import os
from pathlib import Path
from typing import Any

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from tests.cast import Configure, configure
from tests.webchat.conftest import Agency, Visit, conversations
from witei_app.conversations.visit import visit_row
from witei_app.db import reading
from witei_app.live import bus
from witei_app.settings import settings
from witei_app.webchat import country
from witei_app.webchat.country import country_of
from witei_app.webchat.offer import visitors_here
from witei_app.webchat.present import hear

__all__ = ["configure"]
MAXMIND = {"country": {"iso_code": "ES", "names": {"en": "Spain"}}}


def write_database(path: Path, networks: dict[str, Any]) -> Path:
    """A database as those that one can get, in a file of its own that takes the place of the one before."""
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="Test-Country", languages=["en"])
    for network, record in networks.items():
        writer.insert_network(IPSet([network]), record)
    draft = path.with_suffix(".draft")
    writer.to_db_file(str(draft))
    os.replace(draft, path)
    return path


@pytest.fixture
def database(tmp_path: Path, configure: Configure) -> Path:
    """Two countries, as MaxMind and as IPinfo write them; one record says nothing of use."""
    records = {"203.0.113.0/24": MAXMIND, "2001:db8:5::/48": {"country": "pt"}, "198.51.100.0/24": {"country": {}}}
    path = write_database(tmp_path / "countries.mmdb", records)
    configure(COUNTRY_DATABASE=str(path), TRUSTED_PROXY_HOPS="1")
    return path


@pytest.mark.usefixtures("database")
def test_an_address_has_a_country_or_none() -> None:
    found = {address: country_of(address) for address in ("203.0.113.7", "2001:db8:5::1", "198.51.100.1", "192.0.2.1")}
    assert list(found.values()) == ["ES", "PT", "", ""]
    assert country_of("no address") == country_of("") == ""


@pytest.mark.usefixtures("configure")
def test_without_a_database_there_is_none() -> None:
    assert country_of("203.0.113.7") == ""


def test_a_newer_file_is_taken_and_a_broken_one_is_not(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert country_of("203.0.113.7") == "ES"
    monkeypatch.setattr(country, "LOOK_SECONDS", 0)
    country._countries.clear()
    assert country_of("203.0.113.7") == "ES"
    write_database(database, {"203.0.113.0/24": {"country_code": "FR"}})
    assert country_of("203.0.113.7") == "FR"
    broken = database.with_suffix(".broken")
    broken.write_bytes(b"no database")
    os.replace(broken, database)
    assert country_of("203.0.113.7") == "FR"


@pytest.mark.usefixtures("database")
async def test_the_team_sees_it_before_and_after_the_first_message(lite_sol: Agency, visit: Visit) -> None:
    bus.use(bus.InProcessBus())
    end = bus.subscribe(hear)
    visitor = await visit("sol", additional_headers={"X-Forwarded-For": "203.0.113.7"})
    await visitor.hello()
    async with reading() as db:
        assert [row.country for row in await visitors_here(db, lite_sol.ana)] == ["Spain"]
    await visitor.say("Hola")
    [conversation] = await conversations()
    async with reading() as db:
        assert (await visit_row(db, lite_sol.ana, conversation)).country == "Spain"
    end()


def test_what_is_no_database_ends_the_start(configure: Configure, tmp_path: Path) -> None:
    (tmp_path / "letters.mmdb").write_text("not a database")
    for path in (tmp_path / "letters.mmdb", tmp_path / "missing.mmdb", tmp_path):
        configure(COUNTRY_DATABASE=str(path))
        with pytest.raises(SystemExit, match="WITEI_COUNTRY_DATABASE: must be a file"):
            settings()
    configure(COUNTRY_DATABASE="")
    assert settings().country_database is None
