"""What the command palette finds: views, contacts and conversations by name."""

from dataclasses import dataclass

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.accounts.people import colleagues
from witei_app.conversations.inbox import inbox_page
from witei_app.conversations.view import Line, View
from witei_app.crm.contacts import fold
from witei_app.crm.lists import contacts_page
from witei_app.mail.encrypted import in_readers_words
from witei_app.models import ConversationScope, Status, User
from witei_app.state.signed_in import SignedInState, as_text
from witei_app.texts import translate

MOST = 5


@dataclass(frozen=True)
class FoundRow:
    """Something to go to; `hint` tells it from others of the same name."""

    group: str = ""
    label: str = ""
    hint: str = ""
    href: str = ""


class PaletteState(SignedInState):
    """`found` is the answer to `found_for`: what was typed meanwhile is asked for again."""

    found: list[FoundRow] = []
    found_for: str = ""

    @rx.event(supersedes=True)
    async def search(self, text: str):
        """Four queries."""
        text = as_text(text, 100)
        if not text:
            self.found, self.found_for = [], ""
            return
        async with self._looking() as (db, actor):
            people = await colleagues(db, actor) if actor.scope == ConversationScope.ALL else []
            contacts, _ = await contacts_page(db, actor, text)
            lines: list[Line] = []
            for status in Status:
                page, _ = await inbox_page(db, actor, View(status=status, search=text), limit=MOST)
                lines += page
            self.found = [
                *_views(text, actor, people),
                *[FoundRow("contacts", one.name, one.email, f"/contacts/{one.id}") for one in contacts[:MOST]],
                *[_conversation(line, actor) for line in lines[:MOST]],
            ]
            self.found_for = text


def _views(text: str, actor: Actor, people: list[User]) -> list[FoundRow]:
    """The views whose name holds what was typed."""
    named = {"all": "All conversations", "mine": "Mine", "unassigned": "Unassigned"}
    views = [(translate(name, actor.language), f"?view={view}") for view, name in named.items()]
    views.append((translate("Archived", actor.language), "?status=archived"))
    views += [
        (translate("Conversations of {name}", actor.language, name=one.name), f"?view={one.id}") for one in people
    ]
    found = [(name, query) for name, query in views if all(part in fold(name) for part in fold(text).split())]
    return [FoundRow("views", name, "", f"/conversations{query}") for name, query in found[:MOST]]


def _conversation(line: Line, actor: Actor) -> FoundRow:
    about = line.subject or in_readers_words(line.preview, actor.language)
    return FoundRow("conversations", line.contact_name, about, f"/conversations/{line.id}")
