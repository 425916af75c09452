"""What every page but the inbox has around it: the side menu, what was refused or done, one page that scrolls."""

from typing import Any

import reflex as rx

from witei_app.components.bell import bell
from witei_app.components.empty import empty_state
from witei_app.components.jobs import jobs_tray
from witei_app.components.notice import refusal_notice, toast
from witei_app.components.palette import keys_help, palette
from witei_app.components.parts.keys import Shortcuts
from witei_app.components.parts.notices import Notifier
from witei_app.components.parts.records import OfAddress
from witei_app.components.rail import side_menu
from witei_app.components.shell import app_shell, page_keeper
from witei_app.components.skeleton import bone
from witei_app.models import ConversationScope, Reach
from witei_app.state.bell import BellState
from witei_app.state.jobs import JobsState
from witei_app.state.live import LiveState
from witei_app.state.palette import PaletteState
from witei_app.state.signed_in import SignedInState
from witei_app.texts import say
from witei_app.texts.language import LanguageState

# The pages that exist: a new page adds its name here, and the side menu shows it.
ENTRIES = ["dashboard", "reports", "conversations", "contacts", "quotes", "tickets", "profile"]
SETTINGS: list[str] = ["web-chat", "mailboxes", "sender-domains", "templates", "team", "unreadable", "workspace"]
SETTINGS += ["visitors", "audit", "api", "webhooks"]
# Who may write to somebody first: whoever sees no conversations would never see that one again.
MAY_BEGIN = SignedInState.may.can_write & (SignedInState.may.conversation_scope != ConversationScope.NONE.value)
_WHO_SEES = {
    "visitors": MAY_BEGIN,
    "web-chat": SignedInState.may.can_manage_web_chat,
    "sender-domains": SignedInState.may.can_manage_sender_domains,
    "team": SignedInState.is_admin,
    "workspace": SignedInState.is_admin,
    "mailboxes": SignedInState.is_admin,
    "unreadable": SignedInState.is_admin,
    "audit": SignedInState.is_admin,
    "webhooks": SignedInState.is_admin,
}
# Pages of which somebody may see nothing at all: they are in that person's menu no more than on the screen.
MAY = {
    "quotes": SignedInState.may.quote_scope != Reach.NONE.value,
    "tickets": SignedInState.may.ticket_scope != Reach.NONE.value,
    "reports": SignedInState.may.report_scope != Reach.NONE.value,
}


def framed(current: str, title: Any, *children: Any, notice: bool | rx.Var[bool] = True) -> rx.Component:
    """A page: `current` is its entry in the side menu ("settings" for all settings pages).

    Refusals are said at its top while `notice`; a dialog that is open says its own.
    """
    page = rx.fragment(*children)
    theirs = rx.cond(MAY[current], page, _not_theirs()) if current in MAY else page
    return app_shell(
        menu_for(current),
        page_keeper(LanguageState.language, title, SignedInState.unread),
        rx.cond(notice, refusal_notice(SignedInState.notice, SignedInState.dismiss_notice)),
        rx.cond(SignedInState.is_ready, theirs, waiting()),
        toast(SignedInState.done, SignedInState.done_number),
    )


def menu_for(current: str) -> rx.Component:
    """The side menu, of the settings each person's; what tells of new messages and of long work; the keys."""
    menu = side_menu(
        current,
        SignedInState.unread,
        SignedInState.me,
        {name: MAY.get(name, True) for name in ENTRIES},
        {name: _WHO_SEES.get(name, True) for name in SETTINGS},
        has_profile="profile" in ENTRIES,
        bell=_bell(),
    )
    return rx.fragment(
        menu,
        _portraits(),
        _notifier(),
        _jobs(),
        Shortcuts.create(is_on=SignedInState.has_single_keys),
        keys_help(),
        _palette(),
    )


def _palette() -> rx.Component:
    return palette(PaletteState.found, PaletteState.found_for, on_search=PaletteState.search)


def _portraits() -> rx.Component:
    """The pictures of people, read again when one's own is another."""
    href = rx.Var.create(f"/portraits.css?{SignedInState.portrait_number}")
    return rx.cond(SignedInState.is_ready, rx.el.link(rel="stylesheet", href=href))


def _jobs() -> rx.Component:
    return jobs_tray(
        JobsState.jobs,
        on_look=JobsState.look,
        on_stop=JobsState.stop,
        on_take_back=JobsState.take_back,
        on_put_away=JobsState.put_away,
    )


def _notifier() -> rx.Component:
    return Notifier.create(
        number=LiveState.alert_number,
        title=LiveState.alert_title,
        text=LiveState.alert_text,
        href=LiveState.alert_href,
        ways=LiveState.alert_ways,
        open_label=say("Read it"),
        is_connected=LiveState.is_hydrated,
        on_arrive=BellState.arrive,
        on_here=BellState.here,
    )


def _bell() -> rx.Component:
    return bell(
        BellState.count,
        BellState.rows,
        is_loading=BellState.is_loading,
        has_more=BellState.has_more,
        on_open=BellState.unfold,
        on_close=BellState.fold,
        on_more=BellState.more,
        on_read=BellState.read,
        on_read_all=BellState.read_all,
    )


def _not_theirs() -> rx.Component:
    hint = say("An administrator can give them to you, under Settings, Team.")
    return empty_state("gear", say("This is not among your permissions"), hint)


def of_address(number: rx.Var[int], *page: rx.Component) -> rx.Component:
    """The page of one thing among many: not before `number`, of which it is, is the one in the address."""
    return OfAddress.create(waiting(), *page, number=number)


def waiting() -> rx.Component:
    """In place of a page that is still being read."""
    lines = [rx.el.div(bone("38%", "22px")), *[rx.el.div(bone(width, "12px")) for width in ("72%", "64%", "70%")]]
    return rx.el.div(*lines, class_name="paper", aria_hidden=True, style={"display": "grid", "gap": "18px"})
