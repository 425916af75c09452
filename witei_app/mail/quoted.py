"""What the person wrote, apart from the history and the signature below it. When in doubt, more is shown.

A library was tried first: mail-parser-reply takes lists ("- one") for signatures, which hides what a customer wrote,
and needs over a second for a crafted line of 5 KB. Everything here reads each line once.
"""

import re

from witei_app.mail.html_quotes import split_html

_WROTE = (
    r"wrote|escribi[óo]|va escriure|ha escrit|a [ée]crit|schrieb|ha scritto|scrisse|escreveu|schreef|skrev|"
    r"napisa[łl](?:\(a\)|a)?|пишет|написал\w*|пише|geschreven|kirjoitti|a scris|napsal|đã viết"
)
_DATED = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b(?:19|20)\d\d\b|\d{1,2}:\d\d)"
_OPENERS = r"(?:on|el|al|le|am|il|em|a|op|den|w|dia|in data|no dia|vào|pe|dne|del?)\b"
# "On Mon, 23 Nov 2026 at 10:31, Marco Torres <marco@example.com> wrote:" over one to three lines.
_ATTRIBUTION = re.compile(
    rf"(?:-*\s*{_OPENERS}.{{0,200}}{_DATED}.{{0,200}}\b(?:{_WROTE})\b.{{0,120}}:"
    rf"|.{{0,120}}{_DATED}.{{0,120}}(?:{_WROTE})\s*:"
    rf"|.{{0,120}}<[^<>@\s]{{1,64}}@[^<>\s]{{1,190}}>.{{0,60}}(?:{_WROTE})(?:[^.]{{0,60}}{_DATED}[^.]{{0,30}})?\s*:"
    rf"|.{{0,30}}{_DATED}.{{1,120}}<\s*[^<>@\s]{{1,64}}@[^<>\s]{{1,190}}\s*>\s*:"
    rf"|.{{2,80}}\b(?:{_WROTE})\b.{{0,60}}{_DATED}.{{0,40}}:)\s*",
    re.IGNORECASE,
)
_ATTRIBUTION_WITHIN = re.compile(
    rf"(?!.{{0,300}}<.{{0,100}}>.{{0,100}}\b(?:on|el|le|am|il)\b)(.{{1,300}}?\S)\s*-*\s"
    rf"((?:on|el|le|am|il|em|op)\s.{{0,100}}{_DATED}.{{0,200}}\b(?:{_WROTE})\s*:\s*)",
    re.IGNORECASE,
)
_LOOSE_ATTRIBUTION = re.compile(rf"[^.!?]{{2,80}}\b(?:{_WROTE})\s*:\s*", re.IGNORECASE)
_LAST_OF_ATTRIBUTION = re.compile(r":\s*$")
_SEPARATOR = re.compile(
    r"[\s*_]*-{2,}\s*(?:original message|original appointment|mensaje original|missatge original|message d'origine|"
    r"message original|urspr[üu]ngliche nachricht|original-?nachricht|messaggio originale|mensagem original|"
    r"oorspronkelijk bericht|reply message|replied message|mensaje respondido|antwort nachricht|"
    r"oprindelig (?:meddelelse|besked)|opprinnelig melding|ursprungligt meddelande|alkuperäinen viesti|"
    r"исходное сообщение|oryginalna wiadomość|wiadomość oryginalna|"
    rf"[^-].{{0,200}}\b(?:{_WROTE}))\s*:?\s*-{{2,}}[\s*_]*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"\s*(?:-{2,}\s*(?:forwarded message|mensaje reenviado|missatge reenviat|message transf[ée]r[ée]|"
    r"weitergeleitete nachricht|messaggio inoltrato|mensagem (?:re)?encaminhada)\b.*"
    r"|(?:begin forwarded message|inicio del mensaje reenviado|in[íi]cio da mensagem (?:re)?encaminhada|"
    r"d[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée])|anfang der weitergeleiteten (?:nachricht|e-?mail)|"
    r"inizio messaggio inoltrato|inici del missatge reenviat)\s*:?)\s*",
    re.IGNORECASE,
)
_FORWARD_SUBJECT = re.compile(r"\s*(?:fwd?|rv|wg|tr|i|enc|reenv|res?env\w*)\s*:", re.IGNORECASE)
_FROM = re.compile(
    r"[\s*_>]*(?:from|de|von|da|expéditeur|remitente|van|från|fra|od|от|lähettäjä)\s*:[\s*_]*\S", re.IGNORECASE
)
_OTHER_FIELD = re.compile(
    r"[\s*_>]*(?:sent|date|to|cc|subject|enviado(?: el)?|enviat(?: el)?|fecha|data|para|per a|asunto|assumpte|"
    r"envoy[ée](?: le)?|[àa]|objet|gesendet|datum|an|betreff|inviato|oggetto|assunto|enviada(?: em)?|reply-to|"
    r"skickat|till|ämne|sendt|til|emne|verzonden|aan|onderwerp|wysłano|data|do|dw|temat|отправлено|дата|кому|копия|тема|"
    r"lähetetty|vastaanottaja|aihe|importance|attachments)"
    r"\s*:",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*[_-]{10,}\s*")
_POINTS_BELOW = re.compile(
    r"\b(?:below|in-?line|in (?:red|blue|green|bold)|between the lines|abajo|debajo|m[áa]s abajo|en (?:rojo|azul|verde|"
    r"negrita)|entre l[íi]neas|a sota|en vermell|en blau|ci-dessous|en rouge|en bleu|unten|in (?:rot|blau)|sotto|"
    r"in rosso|abaixo|a vermelho|em vermelho)\b",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"[\s*_>(-]*(?:sent (?:from|with|via) (?:my |the )?\S|get outlook for|sent using|"
    r"enviado (?:desde|con|do|a partir do|via) \S|enviat (?:des|amb) \S|envoy[ée] (?:de(?:puis)?|[àa] partir) \S|"
    r"(?:diese nachricht wurde )?von meinem? .{1,60} gesendet|gesendet (?:von|mit) \S|inviato (?:da|dal|con) \S|"
    r"sendt fra \S|skickat från \S|lähetetty \S|verzonden (?:met|vanaf|via) \S|wysłan[eo] z \S|отправлено (?:с|из) \S|"
    r"(?:obtener|obt[ée]n|descargar|obtenir|t[ée]l[ée]charger|holen sie sich|scarica|obter) outlook|"
    r"outlook (?:para|pour|f[üu]r|per) (?:ios|android))[^.,!?<(\[]{0,80}"
    r"(?:, (?:please )?(?:excuse|pardon|forgive|perd[oó]n|disculp)[^.,!?]{0,40})?[.*_)]?\s*"
    r"(?:[<(\[]\s*https?:[^\s<>]{1,200}>?)?\s*",
    re.IGNORECASE,
)
_LONGEST = 400_000


def split_reply(text: str, html: str = "", subject: str = "") -> tuple[str, str]:
    """(what the person wrote, the remainder to fold). A forwarded mail and answers between quotes stay whole."""
    if _FORWARD_SUBJECT.match(subject) or len(text) > _LONGEST:
        return text.strip("\n"), ""
    lines = _attribution_apart(text.split("\n"))
    start = _history_start(lines)
    below = _after_first_quote(lines, start) if start is not None else 0
    if below:
        new, folded = _with_signature_folded(lines[below:], [])
        return new, "\n".join(lines[start:below]).strip("\n") + (f"\n\n{folded}" if folded else "")
    if start is not None and _is_all_history(lines, start):
        return _with_signature_folded(lines[:start], lines[start:])
    if start is None and html:
        from_html = split_html(html)
        if from_html and not _POINTS_BELOW.search(from_html[0]):
            return _with_signature_folded(from_html[0].split("\n"), from_html[1].split("\n"))
    return _with_signature_folded(lines, [])


def _with_signature_folded(lines: list[str], rest: list[str]) -> tuple[str, str]:
    start = _signature_start(lines)
    new, folded = lines[:start], lines[start:] + rest
    if not "".join(new).strip():  # never show an empty message
        new, folded = lines + rest, []
    return "\n".join(new).strip("\n").rstrip(), "\n".join(folded).strip("\n").rstrip()


def _attribution_apart(lines: list[str]) -> list[str]:
    """An attribution on the same line as the end of the answer, put on a line of its own above the quote."""
    marked = next((index for index, line in enumerate(lines) if line.startswith(">")), 0)
    found = _ATTRIBUTION_WITHIN.fullmatch(lines[marked - 1][:600]) if marked else None
    return [*lines[: marked - 1], found[1], found[2], *lines[marked:]] if found else lines


def _after_first_quote(lines: list[str], start: int) -> int:
    """The line at which the answer begins that stands below the one quote in the mail, 0 when it is not so."""
    end = _attribution_end(lines, start)
    if not end or any(line.strip() for line in lines[:start]):
        return 0
    marked = [index for index in range(end, len(lines)) if lines[index].startswith(">")]
    if not marked or any(line.strip() for line in lines[end : marked[0]]):
        return 0
    below = marked[-1] + 1
    is_one_quote = not any(line.strip() for line in lines[marked[0] : below] if not line.startswith(">"))
    return below if is_one_quote and "".join(lines[below:]).strip() and _history_start(lines[below:]) is None else 0


def _history_start(lines: list[str]) -> int | None:
    """The first line of the quoted history, None when there is none."""
    for index, line in enumerate(lines):
        if _FORWARDED.fullmatch(line[:200]):
            return None
        if line.startswith(">"):
            return _with_loose_attribution(lines, index)
        if line and (_SEPARATOR.fullmatch(line[:200]) or _is_field_block(lines, index)):
            return _with_rule(lines, index)
        if _attribution_end(lines, index):
            return index
    return None


def _with_loose_attribution(lines: list[str], index: int) -> int:
    """`index` of a quoted line, or that of "Ana wrote:" above it, which says neither when nor from where."""
    above = next((number for number in range(index - 1, max(index - 3, -1), -1) if lines[number].strip()), index)
    return above if _LOOSE_ATTRIBUTION.fullmatch(lines[above][:120]) else index


def _attribution_end(lines: list[str], index: int) -> int:
    """The line after an attribution that begins at `index`, 0 when none begins there."""
    line = lines[index].strip()
    if not line or len(line) > 400:
        return 0
    joined = ""
    for count, following in enumerate(lines[index : index + 3], 1):
        piece = following.strip()
        if not piece:
            return 0
        joined = f"{joined} {piece}".strip()
        if _LAST_OF_ATTRIBUTION.search(piece):
            if not _ATTRIBUTION.fullmatch(joined[:600]) or (count > 1 and _attribution_end(lines, index + 1)):
                return 0  # or the line before it would be taken for a part of it
            return index + count
    return 0


def _is_field_block(lines: list[str], index: int) -> bool:
    """Whether Outlook's "From: Sent: To: Subject:" begins here, in any of its languages."""
    if not _FROM.match(lines[index][:200]):
        return False
    following = [line for line in lines[index + 1 : index + 9] if line.strip()][:5]
    return sum(bool(_OTHER_FIELD.match(line[:60])) for line in following) >= 2


def _with_rule(lines: list[str], index: int) -> int:
    """`index`, or that of the line drawn above it."""
    for above in range(index - 1, max(index - 4, -1), -1):
        if _RULE.fullmatch(lines[above][:200]):
            return above
        if lines[above].strip():
            break
    return index


def _is_all_history(lines: list[str], start: int) -> bool:
    """Whether nothing that the person wrote can be in the lines from `start` on."""
    if _POINTS_BELOW.search("\n".join(lines[:start])):
        return False
    end = _attribution_end(lines, start)
    if not end and _LOOSE_ATTRIBUTION.fullmatch(lines[start][:120]):
        end = start + 1
    if not end and not lines[start].startswith(">"):
        return True  # Outlook's way: all that follows is the mail being answered
    last = start + _signature_start(lines[start:])
    body = lines[end or start : last]
    marked = [index for index, line in enumerate(body) if line.startswith(">")]
    if not marked:
        return bool(end)
    return not any(_is_own_line(body, index, marked[0]) for index in range(len(body)))


def _is_own_line(body: list[str], index: int, first_marked: int) -> bool:
    line = body[index]
    if not line.strip() or line.startswith(">") or _RULE.fullmatch(line[:200]):
        return False
    if any(_attribution_end(body, start) > index for start in range(max(0, index - 2), index + 1)):
        return False
    # Some programs wrap a quoted line and leave its end without a mark; one short word group is not an answer.
    is_wrapped = index > first_marked and index + 1 < len(body) and body[index + 1].startswith(">")
    return not (is_wrapped and body[index - 1].startswith(">") and len(body[index - 1]) > 60 and len(line) < 25)


def _is_signature(lines: list[str]) -> bool:
    """Whether these can be the lines of a signature: none is a sentence, or a program wrote them all."""
    return all(map(_says_nothing, lines)) or not any(
        re.search(r"[.,;:?!…]\s*$", line) and len(line.split()) > 4 for line in lines
    )


def _says_nothing(line: str) -> bool:
    """Whether nobody wrote this line: it is blank, an address of the web, or a program's."""
    return not line.strip() or bool(re.fullmatch(r"\s*<?https?:\S+", line[:300]) or _DEVICE.fullmatch(line[:200]))


def _signature_start(lines: list[str]) -> int:
    """Where the signature begins (RFC 3676, 4.3), or the line that a telephone adds; else the end."""
    for index in range(len(lines) - 1, -1, -1):
        after = sum(1 for line in lines[index + 1 :] if line.strip())
        if after > 15:
            break
        if any(line.startswith(">") for line in lines[index:]):
            break
        if lines[index] == "-- " or (
            lines[index] in ("--", "—") and 0 < after <= 8 and _is_signature(lines[index + 1 :])
        ):
            return index
        if _DEVICE.fullmatch(lines[index][:200]) and all(map(_says_nothing, lines[index + 1 :])):
            return index
    return len(lines)
