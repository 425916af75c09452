"""One act on several conversations: each is checked for itself, and what is refused is told with the reason."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.archive import archive, reopen
from witei_app.conversations.assign import assign
from witei_app.conversations.bin import delete_for_good, is_in_bin
from witei_app.conversations.delete import delete, restore
from witei_app.conversations.read import mark_read, mark_unread
from witei_app.conversations.snooze import wake
from witei_app.conversations.visible import WORKSPACE_OF_KNOWN, may_see
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.jobs.queue import can_take_back, find_job, put_away_done, refuse_one, start_job
from witei_app.models import Conversation, Job
from witei_app.texts import later, translate

BUNCH = "bunch"  # the kind of their jobs
MOST_AT_ONCE = 100
MOST = 5000
STEP = 10  # of them in one step of a job: a twentieth of a second
HIDDEN = "This conversation is not here, or you may not see it."
Act = Callable[[Session, Actor, Conversation, int], Awaitable[None]]


async def _assign(db: Session, actor: Actor, conversation: Conversation, user_id: int) -> None:
    await assign(db, actor, conversation, user_id or None)


def _plain(rule: Callable[[Session, Actor, Conversation], Awaitable[None]]) -> Act:
    """An act that needs to know nothing more."""

    async def act(db: Session, actor: Actor, conversation: Conversation, _: int) -> None:
        await rule(db, actor, conversation)

    return act


@dataclass(frozen=True)
class Kind:
    """An act, what its job is called, and what is said of those that it was done to. It refuses before it changes."""

    act: Act
    label: str
    said: str
    may_find: Callable[[Actor, Any], ColumnElement[bool]] = may_see


KINDS = {
    "assign": Kind(_assign, later("Assigning conversations"), later("Assigned: {done}.")),
    "archive": Kind(_plain(archive), later("Archiving conversations"), later("Archived: {done}.")),
    "reopen": Kind(_plain(reopen), later("Reopening conversations"), later("Reopened: {done}.")),
    "read": Kind(_plain(mark_read), later("Marking conversations as read"), later("Marked as read: {done}.")),
    "unread": Kind(_plain(mark_unread), later("Marking conversations as unread"), later("Marked as unread: {done}.")),
    "delete": Kind(_plain(delete), later("Moving conversations to the bin"), later("Moved to the bin: {done}.")),
    "wake": Kind(_plain(wake), later("Waking conversations"), later("Back in the open list: {done}.")),
    "restore": Kind(_plain(restore), later("Restoring conversations"), later("Restored: {done}."), is_in_bin),
    "delete_for_good": Kind(
        _plain(delete_for_good), later("Deleting for good"), later("Deleted for good: {done}."), is_in_bin
    ),
}
_BACK = {"assign": "assign", "archive": "reopen", "reopen": "archive", "delete": "restore"}


@dataclass
class Outcome:
    """How many were done, and what was refused: the conversations, and the reason."""

    done: int = 0
    refused: list[tuple[int, Refused]] = field(default_factory=list)
    before: dict[int, int] = field(default_factory=dict)  # those that are another now, with who had them (0 is nobody)

    def words(self, kind: Kind, language: str) -> str:
        """All of it in a sentence or two."""
        said = translate(kind.said, language, done=self.done)
        if not self.refused:
            return said
        reasons = Counter(translate(why.text, language, **why.values) for _, why in self.refused)
        why = " ".join(f"{reason} ({quantity})" for reason, quantity in reasons.most_common(3))
        refused = translate("Refused: {refused}.", language, refused=len(self.refused))
        return f"{said} {refused} {why}" if self.done else f"{refused} {why}"


async def act_on_several(db: Session, actor: Actor, kind: Kind, ids: Sequence[int], value: int = 0) -> Outcome:
    """Do it to each of them that may be done to, in the order of their ids, so that two who do this never block."""
    query = select(Conversation).where(kind.may_find(actor, WORKSPACE_OF_KNOWN), col(Conversation.id).in_(ids))
    found = (await db.exec(query.order_by(col(Conversation.id)).with_for_update())).all()
    outcome = Outcome(refused=[(one, NotFound(HIDDEN)) for one in sorted({*ids} - {it.id for it in found})])
    for conversation in found:
        was = _standing(conversation)
        try:
            await kind.act(db, actor, conversation, value)
        except Refused as refusal:
            outcome.refused.append((conversation.id, refusal))
        else:
            outcome.done += 1
            if _standing(conversation) != was:
                outcome.before[conversation.id] = was[0]
    return outcome


def _standing(conversation: Conversation) -> tuple[int, str, bool]:
    return conversation.assignee_id or 0, conversation.status, conversation.deleted_at is not None


def may_take_back(actor: Actor, name: str) -> bool:
    """Whether the actor can undo this act at all: out of the bin an administrator alone brings something."""
    return name in _BACK and (name != "delete" or actor.is_admin)


async def take_back(db: Session, actor: Actor, name: str, before: Mapping[int, int], value: int = 0) -> Outcome:
    """Undo what `act_on_several` did, as its outcome's `before` says; what a colleague has assigned since stays."""
    kind, ids = KINDS[_BACK[name]], list(before)
    if name != "assign":
        return await act_on_several(db, actor, kind, ids)
    theirs = col(Conversation.assignee_id).is_distinct_from(value or None)
    moved = set((await db.exec(select(Conversation.id).where(col(Conversation.id).in_(ids), theirs))).all())
    whole = Outcome()
    for user_id in sorted(set(before.values())):
        had = [one for one in ids if before[one] == user_id and one not in moved]
        outcome = await act_on_several(db, actor, kind, had, user_id)
        whole.done, whole.refused = whole.done + outcome.done, whole.refused + outcome.refused
    return whole


async def start_bunch(db: Session, actor: Actor, name: str, ids: Sequence[int], value: int = 0) -> None:
    """The same for so many that it takes a while: the worker does them, the tray shows how far it got.

    What went well before is put away: several in a row would cover the list.
    """
    await put_away_done(db, actor, BUNCH)
    chosen = sorted(ids)[:MOST]
    request = {"act": name, "ids": chosen, "value": value}
    await start_job(db, actor, BUNCH, KINDS[name].label, request, total=len(chosen))


async def take_bunch_back(db: Session, actor: Actor, job_id: int) -> None:
    """The worker undoes what an ended job has done to many, as `take_back` does for a few. Refuses a second time."""
    job = await find_job(db, actor, job_id, BUNCH, to_change=True)
    if not can_take_back(job):
        raise Refused("This can no longer be undone.")
    job.is_put_away = True
    await put_away_done(db, actor, BUNCH)
    before = job.checkpoint["before"]
    request = {**job.request, "ids": sorted(map(int, before)), "before": before}
    await start_job(db, actor, BUNCH, later("Undoing what was done to many"), request, total=len(before))


async def bunch_step(db: Session, actor: Actor, job: Job) -> bool:
    """The next few of a job."""
    ids, begin = job.request["ids"], job.checkpoint.get("at", 0)
    outcome = await _some_of(db, actor, job, ids[begin : begin + STEP])
    for conversation_id, refusal in outcome.refused:
        refuse_one(db, job, conversation_id, refusal)
    job.done = min(begin + STEP, len(ids))
    well = job.checkpoint.get("well", 0) + outcome.done
    before = {**job.checkpoint.get("before", {}), **{str(one): who for one, who in outcome.before.items()}}
    job.checkpoint = {"at": job.done, "well": well, "before": before}
    job.outcome = later("Done: {done}. Refused: {refused}.")
    job.words = {"done": well, "refused": job.refused}
    return job.done < len(ids)


async def _some_of(db: Session, actor: Actor, job: Job, ids: Sequence[int]) -> Outcome:
    """Do it; undo it where the job says how they were. In the outcome's `before` is what can be undone."""
    name, value, before = job.request["act"], job.request["value"], job.request.get("before")
    if before is not None:
        outcome = await take_back(db, actor, name, {one: before[str(one)] for one in ids}, value)
        return replace(outcome, before={})
    outcome = await act_on_several(db, actor, KINDS[name], ids, value)
    return outcome if may_take_back(actor, name) else replace(outcome, before={})
