"""What was done, and can be undone, is said in the reader's language: the profile's, whatever the browser's."""

from tests.cast import open_conversation
from tests.screen import Screen, until
from tests.state.conftest import Running, cookie_of
from witei_app.db import transaction
from witei_app.models import User, Workspace


async def test_that_it_was_sent(running: Running) -> None:
    opened = await open_conversation(running.cast.marco)
    async with transaction() as db:
        (await db.get_one(User, running.cast.ana.user_id)).language = "es"
        (await db.get_one(Workspace, running.cast.sol)).undo_seconds = 10
    async with Screen(running.url, await cookie_of(running.cast.ana)) as tab:
        await tab.open(opened)
        await tab.ask("sending", "sending_state", "send", conversation_id=opened, html="<p>Hola</p>", client_id="1")
        await until(lambda: tab.var("undo_state", "offered"))
        assert tab.var("undo_state", "offered") == "Enviado."
