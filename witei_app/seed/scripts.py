"""Dialogue scripts: read from the content files, compiled so that a turn is worded by one `%`.

A script is written like this; `[a|b]` are alternatives, `{street}` a slot, and a turn goes on until the next mark:

    == keys | rent sale | follow 5      name, whom it suits, where it may stand: begin, follow, at which stage of a deal
    Subject: [Visita a {street}|{ref}]
    > the contact writes                (`>=` as it stands, without greeting: a portal's form)
    < an agent answers
    * an internal note
    ~                                   the day they spoke of has passed
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from witei_app.models import Channel, Direction

_FOLDER = Path(__file__).parent / "content"
_SIDES = {">": Direction.IN, "<": Direction.OUT, "*": Direction.NOTE}
_ALTERNATIVES = re.compile(r"\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Wording:
    """All ways to say something, each a `%` format over the slots."""

    variants: tuple[str, ...]

    def say(self, slots: dict[str, str], choice: int) -> str:
        """One of the ways; the same choice says the same."""
        return self.variants[choice % len(self.variants)] % slots


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a script. `is_bare` goes without greeting; `is_later` comes after the day they spoke of."""

    side: Direction
    wording: Wording
    is_bare: bool = False
    is_later: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """A dialogue. `suits` holds deals (rent, sale, owner, tenant, foreign, any).

    `stage` grows as a deal goes on, from a visit (0) to the deposit's return (9).
    """

    name: str
    suits: frozenset[str]
    may_start: bool
    may_follow: bool
    stage: int
    subject: Wording
    turns: tuple[Turn, ...]


@cache
def scripts(language: str, channel: Channel) -> tuple[Script, ...]:
    """The scripts of a language ("es" or "en") on a channel."""
    kind = "email" if channel == Channel.EMAIL else "chat"
    text = (_FOLDER / f"{language}_{kind}.txt").read_text(encoding="utf-8")
    is_chat = channel == Channel.WEB_CHAT
    return tuple(_script(block, is_chat) for block in re.split(r"^== ", text, flags=re.MULTILINE)[1:])


@cache
def openings(language: str, channel: Channel, deal: str, is_foreign: bool) -> tuple[Script, ...]:
    """The scripts that a conversation of this kind may begin with."""
    return tuple(s for s in scripts(language, channel) if s.may_start and _suits(s, deal, is_foreign))


@cache
def sequels(language: str, channel: Channel, deal: str, is_foreign: bool) -> tuple[Script, ...]:
    """The scripts that it may go on with. Chats are so short that any of them may come next."""
    fitting = [s for s in scripts(language, channel) if _suits(s, deal, is_foreign)]
    return tuple(s for s in fitting if s.may_follow or channel == Channel.WEB_CHAT)


def _suits(script: Script, deal: str, is_foreign: bool) -> bool:
    if "foreign" in script.suits and not is_foreign:
        return False
    return deal in script.suits or "any" in script.suits


def _script(block: str, is_chat: bool) -> Script:
    head, subject, *lines = block.strip().split("\n")
    name, suits, places = (part.strip() for part in head.split("|"))
    return Script(
        name=name,
        suits=frozenset(suits.split()),
        may_start="start" in places,
        may_follow="follow" in places,
        stage=int(re.sub(r"\D", "", places) or 0),
        subject=wording(subject.removeprefix("Subject:").strip()),
        turns=tuple(_turns(lines, is_chat)),
    )


def _turns(lines: list[str], is_chat: bool) -> Iterator[Turn]:
    is_later, mark, body = False, "", list[str]()
    for line in [*lines, "~"]:
        if line[:1] not in {">", "<", "*", "~"}:
            body.append(line)
            continue
        if mark:
            text = "\n".join(body).strip()
            yield Turn(_SIDES[mark[0]], wording(text), is_chat or mark == ">=" or mark == "*", is_later)
            is_later = False
        if line[0] == "~":
            is_later, mark = True, ""
        else:
            mark = line[:2].strip()
            body = [line[len(mark) :].strip()]


def wording(text: str) -> Wording:
    """Compile "[Hola|Buenas], {first}" to its variants."""
    pieces = _ALTERNATIVES.split(text.replace("%", "%%"))
    options = [piece.split("|") if index % 2 else [piece] for index, piece in enumerate(pieces)]
    return Wording(tuple(re.sub(r"\{(\w+)\}", r"%(\1)s", "".join(chosen)) for chosen in product(*options)))
