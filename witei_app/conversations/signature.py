"""What stands below a user's answers."""

from dataclasses import asdict, dataclass

from sqlmodel import select

from witei_app.accounts.actor import Actor
from witei_app.db import Session, insert_missing
from witei_app.models import Contact, SignaturePicture, User, Workspace
from witei_app.signature_picture import picture_html
from witei_app.templates.placeholders import fill, values_of

LARGEST = (320, 120)  # CSS pixels; it is drawn twice as sharp


@dataclass(frozen=True)
class NewPicture:
    """One that was drawn anew and lies in the file store; its size is in CSS pixels."""

    sha256: str
    width: int
    height: int


async def signature_of(db: Session, actor: Actor) -> str:
    """The actor's signature with its places filled: {{user.name}}, {{workspace.name}}. It knows no contact."""
    user = await db.get_one(User, actor.user_id)
    workspace = await db.get_one(Workspace, user.workspace_id)
    text = fill(user.signature_html, values_of(Contact(workspace_id=workspace.id), user, workspace))
    if user.signature_picture_id is None:
        return text
    picture = await db.get_one(SignaturePicture, user.signature_picture_id)
    return f"{text}<p>{picture_html(picture.sha256, picture.width, picture.height, workspace.name)}</p>"


async def save_picture(db: Session, actor: Actor, new: NewPicture | None) -> None:
    """The picture below the actor's signature from now on, or none. What went out keeps its own."""
    user = await db.get_one(User, actor.user_id)
    if new is None:
        user.signature_picture_id = None
        return
    values = {"workspace_id": actor.workspace_id, **asdict(new)}
    await db.exec(insert_missing(db, SignaturePicture).values(values))  # a colleague's may be the same
    query = select(SignaturePicture.id).where(
        SignaturePicture.workspace_id == actor.workspace_id, SignaturePicture.sha256 == new.sha256
    )
    user.signature_picture_id = (await db.exec(query)).one()


async def is_picture(db: Session, actor: Actor, sha256: str) -> bool:
    """Whether these bytes stand below somebody's signature in the actor's workspace."""
    query = select(SignaturePicture.id).where(
        SignaturePicture.workspace_id == actor.workspace_id, SignaturePicture.sha256 == sha256
    )
    return (await db.exec(query)).first() is not None
