"""What one changes about oneself, and of nobody else."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import PASSWORD, Cast, all_of, get
from witei_app.accounts.actor import Actor
from witei_app.accounts.profile import end_session, new_own_password, save_profile, save_signature
from witei_app.accounts.sign_in import open_session, user_of_token
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.live.events import AccessChanged, Event
from witei_app.models import SignInSession, User


async def do(rule: Callable[..., Any], actor: Actor, *arguments: Any, **more: Any) -> Any:
    async with transaction() as db:
        return await rule(db, actor, *arguments, **more)


async def signed_in(actor: Actor) -> tuple[str, int]:
    """A session's token and id."""
    async with transaction() as db:
        token = await open_session(db, await db.get_one(User, actor.user_id), "192.0.2.1", "Firefox")
    return token, (await all_of(SignInSession))[-1].id


async def test_name_language_and_time_zone_are_kept_and_told_to_open_tabs(cast: Cast, announced: list[Event]) -> None:
    await do(save_profile, cast.ana, name=" Ana\n Ruiz Gil ", language="es", time_zone="America/Bogota")
    user = await get(User, cast.ana.user_id or 0)
    assert (user.name, user.language, user.time_zone) == ("Ana Ruiz Gil", "es", "America/Bogota")
    assert announced == [AccessChanged(cast.sol, cast.ana.user_id or 0)]


@pytest.mark.parametrize(
    "wrong",
    [{"name": " \t"}, {"language": "xx"}, {"time_zone": "../../etc/passwd"}, {"time_zone": ""}, {"name": "\u200b\n"}],
)
async def test_what_is_no_name_language_or_zone_is_refused(lite_cast: Cast, wrong: dict[str, str]) -> None:
    before = await all_of(User)
    with pytest.raises(Refused):
        await do(save_profile, lite_cast.ana, **{"name": "A", "language": "", "time_zone": "Europe/Madrid", **wrong})
    assert await all_of(User) == before


async def test_a_signature_is_made_safe(lite_cast: Cast) -> None:
    kept = await do(save_signature, lite_cast.ana, "<p><b>Ana</b><script>x()</script></p>")
    assert kept == "<p><b>Ana</b></p>" == (await get(User, lite_cast.ana.user_id or 0)).signature_html
    with pytest.raises(Refused, match="too long"):
        await do(save_signature, lite_cast.ana, "<p>" + "x" * 30_000 + "</p>")


async def test_another_browser_is_signed_out_but_not_this_one_and_nobody_elses(cast: Cast) -> None:
    (here, here_id), (there, there_id) = await signed_in(cast.ana), await signed_in(cast.ana)
    _, luises = await signed_in(cast.luis)
    await do(end_session, cast.ana, there_id, here)
    async with reading() as db:
        assert await user_of_token(db, there) is None
        assert await user_of_token(db, here) is not None
    with pytest.raises(Refused, match="you are using"):
        await do(end_session, cast.ana, here_id, here)
    with pytest.raises(NotFound):
        await do(end_session, cast.ana, luises, here)
    assert (await get(SignInSession, luises)).revoked_at is None


async def test_a_new_password_needs_the_old_one_and_twelve_characters(lite_cast: Cast) -> None:
    async with reading() as db:
        for old, new in (("wrong", "quite long enough"), (PASSWORD, "short")):
            with pytest.raises(Refused):
                await new_own_password(db, lite_cast.ana, old, new, "192.0.2.1")
        assert (await new_own_password(db, lite_cast.ana, PASSWORD, "quite long enough", "192.0.2.1")).startswith("$")
