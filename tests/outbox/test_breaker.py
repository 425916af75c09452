"""Machines of ours write only so much to one address."""

import pytest

from tests.cast import Cast, all_of, get, queued
from tests.mail_server import Server
from witei_app.db import transaction
from witei_app.models import Delivery, DeliveryState, User
from witei_app.outbox import breaker
from witei_app.outbox.breaker import HELD_BACK
from witei_app.outbox.deliver import deliver_next
from witei_app.outbox.system_mail import queue_system_mail
from witei_app.outbox.transport import Relay


async def notify(cast: Cast, times: int) -> None:
    user = await get(User, cast.ana.user_id or 0)
    async with transaction() as db:
        for _ in range(times):
            await queue_system_mail(db, user, "Notice", ["Look"], "http://localhost:3000/")


async def test_too_many_automatic_mails_to_one_address_are_held_back(
    cast: Cast, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaker, "MOST", 3)
    await notify(cast, 5)
    relay = Relay(server.url)
    while await deliver_next(relay):
        pass
    await relay.close()
    assert len(server.taken) == 3
    held = await all_of(Delivery, Delivery.state == DeliveryState.FAILED)
    assert [delivery.reason for delivery in held] == [HELD_BACK] * 2


async def test_what_people_write_is_never_held_back(
    cast: Cast, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaker, "MOST", 1)
    for _ in range(3):
        await queued(cast)
    relay = Relay(server.url)
    while await deliver_next(relay):
        pass
    await relay.close()
    assert len(server.taken) == 3
