"""Secrets on their way to one screen: a new key, recovery codes, a token that is shown once.

What a page's state holds lies in the server's memory or in Redis for hours and travels with every change; a secret has
no place there. The state gets a ticket, the secret encrypted for one user and ten minutes, and the page redeems it.
"""

import json
from datetime import timedelta

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.errors import Refused
from witei_app.secrets import Unsealable, seal, unseal

LIFE = timedelta(minutes=10)
LONGEST_TICKET = 4_000
_SEALED_AS = "handed over"


def ticket_for(actor: Actor, *secrets: str) -> str:
    """A ticket for these secrets, which this user alone redeems."""
    return seal(json.dumps([actor.user_id, int((now() + LIFE).timestamp()), secrets]), _SEALED_AS)


def redeem(actor: Actor, ticket: str) -> list[str]:
    """The secrets. Raises Refused for another user's ticket, a forged one and one that is too old."""
    try:
        user_id, until, secrets = json.loads(unseal(ticket[:LONGEST_TICKET], _SEALED_AS))
    except (Unsealable, ValueError, TypeError):
        raise Refused("This is not shown any more.") from None
    if user_id != actor.user_id or now().timestamp() > until:
        raise Refused("This is not shown any more.")
    return list(secrets)
