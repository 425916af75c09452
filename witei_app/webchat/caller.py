"""The visitor at the other end of a socket, or of an exchange."""

from dataclasses import dataclass, field

from witei_app.networks import network_of
from witei_app.texts.visitors import language, words
from witei_app.webchat.country import country_of
from witei_app.webchat.limits import Place
from witei_app.webchat.protocol import Hello
from witei_app.webchat.widgets import ChatSite


@dataclass
class Caller:
    """`conversation_id` is empty until the first message. `visitor_hash` names the visitor's row: the hash of this
    browser's token, or of the one that wrote first. `is_proven` when the site has signed who its user is.
    """

    site: ChatSite
    address: str
    browser: str = ""
    hello: Hello = field(default_factory=lambda: Hello(t="hello"))
    token: str = ""
    visitor_hash: str = ""
    conversation_id: int | None = None
    seen: int = 0
    has_email: bool = False
    is_proven: bool = False
    is_link_dead: bool = False
    is_blocked: bool = False
    said_at: float = 0.0  # when users were last told that the chat is open (monotonic seconds)
    places: list[Place] = field(default_factory=list)  # as which its connection is counted

    @property
    def network(self) -> str:
        """The address as it is counted and blocked, "" where it says nothing."""
        return network_of(self.address)

    @property
    def country(self) -> str:
        """Where that is, "" when nobody knows."""
        return country_of(self.address)

    @property
    def texts(self) -> dict[str, str]:
        """The words of the visitor's language."""
        return words(language(self.hello.lang))
