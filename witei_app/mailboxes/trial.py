"""Trying to reach a mailbox before it is saved."""

import asyncio
from dataclasses import replace

from witei_app.accounts.actor import Actor
from witei_app.db import transaction
from witei_app.errors import Refused
from witei_app.mail.imap import Access, Mailbox
from witei_app.mailboxes.accounts import Wanted, access_of, find_mailbox, refuse_without_password, tidy

PATIENCE_SECONDS = 9  # somebody is looking at the page


async def try_mailbox(actor: Actor, wanted: Wanted, account_id: int = 0) -> None:
    """Connect, sign in and open the folder as `wanted` says. Refuses with the reason.

    Without a password it takes the one that is kept with the account, and only to the server that it is kept for.
    """
    actor.must_administer()
    wanted = tidy(wanted)
    if account_id:
        async with transaction() as db:
            account = await find_mailbox(db, actor, account_id)
            refuse_without_password(account, wanted)
            password = wanted.password or access_of(account).password
    else:
        password = wanted.password
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            mailbox = await Mailbox.open(_access(replace(wanted, password=password)))
    except TimeoutError as fault:
        raise Refused("{host} did not answer in time on port {port}.", host=wanted.host, port=wanted.port) from fault
    await mailbox.close()


async def find_sent_folder(actor: Actor, account_id: int) -> str:
    """What the mailbox calls its folder of sent mail. Refuses where the server does not tell."""
    async with transaction() as db:
        access = access_of(await find_mailbox(db, actor, account_id))
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            mailbox = await Mailbox.open(access)
            folder = await mailbox.sent_folder()
    except TimeoutError as fault:
        raise Refused("{host} did not answer in time on port {port}.", host=access.host, port=access.port) from fault
    await mailbox.close()
    if not folder:
        raise Refused("The mail server names no folder of sent mail. Add it as a mailbox with the name that it has.")
    return folder


def _access(wanted: Wanted) -> Access:
    return Access(
        host=wanted.host,
        port=wanted.port,
        security=wanted.security,
        username=wanted.username,
        password=wanted.password,
        folder=wanted.folder,
        is_read_only=not wanted.marks_read,
    )
