"""Turns stories into rows, entry by entry in the order of time, keeping what the rules keep as they happen."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import SQLModel

from witei_app.conversations.counts import NEEDS_REPLY, Place
from witei_app.conversations.log import backlog_change
from witei_app.crm.contacts import fold
from witei_app.mail.plain import preview
from witei_app.models import (
    DIRECTIONS_OF_MESSAGES,
    Channel,
    Contact,
    ContactAddress,
    Conversation,
    ConversationCount,
    ConversationEvent,
    Delivery,
    DeliveryState,
    Direction,
    EventKind,
    Message,
    ReadCursor,
    Status,
)
from witei_app.seed.hours import DAY, to_local
from witei_app.seed.office import Numbers, Office
from witei_app.seed.story import Step, Story
from witei_app.seed.tables import Row, Style
from witei_app.seed.wording import as_html, words
from witei_app.seed.world import Person

Write = Callable[[type[SQLModel], Row], None]


@dataclass(slots=True)
class _Open:
    """A conversation while its story goes on: the columns that the rules keep."""

    story: Story
    id: int
    contact_id: int
    assignee: int | None
    position: int = 0
    number: int = 0
    last_text: str = ""
    last_at: int = 0
    last_inbound_id: int = 0
    last_rfc_id: str | None = None
    waiting_since: int | None = None
    first_replied_at: int | None = None
    archived_at: int | None = None
    needs_reply: bool = False
    has_failed: bool = False
    must_fail: bool = False


class Ledger:
    """Writes the rows of stories. `fails` and `reads` are asked once for each conversation."""

    def __init__(
        self,
        office: Office,
        numbers: Numbers,
        style: Style,
        write: Write,
        fails: Callable[[Story], bool] = lambda story: False,
        reads: Callable[[Story, int], Iterable[int]] = lambda story, last_at: (),
    ) -> None:
        self.office, self.numbers, self.style, self.write = office, numbers, style, write
        self.fails, self.reads = fails, reads
        self.counts: Counter[Place] = Counter()

    def keep(self, stories: Iterable[Story]) -> None:
        """Write all rows of the stories, which come in the order of their beginnings."""
        for conversation in self._in_time(stories):
            step = conversation.story.steps[conversation.position]
            conversation.position += 1
            self._apply(conversation, step)
            if conversation.position == len(conversation.story.steps):
                self._finish(conversation)
        for place, quantity in sorted(self.counts.items()):
            self.write(ConversationCount, (self.office.workspace_id, *place, quantity))

    def _in_time(self, stories: Iterable[Story]) -> Iterator[_Open]:
        """Each conversation as often as it has steps, all of them merged by time: only those going on are in memory."""
        waiting: list[tuple[int, int, _Open]] = []
        for story in stories:
            begins = story.steps[0].at
            while waiting and waiting[0][0] < begins:
                yield from self._next(waiting)
            conversation = self._open(story)
            heapq.heappush(waiting, (begins, conversation.id, conversation))
        while waiting:
            yield from self._next(waiting)

    @staticmethod
    def _next(waiting: list[tuple[int, int, _Open]]) -> Iterator[_Open]:
        _, number, conversation = waiting[0]
        yield conversation
        steps = conversation.story.steps
        if conversation.position < len(steps):
            heapq.heapreplace(waiting, (steps[conversation.position].at, number, conversation))
        else:
            heapq.heappop(waiting)

    def _open(self, story: Story) -> _Open:
        brief = story.brief
        contact_id = self.numbers.contacts.get(brief.contact)
        if contact_id is None:
            contact_id = self.contact(brief.contact, brief.who, brief.responsible, _origin(story), story.steps[0].at)
        begins = story.steps[0].at
        return _Open(
            story,
            self.numbers.take(Conversation),
            contact_id,
            story.assignee,
            last_at=begins,
            must_fail=self.fails(story),
        )

    def contact(self, number: int, who: Person, responsible: int | None, origin: str, at: int) -> int:
        """Write a contact and the address it writes from; returns its id."""
        contact_id = self.numbers.contacts[number] = self.numbers.take(Contact)
        ids, moment = (contact_id, self.office.workspace_id), self.style.moment(at)
        facts = (who.name, who.surnames, who.email, who.phone, who.language, origin, self._user(responsible))
        self.write(Contact, (*ids, *facts, search_words(who), moment))
        address_id = self.numbers.take(ContactAddress)
        self.write(ContactAddress, (address_id, self.office.workspace_id, contact_id, who.email, moment))
        return contact_id

    def _apply(self, now: _Open, step: Step) -> None:
        direction = DIRECTIONS_OF_MESSAGES.get(step.kind)
        if direction is not None:
            at = self.style.moment(step.at)
            is_first = step.kind == EventKind.MESSAGE_OUT and now.first_replied_at is None and now.last_inbound_id > 0
            seconds = step.at - now.story.steps[0].at if is_first else None
            self._log(now, step, {"message_id": self._message(now, step, direction, at)}, at, seconds=seconds)
        elif step.kind == EventKind.ASSIGNED:
            had, now.assignee = now.assignee, step.assignee
            before, after = self._user(had), self._user(step.assignee)
            self._log(now, step, {"before": before, "after": after}, previous=before or 0)
        else:
            if step.kind == EventKind.ARCHIVED:
                now.archived_at, now.needs_reply, now.waiting_since = step.at, False, None
            elif step.kind == EventKind.REOPENED:
                now.archived_at = None
            seconds = step.at - now.story.steps[0].at if step.kind == EventKind.ARCHIVED else None
            self._log(now, step, {"assignee_id": self._user(now.assignee)}, seconds=seconds)

    def _message(self, now: _Open, step: Step, direction: Direction, at: Any) -> int:
        story, office = now.story, self.office
        assert step.turn is not None, "a message has words"
        assert step.slots is not None, "and the words have their facts"
        now.number += 1
        hour = to_local(step.at) % DAY // 3600
        text = words(step.turn, step.slots, step.choice, now.number, hour, story.language)
        message_id = self.numbers.take(Message)
        is_mail = story.brief.channel == Channel.EMAIL and direction != Direction.NOTE
        is_out = direction == Direction.OUT
        rfc_id = _rfc_id(message_id, story.brief.who, office.mail_domain, is_out) if is_mail else None
        author = story.brief.who.full_name if step.user is None else office.names[step.user]
        self.write(
            Message,
            (
                message_id,
                office.workspace_id,
                now.id,
                now.number,
                direction.value,
                self._user(step.user),
                author,
                story.brief.who.email if is_mail else "",
                story.subject if is_mail else "",
                text,
                as_html(text),
                office.signatures[step.user] if is_mail and step.user is not None else "",
                rfc_id,
                now.last_rfc_id if is_mail and not is_out else None,
                at,
            ),
        )
        if direction != Direction.NOTE:
            self._update_line(now, step, text, message_id, is_out)
            now.last_rfc_id = rfc_id or now.last_rfc_id
        if is_out and is_mail:
            self._delivery(now, step, message_id, at)
        return message_id

    @staticmethod
    def _update_line(now: _Open, step: Step, text: str, message_id: int, is_out: bool) -> None:
        """As `conversations.messages` does."""
        now.last_at, now.last_text = step.at, text
        if is_out:
            now.needs_reply, now.waiting_since = False, None
            now.first_replied_at = now.first_replied_at or step.at
        else:
            now.last_inbound_id, now.needs_reply = message_id, True
            now.waiting_since = now.waiting_since or step.at

    def _delivery(self, now: _Open, step: Step, message_id: int, at: Any) -> None:
        soon = self.style.moment(step.at + 1)
        ids = (self.numbers.take(Delivery), self.office.workspace_id, message_id)
        now.has_failed = now.must_fail and not _answers_again(now)
        if now.has_failed:
            answer = f"550 5.1.1 <{now.story.brief.who.email}>: Recipient address rejected: User unknown"
            tried = (at, soon, soon, None)
            outcome = (
                DeliveryState.FAILED.value,
                1,
                *tried,
                "The address does not exist or does not take our mail.",
                answer,
            )
        else:
            sent = (at, soon, soon, soon)
            outcome = (DeliveryState.SENT.value, 1, *sent, "", "250 2.0.0 Ok: queued")
        self.write(Delivery, (*ids, now.story.brief.who.email, *outcome, at))

    def _log(
        self,
        now: _Open,
        step: Step,
        data: dict[str, int | None],
        at: Any = None,
        *,
        previous: int = 0,
        seconds: int | None = None,
    ) -> None:
        ids = (self.numbers.take(ConversationEvent), self.office.workspace_id, now.id)
        what = (step.kind.value, self._user(step.user), now.number, self.style.document(data))
        origin = _origin(now.story) if step.kind == EventKind.OPENED else ""
        whose = (now.story.brief.channel.value, origin, self._user(now.assignee) or 0, previous)
        stars = step.choice if step.kind == EventKind.RATED else None
        figures = (False, seconds, stars, backlog_change(step.kind, now.archived_at is not None, is_deleted=False))
        times = (self.style.moment(now.story.steps[0].at), at or self.style.moment(step.at))
        self.write(ConversationEvent, (*ids, *what, *whose, *figures, *times))

    def _finish(self, now: _Open) -> None:
        office, at, story = self.office, self.style.moment, now.story
        status = (Status.OPEN if now.archived_at is None else Status.ARCHIVED).value
        assignee = self._user(now.assignee)
        self.counts[assignee or 0, status, story.brief.channel.value] += 1
        if now.needs_reply and now.archived_at is None:
            self.counts[assignee or 0, NEEDS_REPLY, story.brief.channel.value] += 1
        self.write(
            Conversation,
            (
                now.id,
                office.workspace_id,
                now.contact_id,
                assignee,
                story.brief.channel.value,
                status,
                story.subject,
                story.brief.who.full_name[:255],
                preview(now.last_text),
                now.number,
                now.last_inbound_id,
                at(now.last_at),
                now.needs_reply,
                now.has_failed,
                None if now.waiting_since is None else at(now.waiting_since),
                at(story.steps[0].at),
                None if now.first_replied_at is None else at(now.first_replied_at),
                None if now.archived_at is None else at(now.archived_at),
                _origin(story),
                self.office.widget_id if story.brief.channel == Channel.WEB_CHAT else 0,
            ),
        )
        for user in self.reads(story, now.last_at):
            self.write(ReadCursor, (office.users[user], now.id, office.workspace_id, now.last_inbound_id))

    def _user(self, index: int | None) -> int | None:
        return None if index is None else self.office.users[index]


def _answers_again(now: _Open) -> bool:
    return any(later.kind == EventKind.MESSAGE_OUT for later in now.story.steps[now.position :])


def _rfc_id(message_id: int, who: Person, mail_domain: str, is_out: bool) -> str:
    """Growing with the message, so that a large index is filled from one end."""
    return f"{message_id:012x}.seed@{mail_domain if is_out else who.email.partition('@')[2]}"


def _origin(story: Story) -> str:
    if story.brief.channel == Channel.WEB_CHAT:
        return "Web chat"
    first = next(step.turn for step in story.steps if step.turn is not None)
    return "Portal" if first.is_bare else "E-mail"


def search_words(who: Person) -> str:
    """The same as `crm.contacts.search_text` makes of the contact's row."""
    parts = (who.name, who.surnames, who.email, who.phone, who.phone.replace(" ", ""))
    return fold(" ".join(part for part in parts if part))[:900]
