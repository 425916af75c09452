"""A second proof at the door: the code of an authenticator app (RFC 6238), or one of the recovery codes."""

import hashlib
import secrets

import pyotp
from sqlalchemy import delete, func, update
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.models import RecoveryCode, User
from witei_app.secrets import seal, unseal

SEALED_AS = "two-factor"
ISSUER = "Conversations"
_STEP_SECONDS = 30
_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
WRONG_CODE = "This code is not right. Codes change every half minute."


def new_secret() -> str:
    """A secret for a new authenticator app."""
    return pyotp.random_base32()


def app_address(secret: str, email: str) -> str:
    """What the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


async def turn_on(db: Session, user: User, secret: str, code: str) -> list[str]:
    """From now on the user shows a code to sign in. Gives the recovery codes, which are shown this once."""
    step = _step_of(secret, code, after=0)
    if step is None:
        raise Refused(WRONG_CODE)
    user.two_factor_secret, user.two_factor_step = seal(secret, SEALED_AS), step
    return await new_recovery_codes(db, user)


async def turn_off(db: Session, user: User) -> None:
    """The password alone is enough again."""
    user.two_factor_secret, user.two_factor_step = "", 0
    await db.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))


async def new_recovery_codes(db: Session, user: User) -> list[str]:
    """Ten ways in without the app, each once; those of before are void."""
    await db.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    codes = ["-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4)) for _ in range(_CODES)]
    for code in codes:
        db.add(RecoveryCode(workspace_id=user.workspace_id, user_id=user.id, code_hash=_hash(code)))
    return codes


async def count_recovery_codes(db: Session, user_id: int) -> int:
    """How many are left."""
    unused = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    return (await db.exec(unused.where(col(RecoveryCode.used_at).is_(None)))).one()


async def check_code(db: Session, user: User, code: str) -> None:
    """Refuses a wrong code, and one that was used: somebody may have looked over the shoulder (RFC 6238, 5.2)."""
    plain = "".join(letter for letter in code.lower() if letter.isalnum())[:40]  # with or without dashes and spaces
    step = _step_of(unseal(user.two_factor_secret, SEALED_AS), plain, after=user.two_factor_step)
    if step is not None:
        newer = update(User).where(col(User.id) == user.id, col(User.two_factor_step) < step)
        if (await db.exec(newer.values(two_factor_step=step))).rowcount == 1:
            return
    unused = update(RecoveryCode).where(
        col(RecoveryCode.user_id) == user.id,
        col(RecoveryCode.code_hash) == _hash(plain),
        col(RecoveryCode.used_at).is_(None),
    )
    if (await db.exec(unused.values(used_at=now()))).rowcount != 1:
        raise Refused(WRONG_CODE)


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The time step whose code this is: the present one or a neighbour, for clocks that differ."""
    present = int(now().timestamp()) // _STEP_SECONDS
    known = pyotp.TOTP(secret)
    near = (step for step in (present, present - 1, present + 1) if step > after)
    return next((step for step in near if secrets.compare_digest(known.generate_otp(step), _digits(code))), None)


def _digits(code: str) -> str:
    """Apps show "123 456", and so it is typed or pasted."""
    plain = "".join(code.split())
    return plain if plain.isascii() and plain.isdigit() else ""


def _hash(code: str) -> str:
    """Of the code as it is shown, in fours."""
    plain = code.replace("-", "")
    shown = "-".join(plain[begin : begin + 4] for begin in range(0, len(plain), 4))
    return hashlib.sha256(shown.encode()).hexdigest()
