"""/invite, /forgot and the second step: who has the link comes in, everybody else learns nothing."""

import re
import statistics
import time
from dataclasses import replace
from datetime import timedelta

import httpx
import pyotp
import pytest

from tests.cast import PASSWORD, Cast, all_of, get
from tests.http.conftest import Browse, signed_in
from witei_app.accounts.joining import send_reset
from witei_app.accounts.links import make_link
from witei_app.accounts.office import require_two_factor
from witei_app.accounts.permissions import AGENT
from witei_app.accounts.sign_in import user_of_token
from witei_app.accounts.team import invite
from witei_app.accounts.throttle import reset_throttle
from witei_app.accounts.two_factor import new_secret, turn_off, turn_on
from witei_app.clock import now
from witei_app.db import reading, transaction
from witei_app.http.session import COOKIE
from witei_app.live.events import AccessChanged, Event
from witei_app.models import AuditAction, AuditEntry, LinkKind, Role, SignInSession, SystemMail, User, Workspace
from witei_app.outbox.deliver import deliver_next
from witei_app.outbox.transport import DemoMailbox

HERE = {"Origin": "http://app.test"}


@pytest.fixture(autouse=True)
def _patience() -> None:
    """Nobody asked before."""
    reset_throttle.forget()


async def post(browser: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    return await browser.post(path, data=form, headers=HERE)


async def invitation(cast: Cast) -> str:
    """The path that Nora was sent."""
    async with transaction() as db:
        ana = await db.get_one(User, cast.ana.user_id)
        ana.role = Role.ADMIN
        link = await invite(db, replace(cast.ana, is_admin=True), "nora@sol.test", "Nora", Role.USER, AGENT)
    return "/invite/" + link.rpartition("/")[2]


async def reset_link(cast: Cast) -> str:
    async with transaction() as db:
        link = await make_link(db, await db.get_one(User, cast.ana.user_id), LinkKind.RESET)
    return "/forgot/" + link.rpartition("/")[2]


async def two_factor(cast: Cast) -> str:
    """Ana has an app; gives its secret."""
    secret = new_secret()
    async with transaction() as db:
        user = await db.get_one(User, cast.ana.user_id)
        await turn_on(db, user, secret, pyotp.TOTP(secret).now())
        user.two_factor_step -= 3
    return secret


async def log_in(browser: httpx.AsyncClient) -> httpx.Response:
    return await post(browser, "/login", email="ana@sol.test", password=PASSWORD, next="/contacts")


def ticket(answer: httpx.Response) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', answer.text)
    assert found is not None
    return found[1]


async def test_who_is_invited_chooses_name_and_password_and_is_in(cast: Cast, browse: Browse) -> None:
    path = await invitation(cast)
    async with browse() as browser:
        form = await browser.get(path)
        assert "nora@sol.test" in form.text
        assert "Inmobiliaria Sol" in form.text
        short = await post(browser, path, name="Nora Vidal", password="short")
        assert (short.status_code, "at least 12" in short.text) == (422, True)
        assert (await post(browser, path, name=" ", password=PASSWORD)).status_code == 422
        done = await post(browser, path, name="Nora Vidal", password=PASSWORD)
        assert (done.status_code, done.headers["location"]) == (303, "/conversations")
        assert COOKIE in done.cookies
        assert (await browser.get(path)).status_code == 404
        assert (await post(browser, path, name="Eve", password=PASSWORD)).status_code == 404
    assert (await all_of(User))[-1].name == "Nora Vidal"


async def test_who_comes_in_signs_out_whoever_else_was_signed_in_on_the_browser(cast: Cast, browse: Browse) -> None:
    path = await invitation(cast)
    async with browse() as browser, browse() as elsewhere:
        for one in (browser, elsewhere):
            await log_in(one)
        was = browser.cookies[COOKIE]
        assert "Ana Ruiz is signed in on this browser" in (await browser.get(path)).text
        assert "is signed in on this browser" not in (await elsewhere.get(path, headers={"Cookie": ""})).text
        assert (await post(browser, path, name="Nora Vidal", password=PASSWORD)).status_code == 303
        async with reading() as db:
            assert await user_of_token(db, was) is None
            signed_in = [await user_of_token(db, one.cookies[COOKIE]) for one in (browser, elsewhere)]
            assert [user and user.name for user in signed_in] == ["Nora Vidal", "Ana Ruiz"]


async def test_another_site_cannot_post_any_of_the_forms(cast: Cast, browse: Browse) -> None:
    paths = [await invitation(cast), await reset_link(cast), "/forgot", "/login/code"]
    async with browse() as browser:
        for path in paths:
            answer = await browser.post(path, data={"password": PASSWORD}, headers={"Origin": "http://evil.test"})
            assert answer.status_code == 403
    assert all(user.is_active != user.is_invited for user in await all_of(User))


async def test_the_same_is_said_whether_the_address_is_known_or_not(cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        known = await post(browser, "/forgot", email="ana@sol.test")
        unknown = await post(browser, "/forgot", email="not@sol.test")
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("ana@", "not@") == unknown.text
    assert len(await all_of(SystemMail)) == 1


async def test_nobody_is_buried_in_mails(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        codes = [(await post(browser, "/forgot", email=email)).status_code for email in ["ana@sol.test"] * 5]
        others = [(await post(browser, "/forgot", email="nobody@sol.test")).status_code for _ in range(5)]
    assert codes == others == [200, 200, 200, 429, 429]
    assert len(await all_of(SystemMail)) == 3


async def test_the_link_sets_the_password_once(cast: Cast, browse: Browse) -> None:
    path = await reset_link(cast)
    async with browse() as browser:
        assert "ana@sol.test" in (await browser.get(path)).text
        assert (await post(browser, path, password="short")).status_code == 422
        done = await post(browser, path, password="quite another password")
        assert done.headers["location"] == "/login?changed=1"
        assert "was changed" in (await browser.get("/login?changed=1")).text
        assert (await post(browser, path, password="quite another password")).status_code == 404
        assert (await log_in(browser)).status_code == 401


@pytest.mark.parametrize("path", ["/invite/x", "/invite/%00", "/forgot/" + "x" * 3000, "/forgot/%ED%A0%80", "/invite"])
async def test_what_is_no_link_is_said_to_be_old(lite_cast: Cast, browse: Browse, path: str) -> None:
    async with browse() as browser:
        assert (await browser.get(path)).status_code in {303, 404}
        assert (await post(browser, path, password=PASSWORD)).status_code in {404, 405}


async def test_with_an_app_the_password_alone_opens_nothing(cast: Cast, browse: Browse) -> None:
    secret = await two_factor(cast)
    async with browse() as browser:
        first = await log_in(browser)
        assert COOKIE not in browser.cookies
        wrong = await post(browser, "/login/code", ticket=ticket(first), code="000000", next="/contacts")
        assert (wrong.status_code, COOKIE in browser.cookies) == (401, False)
        code = pyotp.TOTP(secret).now()
        done = await post(browser, "/login/code", ticket=ticket(wrong), code=code, next="/contacts")
        assert (done.status_code, done.headers["location"]) == (303, "/contacts")
        assert COOKIE in browser.cookies
    async with browse() as browser:
        again = await post(browser, "/login/code", ticket=ticket(first), code=code, next="/contacts")
        assert (again.status_code, COOKIE in browser.cookies) == (401, False)


async def test_codes_are_not_guessed(lite_cast: Cast, browse: Browse) -> None:
    secret = await two_factor(lite_cast)
    async with browse() as browser:
        first = ticket(await log_in(browser))
        for number in range(10):
            await post(browser, "/login/code", ticket=first, code=f"{number:06}")
        answer = await post(browser, "/login/code", ticket=first, code=pyotp.TOTP(secret).now())
        assert "Too many" in answer.text
        assert COOKIE not in browser.cookies


@pytest.mark.parametrize("forged", ["", "x", "\0", "WzEsIiIsIiJd.x.y"])
async def test_a_forged_ticket_opens_nothing(lite_cast: Cast, browse: Browse, forged: str) -> None:
    async with browse() as browser:
        answer = await post(browser, "/login/code", ticket=forged, code="123456")
        assert (answer.status_code, COOKIE in browser.cookies) == (401, False)


async def test_a_workspace_that_requires_an_app_has_it_set_up_before_anything_else(cast: Cast, browse: Browse) -> None:
    async with transaction() as db:
        (await db.get_one(Workspace, cast.sol)).requires_two_factor = True
    async with browse() as browser:
        form = await log_in(browser)
        assert "<svg" in form.text
        found = re.search(r"<code>([A-Z2-7]+)</code>", form.text)
        assert found is not None
        wrong = await post(browser, "/login/code", ticket=ticket(form), code="1")
        assert (wrong.status_code, found[1] in wrong.text) == (401, True)
        code = pyotp.TOTP(found[1]).now()
        done = await post(browser, "/login/code", ticket=ticket(wrong), code=code, next="/contacts")
        assert len(re.findall(r"<li>[a-z2-9-]{19}</li>", done.text)) == 10
        assert COOKIE in browser.cookies
        again = await post(browser, "/login/code", ticket=ticket(form), code=code)
        assert again.status_code == 401
    assert (await get(User, cast.ana.user_id or 0)).two_factor_secret


async def test_who_is_signed_in_already_sets_it_up_before_anything_else(
    cast: Cast, browse: Browse, announced: list[Event]
) -> None:
    async with browse() as browser, browse() as elsewhere:
        for one in (browser, elsewhere):
            await signed_in(one, cast.ana)
        async with transaction() as db:
            await require_two_factor(db, replace(cast.luis, is_admin=True), True)
        async with reading() as db:
            assert await user_of_token(db, browser.cookies[COOKIE]) is None
        assert [event.user_id for event in announced if isinstance(event, AccessChanged)] == [
            cast.ana.user_id,
            cast.eva.user_id,
        ]
        away = await browser.get("/contacts?q=marco")
        assert away.headers["location"] == "/login?next=/contacts%3Fq%3Dmarco"
        door = await browser.get(away.headers["location"])
        assert "Your workspace requires an authenticator app now." in door.text
        assert 'value="ana@sol.test"' in door.text
        form = await log_in(browser)
        code = pyotp.TOTP(re.findall(r"<code>([A-Z2-7]+)</code>", form.text)[0]).now()
        await post(browser, "/login/code", ticket=ticket(form), code=code)
        assert (await browser.get("/contacts")).text == "a page of the app"
        assert (await elsewhere.get("/contacts")).status_code == 303
        assert (await elsewhere.get("/login")).status_code == 200


async def test_who_has_an_app_goes_on_when_it_is_required(lite_cast: Cast, browse: Browse) -> None:
    await two_factor(lite_cast)
    async with browse() as browser:
        await signed_in(browser, lite_cast.ana)
        async with transaction() as db:
            (await db.get_one(Workspace, lite_cast.sol)).requires_two_factor = True
        assert (await browser.get("/contacts")).text == "a page of the app"


async def test_who_is_invited_there_sets_it_up_too(cast: Cast, browse: Browse) -> None:
    async with transaction() as db:
        (await db.get_one(Workspace, cast.sol)).requires_two_factor = True
    async with browse() as browser:
        form = await post(browser, await invitation(cast), name="Nora Gil", password=PASSWORD)
        assert COOKIE not in browser.cookies
        found = re.search(r"<code>([A-Z2-7]+)</code>", form.text)
        assert found is not None
        await post(browser, "/login/code", ticket=ticket(form), code=pyotp.TOTP(found[1]).now())
        assert COOKIE in browser.cookies


async def test_a_ticket_ends_when_the_app_is_turned_off(lite_cast: Cast, browse: Browse) -> None:
    await two_factor(lite_cast)
    async with browse() as browser:
        first = ticket(await log_in(browser))
        async with transaction() as db:
            await turn_off(db, await db.get_one(User, lite_cast.ana.user_id))
        answer = await post(browser, "/login/code", ticket=first, code="123456")
        assert (answer.status_code, COOKIE in browser.cookies) == (401, False)


async def test_who_is_refused_unheard_writes_nothing(lite_cast: Cast, browse: Browse) -> None:
    await two_factor(lite_cast)
    async with browse() as browser:
        first = ticket(await log_in(browser))
        for number in range(14):
            await post(browser, "/login/code", ticket=first, code=f"{number:06}")
    refused = [entry for entry in await all_of(AuditEntry) if entry.action == AuditAction.SIGN_IN_REFUSED]
    assert len(refused) == 10


async def test_asking_for_a_known_address_takes_no_longer(lite_cast: Cast, browse: Browse) -> None:
    seconds: dict[str, list[float]] = {"ana@sol.test": [], "nobody@sol.test": []}
    async with browse() as browser:
        for _ in range(12):
            for email, times in seconds.items():
                reset_throttle.forget()
                begun = time.perf_counter()
                async with browser.stream("POST", "/forgot", data={"email": email}, headers=HERE) as answer:
                    times.append(time.perf_counter() - begun)
                    await answer.aread()
    known, unknown = (statistics.median(times) for times in seconds.values())
    assert known < unknown * 3 + 0.02


@pytest.mark.parametrize("path", ["/forgot", "/login"])
async def test_no_later_request_waits_for_what_is_done_for_a_known_address(
    lite_cast: Cast, browse: Browse, path: str
) -> None:
    async with browse() as browser:
        for email in ("ana@sol.test", "nobody@sol.test"):
            answer = await post(browser, path, email=email, password="not the password")
            assert answer.headers["connection"] == "close"


async def test_without_a_relay_a_colleagues_link_is_for_administrators(cast: Cast, browse: Browse) -> None:
    async with transaction() as db:
        await send_reset(db, "ana@sol.test")
    assert await deliver_next(DemoMailbox())
    seen = {}
    for actor in (cast.luis, cast.ana, cast.vera):
        async with browse() as browser:
            await signed_in(browser, actor)
            seen[actor.name] = "ana@sol.test" in (await browser.get("/demo/mailbox")).text
    assert seen == {"Luis Soto": False, "Ana Ruiz": True, "Vera Coto": False}
    async with browse() as browser:
        assert "ana@sol.test" not in (await browser.get("/demo/mailbox")).text


async def test_another_site_signs_nobody_out_everywhere(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser, browse() as other:
        for one in (browser, other):
            await signed_in(one, lite_cast.ana)
        await browser.post("/logout/everywhere", headers={"Sec-Fetch-Site": "cross-site"})
        assert (await other.get("/conversations")).status_code == 200
        assert (await browser.post("/logout/everywhere")).headers["location"] == "/login"
        assert (await other.get("/conversations")).status_code == 303


async def test_opening_a_page_is_noted_as_use_of_the_session(cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        await signed_in(browser, cast.ana)
        long_ago = now() - timedelta(days=2)
        async with transaction() as db:
            (await db.get_one(SignInSession, 1)).last_used_at = long_ago
        await browser.get("/conversations")
        assert (await get(SignInSession, 1)).last_used_at > now() - timedelta(minutes=1)
