"""After a new WITEI_SECRET_KEY: what is encrypted at rest is encrypted anew, so that the old key can be forgotten."""

import sys
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import col, select

from witei_app.accounts.two_factor import SEALED_AS as TWO_FACTOR
from witei_app.db import Session, connect, dispose, reading
from witei_app.mail.dkim_keys import SEALED_AS as DKIM
from witei_app.mailboxes.accounts import SEALED_AS as MAILBOX
from witei_app.models import DkimKey, ImapAccount, SystemMail, User, Webhook, Widget
from witei_app.outbox.system_mail import SEALED_AS as SYSTEM_MAIL
from witei_app.outbox.webhooks.deliver import SEALED_AS as WEBHOOK
from witei_app.secrets import is_current, openable, seal, unseal
from witei_app.settings import settings
from witei_app.webchat.identity import SEALED_AS as IDENTITY

# Every column that holds sealed text, with what it was sealed as.
SEALED: list[tuple[Any, str, str]] = [
    (DkimKey, "private_key", DKIM),
    (Widget, "identity_secret", IDENTITY),
    (Widget, "identity_secret_before", IDENTITY),
    (ImapAccount, "password", MAILBOX),
    (SystemMail, "body", SYSTEM_MAIL),
    (User, "two_factor_secret", TWO_FACTOR),
    (Webhook, "secret", WEBHOOK),
    (Webhook, "previous_secret", WEBHOOK),
]


async def count_lost(db: Session) -> int:
    """How many of them no secret opens that is set: the installation was started with another one."""
    count = 0
    for table, name, _purpose in SEALED:
        column = col(getattr(table, name))
        lost = (column != "") & ~or_(*(column.startswith(one, autoescape=True) for one in openable()))
        count += (await db.exec(select(func.count()).select_from(table).where(lost))).one()
    return count


async def tell_of_lost_secrets() -> None:
    """One line at the start. No stop: whoever has lost the key must go on without it.

    But nobody shall find out by mailboxes that are fetched no longer and answers that find no conversation.
    """
    connect(settings().database)
    try:
        async with reading() as db:
            lost = await count_lost(db)
    finally:
        await dispose()
    if lost:
        said = f"WITEI_SECRET_KEY is not the one that {lost} secrets in the database were encrypted with"
        print(f"{said}: set that one, or name it in WITEI_PREVIOUS_SECRET_KEYS.", file=sys.stderr, flush=True)


async def reseal(db: Session) -> int:
    """Seal everything under the secret of today; gives how many were not. Stops (`Unsealable`) when one is lost."""
    changed = 0
    for table, column, purpose in SEALED:
        for row in (await db.exec(select(table).with_for_update())).all():  # the app goes on meanwhile
            sealed = getattr(row, column)
            if sealed and not is_current(sealed):
                setattr(row, column, seal(unseal(sealed, purpose), purpose))
                changed += 1
    return changed
