"""Who works in a synthetic agency, and the rows of its workspace."""

import random
from datetime import datetime
from html import escape

from sqlmodel import SQLModel

from witei_app.accounts.hashing import hash_password
from witei_app.models import ConversationScope, MessageTemplate, Role, User, Widget, Workspace
from witei_app.seed.content.crm import TEMPLATES
from witei_app.seed.hours import OFFICE_HOURS
from witei_app.seed.office import Numbers
from witei_app.seed.story import Team, colleagues
from witei_app.seed.wording import signature
from witei_app.seed.world import Person, person

NAME, MAILBOX, ADMIN = "Inmobiliaria Mediterráneo", "mediterraneo", "admin@seed.test"
PASSWORD = "demo-demo-demo"  # noqa: S105  made-up data, as in the demo


def staff(numbers: Numbers, workspace_id: int, quantity: int, seed: int, founded: datetime, domain: str) -> list[User]:
    """The users, administrator first; their mail goes out from `domain`."""
    password_hash = hash_password(PASSWORD)
    users = []
    for number in range(quantity):
        who = _colleague(number, seed)
        name = f"{who.first} {who.surnames}"
        duty = "Asesora inmobiliaria" if who.ending == "a" else "Asesor inmobiliario"
        users.append(
            User(
                id=numbers.take(User),
                workspace_id=workspace_id,
                email=f"{who.email.partition('@')[0]}@seed.test" if number else ADMIN,
                name=name,
                password_hash=password_hash,
                role=(Role.USER if number else Role.ADMIN).value,
                conversation_scope=ConversationScope.ALL.value,
                signature_html=signature(name, duty, NAME, f"{MAILBOX}@{domain}", who.phone or "+34 600 000 000"),
                created_at=founded,
            )
        )
    return users


def team(quantity: int, seed: int) -> Team:
    """The same people as their stories know them."""
    people = [_colleague(number, seed) for number in range(quantity)]
    return colleagues([(f"{who.first} {who.surnames}", who.ending) for who in people])


def _colleague(number: int, seed: int) -> Person:
    """A user of the agency: a Spanish speaker with a plain name."""
    for attempt in range(1_000):
        # Numbered 0: some other numbers are companies, or have no name at all.
        who = person(random.Random(seed << 44 | number << 12 | attempt), 0, suffix=str(number))
        if who.first and who.language == "es" and len(who.surnames) < 22:
            return who
    raise AssertionError("three quarters of all people speak Spanish")


def workspace_rows(numbers: Numbers, workspace_id: int, seed: int, founded: datetime) -> list[SQLModel]:
    """The workspace with a widget and message templates."""
    workspace = Workspace(
        id=workspace_id, name=NAME, mailbox=MAILBOX, is_demo=True, office_hours=OFFICE_HOURS, created_at=founded
    )
    key = f"seed{seed:08d}{workspace_id}"[:32]
    widget = Widget(id=numbers.take(Widget), workspace_id=workspace_id, key=key, name="Web", created_at=founded)
    templates = [
        MessageTemplate(
            id=numbers.take(MessageTemplate),
            workspace_id=workspace_id,
            title=title,
            subject=subject,
            html="".join(f"<p>{escape(line)}</p>" for line in paragraphs),
            language=language,
            created_at=founded,
        )
        for title, subject, language, paragraphs in TEMPLATES
    ]
    return [workspace, widget, *templates]
