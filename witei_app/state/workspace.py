"""What holds for the whole workspace."""

from typing import Any

import reflex as rx

from witei_app.accounts.office import (
    UNDO_CHOICES,
    allow_duplicates,
    own_workspace,
    require_two_factor,
    save_bin_days,
    save_first_signature,
    save_hand_out,
    save_logo,
    save_office_hours,
    save_undo,
    save_workspace,
)
from witei_app.accounts.office_hours import DAYS, USUAL_WEEK, holidays_text
from witei_app.archive.asking import ExportRow, ask_for_everything, exports_ready
from witei_app.conversations.hand_out import who_can_take
from witei_app.logo import address_of_logo
from witei_app.models import NewGoTo
from witei_app.state.signed_in import SignedInState, as_field, as_id, as_text


class WorkspaceState(SignedInState):
    """`name` is empty until it was read, and for whoever is no administrator."""

    name: str = ""
    language: str = ""
    time_zone: str = ""
    new_go_to: str = NewGoTo.NOBODY.value
    coordinator: str = ""
    people: list[dict[str, str]] = []
    requires_two_factor: bool = False
    allows_duplicates: bool = False
    bin_days: str = ""
    has_hours: bool = False
    hours_days: list[str] = list(USUAL_WEEK)
    hours_holidays: str = ""
    logo: str = ""
    signature_html: str = ""
    undo_seconds: str = ""
    saved_signal: int = 0
    exports: list[ExportRow] = []

    @rx.event
    async def arrive(self):
        """Read it."""
        await self._enter_page()
        await self._load()

    @rx.event
    async def save(self, form: dict[str, str]):
        """Name, language and time zone."""
        is_saved = False
        async with self._acting() as (db, actor):
            await save_workspace(
                db,
                actor,
                name=as_field(form, "name", 300),
                language=as_field(form, "language", 8),
                time_zone=as_field(form, "time_zone", 64),
            )
            is_saved = True
        await self._finish(is_saved)

    @rx.event
    async def choose_who(self, new_go_to: str):
        """Show the coordinators when there is to be one."""
        self.new_go_to = as_text(new_go_to, 16)

    @rx.event
    async def save_who(self, form: dict[str, str]):
        """Who gets new conversations."""
        is_saved = False
        async with self._acting() as (db, actor):
            coordinator = as_id(as_field(form, "coordinator", 20))
            await save_hand_out(db, actor, as_field(form, "new_go_to", 16), coordinator)
            is_saved = True
        await self._finish(is_saved)

    @rx.event
    async def switch_hours(self, is_on: bool):
        """Show the week to be filled in; without office hours this is kept at once."""
        self.has_hours = is_on is True
        if not self.has_hours:
            await self._keep_hours(False, self.hours_days, self.hours_holidays)

    @rx.event
    async def save_hours(self, form: dict[str, str]):
        """When somebody is there."""
        days = [as_field(form, f"day_{number}", 200) for number in range(DAYS)]
        await self._keep_hours(True, days, as_field(form, "holidays", 5_000))

    async def _keep_hours(self, is_on: bool, days: list[str], holidays: str) -> None:
        is_saved = False
        async with self._acting() as (db, actor):
            await save_office_hours(db, actor, is_on, days, holidays)
            is_saved = True
        await self._finish(is_saved)

    @rx.event
    async def show_logo(self, _address: str):
        """It was taken in: show it everywhere."""
        await self._load()
        self.portrait_number += 1

    @rx.event
    async def remove_logo(self):
        """The name alone again."""
        is_saved = False
        async with self._acting() as (db, actor):
            await save_logo(db, actor, "")
            is_saved = True
        await self._finish(is_saved)
        self.portrait_number += 1

    @rx.event
    async def save_undo(self, form: dict[str, str]):
        """How long an answer can be called back; "" is as long as the installation says."""
        is_saved, typed = False, as_field(form, "undo_seconds", 5)
        async with self._acting() as (db, actor):
            choices = {str(seconds): seconds for seconds in UNDO_CHOICES}
            await save_undo(db, actor, choices.get(typed, -1) if typed else None)
            is_saved = True
        await self._finish(is_saved)

    @rx.event
    async def sign(self, _editor_id: int, html: str, _name: str):
        """Keep the signature that new users begin with."""
        is_saved = False
        async with self._acting() as (db, actor):
            await save_first_signature(db, actor, as_text(html, 100_000))
            is_saved = True
        await self._finish(is_saved)

    @rx.event
    async def save_bin(self, form: dict[str, str]):
        """How long deleted conversations wait in the bin."""
        is_saved = False
        async with self._acting() as (db, actor):
            await save_bin_days(db, actor, as_id(as_field(form, "bin_days", 5)))
            is_saved = True
        await self._finish(is_saved)

    @rx.event
    async def set_two_factor(self, is_required: bool):
        """Whether everybody needs an authenticator app."""
        is_saved = False
        async with self._acting() as (db, actor):
            await require_two_factor(db, actor, is_required is True)
            is_saved = True
        if is_saved:  # no look back: who has no app themselves is led to set it up by the next act
            self.requires_two_factor = is_required is True
            self._say_done("Saved.")

    @rx.event
    async def set_duplicates(self, is_allowed: bool):
        """Whether two contacts may have the same address or number."""
        is_saved = False
        async with self._acting() as (db, actor):
            await allow_duplicates(db, actor, is_allowed is True)
            is_saved = True
        await self._finish(is_saved)

    @rx.event
    async def export_everything(self):
        """Have all of it written into one file."""
        is_asked = False
        async with self._acting() as (db, actor):
            await ask_for_everything(db, actor)
            is_asked = True
        if is_asked:
            self._say_done("The export is being made. You see below how far it is.")

    @rx.event
    async def look_for_exports(self):
        """Show what is ready by now."""
        async with self._looking() as (db, actor):
            self.exports = await exports_ready(db, actor)

    async def _finish(self, is_saved: bool) -> None:
        if is_saved:
            await self._load()
            self._say_done("Saved.")

    async def _load(self) -> None:
        self.name = ""  # whoever is refused below sees nothing, whatever this tab showed before
        async with self._looking() as (db, actor):
            workspace = await own_workspace(db, actor)
            self.people = [{"id": str(user.id), "name": user.name} for user in await who_can_take(db, actor)]
            self.language, self.time_zone, self.name = workspace.language, workspace.time_zone, workspace.name
            self.exports = await exports_ready(db, actor)
            self.bin_days, self.logo = str(workspace.bin_days), address_of_logo(workspace)
            self.signature_html = workspace.signature_html
            self.undo_seconds = "" if workspace.undo_seconds is None else str(workspace.undo_seconds)
            self.new_go_to, self.requires_two_factor = workspace.new_go_to, workspace.requires_two_factor
            self.allows_duplicates = workspace.allows_duplicates
            self.coordinator = str(workspace.coordinator_id or "")
            self._show_hours(workspace.office_hours)

    def _show_hours(self, stored: dict[str, Any]) -> None:
        self.has_hours = bool(stored.get("is_on"))
        self.hours_days = list(stored.get("days") or USUAL_WEEK)
        self.hours_holidays = holidays_text(stored.get("holidays", []))
