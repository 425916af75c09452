"""The demo workspace: an agency in Madrid after three months of work, and a second one that must never see it."""

import random
import secrets
from datetime import timedelta
from html import escape

from sqlmodel import select

from witei_app.accounts.hashing import hash_password
from witei_app.accounts.sign_in import DEMO_ADMIN
from witei_app.clock import now
from witei_app.db import Session
from witei_app.models import ConversationScope, MessageTemplate, Role, User, Widget, Workspace
from witei_app.seed.agency import DAYS, Agency
from witei_app.seed.content.crm import SIGNATURES, TEMPLATES
from witei_app.seed.hours import OFFICE_HOURS
from witei_app.seed.notices import add_notices
from witei_app.seed.office import Office
from witei_app.seed.story import Team, colleagues
from witei_app.seed.wording import signature
from witei_app.settings import Settings

PASSWORD = "demo-demo-demo"  # noqa: S105  it is published: the demo is there to be opened
_SOL = colleagues((("Marta Sol", "a"), ("Ana Ruiz", "a"), ("Luis Ortega", "o"), ("Eva Soler", "a")), frozenset({3}))
_NORTE = colleagues((("Vera Norte", "a"),))
_LOGINS = (DEMO_ADMIN, "ana@demo.test", "luis@demo.test", "eva@demo.test")


async def make_demo(db: Session, settings: Settings) -> None:
    """Fill an empty database with "Inmobiliaria Sol" and "Casas Norte". Dates count back from now."""
    password_hash = hash_password(PASSWORD)
    sol = await _workspace(db, "Inmobiliaria Sol", "sol")
    norte = await _workspace(db, "Casas Norte", "norte")
    sol_office = await _office(db, sol, _SOL, _LOGINS, password_hash, settings)
    norte_office = await _office(db, norte, _NORTE, ("vera@demo.test",), password_hash, settings)
    until = int(now().timestamp())
    await Agency(db, sol_office, _SOL, "SOL", random.Random(2026), until).fill(contacts=60, conversations=120)
    await Agency(db, norte_office, _NORTE, "NOR", random.Random(7), until).fill(contacts=9, conversations=14)
    for workspace in (sol, norte):
        await add_notices(db, workspace)


async def _workspace(db: Session, name: str, mailbox: str) -> Workspace:
    founded = now() - timedelta(days=DAYS + 30)
    workspace = Workspace(name=name, mailbox=mailbox, is_demo=True, office_hours=OFFICE_HOURS, created_at=founded)
    db.add(workspace)
    await db.flush()
    welcome = {
        "es": {"title": name, "welcome": "¡Hola! ¿Busca casa, o quiere vender la suya? Escríbanos: estamos aquí."},
        "en": {"title": name, "welcome": "Hello! Looking for a home, or selling yours? Write to us: we are here."},
    }
    colour = "#1d5fe0" if mailbox == "sol" else "#0f766e"
    widget = Widget(workspace_id=workspace.id, key=secrets.token_urlsafe(16), name="Web", colour=colour, texts=welcome)
    db.add(widget)
    for title, subject, language, paragraphs in TEMPLATES if mailbox == "sol" else TEMPLATES[:2]:
        html = "".join(f"<p>{escape(line)}</p>" for line in paragraphs)
        db.add(MessageTemplate(workspace_id=workspace.id, title=title, subject=subject, html=html, language=language))
    await db.flush()
    return workspace


async def _office(
    db: Session, workspace: Workspace, team: Team, logins: tuple[str, ...], password_hash: str, settings: Settings
) -> Office:
    mailbox = f"{workspace.mailbox}@{settings.mail_domain}"
    users = []
    for index, (agent, email) in enumerate(zip(team.people, logins, strict=True)):
        phone = f"+34 600 000 {index + 1}{workspace.id:02d}"
        scope = ConversationScope.OWN if index in team.own_only else ConversationScope.ALL
        users.append(
            User(
                workspace_id=workspace.id,
                email=email,
                name=agent.name,
                password_hash=password_hash,
                role=Role.ADMIN if email.startswith("admin") else Role.USER,
                conversation_scope=scope,
                signature_html=signature(agent.name, SIGNATURES[agent.name], workspace.name, mailbox, phone),
                created_at=workspace.created_at,
            )
        )
    for user in users:  # one after another, so that their ids are in the order of the team
        db.add(user)
        await db.flush()
    return Office(
        workspace.id,
        tuple(user.id for user in users),
        tuple(user.name for user in users),
        tuple(user.signature_html for user in users),
        settings.mail_domain,
        (await db.exec(select(Widget.id).where(Widget.workspace_id == workspace.id))).one(),
    )
