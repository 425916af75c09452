"""The second step of a sign-in, with the same patience as the first."""

from witei_app.accounts.throttle import sign_in_throttle
from witei_app.accounts.two_factor import check_code, turn_on
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.models import User, Workspace


async def needs_app(db: Session, user: User) -> bool:
    """Whether the workspace requires a second proof."""
    return (await db.get_one(Workspace, user.workspace_id)).requires_two_factor


async def needs_set_up(db: Session, user: User) -> bool:
    """Whether the user does not have the proof yet that the workspace requires."""
    return not user.two_factor_secret and await needs_app(db, user)


async def check_second_step(db: Session, user: User, code: str, address: str) -> None:
    """Refuses a wrong code; a million of them are not many, so who guesses is soon refused unheard."""
    async with sign_in_throttle.guess(address, f"code of {user.email}"):
        await check_code(db, user, code)


async def set_up_at_sign_in(db: Session, user: User, secret: str, code: str, address: str) -> list[str]:
    """Turn it on for a user who has none yet; gives the recovery codes."""
    if user.two_factor_secret:
        raise Refused("An app was set up meanwhile. Sign in again.")
    async with sign_in_throttle.guess(address, f"code of {user.email}"):
        return await turn_on(db, user, secret, code)
