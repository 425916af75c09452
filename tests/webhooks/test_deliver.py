"""Webhooks are posted, signed, once; again with pauses when they fail; to nowhere inside; and given up in the end."""

import asyncio
import base64
import hashlib
import hmac
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.cast import Cast, Configure, all_of, get, open_conversation
from tests.webhooks.conftest import Receiver, as_admin, hook, tell_next_webhook
from witei_app.accounts.actor import Actor
from witei_app.audit.read import audit_page
from witei_app.clock import now
from witei_app.db import transaction
from witei_app.errors import NotFound, Refused
from witei_app.models import HookState, SystemMail, User, Webhook, WebhookDelivery
from witei_app.outbox.webhooks import wire
from witei_app.outbox.webhooks.claim import claim_next, recover_hook_claims
from witei_app.outbox.webhooks.deliver import GIVE_UP_AFTER, KEPT, drop_old_hook_deliveries
from witei_app.reseal import reseal
from witei_app.webhooks.manage import (
    add_webhook,
    check_address,
    deliveries_of,
    list_webhooks,
    remove_webhook,
    renew_secret,
    send_again,
    switch_webhook,
    try_webhook,
)
from witei_app.webhooks.rows import delivery_row, webhook_row

pytestmark = pytest.mark.usefixtures("inside")


def is_signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As docs/webhooks.md tells receivers to check it."""
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(right, one) for one in headers["webhook-signature"].split())


async def due_now() -> None:
    """Let the pauses be over."""
    async with transaction() as db:
        for one in await all_of(WebhookDelivery):
            (await db.get_one(WebhookDelivery, one.id)).due_at = now()


async def test_it_is_posted_once_and_signed(cast: Cast, receiver: Receiver) -> None:
    _, secret = await hook(as_admin(cast.ana), receiver.url, "message.received")
    await open_conversation(cast.marco)
    assert await tell_next_webhook()
    assert not await tell_next_webhook()
    (posted,) = receiver.got
    assert posted.line == "POST /hook?key=1 HTTP/1.1"
    assert posted.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert is_signed(secret, posted.headers, posted.body)
    assert not is_signed("whsec_" + base64.b64encode(b"another").decode(), posted.headers, posted.body)
    assert json.loads(posted.body)["type"] == "message.received"
    (delivery,) = await all_of(WebhookDelivery)
    assert (delivery.state, delivery.response, delivery.attempts) == (HookState.DELIVERED, 200, 1)


async def test_a_name_is_looked_up_in_none_of_the_threads_that_files_and_mails_are_read_in(receiver: Receiver) -> None:
    """The other way round: a name server that is away would keep all of those for that long."""
    loop, are_read = asyncio.get_running_loop(), threading.Event()
    loop.set_default_executor(ThreadPoolExecutor(1))
    reading = loop.run_in_executor(None, are_read.wait)
    try:
        answer = await wire.post(receiver.url, "{}", "evt_1", ["whsec_AAAA"], 1)
    finally:
        are_read.set()
        await reading
    assert answer.status == 200


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (500, 500, ""),
        (404, 404, ""),
        (302, 302, "redirect"),
        ("cut", 0, "connection failed"),
        ("slow", 0, "ten seconds"),
    ],
)
async def test_what_fails_is_tried_again_later(
    admin: Actor,
    lite_cast: Cast,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    answer: int | str,
    status: int,
    reason: str,
) -> None:
    monkeypatch.setattr(wire, "SECONDS", 1.0)
    receiver.answer = answer
    hook_id, _ = await hook(admin, receiver.url, "message.received")
    await open_conversation(lite_cast.marco)
    assert await tell_next_webhook()
    (delivery,) = await all_of(WebhookDelivery)
    assert (delivery.state, delivery.response) == (HookState.WAITING, status)
    assert reason in delivery.reason
    assert timedelta(seconds=5) < delivery.due_at - now() < timedelta(seconds=11)
    assert len(receiver.got) == 1, "a redirect is not followed"
    assert (await get(Webhook, hook_id)).failing_since is not None
    receiver.answer = 204
    await due_now()
    assert await tell_next_webhook()
    assert receiver.got[0].headers["webhook-id"] == receiver.got[1].headers["webhook-id"]
    assert receiver.got[0].body == receiver.got[1].body
    assert (await get(WebhookDelivery, delivery.id)).state == HookState.DELIVERED
    webhook = await get(Webhook, hook_id)
    assert (webhook.failures, webhook.failing_since) == (0, None)


async def test_nobody_listens_and_nobody_is_named_so(admin: Actor, lite_cast: Cast, configure: Configure) -> None:
    for url in ("http://127.0.0.1:1/", "https://nobody.invalid/"):
        await hook(admin, url, "message.received")
    await open_conversation(lite_cast.marco)
    while await tell_next_webhook():
        pass
    reasons = {one.reason for one in await all_of(WebhookDelivery)}
    assert reasons == {"The connection failed.", "There is no server named {host}."}


@pytest.mark.parametrize("port", [65_536, 99_999, 4_294_967_297])
async def test_a_port_that_there_is_not_is_an_answer_and_no_fault(lite_cast: Cast, port: int) -> None:
    """Webhooks were entered before such a port was refused."""
    assert (await wire.post(f"http://127.0.0.1:{port}/", "{}", "evt_1", [], 1)).reason == "The connection failed."


async def test_an_answer_without_an_end_is_not_read(admin: Actor, lite_cast: Cast, receiver: Receiver) -> None:
    receiver.answer = "endless"
    await hook(admin, receiver.url, "message.received")
    await open_conversation(lite_cast.marco)
    async with asyncio.timeout(9):
        assert await tell_next_webhook()
    assert (await all_of(WebhookDelivery))[0].state == HookState.DELIVERED


async def test_pauses_grow_and_after_a_day_it_is_given_up_and_switched_off(
    admin: Actor, lite_cast: Cast, receiver: Receiver
) -> None:
    receiver.answer = 503
    hook_id, _ = await hook(admin, receiver.url, "message.received")
    async with transaction() as db:
        (await db.get_one(User, admin.user_id)).role = "admin"
    await open_conversation(lite_cast.marco)
    pauses = []
    while (delivery := (await all_of(WebhookDelivery))[0]).state == HookState.WAITING:
        assert await tell_next_webhook()
        delivery = (await all_of(WebhookDelivery))[0]
        pauses.append(round((delivery.due_at - now()).total_seconds()))
        async with transaction() as db:  # as if the pause had passed
            row = await db.get_one(WebhookDelivery, delivery.id)
            webhook = await db.get_one(Webhook, hook_id)
            passed = row.due_at - now()
            row.due_at, row.asked_at = now(), row.asked_at - passed
            webhook.failing_since = (webhook.failing_since or now()) - passed
    assert pauses[:8] == [10, 30, 120, 300, 900, 3_600, 10_800, 21_600]
    assert (await get(WebhookDelivery, delivery.id)).state == HookState.FAILED
    webhook = await get(Webhook, hook_id)
    assert webhook.is_on
    async with transaction() as db:
        failing = await db.get_one(Webhook, hook_id)
        failing.failures, failing.failing_since = 30, now() - GIVE_UP_AFTER
    await open_conversation(lite_cast.marco)
    assert await tell_next_webhook()
    webhook = await get(Webhook, hook_id)
    assert (webhook.is_on, "whole day" in webhook.fault) == (False, True)
    assert [mail.subject for mail in await all_of(SystemMail)] == ["Se ha apagado un webhook"]
    await open_conversation(lite_cast.marco)
    assert len(await all_of(WebhookDelivery)) == 2, "what is off is told nothing"


async def test_one_that_says_that_it_is_gone_is_switched_off_at_once(
    admin: Actor, lite_cast: Cast, receiver: Receiver
) -> None:
    receiver.answer = 410
    hook_id, _ = await hook(admin, receiver.url, "message.received")
    await open_conversation(lite_cast.marco, "One", "Two")
    await tell_next_webhook()
    webhook = await get(Webhook, hook_id)
    assert not webhook.is_on
    [refused, behind] = [delivery_row(one, admin, webhook_row(webhook, admin)) for one in await all_of(WebhookDelivery)]
    assert (refused.state, refused.next_try) == ("given up", "")
    assert refused.answer == "410 It answered that it is gone (410)."
    assert (behind.state, behind.next_try) == ("waits until it is switched on", "")
    async with transaction() as db:
        newest = (await audit_page(db, admin))[0][0]
    assert (newest.who, newest.what) == ("Conversations, by itself", f"Changed the webhook {receiver.url}")
    assert newest.changes == ["Switched on: yes → no"]


async def test_what_one_that_was_gone_missed_is_sent_once_it_is_switched_on(
    admin: Actor, lite_cast: Cast, receiver: Receiver
) -> None:
    receiver.answer = 410
    hook_id, _ = await hook(admin, receiver.url, "message.received")
    await open_conversation(lite_cast.marco, "One", "Two")
    await tell_next_webhook()
    (gone, _) = await all_of(WebhookDelivery)
    async with transaction() as db:
        with pytest.raises(Refused, match="Switch it on first"):
            await send_again(db, admin, gone.id)
    receiver.answer = 200
    async with transaction() as db:
        await switch_webhook(db, admin, hook_id, True)
        await send_again(db, admin, gone.id)
    assert [await tell_next_webhook() for _ in range(3)] == [True, True, False]
    assert {one.state for one in await all_of(WebhookDelivery)} == {HookState.DELIVERED}


PRIVATE = ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "localhost", "10.0.0.1", "192.168.1.1", "172.16.0.1"]
PRIVATE += ["169.254.169.254", "0.0.0.0", "100.64.0.1", "[::1]", "[::ffff:127.0.0.1]", "[fe80::1]", "[fd00::1]"]
PRIVATE += ["[64:ff9b::7f00:1]", "[2002:7f00:1::]", "224.0.0.1", "255.255.255.255"]


@pytest.mark.parametrize("host", PRIVATE)
async def test_inside_is_refused_when_entered_and_when_told(
    admin: Actor, lite_cast: Cast, receiver: Receiver, configure: Configure, host: str
) -> None:
    configure(WEBHOOK_LOCAL_NETWORKS="")
    url = f"https://{host}:{receiver.port}/"
    with pytest.raises(Refused):
        await check_address(admin, url)
    answer = await wire.post(url, "{}", "evt_1", [], 1)  # as if the name had led elsewhere when it was entered
    assert answer.status == 0
    assert "private network" in answer.reason or "no server named" in answer.reason
    assert receiver.got == []


async def test_what_a_name_leads_to_is_looked_up_once(
    receiver: Receiver, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that says a public address first and an inner one then gets nobody inside."""
    from witei_app.mail import hosts

    asked = []

    def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    monkeypatch.setattr(hosts, "_look_up", look_up)
    answer = await wire.post(f"http://rebind.test:{receiver.port}/", "{}", "evt_1", [], 1)
    assert (answer.status, asked) == (200, ["rebind.test"])
    assert receiver.got[0].headers["host"] == f"rebind.test:{receiver.port}"
    answer = await wire.post(f"http://rebind.test:{receiver.port}/", "{}", "evt_1", [], 1)
    assert (answer.status, len(receiver.got)) == (0, 1)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "ftp://example.com",
        "https://",
        "javascript:1",
        "https://a:b@example.com/",
        "https://x\n.com",
        "http://[",
        "https://exa mple.com",
        "https://example.com:0/",
        "https://example.com:65536/",
    ],
)
async def test_what_is_no_address_is_refused(admin: Actor, lite_cast: Cast, url: str) -> None:
    with pytest.raises(Refused):
        await check_address(admin, url)


async def test_one_that_is_slow_holds_up_nobody_else(cast: Cast, receiver: Receiver) -> None:
    slow, _ = await hook(as_admin(cast.ana), "http://127.0.0.1:1/", "message.received")
    quick, _ = await hook(as_admin(cast.ana), receiver.url, "message.received")
    await open_conversation(cast.marco, "One", "Two")
    async with transaction() as db:
        first = await claim_next(db)  # and it takes its time
    assert first is not None
    assert first.webhook_id == slow
    assert await tell_next_webhook()
    assert await tell_next_webhook()
    assert not await tell_next_webhook()
    assert [one.state for one in await all_of(WebhookDelivery, WebhookDelivery.webhook_id == quick)] == [
        "delivered"
    ] * 2
    async with transaction() as db:
        (await db.get_one(WebhookDelivery, first.id)).claimed_at = now() - timedelta(minutes=2)
    async with transaction() as db:
        await recover_hook_claims(db, alone=False)
    assert (await get(WebhookDelivery, first.id)).state == HookState.WAITING


async def test_several_workers_tell_each_thing_once(cast: Cast, receiver: Receiver) -> None:
    await hook(as_admin(cast.ana), receiver.url, "message.received")
    await open_conversation(cast.marco, *[f"Number {number}" for number in range(8)])

    async def work() -> None:
        for _ in range(60):
            await tell_next_webhook()

    await asyncio.gather(*[work() for _ in range(4)])
    ids = [posted.headers["webhook-id"] for posted in receiver.got]
    assert len(ids) == len(set(ids)) == 8


async def test_it_is_sent_again_tried_and_forgotten(admin: Actor, lite_cast: Cast, receiver: Receiver) -> None:
    hook_id, _ = await hook(admin, receiver.url, "message.received")
    async with transaction() as db:
        await try_webhook(db, admin, hook_id)
    await tell_next_webhook()
    (delivery,) = await all_of(WebhookDelivery)
    async with transaction() as db:
        await send_again(db, admin, delivery.id)
    await tell_next_webhook()
    assert [json.loads(posted.body)["type"] for posted in receiver.got] == ["webhook.test"] * 2
    async with transaction() as db:
        (await db.get_one(WebhookDelivery, delivery.id)).created_at = now() - KEPT - timedelta(hours=1)
    assert await drop_old_hook_deliveries() == 1


async def test_a_new_secret_and_the_old_one_sign_for_a_day(admin: Actor, lite_cast: Cast, receiver: Receiver) -> None:
    hook_id, old = await hook(admin, receiver.url, "message.received")
    async with transaction() as db:
        new = await renew_secret(db, admin, hook_id)
    assert old not in repr(await all_of(Webhook))
    await open_conversation(lite_cast.marco, "One", "Two")
    await tell_next_webhook()
    async with transaction() as db:
        (await db.get_one(Webhook, hook_id)).previous_until = now()
    await tell_next_webhook()
    both, one = receiver.got
    assert [is_signed(secret, both.headers, both.body) for secret in (old, new)] == [True, True]
    assert [is_signed(secret, one.headers, one.body) for secret in (old, new)] == [False, True]


async def test_its_secret_is_sealed_anew_with_the_others(admin: Actor, lite_cast: Cast, configure: Configure) -> None:
    await hook(admin, "https://example.com/")
    configure(SECRET_KEY="another secret key", PREVIOUS_SECRET_KEYS="a secret of the tests")
    async with transaction() as db:
        assert await reseal(db) == 1


async def test_only_administrators_and_of_their_own_workspace(lite_cast: Cast, receiver: Receiver) -> None:
    hook_id, _ = await hook(as_admin(lite_cast.ana), receiver.url)
    await open_conversation(lite_cast.marco)
    (delivery, *_) = await all_of(WebhookDelivery)
    for actor in (lite_cast.luis, as_admin(lite_cast.vera)):
        for rule in (remove_webhook, renew_secret, try_webhook):
            async with transaction() as db:
                with pytest.raises(Refused):
                    await rule(db, actor, hook_id)
        async with transaction() as db:
            with pytest.raises(Refused):
                await switch_webhook(db, actor, hook_id, False)
            with pytest.raises(Refused):
                await send_again(db, actor, delivery.id)
    async with transaction() as db:
        assert await list_webhooks(db, as_admin(lite_cast.vera)) == []
        assert await deliveries_of(db, as_admin(lite_cast.vera), hook_id) == ([], 0)
        with pytest.raises(Refused):
            await add_webhook(db, lite_cast.luis, receiver.url, ["quote.sent"])
        with pytest.raises(NotFound):
            await try_webhook(db, as_admin(lite_cast.ana), 999)
