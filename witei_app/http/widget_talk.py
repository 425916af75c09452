"""The talk with visitors, whichever way their frames come. See docs/web-chat.md."""

import json
from collections.abc import Awaitable, Callable

from starlette.requests import HTTPConnection

from witei_app.settings import settings
from witei_app.webchat.caller import Caller
from witei_app.webchat.chat import mark_seen, rate_chat, say, tell_about, tell_typing, welcome
from witei_app.webchat.forget import forget_visitor
from witei_app.webchat.limits import (
    SOCKETS_BY_ADDRESS,
    SOCKETS_BY_VISITOR,
    SOCKETS_BY_WIDGET,
    chat_limits,
    open_sockets,
)
from witei_app.webchat.look import origin
from witei_app.webchat.present import tell, tell_again
from witei_app.webchat.protocol import (
    BadFrame,
    Forget,
    Hello,
    Incoming,
    Moved,
    Outgoing,
    Ping,
    Rate,
    Read,
    Say,
    Tell,
    Transcript,
    Typing,
    refused,
)
from witei_app.webchat.recognise import move_on, recognise
from witei_app.webchat.sockets import Line, switchboard
from witei_app.webchat.transcript import mail_transcript
from witei_app.webchat.widgets import ChatSite

Send = Callable[[str], Awaitable[None]]


class Blocked(Exception):
    """The agency does not want this visitor, or anybody from there."""


def count(caller: Caller) -> None:
    """One more connection of this widget and this address; when the visitor is known, theirs is counted too."""
    open_sockets.take(caller.places, ("widget", caller.site.widget_id), SOCKETS_BY_WIDGET)
    if caller.network:
        open_sockets.take(caller.places, ("address", caller.network), SOCKETS_BY_ADDRESS)


def comes_from_us(connection: HTTPConnection, site: ChatSite | None) -> bool:
    """The page in the iframe is ours, so its Origin (RFC 6455 10.2) is; the widget's sites may connect by themselves.

    Programs that are no browsers send none. They could send any.
    """
    asked_by = connection.headers.get("origin")
    if asked_by is None:
        return True
    own = own_host(connection)
    ours = {origin(f"http://{own}"), origin(f"https://{own}"), origin(settings().public_url)}
    return origin(asked_by) in (ours | set(site.look.sites if site else ())) - {""}


def own_host(connection: HTTPConnection) -> str:
    """What the browser called us by: host and port, "" when that is no name."""
    return origin(f"http://{connection.headers.get('host', '')}").removeprefix("http://")


async def begin(caller: Caller, frame: Incoming, send: Send, close: Callable[[], Awaitable[None]]) -> Line:
    """Take the first frame, which says who it is, and answer with what was said so far."""
    if not isinstance(frame, Hello):
        raise BadFrame("Say hello first.")
    await recognise(caller, frame)
    if caller.is_blocked:
        raise Blocked
    open_sockets.take(caller.places, ("visitor", caller.visitor_hash), SOCKETS_BY_VISITOR)
    site, network = caller.site, caller.network
    line = Line(send, close, caller.visitor_hash, caller.conversation_id, site.workspace_id, network, site.widget_id)
    switchboard.add(line)  # before the messages are read, so that none falls between
    try:
        await send(worded(await welcome(caller)))
    except BaseException:
        switchboard.remove(line)
        raise
    return line


async def go_on(caller: Caller, line: Line, frame: Incoming) -> None:
    """Take a frame after the first, and answer it."""
    caller.conversation_id = caller.conversation_id or line.conversation_id  # another tab may have spoken first
    answer = await _answer(caller, frame)
    switchboard.move(line, caller.conversation_id)
    if answer is not None:
        await line.send(worded(answer))


async def tell_silent(caller: Caller, *, is_leaving: bool = False) -> None:
    """Users see who has the chat open and has not written: they may speak first."""
    if caller.conversation_id is None and not (is_leaving and switchboard.has_unspoken(caller.visitor_hash)):
        await tell(caller, is_leaving=is_leaving)


async def _answer(caller: Caller, frame: Incoming) -> Outgoing | None:
    match frame:
        case Say():
            return await _refusal(caller, frame) or await say(caller, frame)
        case Read(n=number):
            await mark_seen(caller, number)
        case Tell():
            return await tell_about(caller, frame.about)
        case Typing():
            await tell_typing(caller)
        case Rate():
            return await rate_chat(caller, frame)
        case Transcript():
            return await mail_transcript(caller)
        case Forget():
            return await forget_visitor(caller)
        case Moved(page=page):
            await move_on(caller, page)
            await tell_silent(caller)
        case Ping():
            if caller.conversation_id is None:
                await tell_again(caller)
            return {"t": "pong"}
        case Hello():
            raise BadFrame("Hello was said already.")
    return None


async def _refusal(caller: Caller, frame: Say) -> Outgoing | None:
    wait = await chat_limits.wait_for_message(caller.visitor_hash, caller.address, caller.site.widget_id)
    if not wait.seconds and caller.conversation_id is None:
        wait = await chat_limits.wait_for_chat(caller.address, caller.site.widget_id)
    if not wait.seconds:
        return None
    after = 0 if wait.text == "too_many" else wait.seconds  # an hour is too long for a message to wait in silence
    return refused(wait.text, caller.texts[wait.text], message_id=frame.id, after=after)


def worded(frame: Outgoing) -> str:
    """A frame as it travels."""
    return json.dumps(frame, ensure_ascii=False)
