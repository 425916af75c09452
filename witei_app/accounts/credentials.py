"""What a new user name and a new password must be like."""

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.models import User
from witei_app.texts import later

SHORTEST_PASSWORD = 12
TAKEN = later("This e-mail address belongs to a user already.")


def checked_email(email: str) -> str:
    """The address as it is kept. Refuses what is none."""
    try:
        return validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as fault:
        raise Refused("This is not an e-mail address: {reason}", reason=fault) from fault


def check_new_password(password: str) -> None:
    """Refuses what is too short. No other rules: they make passwords alike (NIST SP 800-63B, 3.1.1.2)."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused("The password needs at least {length} characters.", length=SHORTEST_PASSWORD)


async def refuse_taken(db: Session, email: str) -> None:
    """Refuses an address that a user has already."""
    if (await db.exec(select(User.id).where(User.email == email))).first() is not None:
        raise Refused(TAKEN)


async def store_email(db: Session) -> None:
    """Write a user with a new address down. Refuses one that somebody was given in this very moment."""
    try:
        await db.flush()
    except IntegrityError as fault:  # `refuse_taken` did not see it yet
        raise Refused(TAKEN) from fault


def checked_name(name: str) -> str:
    """A person's or a workspace's name on one line. Refuses an empty one."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())[:255]
    if not line:
        raise Refused("Write a name.")
    return line
