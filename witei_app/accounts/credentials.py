"""What a new user name and a new password must be like."""

from email_validator import EmailNotValidError, validate_email
from sqlmodel import select

from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.models import User

SHORTEST_PASSWORD = 12


def checked_email(email: str) -> str:
    """The address as it is kept. Refuses what is none."""
    try:
        return validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as fault:
        raise Refused("This is no e-mail address: {reason}", reason=fault) from fault


def check_new_password(password: str) -> None:
    """Refuses what is too short. No other rules: they make passwords alike (NIST SP 800-63B, 3.1.1.2)."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused("The password needs at least {length} characters.", length=SHORTEST_PASSWORD)


async def refuse_taken(db: Session, email: str) -> None:
    """Refuses an address that a user has already."""
    if (await db.exec(select(User.id).where(User.email == email))).first() is not None:
        raise Refused("This e-mail address belongs to a user already.")


def checked_name(name: str) -> str:
    """A person's name on one line. Refuses an empty one."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())[:255]
    if not line:
        raise Refused("Write a name.")
    return line
