"""From a turn to a message: greeting, words, goodbye, and the HTML that goes with them."""

from html import escape

from witei_app.mail.sanitize import text_to_html
from witei_app.models import Direction
from witei_app.seed.scripts import Turn

_GOODBYES = {
    "es": ("Un saludo,", "Saludos,", "Muchas gracias y un saludo,", "Gracias.", "Un cordial saludo,"),
    "en": ("Best regards,", "Kind regards,", "Many thanks,", "Thank you,", "Best,"),
}
_AGENTS_GOODBYES = {
    "es": ("Un saludo,", "Un cordial saludo,", "Quedo a su disposición.", "Saludos,"),
    "en": ("Kind regards,", "Best wishes,", "Warm regards,"),
}


def words(turn: Turn, slots: dict[str, str], choice: int, number: int, hour: int, language: str) -> str:
    """The plain text of a message. E-mails greet and say goodbye, except when they go back and forth quickly."""
    body = turn.wording.say(slots, choice)
    if turn.is_bare:
        return body
    choice >>= 6
    if number > 2 and choice % 4 == 0:
        return body
    choice >>= 2
    is_agent = turn.side == Direction.OUT
    called = slots["first"] if is_agent else slots["agent"] if number > 2 else ""
    bye = (_AGENTS_GOODBYES if is_agent else _GOODBYES)[language]
    signed = "" if is_agent else "\n" + (slots["name"] if number <= 2 or not slots["first"] else slots["first"])
    return f"{_greeting(called, choice, hour, language)}\n\n{body}\n\n{bye[(choice >> 3) % len(bye)]}{signed}"


def _greeting(name: str, choice: int, hour: int, language: str) -> str:
    if language == "en":
        hello = ("Hello", "Hi", "Dear")[choice % 3] if name else ("Hello", "Good morning")[hour < 12 and choice % 2]
        return f"{hello} {name},".replace(" ,", ",")
    by_day = "Buenos días" if hour < 14 else "Buenas tardes" if hour < 21 else "Buenas noches"
    hello = ("Hola", by_day)[choice % 2]
    return f"{hello}, {name}:" if name else f"{hello}:"


def as_html(text: str) -> str:
    """What `text_to_html` makes of it, without looking for links where there can be none."""
    if "@" in text or "www." in text or "://" in text:
        return text_to_html(text)
    return "<p>" + escape(text).replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>"


def signature(name: str, duty: str, agency: str, mailbox: str, phone: str) -> str:
    """An agent's signature, as the editor would make it."""
    return (
        f"<p><strong>{escape(name)}</strong><br>{escape(duty)}</p>"
        f"<p>{escape(agency)} · calle de Velázquez, 48, 28001 Madrid<br>"
        f'{escape(phone)} · <a href="mailto:{escape(mailbox)}" target="_blank" '
        f'rel="noopener noreferrer nofollow">{escape(mailbox)}</a></p>'
    )
