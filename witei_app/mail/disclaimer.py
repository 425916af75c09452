"""What a company's mail server adds below everything: that the mail is confidential, and whom to tell of it."""

import re
from collections.abc import Sequence

_MOST_LINES = 60
_LONGEST = 1_000  # characters of a paragraph that are looked at
_MAIL = r"(?:mensaje|correo|e-?mail|mail|comunicaci[óo]n|missatge|message|communication|nachricht|courriel|messaggio)"
LEGAL = re.compile(
    r"confidenci|confidential|confidentiel|vertraulich|riservat|destinatari|destinataire|intended recipient|addressee|"
    r"privileged|empf[äa]nger|datos personales|protecci[óo]n de datos|dades personals|data protection|rgpd|gdpr|lopd|"
    r"imprimir|printing|medio ?ambiente|secreto profesional|autorizad[oa]|unauthori[sz]ed",
    re.IGNORECASE,
)
_OPENING = re.compile(
    rf"[\s*_-]*(?:(?:est[ea]|esta|la presente|aquest|this|the (?:information|contents)|diese|ce|cet|quest[oa]|"
    rf"el contenido|la informaci[óo]n)\b.{{0,60}}\b{_MAIL}\b|de (?:conformidad|acuerdo) con|le informamos)",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"[\s*_-]*(?:(?:aviso|advertencia|nota) (?:legal|de confidencialidad)|disclaimer\b|cl[áa]usula (?:de|legal)|"
    r"av[íi]s legal|confidentiality notice|legal notice)",
    re.IGNORECASE,
)
_RULE = re.compile(r"[\s_*=-]*")


def disclaimer_start(lines: Sequence[str]) -> int:
    """The first line of it, the line drawn above included; the number of lines when there is none.

    It is one only where all down to the end is: below it nobody writes.
    """
    start, found = len(lines), len(lines)
    for index in range(len(lines) - 1, max(-1, len(lines) - 1 - _MOST_LINES), -1):
        if index and not _RULE.fullmatch(lines[index - 1][:200]):
            continue
        paragraph = _paragraph(lines, index)
        if not paragraph:
            found = index if found == index + 1 else found
        elif not LEGAL.search(paragraph):
            break
        elif _opens(paragraph):
            start = found = index
    return found if start < len(lines) else len(lines)


def is_disclaimer(text: str) -> bool:
    """Whether it is all that this text says."""
    lines = text.strip().split("\n")
    return disclaimer_start(lines) == 0


def _opens(paragraph: str) -> bool:
    """A person may begin so as well, and name a recipient: it takes two words of the law, or its heading."""
    if _HEADING.match(paragraph):
        return True
    return bool(_OPENING.match(paragraph)) and len({word.lower() for word in LEGAL.findall(paragraph)}) > 1


def _paragraph(lines: Sequence[str], index: int) -> str:
    words: list[str] = []
    for line in lines[index : index + _MOST_LINES]:
        if _RULE.fullmatch(line[:200]):
            break
        words.append(line.strip())
    return " ".join(words)[:_LONGEST]
