"""The address under which a contact reads a quote without signing in: signed, and the same each time."""

from itsdangerous import BadSignature, URLSafeSerializer

from witei_app.settings import settings


def quote_address(quote_id: int) -> str:
    """Where the quote is read and answered."""
    return f"{settings().public_url}/q/{_serializer().dumps(quote_id)}"


def quote_of_token(token: str) -> int | None:
    """The quote that such an address names by its last part, None when it was forged."""
    try:
        return int(_serializer().loads(token[:200].encode("utf-8", "replace")))
    except BadSignature:
        return None


def _serializer() -> URLSafeSerializer:
    """A secret that was changed is accepted while WITEI_PREVIOUS_SECRET_KEYS names it."""
    return URLSafeSerializer(settings().secrets(), salt="link to a quote")
