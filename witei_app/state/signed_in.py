"""Who sits in front of the tab. Every other state is one of these, and asks it for the actor."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from dataclasses import replace
from http.cookies import CookieError, SimpleCookie

import reflex as rx
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from witei_app.accounts.actor import Actor
from witei_app.accounts.permissions import Permissions
from witei_app.accounts.sign_in import user_of_token
from witei_app.conversations.read import count_unread
from witei_app.conversations.rows import PersonRow
from witei_app.db import Session, reading, transaction
from witei_app.errors import Refused
from witei_app.live import away, tabs
from witei_app.outage import is_outage
from witei_app.texts import LANGUAGES, translate
from witei_app.texts.language import LanguageState
from witei_app.texts.people import initials, tint

log = structlog.get_logger()
AWAY = "The database cannot be reached. Nothing was changed and what you wrote is kept; try again in a moment."
COOKIE = "witei_session"
BIGGEST_ID = 2**63 - 1
# Who waits for the database for so long has somebody look whether it is there.
LONG_SECONDS = 2.0
# Set where the relay has begun it: nobody has asked for anything, so nobody is told that it did not work.
is_pushed: ContextVar[bool] = ContextVar("is_pushed", default=False)


class SignedOut(Exception):
    """The tab's session is over (or never was): whatever it asked for is not done, and it goes to /login."""


class NotAsked(Exception):
    """The database is away: the handler goes no further, nothing was changed, and the page says so."""


def as_id(value: object) -> int:
    """A row id that a browser sent. Anything else is 0, which no row has."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= BIGGEST_ID else 0


def as_text(value: object, most: int) -> str:
    """A text that a browser sent, cut to `most` characters; anything else is empty.

    Without what neither PostgreSQL nor a WebSocket can carry: NUL and lone surrogates, which JSON can.
    """
    return value[:most].replace("\0", "").encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def as_field(form: object, name: str, most: int) -> str:
    """A field of a form that a browser sent."""
    return as_text(form.get(name), most) if isinstance(form, dict) else ""


class SignedInState(rx.State):
    """The signed-in user of this tab."""

    me: PersonRow = PersonRow()
    is_admin: bool = False
    may: Permissions = Permissions(can_write=False, can_assign_others=False, can_delete=False)
    unread: int = 0
    has_single_keys: bool = True
    is_ready: bool = False
    portrait_number: int = 0
    notice: str = ""
    notice_number: int = 0
    done: str = ""
    done_number: int = 0
    _language: str = ""
    _is_away_said: bool = False

    def _acting(self) -> AbstractAsyncContextManager[tuple[Session, Actor]]:
        """A transaction with the actor. What a rule refuses is said on the page, and the handler goes on after it."""
        return self._asking(transaction)

    def _looking(self) -> AbstractAsyncContextManager[tuple[Session, Actor]]:
        """The same for queries alone."""
        return self._asking(reading)

    @asynccontextmanager
    async def _asking(
        self, begin: Callable[[], AbstractAsyncContextManager[Session]]
    ) -> AsyncIterator[tuple[Session, Actor]]:
        what = away.WRITING if begin is transaction else away.DATABASE
        doubting = asyncio.get_running_loop().call_later(LONG_SECONDS, away.suspect, what)
        has_begun = False
        try:
            async with begin() as db:
                actor = await self._actor(db)
                has_begun = True
                yield db, actor
        except Refused as refusal:
            self._say(refusal)
        except (OperationalError, InterfaceError, NoConnectionLeft, OSError) as fault:
            if not is_outage(fault):  # what is one is said once, by `away`
                log.warning("handler.database_away", exc_info=True)
            token = self.router.session.client_token
            if is_pushed.get():
                tabs.note_behind(token)
            elif begin is reading:
                tabs.note_failed(token)
            if not has_begun:
                raise NotAsked from fault
            self._say_away()
        finally:
            doubting.cancel()

    async def _actor(self, db: Session) -> Actor:
        """The actor, from the session cookie of this tab's connection, as the database knows it now."""
        user = await user_of_token(db, self._session_token())
        if user is None:
            tabs.leave(self.router.session.client_token)
            raise SignedOut
        actor = Actor.of(user, self.router.session.client_ip)
        actor = replace(actor, language=actor.language or self._browser_language())
        if self._language != actor.language:
            self._language = actor.language
        return actor

    def _put(self, **values: object) -> None:
        """Set what is different: what is the same is not sent again."""
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)

    def _say(self, refusal: Refused) -> None:
        self._is_away_said = False
        self.notice = translate(refusal.text, self._reading_language(), **refusal.values)
        self.notice_number += 1

    def _say_done(self, sentence: str, **values: str) -> None:
        """Say for a moment what was done, and no longer what was refused before."""
        self.done = translate(sentence, self._reading_language(), **values)
        self.done_number += 1
        self.notice = ""

    def _say_away(self) -> None:
        if not is_pushed.get():
            self._say(Refused(AWAY))
            self._is_away_said = True

    def _say_back(self) -> None:
        """What was said of the database is past."""
        if self._is_away_said:
            self.notice, self._is_away_said = "", False

    def _session_token(self) -> str:
        try:
            morsel = SimpleCookie(self.router.headers.cookie).get(COOKIE)
        except CookieError:
            return ""
        return morsel.value if morsel else ""

    def _reading_language(self) -> str:
        """As the profile says, else as the browser does."""
        return self._language or self._browser_language()

    def _browser_language(self) -> str:
        wanted = self.router.headers.accept_language[:200].lower()
        codes = [part.split(";")[0].strip().split("-")[0] for part in wanted.split(",")]
        return next((code for code in codes if code == "en" or code in LANGUAGES), "en")

    async def _enter(self, actor: Actor) -> None:
        """Show whose tab it is, and have it told what happens."""
        token = self.router.session.client_token
        tab = tabs.tab_of(token) or tabs.watch(token, actor)
        tab.path = self.router.url.path.rstrip("/")
        self.me = PersonRow(actor.user_id or 0, actor.name, initials(actor.name), tint(actor.user_id or 0))
        self.is_admin, self.may = actor.is_admin, actor.permissions
        self.has_single_keys = actor.has_single_keys
        self.is_ready = True
        language = await self.get_state(LanguageState)
        language.language = actor.language

    async def _enter_page(self) -> None:
        """Arrive at a page other than the inbox: whose tab it is, and what is unread. What was said is past."""
        self.done = self.notice = ""
        async with self._looking() as (db, actor):
            await self._enter(actor)
            self.unread = await count_unread(db, actor)

    @rx.event
    async def tell_fault(self):
        """Say that something went wrong on our side."""
        self._say(Refused("Something went wrong here. Nothing was changed, and it is noted for the administrator."))

    @rx.event
    async def tell_away(self):
        """Say that the database is away."""
        self._say_away()

    @rx.event
    async def dismiss_notice(self):
        """Take the notice away."""
        self.notice = ""
