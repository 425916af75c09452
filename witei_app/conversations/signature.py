"""What stands below a user's answers."""

from witei_app.accounts.actor import Actor
from witei_app.db import Session
from witei_app.models import Contact, User, Workspace
from witei_app.templates.placeholders import fill, values_of


async def signature_of(db: Session, actor: Actor) -> str:
    """The actor's signature with its places filled: {{user.name}}, {{workspace.name}}. It knows no contact."""
    user = await db.get_one(User, actor.user_id)
    workspace = await db.get_one(Workspace, user.workspace_id)
    return fill(user.signature_html, values_of(Contact(workspace_id=workspace.id), user, workspace))
