"""Random histories, played through the real rules with a clock of their own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st

from witei_app.accounts.actor import Actor
from witei_app.conversations import log
from witei_app.conversations.archive import archive, reopen
from witei_app.conversations.assign import assign
from witei_app.conversations.delete import delete, restore
from witei_app.conversations.messages import add_message
from witei_app.conversations.rate import may_rate, rate
from witei_app.conversations.start import start_conversation
from witei_app.db import Session
from witei_app.models import Channel, Contact, Conversation, Direction, Message

ACTS = [
    *("in", "out", "assign", "archive", "open") * 2,
    "reopen",
    "delete",
    "restore",
    "rate",
    "rate",
    "auto_in",
    "auto_out",
    "note",
]
# Clocks change in each: Madrid in March and October, Havana at midnight, Lord Howe by half an hour, Kathmandu never.
ZONES = ("Europe/Madrid", "America/Mexico_City", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
BEGINNINGS = (
    datetime(2026, 3, 27, 20, tzinfo=UTC),
    datetime(2026, 10, 23, 21, tzinfo=UTC),
    datetime(2026, 3, 7, 2, tzinfo=UTC),
    datetime(2026, 10, 31, 22, tzinfo=UTC),
    datetime(2026, 12, 30, 23, tzinfo=UTC),
)


@dataclass(frozen=True)
class Step:
    """After so many minutes: which act, on which conversation, by or to whom."""

    minutes: int
    act: str
    which: int
    who: int


steps = st.lists(
    st.builds(
        Step,
        st.one_of(st.integers(0, 90), st.integers(0, 2_000)),
        st.sampled_from(ACTS),
        st.integers(0, 4),
        st.integers(0, 3),
    ),
    min_size=5,
    max_size=40,
)


class Player:
    """Lives the steps."""

    def __init__(self, db: Session, users: list[Actor], contact: Contact, begin: datetime) -> None:
        self.db, self.users, self.contact, self.clock = db, users, contact, begin
        self.conversations: list[Conversation] = []

    async def play(self, history: list[Step], monkeypatch: pytest.MonkeyPatch) -> None:
        for step in history:
            self.clock += timedelta(
                minutes=step.minutes, seconds=step.minutes * 7 % 60, microseconds=step.who * 250_001
            )
            with monkeypatch.context() as clock:
                clock.setattr(log, "now", lambda: self.clock)
                if step.act == "open" or not self.conversations:
                    await self._open(step)
                else:
                    await self._act(step, self.conversations[step.which % len(self.conversations)])

    async def _open(self, step: Step) -> None:
        channel = Channel.EMAIL if step.who % 2 else Channel.WEB_CHAT
        system = Actor.system(self.contact.workspace_id)
        self.contact.origin = ("E-mail", "Portal", "Web chat")[step.which % 3]
        self.contact.responsible_id = self._user(step)
        made = await start_conversation(self.db, system, self.contact, channel, at=self.clock)
        self.conversations.append(made)

    async def _act(self, step: Step, conversation: Conversation) -> None:
        actor = self.users[step.who % len(self.users)]
        if step.act == "archive" and conversation.deleted_at is None:
            await archive(self.db, actor, conversation)
        elif step.act == "reopen" and conversation.deleted_at is None:
            await reopen(self.db, actor, conversation)
        elif step.act == "delete":
            await delete(self.db, actor, conversation)
        elif step.act == "restore":
            await restore(self.db, actor, conversation)
        elif step.act == "assign":
            await assign(self.db, actor, conversation, self._user(step))
        elif step.act == "rate" and await may_rate(self.db, conversation):
            await rate(self.db, conversation, 1 + step.minutes % 5)
        elif step.act in ("in", "out", "note", "auto_in", "auto_out"):
            await self._write(step.act, actor, conversation)

    async def _write(self, act: str, actor: Actor, conversation: Conversation) -> None:
        direction = Direction.NOTE if act == "note" else Direction.IN if act.endswith("in") else Direction.OUT
        author = actor if act in ("out", "note") else Actor.system(actor.workspace_id)
        message = Message(
            direction=direction,
            user_id=author.user_id,
            text="Hello",
            is_automatic=act.startswith("auto"),
            created_at=self.clock,
        )
        await add_message(self.db, author, conversation, message)
        if act == "out":  # as `send_reply` does
            conversation.first_replied_at = conversation.first_replied_at or self.clock

    def _user(self, step: Step) -> int | None:
        return self.users[step.who].user_id if step.who < len(self.users) else None
