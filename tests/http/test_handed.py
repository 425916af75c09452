"""Secrets that are shown once: the ticket says nothing, and only its user redeems it, for ten minutes."""

from datetime import timedelta

import pytest

from tests.cast import Cast
from tests.http.conftest import Browse, signed_in
from witei_app import clock
from witei_app.accounts.handed import LIFE, redeem, ticket_for
from witei_app.errors import Refused

SCRIPTED = {"X-Requested-With": "witei", "Origin": "http://app.test"}
SECRETS = ("clave-uno", "clave-dos")


async def test_the_page_of_the_user_gets_the_secrets_and_no_cache_keeps_them(lite_cast: Cast, browse: Browse) -> None:
    ticket = ticket_for(lite_cast.ana, *SECRETS)
    async with browse() as browser:
        await signed_in(browser, lite_cast.ana)
        answer = await browser.post("/handed", data={"ticket": ticket}, headers=SCRIPTED)
        picture = await browser.post("/handed", data={"ticket": ticket, "as": "picture"}, headers=SCRIPTED)
    assert answer.json() == {"secrets": list(SECRETS)}
    assert answer.headers["cache-control"] == "no-store"
    assert picture.json()["picture"].startswith("<svg")
    assert not any(secret in ticket for secret in SECRETS)


async def test_nobody_else_gets_them(lite_cast: Cast, browse: Browse) -> None:
    ticket = ticket_for(lite_cast.ana, *SECRETS)
    async with browse() as browser:
        assert (await browser.post("/handed", data={"ticket": ticket}, headers=SCRIPTED)).status_code == 401
        for stranger in (lite_cast.luis, lite_cast.vera):
            await signed_in(browser, stranger)
            answer = await browser.post("/handed", data={"ticket": ticket}, headers=SCRIPTED)
            assert (answer.status_code, SECRETS[0] in answer.text) == (410, False)
        await signed_in(browser, lite_cast.ana)
        elsewhere = {**SCRIPTED, "Origin": "https://elsewhere.example"}
        assert (await browser.post("/handed", data={"ticket": ticket}, headers=elsewhere)).status_code == 403


@pytest.mark.parametrize("ticket", ["", "1.", "1.abc.def", "x" * 90_000, "\ud800", "1.2.%%%%"])
async def test_a_forged_ticket_is_refused(lite_cast: Cast, ticket: str) -> None:
    with pytest.raises(Refused):
        redeem(lite_cast.ana, ticket)


async def test_it_is_not_shown_for_ever(lite_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = ticket_for(lite_cast.ana, *SECRETS)
    later = clock.now() + LIFE + timedelta(seconds=1)
    monkeypatch.setattr("witei_app.accounts.handed.now", lambda: later)
    with pytest.raises(Refused):
        redeem(lite_cast.ana, ticket)
