"""The team: who there is, who is here, who may do what."""

from dataclasses import dataclass, replace

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.accounts.handed import ticket_for
from witei_app.accounts.handing_over import Had
from witei_app.accounts.permissions import AGENT, SETS, Permissions, changed, set_name
from witei_app.accounts.team import (
    change_access,
    count_handed_over,
    deactivate,
    find_member,
    invite,
    invite_again,
    list_team,
    reactivate,
    turn_off_app,
    withdraw_invitation,
)
from witei_app.conversations.hand_out import takes_conversations
from witei_app.live.presence import present_users
from witei_app.models import ConversationScope, Role, User
from witei_app.settings import settings
from witei_app.state.list_page import plain
from witei_app.state.signed_in import SignedInState, as_field, as_id, as_text
from witei_app.texts.people import initials, tint


@dataclass(frozen=True)
class MemberRow:
    """One line: `state` is "active", "invited" or "gone"; `levels` the ready-made set or "admin", and where the levels
    were chosen one by one, whose conversations the user sees. Who `takes` can be given conversations.
    """

    id: int
    name: str
    email: str
    initials: str
    tint: int
    levels: str
    state: str
    is_present: bool
    is_away: bool
    is_me: bool
    takes: bool
    has_app: bool


class TeamState(SignedInState):
    """`editing` is the id of the user in the dialog, -1 for somebody new, 0 for none; `leaving` of who is to go."""

    team: list[MemberRow] = []
    editing: int = 0
    edited_name: str = ""
    makes_admin: bool = False
    levels: Permissions = AGENT
    _seen: tuple[Role, Permissions] = (Role.USER, AGENT)
    link: str = ""
    leaving: int = 0
    leaving_name: str = ""
    hand_over: Had = Had()
    successor: str = ""
    is_loaded: bool = False

    @rx.var
    def level_set(self) -> str:
        """The ready-made set that the chosen levels are."""
        return set_name(plain(self.levels))

    @rx.var
    def successors(self) -> list[MemberRow]:
        """Who may get what the leaving user has."""
        return [row for row in plain(self.team) if row.takes and row.id not in {self.leaving, self.editing}]

    @rx.var
    def must_pass_on(self) -> bool:
        """With the chosen levels the user may no longer answer the conversations that are open."""
        levels = plain(self.levels)
        answers = levels.can_write and levels.conversation_scope != ConversationScope.NONE
        return self.editing > 0 and self.hand_over.conversations > 0 and not (self.makes_admin or answers)

    @rx.event
    async def arrive(self):
        """Read the list."""
        self.editing, self.leaving, self.link = 0, 0, ""
        await self._enter_page()
        await self._load()

    @rx.event
    async def begin(self):
        """Invite somebody."""
        self.editing, self.edited_name, self.makes_admin, self.levels = -1, "", False, AGENT
        self.notice = self.link = ""

    @rx.event
    async def edit(self, user_id: int):
        """Change what a user may do."""
        async with self._looking() as (db, actor):
            user = await find_member(db, actor, as_id(user_id))
            self.editing, self.edited_name, self.successor = user.id, user.name, ""
            self.hand_over = await count_handed_over(db, actor, user.id)
            self.makes_admin = user.role == Role.ADMIN
            self.levels = Permissions.of_columns(user)
            self._seen = (Role(user.role), plain(self.levels))
            self.notice = self.link = ""

    @rx.event
    async def close(self):
        """Leave it as it was."""
        self.editing, self.leaving, self.notice = 0, 0, ""

    @rx.event
    async def set_admin(self, is_admin: bool):
        """An administrator, or a user with levels."""
        self.makes_admin = is_admin is True

    @rx.event
    async def choose_set(self, name: str):
        """Begin with a ready-made set."""
        self.levels = SETS.get(as_text(name, 20), plain(self.levels))

    @rx.event
    async def set_level(self, name: str, value: str | bool):
        """One level."""
        self.levels = changed(plain(self.levels), name, value)

    @rx.event
    async def save(self, form: dict[str, str]):
        """Invite, or keep the levels."""
        role = Role.ADMIN if self.makes_admin else Role.USER
        levels = plain(self.levels)
        async with self._acting() as (db, actor):
            if self.editing > 0:
                await change_access(db, actor, self.editing, role, levels, self._chosen_successor(), self._seen)
                self.editing = 0
            else:
                email, name = as_field(form, "email", 320), as_field(form, "name", 300)
                self._show_link(actor, await invite(db, actor, email, name, role, levels), email)
            self.notice = ""
        await self._load()

    @rx.event
    async def again(self, user_id: int):
        """Send the invitation once more."""
        async with self._acting() as (db, actor):
            link = await invite_again(db, actor, as_id(user_id))
            self._show_link(actor, link, (await find_member(db, actor, as_id(user_id))).email)
        await self._load()

    @rx.event
    async def withdraw(self, user_id: int):
        """Take an invitation back."""
        async with self._acting() as (db, actor):
            await withdraw_invitation(db, actor, as_id(user_id))
        await self._load()

    @rx.event
    async def forget_app(self, user_id: int):
        """Turn off the authenticator app of who has lost it."""
        async with self._acting() as (db, actor):
            await turn_off_app(db, actor, as_id(user_id))
        await self._load()

    @rx.event
    async def begin_leaving(self, user_id: int):
        """Ask who gets what the user has."""
        async with self._looking() as (db, actor):
            user = await find_member(db, actor, as_id(user_id))
            self.hand_over = await count_handed_over(db, actor, user.id)
            self.leaving, self.leaving_name, self.successor = user.id, user.name, ""
            self.notice = ""

    @rx.event
    async def set_successor(self, user_id: str):
        """Who gets it; "0" is nobody."""
        self.successor = as_text(user_id, 20)

    @rx.event
    async def leave(self):
        """Deactivate the user."""
        chosen = self._chosen_successor()
        async with self._acting() as (db, actor):
            await deactivate(db, actor, self.leaving, self.leaving if chosen is None else chosen)
            self.leaving, self.notice = 0, ""
        await self._load()

    @rx.event
    async def bring_back(self, user_id: int):
        """Let somebody who left sign in again."""
        async with self._acting() as (db, actor):
            await reactivate(db, actor, as_id(user_id))
        await self._load()

    def _chosen_successor(self) -> int | None:
        """None while nothing is chosen; 0 is nobody."""
        return as_id(self.successor) if self.successor.isascii() and self.successor.isdigit() else None

    def _show_link(self, actor: Actor, link: str, email: str) -> None:
        """With a relay the link goes to the mailbox alone, which proves whose it is; without one, one copies it."""
        self.editing, self.link = 0, "" if settings().smtp_relay_url else ticket_for(actor, link)
        if not self.link:
            self._say_done("The invitation is on its way to {email}.", email=email.strip())

    async def _load(self) -> None:
        self.team = []  # whoever is refused below sees nothing, whatever this tab showed before
        async with self._looking() as (db, actor):
            users = await list_team(db, actor)
            present = present_users(actor.workspace_id)
            rows = [_row(user) for user in users]
            self.team = [replace(row, is_present=row.id in present, is_me=row.id == actor.user_id) for row in rows]
            self.is_loaded = True


def _row(user: User) -> MemberRow:
    state = "active" if user.is_active else "invited" if user.is_invited else "gone"
    levels = "admin" if user.role == Role.ADMIN else set_name(Permissions.of(user)) or user.conversation_scope
    return MemberRow(
        id=user.id,
        name=user.name,
        email=user.email,
        initials=initials(user.name),
        tint=tint(user.id),
        levels=levels,
        state=state,
        is_present=False,
        is_away=user.is_away,
        is_me=False,
        takes=takes_conversations(user),
        has_app=bool(user.two_factor_secret),
    )
