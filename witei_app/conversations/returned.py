"""The note that an answer came back: written in the workspace's language, read in each reader's."""

from functools import cache

from witei_app.mail.bounce_cause import CAUSES, explain
from witei_app.models import Direction, Message
from witei_app.texts import LANGUAGES, translate

_ADDRESS = "\0"


def note_author(language: str) -> str:
    """In whose name it stands there."""
    return translate("Mail delivery", language)


def note_text(address: str, cause: str, language: str) -> str:
    """What it says."""
    reason = explain(cause, language)
    return translate("The message to {address} came back. {reason}", language, address=address, reason=reason)


def note_in(message: Message, language: str) -> tuple[str, str] | None:
    """Author and text of such a note in another language, None for every other message."""
    if message.direction != Direction.NOTE or not message.is_automatic or message.user_id is not None:
        return None
    for before, after, cause in _written():
        if message.text.startswith(before) and message.text.endswith(after):
            address = message.text[len(before) : len(message.text) - len(after)]
            return note_author(language), note_text(address, cause, language)
    return None


@cache
def _written() -> list[tuple[str, str, str]]:
    """What stands before and after the address, by cause, in each language."""
    texts = [(note_text(_ADDRESS, cause, language), cause) for language in LANGUAGES for cause in CAUSES]
    return [(text.partition(_ADDRESS)[0], text.partition(_ADDRESS)[2], cause) for text, cause in texts]
