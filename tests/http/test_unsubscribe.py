"""/unsubscribe: looking changes nothing, one POST from anywhere ends the digests of whom the mail was for."""

from urllib.parse import urlsplit

from tests.cast import Cast, Configure
from tests.http.conftest import Browse
from witei_app.db import reading
from witei_app.notifications.choices import own_choices
from witei_app.notifications.digest import STOP


async def is_mailed(user_id: int | None) -> bool:
    async with reading() as db:
        return any(ways.by_mail for ways in (await own_choices(db, user_id)).values())


def link_of(cast: Cast) -> str:
    """Where the link in Eva's mail leads."""
    return urlsplit(STOP.address(cast.eva.user_id or 0)).path


async def test_a_provider_ends_it_by_one_post_without_cookie_or_origin(lite_cast: Cast, browse: Browse) -> None:
    path = link_of(lite_cast)
    async with browse() as browser:
        shown = await browser.get(path)
        assert (shown.status_code, "eva@sol.test" in shown.text) == (200, True)
        assert await is_mailed(lite_cast.eva.user_id)
        done = await browser.post(
            path, data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.provider.test"}
        )
    assert done.status_code == 200  # RFC 8058, 3.1: no redirect
    assert not await is_mailed(lite_cast.eva.user_id)
    assert await is_mailed(lite_cast.ana.user_id)


async def test_a_forged_link_changes_nothing_and_names_nobody(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        for token in (str(lite_cast.eva.user_id), "Mw.forged", "x" * 3000):
            for answer in (await browser.get(f"/unsubscribe/{token}"), await browser.post(f"/unsubscribe/{token}")):
                assert answer.status_code == 404
                assert "sol.test" not in answer.text
    assert await is_mailed(lite_cast.eva.user_id)


async def test_a_link_in_an_old_mail_works_while_the_older_secret_is_named(
    lite_cast: Cast, browse: Browse, configure: Configure
) -> None:
    configure(SECRET_KEY="the old secret key")
    path = link_of(lite_cast)
    async with browse() as browser:
        configure(SECRET_KEY="the new secret key")
        assert (await browser.get(path)).status_code == 404
        configure(SECRET_KEY="the new secret key", PREVIOUS_SECRET_KEYS="the old secret key,older")
        assert (await browser.get(path)).status_code == 200
