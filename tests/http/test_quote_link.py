"""/q/{token}: read, accepted and declined without signing in; a GET changes nothing."""

import pytest

from tests.cast import Cast, all_of, announced, get, open_conversation
from tests.crm.test_quote_link import sent
from tests.http.conftest import Browse, signed_in
from witei_app.accounts.throttle import quote_throttle
from witei_app.clock import now
from witei_app.db import transaction
from witei_app.models import Contact, ConversationEvent, Quote

__all__ = ["announced"]
HERE = {"Origin": "http://app.test"}


@pytest.fixture(autouse=True)
def _patience() -> None:
    """Nobody asked before."""
    quote_throttle.forget()


async def offered(cast: Cast, language: str = "en") -> tuple[int, str]:
    async with transaction() as db:
        (await db.get_one(Contact, cast.marco.id)).language = language
    quote, token = await sent(cast, await open_conversation(cast.marco))
    return quote.id, f"/q/{token}"


async def test_the_contact_reads_it_and_looking_changes_nothing(lite_cast: Cast, browse: Browse) -> None:
    quote_id, path = await offered(lite_cast)
    before = (await get(Quote, quote_id), len(await all_of(ConversationEvent)))
    async with browse() as browser:
        answer = await browser.get(path)
        for _ in range(3):
            await browser.head(path)
            assert (await browser.get(f"{path}/pdf")).content.startswith(b"%PDF")
            for act in ("read", "accept", "decline"):
                await browser.get(f"{path}/{act}")
    for words in ("Letting", "€1,262.06", "Inmobiliaria Sol", "Marco Peña", "Accept the quote", 'lang="en"'):
        assert words in answer.text
    assert (answer.status_code, answer.headers["x-robots-tag"]) == (200, "noindex")
    assert (await get(Quote, quote_id), len(await all_of(ConversationEvent))) == before


async def test_it_is_accepted_with_a_name_in_the_contacts_language(lite_cast: Cast, browse: Browse) -> None:
    quote_id, path = await offered(lite_cast, "es")
    async with browse() as browser:
        nameless = await browser.post(f"{path}/accept", data={"name": " ", "answer": "<b>Sí</b>"}, headers=HERE)
        assert (nameless.status_code, "Escriba su nombre" in nameless.text) == (422, True)
        assert "&lt;b&gt;Sí" in nameless.text
        done = await browser.post(f"{path}/accept", data={"name": "Marco <Peña>"}, headers=HERE)
        assert (done.status_code, done.headers["location"]) == (303, path)
        page = (await browser.get(path)).text
        assert "Aceptado por Marco &lt;Peña&gt;" in page
        assert "Aceptar el presupuesto" not in page
        again = await browser.post(f"{path}/decline", data={"name": "Marco"}, headers=HERE)
        assert (again.status_code, "ya se respondió" in again.text) == (422, True)
    assert (await get(Quote, quote_id)).state == "accepted"


async def test_reading_is_told_by_the_page_but_not_for_the_agency_itself(lite_cast: Cast, browse: Browse) -> None:
    quote_id, path = await offered(lite_cast)
    async with browse() as browser:
        await signed_in(browser, lite_cast.ana)
        assert (await browser.post(f"{path}/read", headers=HERE)).status_code == 204
        assert (await get(Quote, quote_id)).read_at is None
    async with browse() as browser:
        assert (await browser.post(f"{path}/read", headers={"Origin": "http://evil.test"})).status_code == 403
        await signed_in(browser, lite_cast.vera)
        assert (await browser.post(f"{path}/read", headers=HERE)).status_code == 204
        assert (await get(Quote, quote_id)).read_at <= now()


async def test_other_sites_and_other_links_answer_nothing(lite_cast: Cast, browse: Browse) -> None:
    quote_id, path = await offered(lite_cast)
    async with browse() as browser:
        evil = await browser.post(f"{path}/accept", data={"name": "X"}, headers={"Origin": "http://evil.test"})
        assert evil.status_code == 403
        for wrong in ("/q/MQ.x", "/q/x", "/q/%00", path + "x", "/q/" + "x" * 3000):
            assert (await browser.get(wrong)).status_code == 404
            assert (await browser.post(f"{wrong}/accept", data={"name": "X"}, headers=HERE)).status_code in {404, 422}
    assert (await get(Quote, quote_id)).state == "sent"


async def test_nobody_hammers_at_it(lite_cast: Cast, browse: Browse) -> None:
    quote_id, path = await offered(lite_cast)
    async with browse() as browser:
        for _ in range(20):
            await browser.post(f"{path}/accept", data={"name": ""}, headers=HERE)
        answer = await browser.post(f"{path}/accept", data={"name": "Marco"}, headers=HERE)
    assert (answer.status_code, "Too many" in answer.text) == (422, True)
    assert (await get(Quote, quote_id)).state == "sent"


async def test_hammering_at_a_link_that_opens_nothing_is_no_fault(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        answers = [await browser.post("/q/x/accept", data={"name": "X"}, headers=HERE) for _ in range(25)]
    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize(("state", "words"), [("expired", "has expired"), ("withdrawn", "was withdrawn")])
async def test_what_is_over_says_so_and_offers_no_button(
    lite_cast: Cast, browse: Browse, state: str, words: str
) -> None:
    quote_id, path = await offered(lite_cast)
    async with transaction() as db:
        (await db.get_one(Quote, quote_id)).state = state
    async with browse() as browser:
        page = await browser.get(path)
    assert (page.status_code, words in page.text, "Accept the quote" in page.text) == (200, True, False)
