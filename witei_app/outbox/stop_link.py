"""The link at the end of a mail that comes again and again, by which its reader ends it without signing in."""

from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.models import User
from witei_app.settings import settings


@dataclass(frozen=True)
class StopLink:
    """What it stops ("stop reports": a link for one is none for another), and where its page is."""

    what: str
    path: str

    def address(self, user_id: int) -> str:
        """Signed: whoever has the mail may use it. Good for ever, as mails lie around for long."""
        return f"{settings().public_url}{self.path}{self._signer().dumps(user_id)}"

    async def reader(self, db: Session, token: str) -> User:
        """Whose mails it stops. Refuses a token that is not ours."""
        try:
            user_id = self._signer().loads(token)
        except BadSignature:
            user_id = None
        user = await db.get(User, user_id) if isinstance(user_id, int) else None
        if user is None:
            raise NotFound("This link is not complete. Open it from the mail once more.")
        return user

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(settings().secrets(), self.what)
