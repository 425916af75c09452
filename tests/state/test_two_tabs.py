"""What a user writes in one tab stands in their other one, too: whom it is for, from which address, about what."""

from collections.abc import Awaitable, Callable

from tests.cast import act, eventually, open_conversation
from tests.conversations.test_sender_of_draft import addresses
from tests.state.conftest import Running, Tab, cookie_of
from tests.state.test_live_pages import arrive, handler, shows
from witei_app.conversations.draft import keep_draft_recipients, keep_draft_sender
from witei_app.conversations.first_draft import drop_first_draft, keep_first_draft
from witei_app.conversations.recipients import Recipients
from witei_app.db import transaction
from witei_app.mail.types import Address
from witei_app.templates.library import save_template

LENA = Recipients(to=(Address("Lena", "lena@b.test"),))


def is_to_lena(tab: Tab, state: str) -> Callable[[], Awaitable[bool]]:
    async def looked() -> bool:
        return [one["address"] for one in (await tab.shown())[f"{state}.to"]] == ["lena@b.test"]

    return looked


async def test_whom_an_answer_goes_to_and_from_where(running: Running) -> None:
    ana = running.cast.ana
    info, sales = await addresses(running.cast, "info", "ventas")
    opened = await open_conversation(running.cast.marco)
    async with running.tab(await cookie_of(ana)) as tab:
        await arrive(tab, "conversations_page_state", f"/conversations/{opened}")
        assert await shows(tab, "composer_state.sender_id", info)()
        await tab.send(handler("composer_state.show_copies"), {})
        await tab.send(handler("composer_state.add_recipients"), {"kind": "cc", "typed": "being typed"})
        assert await shows(tab, "composer_state.unclear", "being typed")()
        await act(ana, opened, keep_draft_recipients, LENA)
        assert await eventually(is_to_lena(tab, "composer_state"))
        held = await tab.shown()
        assert (held["composer_state.has_copies"], held["composer_state.unclear"]) == (True, "being typed")
        await act(ana, opened, keep_draft_sender, "ventas@sol.test")
        assert await eventually(shows(tab, "composer_state.sender_id", sales))


async def test_templates_that_were_filled_for_another_are_offered_no_more(running: Running) -> None:
    ana = running.cast.ana
    async with transaction() as db:
        await save_template(db, ana, 0, title="Hello", html="<p>Hello {{contact.first_name}}</p>", is_shared=False)
    async with running.tab(await cookie_of(ana)) as tab:
        await arrive(tab, "conversations_page_state", "/conversations")
        await tab.send(handler("new_conversation_state.begin"), {})
        await tab.send(handler("new_conversation_state.show_templates"), {})
        assert len((await tab.shown())["new_conversation_state.templates"]) == 1
        to_marco = {"kind": "to", "typed": "marco@contact.test"}
        await tab.send(handler("new_conversation_state.add_recipients"), to_marco)
        assert await shows(tab, "new_conversation_state.templates", [])()


async def test_what_a_new_conversation_is_about_and_whom_it_is_for(running: Running) -> None:
    ana, luis = running.cast.ana, running.cast.luis
    _, sales = await addresses(running.cast, "info", "ventas")
    async with running.tab(await cookie_of(ana)) as tab, running.tab(await cookie_of(luis)) as colleague:
        for one in (tab, colleague):
            await arrive(one, "conversations_page_state", "/conversations")
            await one.send(handler("new_conversation_state.begin"), {})
        assert await shows(tab, "new_conversation_state.is_writing", True)()
        before = await tab.shown()
        await tab.send(handler("new_conversation_state.set_subject"), {"subject": "Vis"})  # its own comes back to it
        async with transaction() as db:
            await keep_first_draft(db, ana, recipients=LENA, sender="ventas@sol.test")
        assert await eventually(is_to_lena(tab, "new_conversation_state"))
        assert await shows(tab, "new_conversation_state.sender_id", sales)()
        held = await tab.shown()
        for untouched in ("subject_turn", "draft_turn"):
            assert held[f"new_conversation_state.{untouched}"] == before[f"new_conversation_state.{untouched}"]
        async with transaction() as db:
            await keep_first_draft(db, ana, subject="Viewing", html="<p>Dear Lena</p>")
        assert await eventually(shows(tab, "new_conversation_state.subject", "Viewing"))
        assert await shows(tab, "new_conversation_state.draft_html", "<p>Dear Lena</p>")()
        async with transaction() as db:
            await drop_first_draft(db, ana)  # it was sent there
        assert await eventually(shows(tab, "new_conversation_state.subject", ""))
        assert (await tab.shown())["new_conversation_state.to"] == []
        assert await shows(colleague, "new_conversation_state.subject_turn", 0)()
