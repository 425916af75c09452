"""What happens in one conversation: who writes when, who takes it, when it is archived. Texts are worded later."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from witei_app.models import KINDS_OF_MESSAGES, Channel, Direction, EventKind
from witei_app.seed.hours import DAY, awake, evening_of, in_office, local_date, to_utc
from witei_app.seed.scripts import Script, Turn, openings, sequels
from witei_app.seed.world import Agent, Person, appointment, property_, slots

# Logarithm of the median pause in seconds before a message, and its spread.
_PAUSES = {
    (Channel.EMAIL, Direction.IN): (9.1, 1.3),
    (Channel.EMAIL, Direction.OUT): (8.0, 1.2),
    (Channel.EMAIL, Direction.NOTE): (6.5, 1.0),
    (Channel.WEB_CHAT, Direction.IN): (3.7, 0.9),
    (Channel.WEB_CHAT, Direction.OUT): (4.0, 0.8),
    (Channel.WEB_CHAT, Direction.NOTE): (4.0, 0.6),
}
# Days after which even this agency has answered, or put away what needs no answer.
_LONGEST_WAIT = 12

STARS = (1, 2, 3, 4, 5)


class Step(NamedTuple):
    """One entry of the log. `user` is a place in the team, None the contact or the system; `at` is UTC seconds.

    `choice` picks the words of a message, and is the stars of a rating.
    """

    at: int
    kind: EventKind
    user: int | None = None
    turn: Turn | None = None
    slots: dict[str, str] | None = None
    choice: int = 0
    assignee: int | None = None


class Team(NamedTuple):
    """Who works there. The first one is the administrator; those of `own_only` answer only what they have."""

    people: tuple[Agent, ...]
    own_only: frozenset[int] = frozenset()


@dataclass(slots=True)
class Brief:
    """What is settled before the story is told. `start` and `until` are local seconds, `size` counts messages."""

    contact: int
    who: Person
    responsible: int | None
    channel: Channel
    deal: str
    start: int
    until: int
    size: int
    reference: str = "SOL"
    stretch: float = 1.0
    agent: int | None = None
    stays_open: bool | None = None
    opening: str = ""


@dataclass(slots=True)
class Story:
    """A conversation's steps in order. `size` is how many of them are messages."""

    brief: Brief
    language: str
    subject: str = ""
    assignee: int | None = None
    steps: list[Step] = field(default_factory=list)
    size: int = 0


class _Teller:
    """Tells one story: the clock, who has the conversation, and what has been said so far."""

    def __init__(self, rng: random.Random, brief: Brief, team: Team) -> None:
        self.rng, self.brief, self.team = rng, brief, team
        language = brief.who.language
        if brief.who.is_foreign and rng.random() < 0.12 and brief.deal != "tenant":
            language = "es"
        self.story = Story(brief, language, assignee=brief.responsible)
        self.clock, self.assignee, self.is_archived = brief.start, brief.responsible, False
        self.agent = self._agent()
        self.takes_it = rng.random() < 0.4
        self.is_over = False
        self.played: set[str] = set()

    def tell(self) -> Story:
        brief, rng, story = self.brief, self.rng, self.story
        place = property_(rng, brief.reference)
        script = self._opening()
        while story.size < brief.size and not self.is_over:
            visit = appointment(rng, local_date(self.clock))
            agent = self.team.people[self.agent]
            said = slots(rng, place, brief.who, agent, visit, story.language, brief.deal)
            if not story.steps:
                subject = script.subject.say(said, rng.randrange(1 << 20))
                story.subject = subject[0].upper() + subject[1:]
                starter = self.agent if script.turns[0].side != Direction.IN else None
                story.steps.append(Step(to_utc(self.clock), EventKind.OPENED, starter))
            self._play(script, said, evening_of(visit))
            if story.size < brief.size and not self.is_over:
                self._interlude()
                script, is_new = self._sequel(script)
                if is_new:
                    place = property_(rng, brief.reference)
        self._close()
        return story

    def _opening(self) -> Script:
        brief = self.brief
        fitting = openings(self.story.language, brief.channel, brief.deal, brief.who.is_foreign)
        named = [script for script in fitting if script.name == brief.opening]
        return (named or (self.rng.choice(fitting),))[0]

    def _agent(self) -> int:
        """Who answers: whoever has it, else anybody, the first ones of the team more often."""
        if self.brief.agent is not None:
            return self.brief.agent
        if self.brief.responsible is not None:
            return self.brief.responsible
        return min(self.rng.randrange(len(self.team.people)), self.rng.randrange(len(self.team.people)))

    def _play(self, script: Script, said: dict[str, str], visit_over: int) -> None:
        for turn in script.turns:
            if self.story.size == self.brief.size:
                return
            self._wait(turn, visit_over)
            if self.clock >= self.brief.until:
                self.is_over = True
                return
            self._say(turn, said)

    def _wait(self, turn: Turn, visit_over: int) -> None:
        if not self.story.size:
            self.clock = self._begin(turn)
            return
        if self.brief.stretch < 0.01:
            # No pause and no night could make it fit before the present: what is left of the time is shared out.
            self.clock += (self.brief.until - self.clock) // (self.brief.size - self.story.size + 1)
            return
        median, spread = _PAUSES[self.brief.channel, turn.side]
        if turn.is_later and self.brief.stretch > 0.3:
            self.clock = max(self.clock, visit_over + DAY // 2)
        self.clock += 5 + int(self.rng.lognormvariate(median, spread) * self.brief.stretch)
        self.clock = (awake if turn.side == Direction.IN else in_office)(self.clock, self.rng)

    def _begin(self, turn: Turn) -> int:
        """An agent begins in office hours, unless that would be in the future."""
        opens = self.clock if turn.side == Direction.IN else in_office(self.clock, self.rng)
        return opens if opens < self.brief.until else self.clock

    def _say(self, turn: Turn, said: dict[str, str]) -> None:
        user = None
        if turn.side == Direction.IN:
            if self.is_archived:
                self._reopen(None)
        else:
            user = self._take(turn)
        self._add(KINDS_OF_MESSAGES[turn.side], user, turn=turn, slots=said, choice=self.rng.getrandbits(30))
        self.story.size += 1

    def _take(self, turn: Turn) -> int:
        """Who writes this; perhaps it is assigned first."""
        if turn.side == Direction.NOTE and self.rng.random() < 0.25:
            return self._colleague()
        if self.is_archived and turn.side == Direction.OUT:
            self._reopen(self.agent)
        must = self.agent in self.team.own_only
        if self.assignee is None and (must or self.takes_it):
            by = 0 if must or self.rng.random() < 0.3 else self.agent
            self._assign(by, self.agent)
        return self.agent

    def _colleague(self) -> int:
        able = [index for index in range(len(self.team.people)) if index not in self.team.own_only]
        return self.rng.choice(able)

    def _sequel(self, script: Script) -> tuple[Script, bool]:
        """What comes next in a deal, nothing twice; when there is nothing more, a new deal about another property."""
        self.played.add(script.name)
        brief = self.brief
        fitting = sequels(self.story.language, brief.channel, brief.deal, brief.who.is_foreign)
        ahead = [s for s in fitting if s.name not in self.played and script.stage <= s.stage <= script.stage + 3]
        if ahead:
            return self.rng.choice(ahead), False
        self.played.clear()
        return self.rng.choice(fitting), True

    def _interlude(self) -> None:
        """Between two scripts days pass, it may be archived, another user may take over."""
        rng = self.rng
        if rng.random() < 0.45:
            self._archive()
        if self.assignee is not None and rng.random() < 0.06 and not self.is_over:
            self.agent = rng.randrange(len(self.team.people))
            if self.agent != self.assignee:
                self._assign(0, self.agent)
        self.clock += int(rng.expovariate(1 / (4 * DAY)) * self.brief.stretch)

    def _close(self) -> None:
        brief = self.brief
        age = (brief.until - self.clock) / DAY
        stays = brief.stays_open
        if stays is None:
            stays = self.rng.random() < (0.9 if age < 7 else 0.55 if age < 30 else 0.18)
            stays = stays and (age < _LONGEST_WAIT or not self._waits())
        if not stays and not self.is_over:
            self._archive()

    def _waits(self) -> bool:
        """Whether the contact has the last word."""
        said = [step.kind for step in self.story.steps if step.kind in (EventKind.MESSAGE_IN, EventKind.MESSAGE_OUT)]
        return said[-1:] == [EventKind.MESSAGE_IN]

    def _archive(self) -> None:
        if self.is_archived:
            return
        later = in_office(self.clock + 60 + int(self.rng.expovariate(1 / 7_200) * self.brief.stretch), self.rng)
        if later < self.brief.until:
            self.clock = later
            self.is_archived = True
            self._add(EventKind.ARCHIVED, self.agent if self.assignee is None else self.assignee)
            self._rate()

    def _rate(self) -> None:
        """Four of ten visitors who were answered say how it was; most were content."""
        is_answered = any(step.kind == EventKind.MESSAGE_OUT for step in self.story.steps)
        if self.brief.channel != Channel.WEB_CHAT or not is_answered or self.rng.random() > 0.4:
            return
        later = self.clock + 60 + self.rng.randrange(3_600)
        if later < self.brief.until:
            self.clock = later
            self._add(EventKind.RATED, None, choice=self.rng.choices(STARS, (1, 1, 3, 9, 16))[0])

    def _reopen(self, user: int | None) -> None:
        self.is_archived = False
        self._add(EventKind.REOPENED, user)

    def _assign(self, by: int, to: int) -> None:
        self.assignee = to
        self._add(EventKind.ASSIGNED, by, assignee=to)

    def _add(
        self,
        kind: EventKind,
        user: int | None,
        *,
        turn: Turn | None = None,
        slots: dict[str, str] | None = None,
        choice: int = 0,
        assignee: int | None = None,
    ) -> None:
        self.story.steps.append(Step(to_utc(self.clock), kind, user, turn, slots, choice, assignee))


def tell(rng: random.Random, brief: Brief, team: Team) -> Story:
    """The story of one conversation. It is cut off where the present is reached, then `size` is smaller than asked."""
    return _Teller(rng, brief, team).tell()


def pick_deal(rng: random.Random) -> str:
    """What the contact is after."""
    return rng.choices(("rent", "sale", "owner", "tenant"), (44, 34, 12, 10))[0]


def colleagues(names: Sequence[tuple[str, str]], own_only: frozenset[int] = frozenset()) -> Team:
    """A team of these names and gender endings."""
    return Team(tuple(Agent(name, ending) for name, ending in names), own_only)
