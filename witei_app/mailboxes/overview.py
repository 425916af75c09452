"""The mailboxes of a workspace, put in words for the page."""

from dataclasses import replace

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import Session
from witei_app.mailboxes.cursor import is_backfilling
from witei_app.mailboxes.rows import MailboxForm, MailboxRow
from witei_app.models import ImapAccount, MailboxState
from witei_app.texts import later, translate
from witei_app.texts.when import date_label, local_day, moment_label

_STATES = {
    MailboxState.NEW: (later("Connecting"), "wait"),
    MailboxState.CONNECTED: (later("Connected"), "good"),
    MailboxState.FAILING: (later("Not connected"), "bad"),
}


_PLACES = {False: later("{folder} at {host}"), True: later("Sent mail: {folder} at {host}")}


async def list_mailboxes(db: Session, actor: Actor) -> list[MailboxRow]:
    """All of the actor's workspace, in the order in which they were added. Refuses non-administrators."""
    actor.must_administer()
    query = select(ImapAccount).where(ImapAccount.workspace_id == actor.workspace_id).order_by(col(ImapAccount.id))
    accounts = (await db.exec(query)).all()
    with_sent = {(one.host, one.username) for one in accounts if one.holds_sent}
    rows = [_row(account, actor) for account in accounts]
    return [
        replace(row, can_add_sent=(one.host, one.username) not in with_sent and one.uid_validity > 0)
        for row, one in zip(rows, accounts, strict=True)
    ]


def form_of(account: ImapAccount) -> MailboxForm:
    """What of a mailbox can be changed; the password is not shown."""
    return MailboxForm(
        address=account.address,
        host=account.host,
        port=str(account.port),
        security=account.security,
        username="" if account.username == account.address else account.username,
        folder=account.folder,
        marks_read=account.marks_read,
    )


def _row(account: ImapAccount, actor: Actor) -> MailboxRow:
    state, tone = _STATES[MailboxState(account.state)] if account.is_on else (later("Switched off"), "")
    return MailboxRow(
        id=account.id,
        address=account.address,
        place=translate(_PLACES[account.holds_sent], actor.language, folder=account.folder, host=account.host),
        is_on=account.is_on,
        state=translate(state, actor.language),
        tone=tone,
        problem=_problem(account, actor),
        facts=_facts(account, actor),
        backfill=_backfill(account, actor),
        percent=_percent(account),
        can_backfill=account.is_on and account.uid_validity > 0 and not is_backfilling(account),
    )


def _problem(account: ImapAccount, actor: Actor) -> str:
    if not account.fault or not account.is_on:
        return ""
    fault = translate(account.fault, actor.language, **account.fault_values)
    fault = fault if fault.endswith((".", "!", "?")) else f"{fault}."  # a server's own words may end without one
    if account.next_try_at <= now():
        return f"{fault} {translate('It is being tried again.', actor.language)}"
    time = moment_label(account.next_try_at, actor.time_zone, actor.language)
    return f"{fault} {translate('Next try: {time}.', actor.language, time=time)}"


def _facts(account: ImapAccount, actor: Actor) -> str:
    facts = [(later("Last looked at: {time}."), account.looked_at), (later("Last mail: {time}."), account.last_mail_at)]
    said = [
        translate(text, actor.language, time=moment_label(at, actor.time_zone, actor.language))
        for text, at in facts
        if at is not None
    ]
    return " ".join(said)


def _backfill(account: ImapAccount, actor: Actor) -> str:
    if account.backfill_since is None:
        return ""
    day = date_label(local_day(account.backfill_since, actor.time_zone), actor.language)
    done, total = account.backfill_done, account.backfill_total
    if is_backfilling(account):
        text = later("Fetching the mails since {day}: {done} of {total}")
        return translate(text, actor.language, day=day, done=done, total=total)
    return translate("The mails since {day} were fetched: {done}.", actor.language, day=day, done=done)


def _percent(account: ImapAccount) -> int:
    if not is_backfilling(account):
        return -1
    return 100 * account.backfill_done // max(account.backfill_total, 1)
