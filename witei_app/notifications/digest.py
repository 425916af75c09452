"""The digest: one mail with what waits, to who is signed out or away; never one mail a message.

Who was mailed is written down in the transaction that queues the mail, so that a worker that is killed neither loses
one nor sends it twice. A second mail comes only with something new, and after a longer pause each time.
"""

from datetime import datetime, timedelta
from html import escape

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import Session, reading, transaction
from witei_app.models import Attention, Notification, SignInSession, User, Workspace
from witei_app.notifications.bell import count_notices, unread_notices
from witei_app.notifications.choices import own_choices, stop_mail
from witei_app.notifications.rows import NoticeRow
from witei_app.outbox.stop_link import StopLink
from witei_app.outbox.system_mail import drop_waiting, queue_html
from witei_app.settings import settings
from witei_app.texts import translate

STOP = StopLink("stop digests", "/unsubscribe/")
AWAY_AFTER = timedelta(minutes=10)
# What comes in together goes out together.
GATHERED = timedelta(minutes=1)
PAUSES = [timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 240, 480)]
LISTED = 10
# Older than this it is no news: the bell has it.
NEWS_FOR = timedelta(days=2)


async def mail_next_digest() -> bool:
    """Queue one digest that is due. False when none is."""
    async with reading() as db:
        candidates = await _with_news(db)
    for user_id in candidates:
        async with transaction() as db:
            if await _mail(db, user_id):
                return True
    return False


async def make_digest_anew(db: Session, user: User) -> None:
    """The user may see something else now: what waits to be sent is taken back, and comes with what may be seen."""
    if await drop_waiting(db, user, STOP.address(user.id)):
        attention = await _locked_attention(db, user)
        attention.mailed_at, attention.mails = None, max(0, attention.mails - 1)


async def stop_by_link(db: Session, token: str) -> None:
    """Whoever has the mail may stop such mail: the address in it is signed. Refuses a token that is not ours."""
    user = await STOP.reader(db, token)
    await stop_mail(db, user.id, user.workspace_id)


async def _with_news(db: Session) -> list[int]:
    """Users whom something was told since they were last mailed, a minute ago or longer."""
    moment = now()
    fresh = Notification.at > moment - NEWS_FOR, Notification.at <= moment - GATHERED
    since_mail = col(Attention.mailed_at).is_(None) | (col(Notification.at) > col(Attention.mailed_at))
    query = (
        select(Notification.user_id)
        .outerjoin(Attention, col(Attention.user_id) == col(Notification.user_id))
        .where(col(Notification.read_at).is_(None), *fresh, since_mail)
        .distinct()
        .order_by(col(Notification.user_id))
    )
    return list((await db.exec(query)).all())


async def _mail(db: Session, user_id: int) -> bool:
    user = await db.get_one(User, user_id)
    attention = await _locked_attention(db, user)
    if not user.is_active or not await _is_away(db, attention) or not _is_due(attention):
        return False
    actor = Actor.of(user)
    kinds = [str(kind) for kind, ways in (await own_choices(db, user.id)).items() if ways.by_mail]
    language = user.language or attention.language or (await db.get_one(Workspace, user.workspace_id)).language
    rows, is_news = await _waiting(db, actor, kinds, language, attention.mailed_at)
    if not is_news:
        return False
    quantity = await count_notices(db, actor, kinds)
    attention.mailed_at, attention.mails = now(), attention.mails + 1
    stop = STOP.address(user.id)
    await queue_html(
        db, user, _subject(rows, quantity, language), _body(rows, quantity, language, stop), language, stop
    )
    return True


async def _locked_attention(db: Session, user: User) -> Attention:
    """The row of a user, which whoever never came has none of. Two workers come here one after the other."""
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    row = insert(Attention).values(
        user_id=user.id, workspace_id=user.workspace_id, language="", mails=0, seen_at=user.created_at
    )
    await db.exec(row.on_conflict_do_nothing())
    return (await db.exec(select(Attention).where(Attention.user_id == user.id).with_for_update())).one()


async def _is_away(db: Session, attention: Attention) -> bool:
    """Signed out in every browser, or not seen for a while."""
    moment = now()
    if attention.seen_at <= moment - AWAY_AFTER:
        return True
    session = select(SignInSession.id).where(
        SignInSession.user_id == attention.user_id,
        col(SignInSession.revoked_at).is_(None),
        SignInSession.expires_at > moment,
    )
    return (await db.exec(session.limit(1))).first() is None


def _is_due(attention: Attention) -> bool:
    pause = PAUSES[min(max(attention.mails - 1, 0), len(PAUSES) - 1)]
    return attention.mailed_at is None or attention.mailed_at + pause <= now()


async def _waiting(
    db: Session, actor: Actor, kinds: list[str], language: str, mailed_at: datetime | None
) -> tuple[list[NoticeRow], bool]:
    """The newest that wait, and whether there is one that was not mailed before."""
    rows, times = await unread_notices(db, actor, kinds, language, LISTED)
    gathered = now() - GATHERED
    return rows, any(at <= gathered and (mailed_at is None or at > mailed_at) for at in times)


def _subject(rows: list[NoticeRow], quantity: int, language: str) -> str:
    if quantity == 1:
        return rows[0].title
    return translate("{title}, and {n} more", language, title=rows[0].title, n=quantity - 1)


def _body(rows: list[NoticeRow], quantity: int, language: str, stop: str) -> str:
    """Links to what waits; nothing in it opens a door by itself."""
    base = settings().public_url
    lines = "".join(
        f'<li style="margin:0;padding:10px 0;border-bottom:1px solid #e5e5df">'
        f'<a href="{base}/conversations/{row.conversation_id}"><b>{escape(row.title)}</b></a><br>'
        f'{escape(row.text)}<br><small style="color:#5c6069">{escape(row.when)}</small></li>'
        for row in rows
    )
    more = quantity - len(rows)
    rest = f"<p>{escape(translate('And {n} more in the app.', language, n=more))}</p>" if more > 0 else ""
    why = escape(translate("You get this because you were away when it came.", language))
    change = _link(f"{base}/profile#notifications", translate("Choose what you are told", language))
    end = _link(stop, translate("No more of these e-mails", language))
    lead = escape(translate("This waits for you:", language))
    listed = f'<ul style="margin:0;padding:0;list-style-type:none">{lines}</ul>'
    return f'<p>{lead}</p>{listed}{rest}<p><small style="color:#5c6069">{why} {change} · {end}</small></p>'


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address, quote=True)}">{escape(words)}</a>'
