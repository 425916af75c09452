"""What administrators type into the settings of a chat, checked."""

import re

from witei_app.errors import Refused
from witei_app.mail.addresses import ascii_domain
from witei_app.mail.registrable import readable_domain
from witei_app.settings import settings
from witei_app.webchat.look import LANGUAGES, OWN_TEXTS, origin

MOST_SITES = 50
MOST_PATIENCE = 60
_HOST = re.compile(r"(?<=://)[^/?#:@\[\]]+")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_LONGEST = {"title": 80, "subtitle": 160, "welcome": 1000, "replies": 400, "nudge": 160}


def check_colour(text: str) -> str:
    """A colour as #1d5fe0; the # and the short form may be missing."""
    colour = "#" + text.strip().lower().removeprefix("#")
    if re.fullmatch(r"#[0-9a-f]{3}", colour):
        colour = "#" + "".join(letter * 2 for letter in colour[1:])
    if not _COLOUR.fullmatch(colour):
        raise Refused("Write the colour as #1d5fe0.")
    return colour


def parse_sites(text: str) -> list[str]:
    """The origins of what was typed, one to a line: "agency.com" means https. Plain http is for this machine alone."""
    typed = [part for part in re.split(r"[\s,]+", text) if part]
    sites = list(dict.fromkeys(_site(part) for part in typed))
    if len(sites) > MOST_SITES:
        raise Refused("More than {most} sites are not possible.", most=MOST_SITES)
    return sites


def _site(text: str) -> str:
    address = text if "://" in text else f"https://{text}"
    found = origin(_HOST.sub(lambda host: ascii_domain(host[0]), address, count=1))  # as browsers tell it
    host = found.partition("://")[2].partition(":")[0]
    is_local = host in {"localhost", "127.0.0.1"} or host.endswith(".localhost")
    if not found or not (is_local or "." in host or "[" in host):
        raise Refused("{site} is not the address of a site. Write it as https://www.agency.com.", site=text[:100])
    if found.startswith("http://") and not is_local:
        raise Refused("The chat runs on https pages only, and {site} is not one.", site=text[:100])
    return found


def readable_site(site: str) -> str:
    """The same origin as people write it."""
    return _HOST.sub(lambda host: readable_domain(host[0]), site, count=1)


def megabytes(typed: str) -> int:
    """How large a file may be; 0 where nothing was typed."""
    most = settings().max_upload_mb
    typed = typed.strip()
    if typed and not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= most):
        raise Refused("A file may have 1 to {most} MB.", most=most)
    return int(typed or 0)


def patience(typed: str) -> int:
    """After how many minutes without an answer an address is asked for."""
    typed = typed.strip() or "2"
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= MOST_PATIENCE):
        raise Refused("Enter a number of minutes from 1 to {most}.", most=MOST_PATIENCE)
    return int(typed)


def own_texts(typed: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """What was written, by language; a text left empty is ours."""
    kept = {}
    for lang in LANGUAGES:
        own = {name: typed.get(lang, {}).get(name, "").strip()[: _LONGEST[name]] for name in OWN_TEXTS}
        if any(own.values()):
            kept[lang] = {name: value for name, value in own.items() if value}
    return kept


def one_line(text: str, longest: int) -> str:
    """Without line breaks and signs that nobody sees, cut."""
    printable = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    return " ".join(printable.split())[:longest]
