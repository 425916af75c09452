"""/demo/site, a stranger's page with the widget on it, and /demo/mailbox, where one is the contact for once."""

from collections.abc import Callable
from email.message import EmailMessage

import aiosmtplib
from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from witei_app.db import Session, reading
from witei_app.files import load
from witei_app.http.files import FRAME_POLICY
from witei_app.http.forms import posted
from witei_app.http.pages import page
from witei_app.http.session import actor_of
from witei_app.mail.addresses import normalise_address
from witei_app.mail.compose import new_message_id
from witei_app.mail.parse import parse_mail
from witei_app.mail.plain import html_to_text
from witei_app.mail.sanitize import frame_document, safe_frame_html, text_to_html
from witei_app.mail.types import Address, ParsedMail
from witei_app.models import DemoMail, User, Widget, Workspace
from witei_app.setting_checks import host_and_port
from witei_app.settings import settings

SHOWN = 50
MOST_TEXT = 20_000
MOST_FORM = 12 * MOST_TEXT + 16 * 1024  # a letter takes twelve signs of a form at most


async def site(request: Request) -> Response:
    """A page of another origin (http://127.0.0.1 embeds from http://localhost), with the demo widget on it."""
    async with reading() as db:
        query = select(Widget.key).join(Workspace, col(Workspace.id) == col(Widget.workspace_id))
        key = (await db.exec(query.where(Workspace.is_demo).order_by(col(Widget.id)))).first()
    if key is None:
        return Response("There is no demo workspace on this installation.", 404)
    response = page(request, "site.html", key=key, origin=settings().public_url)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'self'; style-src 'self' 'unsafe-inline'; script-src {settings().public_url}; "
        f"frame-src {settings().public_url}; img-src 'self' data:"
    )
    return response


async def mailbox(request: Request) -> Response:
    """What was sent to contacts, newest first; one of them open, as its reader would see it."""
    if settings().smtp_relay_url:
        return _no_mailbox()
    chosen = _row_id(request.query_params.get("mail", ""))
    async with reading() as db:
        visible = await _visible(db, request)
        query = select(DemoMail).where(visible).order_by(col(DemoMail.id).desc())
        mails = (await db.exec(query.limit(SHOWN))).all()
        inbound = await _inbound_addresses(db, request)
    current = next((mail for mail in mails if chosen in (0, mail.id)), None)
    parsed = parse_mail(await load(current.sha256)) if current else None
    return page(
        request,
        "mailbox.html",
        mails=mails,
        current=current,
        parsed=parsed,
        inbound=inbound,
        is_sent="sent" in request.query_params,
    )


async def mail_body(request: Request) -> Response:
    """The HTML of one mail, in a sandboxed frame."""
    parsed = await _parsed(request, request.path_params["mail_id"])
    if parsed is None:
        return Response("Not found", 404)
    html = safe_frame_html(parsed.html, {}, show_images=False) if parsed.html else text_to_html(parsed.text)
    policy = {"Content-Security-Policy": FRAME_POLICY.format(images="data:"), "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(frame_document(html), headers=policy)


async def answer(request: Request) -> Response:
    """Write as the contact: the mail goes through the same SMTP listener as everybody's."""
    if settings().smtp_relay_url:
        return _no_mailbox()
    form = await posted(request, MOST_FORM)
    if form is None:
        return Response("Forbidden", 403)
    text, mail_id = form.get("text", "")[:MOST_TEXT].strip(), _row_id(form.get("mail", ""))
    parsed = await _parsed(request, mail_id)
    if parsed is None or not text:
        return RedirectResponse("/demo/mailbox", 303)
    is_sent = await _send(lambda contact: _reply(parsed, contact, text), await _reader(request, mail_id, parsed))
    return RedirectResponse(f"/demo/mailbox?mail={mail_id}{'&sent=1' if is_sent else ''}", 303)


async def write(request: Request) -> Response:
    """A first mail from somebody new."""
    if settings().smtp_relay_url:
        return _no_mailbox()
    form = await posted(request, MOST_FORM)
    if form is None:
        return Response("Forbidden", 403)
    name, email, to, subject = (form.get(one, "").strip() for one in ("name", "email", "to", "subject"))
    text = form.get("text", "")[:MOST_TEXT].strip()
    async with reading() as db:
        inbound = await _inbound_addresses(db, request)
    if to not in inbound or "@" not in email or not text:
        return RedirectResponse("/demo/mailbox", 303)
    is_sent = await _send(lambda sender: _mail(sender, to, subject, text), Address(name, email))
    return RedirectResponse(f"/demo/mailbox{'?sent=1' if is_sent else ''}", 303)


async def _visible(db: Session, request: Request) -> ColumnElement[bool]:
    """The mails of made-up workspaces; a real one's, which are true letters and open doors, are for administrators.

    What the program writes to a user is the user's own as well.
    """
    made_up = col(DemoMail.workspace_id).in_(select(Workspace.id).where(Workspace.is_demo))
    actor = await actor_of(db, request)
    if actor is None:
        return made_up
    ours = col(DemoMail.workspace_id) == actor.workspace_id
    own = col(DemoMail.recipient).in_(select(User.email).where(User.id == actor.user_id))
    return ours if actor.is_admin else and_(ours, or_(made_up, own))


async def _inbound_addresses(db: Session, request: Request) -> list[str]:
    actor = await actor_of(db, request)
    query = select(Workspace.mailbox).where(Workspace.id == actor.workspace_id if actor else Workspace.is_demo)
    mailboxes = (await db.exec(query.order_by(col(Workspace.id)))).all()
    return [f"{mailbox}@{settings().mail_domain}" for mailbox in mailboxes]


async def _parsed(request: Request, mail_id: int) -> ParsedMail | None:
    if settings().smtp_relay_url or not mail_id:
        return None
    async with reading() as db:
        query = select(DemoMail.sha256).where(await _visible(db, request), DemoMail.id == mail_id)
        sha256 = (await db.exec(query)).one_or_none()
    return parse_mail(await load(sha256)) if sha256 else None


async def _reader(request: Request, mail_id: int, parsed: ParsedMail) -> Address:
    """Whose copy it is, by the name that the mail calls them; a blind copy names its reader nowhere."""
    async with reading() as db:
        query = select(DemoMail.recipient).where(await _visible(db, request), DemoMail.id == mail_id)
        email = (await db.exec(query)).one()
    named = [one for one in (*parsed.to, *parsed.cc) if normalise_address(one.email) == normalise_address(email)]
    return named[0] if named else Address("", email)


def _reply(parsed: ParsedMail, contact: Address, text: str) -> EmailMessage:
    """As a mail program would: to Reply-To, with In-Reply-To and References, the answered mail quoted below."""
    to = (parsed.reply_to or (parsed.sender,))[0]
    quoted = "\n".join(f"> {line}" for line in (parsed.text or html_to_text(parsed.html)).splitlines())
    subject = parsed.subject if parsed.subject.lower().startswith("re:") else f"Re: {parsed.subject}"
    body = f"{text}\n\n{parsed.sender.name} <{parsed.sender.email}> wrote:\n{quoted}\n"
    mail = _mail(contact, to.email, subject, body)
    mail["In-Reply-To"] = f"<{parsed.message_id}>"
    mail["References"] = " ".join(f"<{one}>" for one in (*parsed.references, parsed.message_id))
    return mail


def _mail(sender: Address, to: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"{_phrase(sender.name)} <{_line(sender.email)}>".strip()
    mail["To"], mail["Subject"] = to, _line(subject)[:500]
    mail["Message-ID"] = f"<{new_message_id('contact.test')}>"
    mail.set_content(text)
    return mail


def _line(text: str) -> str:
    return " ".join(text.split())


def _phrase(name: str) -> str:
    quoted = _line(name).replace("\\", "").replace('"', "")
    return f'"{quoted}"' if quoted else ""


async def _send(write: Callable[[Address], EmailMessage], sender: Address) -> bool:
    """Whether it could be written, from an address that may be anything, and was taken."""
    host, port = host_and_port(settings().smtp_listen)
    try:
        await aiosmtplib.send(write(sender), hostname=host, port=port, start_tls=False, timeout=20)
    except (aiosmtplib.SMTPException, OSError, ValueError, IndexError):
        return False
    return True


def _row_id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _no_mailbox() -> Response:
    return Response("Mail goes out through the relay; there is no demo mailbox.", 404)


routes = [
    Route("/demo/site", site),
    Route("/demo/mailbox", mailbox),
    Route("/demo/mailbox", answer, methods=["POST"]),
    Route("/demo/mailbox/new", write, methods=["POST"]),
    Route("/demo/mailbox/{mail_id:row}", mail_body),
]
