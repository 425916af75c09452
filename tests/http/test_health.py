"""What operators ask. The database going away and coming back is in real_servers."""

from tests.cast import Cast, Configure
from tests.http.conftest import Browse
from tests.servers import free_port


async def test_all_is_well(cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        assert (await browser.get("/healthz")).json() == {"status": "ok"}
        assert (await browser.get("/readyz")).json() == {"status": "ok", "database": "ok", "redis": "ok"}
        assert "python_info" in (await browser.get("/metrics")).text


async def test_a_redis_that_is_away_is_named(lite_cast: Cast, browse: Browse, configure: Configure) -> None:
    configure(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    async with browse() as browser:
        answer = await browser.get("/readyz")
    assert (answer.status_code, answer.json()["redis"], answer.json()["database"]) == (503, "away", "ok")
