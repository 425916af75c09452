"""One's own page: who one is, how one signs, where one is signed in."""

from dataclasses import dataclass
from zoneinfo import available_timezones

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.accounts.joining import set_password
from witei_app.accounts.new_email import ask_for_email
from witei_app.accounts.profile import (
    be_away,
    choose_single_keys,
    end_session,
    new_own_password,
    own_user,
    save_portrait,
    save_profile,
    save_signature,
)
from witei_app.accounts.sign_in import check_own_password, is_token_of, open_sessions
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.conversations.signature import save_picture, signature_of
from witei_app.conversations.visit import browser_name
from witei_app.models import AuditAction, SignInSession
from witei_app.state.signed_in import SignedInState, as_field, as_id, as_text
from witei_app.texts.when import time_label, when_label

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))


@dataclass(frozen=True)
class SessionRow:
    """A browser that the user is signed in on."""

    id: int
    device: str
    address: str
    last_used: str
    is_this: bool


class ProfileState(SignedInState):
    """`form_number` changes when a form was taken in, and is shown anew then."""

    email: str = ""
    asked_email: str = ""
    is_away: bool = False
    name: str = ""
    language: str = ""
    time_zone: str = ""
    signature_html: str = ""
    signature_shown: str = ""
    has_signature_picture: bool = False
    saved_signal: int = 0
    sessions: list[SessionRow] = []
    form_number: int = 0
    portrait: str = ""

    @rx.event
    async def arrive(self):
        """Read it all."""
        self.asked_email = ""
        await self._enter_page()
        await self._load()

    @rx.event
    async def save(self, form: dict[str, str]):
        """Name, language and time zone."""
        is_saved = False
        async with self._acting() as (db, actor):
            await save_profile(
                db,
                actor,
                name=as_field(form, "name", 300),
                language=as_field(form, "language", 8),
                time_zone=as_field(form, "time_zone", 64),
            )
            is_saved = True
        if is_saved:
            await self._enter_page()
            await self._load()
            self._say_done("Saved.")

    @rx.event
    async def ask_email(self, form: dict[str, str]):
        """Write to the new address; only whoever has the password may."""
        is_own, asked = False, ""
        async with self._looking() as (db, actor):
            user, password = await own_user(db, actor), as_field(form, "password", 1024)
            await check_own_password(user, password, self.router.session.client_ip)
            is_own = True
        if not is_own:
            return
        async with self._acting() as (db, actor):
            asked = await ask_for_email(db, actor, as_field(form, "email", 400))
        if asked:
            self.asked_email, self.notice = asked, ""
            self.form_number += 1

    @rx.event
    async def set_away(self, is_away: bool):
        """Away, or available again."""
        async with self._acting() as (db, actor):
            await be_away(db, actor, is_away is True)
            self.is_away = is_away is True

    @rx.event
    async def show_signature_picture(self, _address: str):
        """It was taken in."""
        await self._load()

    @rx.event
    async def remove_signature_picture(self):
        """Words alone from now on."""
        async with self._acting() as (db, actor):
            await save_picture(db, actor, None)
        await self._load()

    @rx.event
    async def show_portrait(self, _address: str):
        """The picture was taken in: show it everywhere."""
        await self._load()
        self.portrait_number += 1

    @rx.event
    async def remove_portrait(self):
        """Letters again."""
        async with self._acting() as (db, actor):
            await save_portrait(db, actor, "")
        await self._load()
        self.portrait_number += 1

    @rx.event
    async def sign(self, _editor_id: int, html: str, _name: str):
        """Keep the signature."""
        is_saved = False
        async with self._acting() as (db, actor):
            self.signature_html = await save_signature(db, actor, as_text(html, 100_000))
            is_saved = True
        if is_saved:
            await self._load()
            self._say_done("Your signature is kept.")

    @rx.event
    async def switch_keys(self, is_on: bool):
        """Single keys act, or not."""
        async with self._acting() as (db, actor):
            await choose_single_keys(db, actor, is_on is True)
            self.has_single_keys = is_on is True

    @rx.event
    async def change_password(self, form: dict[str, str]):
        """A new password; other browsers are signed out."""
        password_hash, is_done = "", False
        async with self._looking() as (db, actor):
            old, new = as_field(form, "old", 1024), as_field(form, "new", 1024)
            password_hash = await new_own_password(db, actor, old, new, self.router.session.client_ip)
        if not password_hash:
            return
        async with self._acting() as (db, actor):
            await set_password(db, await own_user(db, actor), password_hash, staying=self._session_token())
            note(db, actor, AuditAction.PASSWORD_CHANGED)
            is_done = True
        if is_done:
            self.form_number += 1
            await self._load()
            self._say_done("Your password has been changed, and your other browsers are signed out.")

    @rx.event
    async def end_session(self, session_id: int):
        """Sign out one other browser."""
        async with self._acting() as (db, actor):
            await end_session(db, actor, as_id(session_id), self._session_token())
        await self._load()

    async def _load(self) -> None:
        async with self._looking() as (db, actor):
            user = await own_user(db, actor)
            self.email, self.name, self.time_zone = user.email, user.name, user.time_zone
            self.language, self.signature_html = user.language, user.signature_html
            self.portrait, self.is_away = user.portrait, user.is_away
            self.signature_shown = await signature_of(db, actor)
            self.has_signature_picture = user.signature_picture_id is not None
            token = self._session_token()
            self.sessions = [_row(one, actor, token) for one in await open_sessions(db, user.id)]


def _row(session: SignInSession, actor: Actor, token: str) -> SessionRow:
    day = when_label(session.last_used_at, now(), actor.time_zone, actor.language)
    clock = time_label(session.last_used_at, actor.time_zone, actor.language)
    return SessionRow(
        id=session.id,
        device=browser_name(session.device) or session.device[:60],
        address=session.address,
        last_used=day if day == clock else f"{day}, {clock}",
        is_this=is_token_of(session, token),
    )
