"""What /settings/web-chat shows: flat, frozen, worded for the reader."""

from dataclasses import dataclass, field, replace

from witei_app.accounts.office_hours import USUAL_WEEK


@dataclass(frozen=True)
class WidgetRow:
    """One widget in the list. `seen` says where and when it was last on a page, "" when never."""

    id: int
    name: str
    colour: str
    is_enabled: bool
    seen: str
    snippet: str


@dataclass(frozen=True)
class WidgetForm:
    """A widget as it is being edited; everything is text that a person typed, checked when it is saved.

    `sites` and `holidays` are one to a line, `days` the hours of Monday to Sunday, `texts` by language. `id` is 0 for a
    new one, `assignee_id` "turn" for those present in turn.
    """

    id: int = 0
    name: str = ""
    is_enabled: bool = True
    colour: str = "#1d5fe0"
    position: str = "right"
    button_text: str = ""
    language: str = ""
    sites: str = ""
    assignee_id: str = ""
    takes_files: bool = True
    file_kinds: str = "all"
    most_file_mb: str = ""
    shows_logo: bool = True
    has_nudge: bool = False
    nudge_seconds: str = "20"
    nudge_pages: str = ""
    ask_name: str = ""
    ask_email: str = ""
    ask_phone: str = ""
    has_consent: bool = False
    privacy_url: str = ""
    has_hours: bool = False
    follows_workspace: bool = False
    days: list[str] = field(default_factory=lambda: list(USUAL_WEEK))
    holidays: str = ""
    time_zone: str = ""
    patience_minutes: str = "2"
    texts: dict[str, dict[str, str]] = field(default_factory=dict)


def as_filled_in(form: WidgetForm) -> WidgetForm:
    """Equal for two forms whose fields hold the same."""
    texts = {lang: {name: text for name, text in own.items() if text} for lang, own in form.texts.items()}
    return replace(form, id=0, texts={lang: own for lang, own in texts.items() if own})


@dataclass(frozen=True)
class BlockedRow:
    """A visitor or an address that finds no chat. `about` says whose address it was; `by` is "" for who has left."""

    id: str
    name: str
    at: str
    by: str
    about: str = ""
    conversation_id: int = 0


@dataclass(frozen=True)
class PresentRow:
    """A visitor who has the chat open and has not written. `id` is the hash of the token, which opens nothing."""

    id: str
    page: str
    page_url: str
    browser: str
    language: str
    country: str
    since: str
