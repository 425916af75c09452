"""Files of answers, for their visitor: an address that nobody can guess, and that names the conversation it is for."""

from collections.abc import Sequence

from itsdangerous import BadSignature, URLSafeSerializer

from witei_app.conversations.files import attachments_for_visitors, visitors_file
from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.models import Attachment, Message
from witei_app.settings import settings
from witei_app.texts.when import size_label


async def files_of(db: Session, messages: Sequence[Message]) -> dict[int, list[dict[str, str]]]:
    """Name, size and address of the files of each message, by the message's id."""
    with_files = {message.id: message for message in messages if message.has_files}
    if not with_files:
        return {}
    found = await attachments_for_visitors(db, list(with_files))
    return {
        message_id: [_shown(file, with_files[message_id].conversation_id) for file in files]
        for message_id, files in found.items()
    }


async def file_of_token(db: Session, token: str) -> Attachment:
    """The file that an address made here leads to, as long as its conversation is there; else NotFound."""
    try:
        conversation_id, file_id = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None
    return await visitors_file(db, conversation_id, file_id)


def _shown(file: Attachment, conversation_id: int) -> dict[str, str]:
    token = _signer().dumps([conversation_id, file.id])
    return {"name": file.name, "size": size_label(file.size), "url": f"/embed/files/{token}"}


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret(), salt="file of a web chat")
