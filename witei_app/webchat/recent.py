"""Frames of messages that this process is just storing: other tabs are told without asking the database again."""

import time
from collections import OrderedDict

from witei_app.models import Message
from witei_app.webchat.protocol import Outgoing, message_frame

MOST = 500
SECONDS = 5.0  # SQLite gives the ids of erased rows again: an old frame must never stand for another message
Place = tuple[int, int, int]
_frames: OrderedDict[Place, tuple[float, Outgoing]] = OrderedDict()


def remember(message: Message) -> None:
    """What its visitor sees of it, once it is committed and announced."""
    place = (message.conversation_id, message.id, message.number)
    _frames[place] = (time.monotonic(), message_frame(message))
    while len(_frames) > MOST:
        _frames.popitem(last=False)


def recall(conversation_id: int, message_id: int, number: int) -> Outgoing | None:
    """The frame, once; None when the database must be asked."""
    at, frame = _frames.pop((conversation_id, message_id, number), (0.0, None))
    return frame if time.monotonic() - at < SECONDS else None
