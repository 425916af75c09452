"""What the team's page says of what was done."""

from dataclasses import replace

from tests.cast import Configure, get
from tests.state.conftest import Running, cookie_of
from tests.state.test_live_pages import arrive, handler
from witei_app.accounts.permissions import AGENT, SENIOR, Permissions
from witei_app.accounts.team import invite
from witei_app.db import transaction
from witei_app.models import Role, User


async def test_an_invitation_that_goes_by_mail_is_told_each_time(running: Running, configure: Configure) -> None:
    cast = running.cast
    configure(SMTP_RELAY_URL="smtp://127.0.0.1:1")
    async with transaction() as db:
        (await db.get_one(User, cast.ana.user_id)).role = Role.ADMIN
        await invite(db, replace(cast.ana, is_admin=True), "nora@sol.test", "Nora", Role.USER, AGENT)
    async with running.tab(await cookie_of(cast.ana)) as tab:
        await arrive(tab, "team_state", "/settings/team")
        invited = next(row["id"] for row in (await tab.shown())["team_state.team"] if row["name"] == "Nora")
        await tab.send(handler("team_state.again"), {"user_id": invited})
        shown = await tab.shown()
    assert (shown["signed_in_state.done"], shown["team_state.link"]) == (
        "The invitation is on its way to nora@sol.test.",
        "",
    )


async def test_two_who_change_a_users_permissions_at_once_keep_what_each_chose(running: Running) -> None:
    cast = running.cast
    eva = cast.eva.user_id or 0
    async with transaction() as db:
        for actor in (cast.ana, cast.luis):
            (await db.get_one(User, actor.user_id)).role = Role.ADMIN
        SENIOR.give_to(await db.get_one(User, eva))
    async with (
        running.tab(await cookie_of(cast.ana)) as anas,
        running.tab(await cookie_of(cast.luis)) as luises,
    ):
        for tab in (anas, luises):
            await arrive(tab, "team_state", "/settings/team")
            await tab.send(handler("team_state.edit"), {"user_id": eva})
            await tab.hear_out()
        for tab, name, value in ((anas, "conversation_scope", "own"), (luises, "can_delete", False)):
            await tab.send(handler("team_state.set_level"), {"name": name, "value": value})
            await tab.send(handler("team_state.save"), {"form": {}})
            await tab.hear_out()
    chosen = Permissions.of(await get(User, eva))
    assert chosen == replace(SENIOR, conversation_scope="own", can_delete=False)
