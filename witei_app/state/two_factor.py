"""Setting up an authenticator app, on one's own page."""

import reflex as rx

from witei_app.accounts.handed import redeem, ticket_for
from witei_app.accounts.profile import own_user
from witei_app.accounts.second_step import needs_app
from witei_app.accounts.sign_in import check_own_password
from witei_app.accounts.two_factor import (
    app_address,
    count_recovery_codes,
    new_recovery_codes,
    new_secret,
    turn_off,
    turn_on,
)
from witei_app.audit.trail import note
from witei_app.errors import Refused
from witei_app.models import AuditAction, User
from witei_app.state.signed_in import SignedInState, as_field


class TwoFactorState(SignedInState):
    """`key` and `app_link` are tickets while an app is being set up, `codes` is one when they were just made."""

    is_on: bool = False
    is_required: bool = False
    key: str = ""
    app_link: str = ""
    codes: str = ""
    codes_left: int = 0
    form_number: int = 0

    @rx.event
    async def arrive(self):
        """Read whether it is on."""
        await self._load()

    @rx.event
    async def begin(self):
        """Show a new secret, which counts once a code of it was typed."""
        async with self._looking() as (db, actor):
            user = await own_user(db, actor)
            key = new_secret()
            self.key, self.app_link = ticket_for(actor, key), ticket_for(actor, app_address(key, user.email))
            self.codes = ""

    @rx.event
    async def cancel(self):
        """Leave it as it was."""
        self.key = self.app_link = self.codes = ""

    @rx.event
    async def turn_on(self, form: dict[str, str]):
        """The first code: it works."""
        async with self._acting() as (db, actor):
            user = await own_user(db, actor)
            if user.two_factor_secret or not self.key:
                raise Refused("An app is set up already.")
            (key,) = redeem(actor, self.key)
            self.codes = ticket_for(actor, *await turn_on(db, user, key, as_field(form, "code", 40)))
            note(db, actor, AuditAction.TWO_FACTOR_ON)
            self.key = self.app_link = self.notice = ""
        await self._load()

    @rx.event
    async def turn_off(self, form: dict[str, str]):
        """The password alone again, unless the workspace requires more."""
        if not await self._is_own_password(form):
            return
        async with self._acting() as (db, actor):
            user = await own_user(db, actor)
            if await needs_app(db, user):
                raise Refused("Your workspace requires an authenticator app.")
            await turn_off(db, user)
            note(db, actor, AuditAction.TWO_FACTOR_OFF)
            self._taken_in()
        await self._load()

    @rx.event
    async def renew_codes(self, form: dict[str, str]):
        """New recovery codes in the place of the old ones."""
        if not await self._is_own_password(form):
            return
        async with self._acting() as (db, actor):
            user = await own_user(db, actor)
            if user.two_factor_secret:
                self.codes = ticket_for(actor, *await new_recovery_codes(db, user))
                note(db, actor, AuditAction.RECOVERY_CODES_RENEWED)
                self._taken_in()
        await self._load()

    async def _is_own_password(self, form: object) -> bool:
        """Asked again, because whoever sits at an open browser may be somebody else."""
        found: User | None = None
        async with self._looking() as (db, actor):
            user = await own_user(db, actor)
            await check_own_password(user, as_field(form, "password", 1024), self.router.session.client_ip)
            found = user
        return found is not None

    async def _load(self) -> None:
        async with self._looking() as (db, actor):
            user = await own_user(db, actor)
            self.is_on, self.is_required = bool(user.two_factor_secret), await needs_app(db, user)
            self.codes_left = await count_recovery_codes(db, user.id)

    def _taken_in(self) -> None:
        self.form_number += 1
        self.notice = ""
