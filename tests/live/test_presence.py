"""Who is here: by the tabs of this process, and through Redis by those of others."""

from tests.cast import Cast, Configure
from tests.servers import RedisServer
from witei_app.live import presence, tabs
from witei_app.live.presence import present_users


async def test_whoever_has_a_tab_open_is_here(lite_cast: Cast, no_tabs: None) -> None:
    for token, actor in (("1", lite_cast.ana), ("2", lite_cast.ana), ("3", lite_cast.vera)):
        tabs.watch(token, actor)
    assert await present_users(lite_cast.sol) == {lite_cast.ana.user_id}
    tabs.leave("1")
    assert await present_users(lite_cast.sol) == {lite_cast.ana.user_id}
    tabs.leave("2")
    assert await present_users(lite_cast.sol) == set()


async def test_other_processes_are_told(
    lite_cast: Cast, no_tabs: None, redis: RedisServer, configure: Configure
) -> None:
    configure(REDIS_URL=redis.url())
    tabs.watch("1", lite_cast.luis)
    async with presence.Redis.from_url(redis.url()) as client:
        await presence._tell(client)
    tabs.leave("1")  # as another process sees it
    assert await present_users(lite_cast.sol) == {lite_cast.luis.user_id}
    assert await present_users(lite_cast.norte) == set()


async def test_without_redis_for_a_moment_one_knows_this_process(
    lite_cast: Cast, no_tabs: None, configure: Configure
) -> None:
    configure(REDIS_URL="redis://127.0.0.1:1")
    tabs.watch("1", lite_cast.ana)
    assert await present_users(lite_cast.sol) == {lite_cast.ana.user_id}
