"""A mail that was read and is about to become a message."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from witei_app.conversations.invitation import kept_invitation
from witei_app.conversations.receive import Incoming, IncomingFile, message_of
from witei_app.conversations.route import Route
from witei_app.files import keep
from witei_app.mail.addresses import base_address, normalise_address
from witei_app.mail.parse import OF_TEXT
from witei_app.mail.sanitize import is_rich, text_to_html
from witei_app.mail.types import Address, ParsedFile, ParsedMail
from witei_app.models import InboundMail, Message, RecipientKind

# What a thread shows of one text, half a novel. Mails may be a hundred times as long, and thirty are on a page.
MOST_SHOWN = 300_000
WHOLE_TEXT, WHOLE_HTML = "message.txt", "message.html"


@dataclass(frozen=True)
class Arrival:
    """Its files are in the store already. `key` is the same for a mail that comes twice.

    `sender` is who wrote it, `address` the form of it that contacts are known by.
    """

    mail: InboundMail
    parsed: ParsedMail
    files: tuple[IncomingFile, ...]
    key: str
    sender: Address
    address: str

    def incoming(self, route: Route) -> Incoming:
        """The message that it becomes in the conversation that it was routed to."""
        mail, parsed = self.mail, self.parsed
        text = _shown(parsed.new_text, is_cut=_is_cut(parsed))
        return Incoming(
            author_name=in_plain_sight(self.sender.name) or storable(self.sender.email),
            address=self.address,
            text=text,
            html=text_to_html(text),
            rest_text=_shown(parsed.rest_text),
            subject=self.storable_subject,
            rfc_message_id=storable(parsed.message_id)[:998] or None,
            in_reply_to=storable(parsed.in_reply_to[0])[:998] if parsed.in_reply_to else None,
            dedupe_key=self.key,
            inbound_mail_id=mail.id,
            is_rich=bool(parsed.shown_html) and is_rich(parsed.shown_html),
            is_automatic=parsed.is_automatic or parsed.bounce is not None or self._is_own(),
            routed_by=route.why[:300],
            points_to_id=route.points_to,
            named=self._named(),
            invitation=kept_invitation(parsed.invitation),
            at=mail.received_at,
            is_history=mail.is_history,
            is_seen=mail.is_seen,
            files=self.files,
        )

    def message(self, why: str) -> Message:
        """The row that it becomes when one of us wrote it; `why` is where it was routed by."""
        return message_of(self.incoming(Route(None, why)))

    @property
    def storable_subject(self) -> str:
        """Its subject as a message and a conversation may have it."""
        return in_plain_sight(self.parsed.subject)

    def written_by(self, author: Address) -> "Arrival":
        """The same, by whom it turned out to be written."""
        return replace(self, sender=author, address=normalise_address(author.email))

    def _named(self) -> tuple[tuple[RecipientKind, Address], ...]:
        """Who else got it, and where its author wants answers when that is elsewhere; without our inbound address."""
        got_it, answers_go = set[str](), set[str]()  # a list may be both
        to = self._others(RecipientKind.TO, self.parsed.to, got_it)
        cc = self._others(RecipientKind.CC, self.parsed.cc, got_it)
        wanted = self._others(RecipientKind.REPLY_TO, self.parsed.reply_to, answers_go)
        return (*to, *cc, *(wanted if answers_go != {self.address} else ()))

    def _others(
        self, kind: RecipientKind, addresses: Sequence[Address], seen: set[str]
    ) -> list[tuple[RecipientKind, Address]]:
        own, found = base_address(normalise_address(self.mail.envelope_to)), []
        for address in addresses:
            email = storable(normalise_address(address.email))
            if "@" in email and len(email) <= 320 and email not in seen and base_address(email) != own:
                seen.add(email)
                found.append((kind, Address(in_plain_sight(address.name), email)))
        return found

    def _is_own(self) -> bool:
        """Whether our own mail came back to us: nobody waits for an answer, and a machine's would go in circles."""
        return base_address(self.address) == base_address(normalise_address(self.mail.envelope_to))


async def arrival_of(mail: InboundMail, parsed: ParsedMail) -> Arrival:
    """Put the files into the store, and work out what tells this mail from others."""
    sender = _sender(mail, parsed)
    files = tuple([await _kept(file) for file in (*parsed.attachments, *_too_long(parsed))])
    return Arrival(mail, parsed, files, _key(mail, parsed), sender, normalise_address(sender.email))


def _is_cut(parsed: ParsedMail) -> bool:
    """Whether it has HTML whose end is neither shown nor read; of a mail of text the HTML is only another form."""
    return len(parsed.shown_html) < len(parsed.html) and not parsed.html.startswith(OF_TEXT)


def _shown(text: str, *, is_cut: bool = False) -> str:
    """`is_cut` says that it was made of HTML whose end is missing in it."""
    more = [WHOLE_TEXT] * (len(text) > MOST_SHOWN) + [WHOLE_HTML] * is_cut
    return storable("\n\n".join([text[:MOST_SHOWN], *(f"[… {name}]" for name in more)]))


def _too_long(parsed: ParsedMail) -> list[ParsedFile]:
    """The whole text and the whole HTML as files, where a thread cannot show all of it."""
    files = []
    if max(len(parsed.new_text), len(parsed.rest_text)) > MOST_SHOWN:
        files.append(ParsedFile(WHOLE_TEXT, "text/plain", parsed.text.encode("utf-8", "replace")))
    if _is_cut(parsed):
        # With the mark of UTF-8, which counts more than the charset that is written in it (WHATWG, Encoding, 6).
        files.append(ParsedFile(WHOLE_HTML, "text/html", parsed.html.encode("utf-8-sig", "replace")))
    return files


def storable(text: str) -> str:
    """Without what PostgreSQL's text cannot hold: NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


# They turn the letters after them around (embeddings, overrides, isolates), or the rest of the line that they stand in.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def in_plain_sight(text: str) -> str:
    """A name or a subject that reads as its letters stand; "" when nothing of it can be seen."""
    text = storable(_TURNS.sub("", text)).strip()
    return text if any(letter.isprintable() and not letter.isspace() for letter in text) else ""


async def _kept(file: ParsedFile) -> IncomingFile:
    sha256 = await keep(file.data)
    name, content_id = storable(file.name), storable(file.content_id)
    return IncomingFile(sha256, name, file.content_type, len(file.data), content_id, file.is_inline)


def _key(mail: InboundMail, parsed: ParsedMail) -> str:
    """The same for a mail that comes twice (by another way, with other trace headers), another for another mail.

    A Message-ID alone will not do: some senders give one to different mails.
    """
    if not parsed.message_id:
        return mail.sha256
    files = [f"{file.name}\0{hashlib.sha256(file.data).hexdigest()}" for file in parsed.attachments]
    parts = (parsed.message_id, parsed.sender.email, parsed.subject, parsed.text.strip(), parsed.html.strip(), *files)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _sender(mail: InboundMail, parsed: ParsedMail) -> Address:
    """From, else the envelope. A mail without either still belongs to somebody."""
    if parsed.sender.email:
        return parsed.sender
    return Address(parsed.sender.name or mail.envelope_from or "Unknown sender", mail.envelope_from)
