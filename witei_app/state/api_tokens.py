"""One's own API tokens."""

from dataclasses import dataclass

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.accounts.handed import ticket_for
from witei_app.accounts.tokens import LONGEST_NAME, Scope, make_token, revoke_token, tokens_of
from witei_app.clock import now
from witei_app.models import ApiToken
from witei_app.settings import settings
from witei_app.state.signed_in import SignedInState, as_field, as_id
from witei_app.texts import translate
from witei_app.texts.when import date_label, local_day, moment_label


@dataclass(frozen=True)
class TokenRow:
    """A line of the list; the token itself is in none."""

    id: int
    name: str
    hint: str
    scopes: str
    last_used: str
    expires: str
    is_over: bool


class ApiTokensState(SignedInState):
    """`made` is the ticket of the token that was just made: shown until the page is left, never again."""

    tokens: list[TokenRow] = []
    address: str = ""
    is_loaded: bool = False
    is_making: bool = False
    made: str = ""
    form_number: int = 0

    @rx.event
    async def arrive(self):
        """Read one's tokens."""
        self.is_making, self.made = False, ""
        self.address = f"{settings().public_url}/api/v1"
        await self._enter_page()
        await self._load()

    @rx.event
    async def begin(self):
        """Ask what for."""
        self.is_making, self.notice, self.made = True, "", ""
        self.form_number += 1

    @rx.event
    async def close(self):
        """Make none."""
        self.is_making, self.notice = False, ""

    @rx.event
    async def make(self, form: dict[str, str]):
        """Make one, and show it this once."""
        async with self._acting() as (db, actor):
            scopes = [scope.value for scope in Scope if as_field(form, scope.value, 5)]
            days = as_id(as_field(form, "days", 6))
            made = await make_token(db, actor, as_field(form, "name", LONGEST_NAME), scopes, days)
            self.made, self.is_making, self.notice = ticket_for(actor, made), False, ""
        await self._load()

    @rx.event
    async def put_away(self):
        """It was copied."""
        self.made = ""

    @rx.event
    async def revoke(self, token_id: int):
        """Let it open nothing any more."""
        async with self._acting() as (db, actor):
            await revoke_token(db, actor, as_id(token_id))
            self.made = ""
            self._say_done("The token was revoked.")
        await self._load()

    async def _load(self) -> None:
        self.tokens = []
        async with self._looking() as (db, actor):
            self.tokens = [_row(token, actor) for token in await tokens_of(db, actor)]
            self.is_loaded = True


def _row(token: ApiToken, actor: Actor) -> TokenRow:
    language = actor.language
    used = translate("Never", language)
    if token.last_used_at is not None:
        used = moment_label(token.last_used_at, actor.time_zone, language)
        used = f"{used} ({token.last_address})" if token.last_address else used
    expires = translate("Never", language)
    if token.expires_at is not None:
        expires = date_label(local_day(token.expires_at, actor.time_zone), language)
    is_over = token.expires_at is not None and token.expires_at <= now()
    return TokenRow(token.id, token.name, f"{token.hint}…", ", ".join(token.scopes), used, expires, is_over)
