"""The chat widgets: the list, and the one whose form is open with its picture beside it."""

from dataclasses import fields, replace

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.accounts.handed import ticket_for
from witei_app.conversations.hand_out import who_can_take
from witei_app.conversations.rows import PersonRow
from witei_app.db import Session
from witei_app.logo import address_of_logo
from witei_app.models import Workspace
from witei_app.state.signed_in import SignedInState, as_id, as_text
from witei_app.texts.amounts import number_label
from witei_app.texts.people import initials, language_name, tint
from witei_app.texts.visitors import words
from witei_app.webchat.form import OPTIONAL
from witei_app.webchat.look import LANGUAGES, OWN_TEXTS, contrast, ink_on, questions
from witei_app.webchat.manage import delete_widget, list_widgets, save_widget, widget_form, with_others_changes
from witei_app.webchat.pace import in_words, usual_pace
from witei_app.webchat.rows import WidgetForm, WidgetRow, as_filled_in
from witei_app.webchat.signing import new_secret, show_secret
from witei_app.webchat.widgets import who_answers

_WORDS = {field.name for field in fields(WidgetForm) if field.type == "str" or field.type is str}
_SWITCHES = {field.name for field in fields(WidgetForm) if field.type == "bool" or field.type is bool}
_MEANWHILE = "#1d5fe0"
MOST_TEXT = 5_000


class WebChatState(SignedInState):
    """`form` is what is being edited; `form_number` changes when another is, so that its fields are made anew.

    `secret` is the ticket for that of signed visitors, while somebody looks at it. `is_leaving` while it is asked what
    becomes of changes that are not saved.
    """

    widgets: list[WidgetRow] = []
    form: WidgetForm = WidgetForm()
    form_number: int = 0
    is_loaded: bool = False
    language: str = "es"
    languages: list[dict[str, str]] = []
    people: list[dict[str, str]] = []
    faces: list[PersonRow] = []
    logo: str = ""
    pace: dict[str, str] = {}
    secret: str = ""
    is_leaving: bool = False
    _goal: int = 0
    _opened: WidgetForm = WidgetForm()

    @rx.var
    def ink(self) -> str:
        """Black or white, on the chosen colour."""
        return ink_on(self.painted)

    @rx.var
    def painted(self) -> str:
        """The chosen colour, as long as it is one."""
        colour = self.form.colour
        is_colour = (
            len(colour) == 7 and colour[0] == "#" and all(sign in "0123456789abcdefABCDEF" for sign in colour[1:])
        )
        return colour if is_colour else _MEANWHILE

    @rx.var
    def ink_contrast(self) -> str:
        """How much the letters on it stand out, "5.6"."""
        return number_label(contrast(self.painted, ink_on(self.painted)), self._language)

    @rx.var
    def page_contrast(self) -> str:
        """How much the button stands out on a white page, "5.6"; "" when that is enough (WCAG 2.2, 1.4.11: 3 to 1)."""
        found = contrast(self.painted, "#fff")
        return number_label(found, self._language) if found < 3 else ""

    @rx.var
    def own(self) -> dict[str, str]:
        """The agency's own words in the language that is shown."""
        return dict.fromkeys(OWN_TEXTS, "") | self.form.texts.get(self.language, {})

    @rx.var
    def usual(self) -> dict[str, str]:
        """Our words in the language that is shown, where the agency wrote none."""
        return words(self.language if self.language in LANGUAGES else "en")

    @rx.var
    def names(self) -> str:
        """Who answers."""
        return ", ".join(one.name for one in self.faces)

    @rx.var
    def replies(self) -> list[str]:
        """The questions to begin with."""
        return questions(self.own["replies"])

    @rx.var
    def asked(self) -> list[str]:
        """What is asked before the first message, as it is called there."""
        texts, form = self.usual, self.form
        asked = {"ask_name": form.ask_name, "ask_email": form.ask_email, "ask_phone": form.ask_phone}
        freely = f" ({texts['optional']})"
        return [texts[name] + (freely if how == OPTIONAL else "") for name, how in asked.items() if how]

    @rx.var
    def agreed(self) -> str:
        """What the visitor must agree to, with the name of the link."""
        texts, form = self.usual, self.form
        return f"{texts['agree']} {texts['privacy'] if form.privacy_url else ''}" if form.has_consent else ""

    @rx.event
    async def arrive(self):
        """Read what there is, and open the first."""
        await self._enter_page()
        async with self._looking() as (db, actor):
            self.widgets = await list_widgets(db, actor)
            self.people = [{"id": str(user.id), "name": user.name} for user in await who_can_take(db, actor)]
            self.languages = [{"id": code, "name": language_name(code, actor.language)} for code in LANGUAGES]
            await self._look_around(db, actor)
            first = await widget_form(db, actor, self.widgets[0].id) if self.widgets else WidgetForm()
            self._show(first)
            self.is_loaded = True

    @rx.event
    async def choose(self, widget_id: int):
        """Open the form of another one. Changes that are not saved are asked about first."""
        self._goal = as_id(widget_id)
        self.is_leaving = self.form != self._opened
        if not self.is_leaving:
            await self._open()

    @rx.event
    async def begin(self):
        """A new one."""
        self._goal, self.is_leaving = 0, self.form != self._opened
        if not self.is_leaving:
            await self._open()

    @rx.event
    async def stay(self):
        """Go on with what is not saved."""
        self.is_leaving = False

    @rx.event
    async def let_go(self):
        """Give up what is not saved."""
        self.is_leaving = False
        await self._open()

    @rx.event
    async def change(self, name: str, value: str):
        """A field, as it is typed."""
        if as_text(name, 40) in _WORDS:
            self.form = replace(self.form, **{name: as_text(value, MOST_TEXT)})

    @rx.event
    async def switch(self, name: str, is_on: bool):
        """A switch."""
        if as_text(name, 40) in _SWITCHES:
            self.form = replace(self.form, **{name: is_on is True})

    @rx.event
    async def change_text(self, name: str, value: str):
        """One of the texts in the language that is shown."""
        if name in OWN_TEXTS and self.language in LANGUAGES:
            own = {**self.form.texts.get(self.language, {}), name: as_text(value, MOST_TEXT)}
            self.form = replace(self.form, texts={**self.form.texts, self.language: own})

    @rx.event
    async def change_day(self, day: int, value: str):
        """The hours of a day, Monday is 0."""
        if isinstance(day, int) and not isinstance(day, bool) and 0 <= day < len(self.form.days):
            days = [*self.form.days[:day], as_text(value, 200), *self.form.days[day + 1 :]]
            self.form = replace(self.form, days=days)

    @rx.event
    async def show_language(self, language: str):
        """Write the texts in another language."""
        if language in LANGUAGES:
            self.language = str(language)
            self.form_number += 1

    @rx.event
    async def save(self):
        """Keep it; what is refused stays in the form."""
        async with self._acting() as (db, actor):
            form = await with_others_changes(db, actor, self._opened, self.form)
            widget = await save_widget(db, actor, form)
            saved = await widget_form(db, actor, widget.id)
            widgets = await list_widgets(db, actor)
            if as_filled_in(saved) == as_filled_in(self.form):
                self.form = self._opened = saved  # its fields stay, with what is typed in them by now
                self.notice = self.secret = ""
            else:
                self._show(saved)
            self.widgets = widgets
            self._say_done("Saved. Open pages show it within minutes.")

    @rx.event
    async def show_secret(self):
        """For whoever changes the site."""
        async with self._acting() as (db, actor):
            self.secret = ticket_for(actor, await show_secret(db, actor, self.form.id))

    @rx.event
    async def new_secret(self):
        """Another one, at once on the screen."""
        async with self._acting() as (db, actor):
            self.secret = ticket_for(actor, await new_secret(db, actor, self.form.id))

    @rx.event
    async def hide_secret(self):
        """It has been copied."""
        self.secret = ""

    @rx.event
    async def delete(self, widget_id: int):
        """Take one off all pages."""
        async with self._acting() as (db, actor):
            await delete_widget(db, actor, as_id(widget_id))
            await db.flush()
            self.widgets = await list_widgets(db, actor)
            self._show(await widget_form(db, actor, self.widgets[0].id) if self.widgets else WidgetForm())

    async def _look_around(self, db: Session, actor: Actor) -> None:
        """What of the workspace stands in the picture."""
        workspace = await db.get_one(Workspace, actor.workspace_id)
        self.logo = address_of_logo(workspace)
        answering = await who_answers(db, workspace.id)
        self.faces = [PersonRow(user_id, name, initials(name), tint(user_id)) for user_id, name, _ in answering]
        pace = await usual_pace(db, workspace.id)
        self.pace = {code: words(code)["usual"].format(time=in_words(pace, code)) for code in LANGUAGES if pace}

    async def _open(self) -> None:
        async with self._looking() as (db, actor):
            self._show(await widget_form(db, actor, self._goal) if self._goal else WidgetForm())

    def _show(self, form: WidgetForm) -> None:
        self.form = self._opened = form
        self.notice = self.secret = ""
        self.is_leaving = False
        self.form_number += 1
        written = [lang for lang in LANGUAGES if form.texts.get(lang)]
        self.language = form.language or next(iter(written), self.language)
