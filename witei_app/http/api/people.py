"""Who a token speaks for, and the colleagues that work can be given to."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from witei_app.accounts.people import colleagues
from witei_app.http.api.call import Anybody, ReadConversations
from witei_app.http.api.shapes import Page

router = APIRouter(tags=["People"])


class Me(BaseModel):
    """The token's user, and what the token is good for."""

    user_id: int | None
    name: str
    role: Literal["admin", "user"]
    workspace_id: int
    scopes: list[str]


class UserOut(BaseModel):
    """A user of the workspace."""

    id: int
    name: str
    email: str


@router.get("/me", summary="Whose token this is", response_model=Me)
async def me(call: Anybody) -> Me:
    """A first request to try a token with."""
    actor = call.bearer.actor
    return Me(
        user_id=actor.user_id,
        name=actor.name,
        role="admin" if actor.is_admin else "user",
        workspace_id=actor.workspace_id,
        scopes=sorted(call.bearer.scopes),
    )


@router.get("/users", summary="List the users", response_model=Page[UserOut])
async def users(call: ReadConversations) -> dict[str, object]:
    """All active users of the workspace, by name."""
    async with call.looking() as (db, actor):
        found = await colleagues(db, actor)
    return {"items": [UserOut(id=one.id, name=one.name, email=one.email) for one in found], "next": None}
