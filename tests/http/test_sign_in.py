"""/login and /logout: where one comes from is where one returns to, and nowhere else."""

from typing import Any

import httpx
import pytest

from tests.cast import PASSWORD, Cast, Configure, all_of
from tests.http.conftest import Browse, signed_in, whole_site
from witei_app.http.session import COOKIE
from witei_app.http.sign_in import safe_next
from witei_app.models import SignInSession

MOST_FORM_BYTES = 16 * 1024
HERE = {"Origin": "http://app.test"}


async def log_in(browser: httpx.AsyncClient, goal: str = "", **more: Any) -> httpx.Response:
    form = {"email": "ana@sol.test", "password": PASSWORD, "next": goal} | more.pop("form", {})
    return await browser.post("/login", data=form, headers=more.pop("headers", HERE))


async def test_a_page_without_a_session_leads_to_the_form_and_back(cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        away = await browser.get("/conversations/7?q=a b")
        assert (away.status_code, away.headers["location"]) == (303, "/login?next=/conversations/7%3Fq%3Da%2520b")
        form = await browser.get(away.headers["location"])
        assert 'value="/conversations/7?q=a%20b"' in form.text
        back = await log_in(browser, "/conversations/7?q=a%20b")
        assert (back.status_code, back.headers["location"]) == (303, "/conversations/7?q=a%20b")
        assert (await browser.get(back.headers["location"])).text == "a page of the app"
        assert (await browser.get("/login?next=/contacts")).headers["location"] == "/contacts"


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    lite_cast: Cast, browse: Browse, configure: Configure
) -> None:
    async with browse() as browser:
        plain = (await log_in(browser)).headers["set-cookie"].lower()
        configure(BASE_URL="https://app.test")
        secure = (await log_in(browser)).headers["set-cookie"].lower()
    for flag in ("httponly", "samesite=lax", "path=/", "max-age="):
        assert flag in plain
    assert "; secure" in secure
    assert "; secure" not in plain


async def test_wrong_words_bring_the_form_again_without_the_password(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        answer = await log_in(browser, form={"email": '"><script>', "password": "hunter2<"})
    assert answer.status_code == 401
    assert "The e-mail or the password is wrong." in answer.text
    assert "hunter2" not in answer.text
    assert '"><script>' not in answer.text
    assert COOKIE not in answer.cookies


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.test"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": ""}]
)
async def test_other_sites_cannot_sign_anybody_in_or_out(
    lite_cast: Cast, browse: Browse, headers: dict[str, str]
) -> None:
    async with browse() as browser:
        assert (await log_in(browser, headers=headers)).status_code == 403
        await signed_in(browser, lite_cast.ana)
        await browser.post("/logout", headers=headers)
    assert [session.revoked_at for session in await all_of(SignInSession)] == [None]


async def test_what_only_loads_an_address_signs_nobody_out(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        await signed_in(browser, lite_cast.ana)
        for path in ("/logout", "/logout/everywhere"):
            shown = await browser.get(path, headers={"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "image"})
            assert f'<form method="post" action="{path}"' in shown.text
    assert [session.revoked_at for session in await all_of(SignInSession)] == [None]


async def test_who_types_the_address_is_signed_out(lite_cast: Cast, browse: Browse) -> None:
    for typed in ({}, {"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document"}):
        async with browse() as browser:
            await signed_in(browser, lite_cast.ana)
            assert (await browser.get("/logout", headers=typed)).headers["location"] == "/login"
    assert all(session.revoked_at for session in await all_of(SignInSession))


async def test_signing_out_ends_the_session_on_the_server(cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        await log_in(browser)
        token = browser.cookies[COOKIE]
        out = await browser.post("/logout", headers=HERE)
        assert out.headers["location"] == "/login"
        assert COOKIE not in browser.cookies
        browser.cookies.set(COOKIE, token)
        assert (await browser.get("/conversations")).status_code == 303


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test",
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        "javascript:alert(1)",
        "http:evil.test",
        " //evil.test",
        "/x" * 2000,
        "",
        "/",
        "/login?next=/login",
        "/logout",
    ],
)
async def test_no_link_leads_to_another_site_after_signing_in(lite_cast: Cast, browse: Browse, target: str) -> None:
    assert safe_next(target) == "/conversations"
    async with browse() as browser:
        assert (await log_in(browser, target)).headers["location"] == "/conversations"


async def test_a_form_too_large_is_not_read(lite_cast: Cast, browse: Browse) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b"x" * MOST_FORM_BYTES

    form = {"Content-Type": "application/x-www-form-urlencoded", **HERE}
    async with browse() as browser:
        assert (await log_in(browser, form={"password": "x" * MOST_FORM_BYTES})).status_code == 403
        assert (await browser.post("/login", content=endless(), headers=form)).status_code in {400, 403}


async def test_strange_forms_and_cookies_are_wrong_and_no_fault(cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        for form in (
            {"email": "a\0b"},
            {"email": "%00"},
            {"password": ""},
            {"next": "\ud800".encode("utf-16", "surrogatepass")},
        ):
            assert (await log_in(browser, form=form)).status_code in {303, 401}
        for cookie in (b"x" * 5000, b"a\tb", b'"', "ñ".encode()):
            answer = await browser.get("/conversations", headers=[(b"Cookie", COOKIE.encode() + b"=" + cookie)])
            assert answer.status_code in {200, 303}


@pytest.mark.parametrize("path", ["/login", "/forgot", "/logout", "/login/code", "/q/x/accept", "/unsubscribe/x"])
async def test_who_hangs_up_in_the_middle_of_a_form_is_no_fault(lite_cast: Cast, path: str) -> None:
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": [], "state": {}}
    heard = iter([{"type": "http.request", "body": b"email=", "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(heard)

    async def send(_message: Any) -> None:
        """Nobody is there to hear it."""

    await whole_site()({**scope, "server": ("app.test", 80), "scheme": "http", "client": None}, receive, send)
