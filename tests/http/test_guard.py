"""Every answer carries the headers that keep browsers out of harm."""

import pytest

from tests.cast import Cast, Configure
from tests.http.conftest import Browse, signed_in

ROUTES = ["/login", "/healthz", "/readyz", "/metrics", "/conversations", "/files/1", "/messages/1/frame", "/nowhere"]
ROUTES += ["/embed/loader.js", "/demo/mailbox", "/assets/x.js", "/_event", "/favicon.ico", "/q/x"]


@pytest.mark.parametrize("path", ROUTES)
async def test_each_answer_has_them(lite_cast: Cast, browse: Browse, path: str) -> None:
    async with browse() as browser:
        for who in (None, lite_cast.ana):
            if who:
                await signed_in(browser, who)
            headers = (await browser.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"]
            assert "default-src" in headers["content-security-policy"]
            assert "unsafe-eval" not in headers["content-security-policy"]
            assert "frame-ancestors" in headers["content-security-policy"] or "sandbox" in headers


async def test_tls_is_asked_for_where_there_is_tls(lite_cast: Cast, browse: Browse, configure: Configure) -> None:
    async with browse() as browser:
        assert "strict-transport-security" not in (await browser.get("/login")).headers
        configure(BASE_URL="https://app.test")
        assert "strict-transport-security" in (await browser.get("/login")).headers


async def test_a_hostile_host_does_not_get_into_the_policy(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        answer = await browser.get("/login", headers={"Host": "x; script-src *"})
    assert "script-src *" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/conversations", "/", "/conversations/1", "/settings/team", "/unknown"])
async def test_no_page_is_shown_to_who_is_not_signed_in(lite_cast: Cast, browse: Browse, path: str) -> None:
    async with browse() as browser:
        answer = await browser.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
