"""Every answer carries the headers that keep browsers out of harm, and nothing is changed for another site's page.

The endpoints are read from the app, so that one added tomorrow is asked as well.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from starlette.routing import Route

from tests.cast import NOTHING, Cast, Configure, everything_of
from tests.http.conftest import Browse, signed_in
from tests.http.test_guard_api import BESIDES, SECRET, secrets
from witei_app import http
from witei_app.accounts.throttle import quote_throttle, reset_throttle
from witei_app.db import transaction
from witei_app.http import inline_scripts
from witei_app.models import User

__all__ = ["secrets"]
# Besides the endpoints: pages, what Reflex answers, what is not there.
MORE = ["/", "/conversations", "/settings/team", "/nowhere", "/assets/x.js", "/_event", "/_upload", "/theme.css"]
MORE += ["/api/v1/docs", "/api/v1/openapi.json", "/api/v1/contacts", "/api/v1/nowhere", "/login/", "/..%2f", "/%00"]
# Those ask for no session, and need not care who sends a browser to them: mail providers (RFC 8058), visitors' chats,
# which check the site themselves, and programs, which bring a token.
OPEN = ("/unsubscribe/", "/embed/", "/api/")


def endpoints() -> Iterator[tuple[str, str]]:
    """Method and address of each, with something in the place of what varies."""
    for route in http.routes():
        if isinstance(route, Route):
            path = re.sub(r"{\w+:row}", "1", route.path)
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield method, re.sub(r"{\w+}", "x", path)


ASKED = [*endpoints(), *[("GET", path) for path in MORE], ("POST", "/api/v1/contacts"), ("PUT", "/login")]


def is_harmless(answer: httpx.Response) -> None:
    """What every answer has, whatever it is."""
    headers, policy = answer.headers, answer.headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] in {"same-origin", "no-referrer", "strict-origin-when-cross-origin"}
    assert "default-src" in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors" in policy or "sandbox" in policy or policy == "default-src 'none'"
    scripts = next((part for part in policy.split("; ") if part.startswith("script-src")), "")
    assert "unsafe-inline" not in scripts
    assert "*" not in scripts
    assert "server" not in headers
    for cookie in headers.get_list("set-cookie"):
        assert "httponly" in cookie.lower()
        assert "samesite=lax" in cookie.lower()


async def test_each_answer_of_each_endpoint_has_them(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        for who in (None, lite_cast.ana):
            for method, path in ASKED:
                if who:
                    await signed_in(browser, who)
                for accept in ("text/html", "*/*"):
                    answer = await browser.request(method, path, headers={"Accept": accept})
                    assert answer.status_code < 500, (method, path)
                    is_harmless(answer)
    print(f"{len(ASKED)} endpoints and pages")


async def test_a_fault_of_ours_has_them_too(lite_cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("witei_app.http.guard.user_of_token", _fail)
    async with browse() as browser:
        answer = await browser.get("/conversations")
    assert answer.status_code == 503
    is_harmless(answer)


async def _fail(*_: object) -> None:
    raise OSError


async def test_no_other_sites_page_changes_anything(lite_cast: Cast, browse: Browse) -> None:
    """With the cookie of whoever visits it: as a form, and as a script would send it."""
    async with browse() as browser:
        await signed_in(browser, lite_cast.ana)
        before = await everything_of(lite_cast.sol)
        for method, path in ASKED:
            if path.startswith(OPEN) or method not in {"POST", "PUT"}:
                continue
            for origin in ("https://evil.test", "null", "http://app.test.evil.test", "http://app.test:81"):
                answer = await browser.request(method, path, headers={"Origin": origin}, data={"email": "x"})
                assert answer.status_code in {303, 400, 403, 404, 405}, (method, path, answer.status_code)
                assert answer.status_code != 303 or not answer.headers.get("set-cookie"), (method, path)
        for path in ("/logout", "/logout/everywhere"):
            await browser.post(path, headers={"Sec-Fetch-Site": "cross-site"})
        assert await everything_of(lite_cast.sol) == before


def test_each_way_in_is_one_that_is_walked() -> None:
    ways = [route for route in http.routes() if not isinstance(route, Route)]
    assert sorted(getattr(way, "path", "?") for way in ways) == ["/api/v1", "/embed/socket"]


def unpacked(answer: httpx.Response) -> str:
    """All text of an answer, also of what is in an archive or a workbook."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with ZipFile(BytesIO(answer.content)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


async def test_no_endpoint_tells_or_changes_what_its_caller_may_not(secrets: Cast, browse: Browse) -> None:
    """All of them, ids or none, as a page of ours would ask: nobody, who has no level here, who is of elsewhere."""
    for throttle in (quote_throttle, reset_throttle):
        throttle.forget()
    async with transaction() as db:
        NOTHING.give_to(await db.get_one(User, secrets.eva.user_id))
    before = await everything_of(secrets.sol)
    headers = {"Origin": "http://app.test", "X-Requested-With": "witei", "Accept": "*/*"}
    form = {"conversation": "1", "template": "1", "email": "x@sol.test", "name": SECRET[:3], "text": "x", "to": "x"}
    for who in (None, secrets.vera, secrets.eva):
        async with browse() as browser:
            for method, path in endpoints():
                if who:
                    await signed_in(browser, who)  # some of them sign out
                posted = {"data": form, "files": {"file": ("x.csv", b"title,text\nx,y\n")}} if method != "GET" else {}
                answer = await browser.request(method, path, headers=headers, **posted)  # type: ignore[arg-type]
                assert SECRET not in unpacked(answer), (method, path, who)
        after = await everything_of(secrets.sol)
        changed = {name for name in before if after[name] != before[name]} - BESIDES
        assert changed <= ({"upload", "unused_file", "message_template"} if who is secrets.eva else set()), changed
    mine = [row for row in after["message_template"] if row not in before["message_template"]]
    assert set(before["message_template"]) <= set(after["message_template"])
    assert len(mine) <= 1


@pytest.mark.parametrize("row_id", ["1", "2", "0", str(2**63 - 1), str(10**40), "9" * 3_000])
async def test_what_is_out_of_sight_is_out_of_reach(secrets: Cast, browse: Browse, row_id: str) -> None:
    before = {name: rows for name, rows in (await everything_of(secrets.sol)).items() if name not in BESIDES}
    for who in (None, secrets.vera, secrets.eva):
        async with browse() as browser:
            if who:
                await signed_in(browser, who)
            for method, path in [one for one in endpoints() if "/1" in one[1]]:
                address = re.sub(r"/1\b", f"/{row_id}", path)
                answer = await browser.request(method, address, headers={"Origin": "http://app.test"})
                assert answer.status_code in {303, 400, 403, 404, 405}, (method, address, answer.status_code)
                assert SECRET not in answer.text
    after = {name: rows for name, rows in (await everything_of(secrets.sol)).items() if name not in BESIDES}
    assert after == before


async def test_tls_is_asked_for_where_there_is_tls(lite_cast: Cast, browse: Browse, configure: Configure) -> None:
    async with browse() as browser:
        assert "strict-transport-security" not in (await browser.get("/login")).headers
        configure(BASE_URL="https://app.test")
        for _, path in ASKED[:5] + ASKED[-5:]:
            assert "strict-transport-security" in (await browser.get(path)).headers


async def test_cookies_are_kept_to_tls_where_there_is_tls(
    lite_cast: Cast, browse: Browse, configure: Configure
) -> None:
    configure(BASE_URL="https://app.test")
    async with browse() as browser:
        form = {"email": "ana@sol.test", "password": "a-long-password"}
        answer = await browser.post("/login", data=form, headers={"Origin": "http://app.test"})
    assert "secure" in answer.headers["set-cookie"].lower()
    is_harmless(answer)


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


def test_the_scripts_of_the_build_are_named_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "build" / "client"
    folder.mkdir(parents=True)
    scripts = ("<script>a()</script>", '<script src="x.js"></script>', '<script type="module">b()</script>')
    (folder / "index.html").write_text("".join(scripts))
    monkeypatch.setenv("REFLEX_WEB_WORKDIR", str(tmp_path))
    assert len(inline_scripts.allowed_scripts().split()) == 2
    monkeypatch.setenv("REFLEX_ENV_MODE", "preview")
    assert inline_scripts.allowed_scripts() == "'unsafe-inline'"
