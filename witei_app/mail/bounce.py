"""Delivery reports: what became of a mail of ours, from RFC 3464 reports and from those that follow no standard."""

import re
from email.message import Message
from email.utils import parseaddr

from witei_app.mail.charsets import decode_text
from witei_app.mail.headers import decode_words, first_value, message_ids, parameter
from witei_app.mail.structure import content, content_type
from witei_app.mail.types import BounceReason, ReportKind

# Cause: what an agent reads, in English and Spanish.
_WORDS = {
    "unknown_address": ("This address does not exist.", "Esta dirección no existe."),
    "unknown_domain": ("The part after the @ does not exist or takes no mail.",
                       "Lo que va después de la @ no existe o no recibe correo."),
    "mailbox_full": ("The mailbox is full.", "El buzón está lleno."),
    "mailbox_disabled": ("This mailbox is closed.", "Este buzón está cerrado."),
    "too_large": ("The message is too large for the recipient's server.",
                  "El mensaje es demasiado grande para el servidor del destinatario."),
    "refused": ("The recipient's server refused the message, perhaps as spam.",
                "El servidor del destinatario rechazó el mensaje, quizá como spam."),
    "unauthenticated": ("The recipient's server could not verify that the message is ours (SPF, DKIM or DMARC).",
                        "El servidor del destinatario no pudo comprobar que el mensaje es nuestro "
                        "(SPF, DKIM o DMARC)."),
    "expired": ("The recipient's server could not be reached for too long.",
                "No se pudo conectar con el servidor del destinatario durante demasiado tiempo."),
    "loop": ("The message went round in circles.", "El mensaje daba vueltas en círculo."),
    "content": ("The recipient's server could not accept the form of the message.",
                "El servidor del destinatario no pudo aceptar el formato del mensaje."),
    "delayed": ("Not delivered yet; the sending server keeps trying.",
                "Todavía no se ha entregado; el servidor sigue intentándolo."),
    "complaint": ("The recipient marked the message as spam.", "El destinatario marcó el mensaje como spam."),
    "unknown": ("The message could not be delivered.", "No se pudo entregar el mensaje."),
}  # fmt: skip

# By enhanced status code (RFC 3463), without its class.
_BY_STATUS = {
    "1.1": "unknown_address", "1.2": "unknown_domain", "1.3": "unknown_address", "1.6": "unknown_address",
    "1.10": "unknown_domain", "2.1": "mailbox_disabled", "2.2": "mailbox_full", "2.3": "too_large",
    "3.1": "mailbox_full", "3.4": "too_large", "4.1": "expired", "4.2": "expired", "4.4": "expired",
    "4.6": "loop", "4.7": "expired", "5.0": "unknown", "6.0": "content", "6.1": "content", "7.0": "refused",
    "7.1": "refused", "7.23": "unauthenticated", "7.24": "unauthenticated", "7.25": "refused",
    "7.26": "unauthenticated", "7.27": "refused",
}  # fmt: skip
# By what servers write; the first that is found decides, before the status code, which many servers give wrongly.
_BY_TEXT = (
    ("unauthenticated", r"\b(dmarc|spf|dkim)\b.{0,60}(fail|reject|not pass|did not|policy)|unauthenticated"),
    ("mailbox_full", r"(mailbox|inbox|quota|storage|disk).{0,40}(full|exceed|over|limit)|over ?quota|out of storage"),
    ("too_large", r"(message|mail|size).{0,30}(too (large|big)|exceeds? .{0,20}(size|limit))"),
    ("unknown_domain", r"(domain|host).{0,20}(not found|unknown|does(n't| not) exist)|illegal host|nxdomain|"
                       r"no mx|nullmx|name service error"),
    ("mailbox_disabled", r"(account|mailbox|user|recipient).{0,30}(disabled|inactive|suspended|deactivated|expired)"),
    ("unknown_address", r"(user|mailbox|recipient|address|account|alias|person|addressee)\W.{0,30}"
                        r"(unknown|not found|does(n't| not) exist|invalid|unavailable|not listed|no existe)|"
                        r"(unknown|no such|invalid|bad|inexistent|unrouteable|nonexistent|illegal) .{0,15}"
                        r"(user|mailbox|recipient|address|local|alias|person)|doesn't have an? .{0,40}account|"
                        r"no mailbox here|not a valid|no valid recipient|not recogni[sz]ed|resolver\.adr"),
    ("refused", r"spam|blocked|black ?list|block ?list|reputation|policy|denied|rejected|refused|prohibited|banned|"
                r"not permitted|not allowed|forbidden"),
    ("expired", r"timed? ?out|time-?out|expired|retry|too long|no route|connection refused|unreachable"),
    ("loop", r"\bloop|too many hops"),
)  # fmt: skip

_DAEMON = re.compile(
    r"mailer.?daemon|post.?master|mail.?daemon|mailer|mail.?delivery|mail.?administrator|system.?admin|mail.?system|"
    r"bounce|daemon|(internet )?mail delivery|mdaemon|mmdf|exchange|delivery.?(status|sub)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|undelivered|delivery (status )?(notification|failure|failed|error|problem|report|has failed|delay)|"
    r"returned (mail|to sender|message)|mail (delivery|system|could not|not delivered|error)|failure notice|"
    r"failure (delivery|message)|failed( mail)? delivery|"
    r"(mail|message|e-?mail) (delivery )?(fail|bounce|return|reject)|"
    r"could not (be delivered|send)|not (been )?delivered|non.?delivery|nondeliverable|permanent (fail|error)|"
    r"delivery unsuccessful|unable to deliver|warning: (could not|message)|user unknown|"
    r"no se (pudo|ha podido) entregar|"
    r"no entrega|no se puede entregar|correo devuelto|mensaje devuelto|error (de|en la) entrega|no s'ha pogut lliurar|"
    r"non remis|[ée]chec de (la )?(remise|distribution)|non distribu|unzustellbar|nicht zustellbar|"
    r"zustellung fehlgeschlagen|konnte nicht zugestellt|mancat[ao] (recapito|consegna)|impossibile recapitare|"
    r"non recapitabile|falha na entrega|n[ãa]o (entregue|foi poss[íi]vel entregar)|onbestelbaar",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"undeliver|deliver(y|ed)?.{0,40}(fail|error|problem|unsuccessful|rejected|impossible|permanently)|"
    r"(fail|error|unable|not able|impossible|problem).{0,40}deliver|"
    r"(could|can|was|were|has|did|has been|is)( ?not|n't).{0,30}(deliver|reach|be sent|send|accept)|"
    r"cannot be delivered|"
    r"returned (to|unopened|mail|your)|permanent (fatal )?(error|fail)|(user|recipient|host|mailbox|address) unknown|"
    r"no such (user|recipient|address|mailbox)|(quota|mailbox).{0,20}(exceeded|full)|rejected (by|your|the)|"
    r"transcript of session|mail.?box (is )?(unavailable|disabled)|will (keep|continue|be retried|retry)|"
    r"no (se )?(pudo|ha podido|puede|fue posible|ha sido posible).{0,30}entreg|no ha (podido|pogut)|"
    r"n'a (pas )?pu [êe]tre|non remis|[ée]chec|nicht.{0,30}(zugestellt|zustell)|unzustellbar|"
    r"(non|impossibile).{0,40}(consegn|recapit)|n[ãa]o.{0,30}entreg|kon niet|配信|送信できま|投递|退信|доставлен",
    re.IGNORECASE | re.DOTALL,
)
_STILL_TRYING = re.compile(
    r"will (keep|continue|be retr|retry|try|automatically)|not (yet )?been delivered (yet|to)|delivery (is |has been )?"
    r"delay|delayed|warning message only|do not need to (resend|re-send)|no need to resend|still (trying|being)|"
    r"seguir[áa] intent|se est[áa] reintentando|wird weiter|verz[öo]gert|retard[ée]|\(delay\)",
    re.IGNORECASE,
)
_GAVE_UP = re.compile(r"permanent|giving up|gave up|given up|failed permanently|undeliverable|final attempt", re.I)
# What stands between a machine's words and the mail it returns.
_RETURNED = re.compile(
    r"^[ \t]*(-{2,}.{0,20}(below this line|this is a copy|returned|original|undelivered|the (header|body)|"
    r"start of|message).{0,80}|-+ ?(original|returned|unsent|undelivered|forwarded) .{0,30}-+|"
    r"(return-path|received|message-id): .*)$",
    re.IGNORECASE | re.MULTILINE,
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_SMTP_CODE = re.compile(r"(?<![\d.:/-])([45][0-7]\d)(?=[ \-#:)])")
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_REPORT_FIELDS = "message/delivery-status", "message/global-delivery-status"


def read_bounce(
    message: Message, parts: list[Message], text: str, subject: str, sender: str, envelope_from: str | None
) -> BounceReason | None:
    """What the mail reports about a mail of ours; None for everything else, also for reports of success."""
    by_type = {content_type(part): part for part in reversed(parts)}
    original = _original_id(by_type, text)
    if "message/feedback-report" in by_type:
        return _complaint(by_type["message/feedback-report"], original)
    for media in _REPORT_FIELDS:
        if media in by_type:
            return _standard(_blocks(by_type[media]), text, original)
    if parameter(message, "report-type", "Content-Type").lower() == "disposition-notification":
        return None
    if _looks_like_bounce(message, by_type, text, subject, sender, envelope_from):
        return _from_text(message, text, subject, original, by_type)
    return None


def explain(cause: str, language: str = "en") -> str:
    """The cause of a bounce in plain words, in English or Spanish."""
    english, spanish = _WORDS.get(cause, _WORDS["unknown"])
    return spanish if language == "es" else english


def _standard(blocks: list[dict[str, str]], text: str, original: str) -> BounceReason | None:
    recipients = [block for block in blocks if {"action", "status", "final-recipient"} & block.keys()]
    ranked = sorted(recipients, key=lambda block: _RANK.get(_action(block), 3))
    if not ranked:
        return None
    block = ranked[0]
    action = _action(block)
    if action in ("delivered", "relayed", "expanded"):
        return None
    found = _STATUS.search(block.get("status", ""))
    diagnostic = re.sub(r"^[\w-]+\s*;\s*", "", block.get("diagnostic-code", ""))
    recipient = block.get("original-recipient") or block.get("final-recipient", "")
    status = found[1] if found else ""
    if status.endswith(".0.0") or not status:  # the server's own words often know better
        better = _STATUS.search(diagnostic)
        status = better[1] if better else status
    kind: ReportKind = "delayed" if action == "delayed" else "failed"
    return _reason(kind, status, diagnostic or _evidence(text), _plain_address(recipient), original)


_RANK = {"failed": 0, "delayed": 1, "": 2}


def _action(block: dict[str, str]) -> str:
    action = re.match(r"[a-z]*", block.get("action", "").strip().lower())
    word = action[0] if action else ""
    if word in ("failed", "delayed", "delivered", "relayed", "expanded"):
        return word
    if word in ("failure", "fail", "error"):
        return "failed"
    return {"2": "delivered", "4": "delayed", "5": "failed"}.get(block.get("status", "")[:1], "failed")


def _complaint(part: Message, original: str) -> BounceReason | None:
    fields: dict[str, str] = {}
    for block in _blocks(part):
        fields |= block
    if fields.get("feedback-type", "").lower() not in ("abuse", "fraud", "virus", "other", "opt-out", ""):
        return None
    recipient = _plain_address(fields.get("original-rcpt-to", "") or fields.get("removal-recipient", ""))
    return BounceReason("complaint", True, "", fields.get("feedback-type", ""), recipient, original, "complaint",
                        explain("complaint"))  # fmt: skip


def _looks_like_bounce(
    message: Message, by_type: dict[str, Message], text: str, subject: str, sender: str, envelope_from: str | None
) -> bool:
    if first_value(message, "X-Failed-Recipients"):
        return True
    if re.match(r"\s*(re|fwd?|rv|wg|tr|aw|sv|enc)\s*:", subject, re.IGNORECASE):
        return False
    says_so = bool(_SUBJECT.search(subject))
    is_machine = _is_from_machine(message, sender)
    if not (says_so or is_machine):
        return False
    words = _words(text)
    body_says = bool(_BODY.search(words))
    evidence = bool(_STATUS.search(words) or _SMTP_CODE.search(words))
    returned = "message/rfc822" in by_type or "text/rfc822-headers" in by_type or bool(_RETURNED.search(text))
    if is_machine:
        return (says_so and (body_says or evidence or returned)) or (body_says and (evidence or returned))
    if envelope_from in ("", "<>") or first_value(message, "Return-Path") == "<>":  # absence notes have it too
        return says_so and (evidence or returned)
    return says_so and body_says and returned


def _is_from_machine(message: Message, sender: str) -> bool:
    name = parseaddr(first_value(message, "From"))[0]
    return not sender or bool(_DAEMON.search(sender.partition("@")[0]) or _DAEMON.search(name))


def _from_text(message: Message, text: str, subject: str, original: str, by_type: dict[str, Message]) -> BounceReason:
    words = _words(text)
    status, code = _STATUS.search(words), _SMTP_CODE.search(words)
    value = status[1] if status else f"{code[1][0]}.0.0" if code else ""
    trying = bool(_STILL_TRYING.search(f"{subject}\n{words}")) and not _GAVE_UP.search(words)
    recipient = first_value(message, "X-Failed-Recipients").partition(",")[0].strip() or _recipient(words, by_type)
    return _reason("delayed" if trying else "failed", value, _evidence(text), recipient, original)


def _reason(kind: ReportKind, status: str, diagnostic: str, recipient: str, original: str) -> BounceReason:
    diagnostic = re.sub(r"\s+", " ", diagnostic).strip()[:500]
    cause = "delayed" if kind == "delayed" else _cause(status, diagnostic)
    permanent = kind == "failed" and not status.startswith("4") and cause not in ("mailbox_full", "expired", "refused")
    return BounceReason(kind, permanent, status, diagnostic, recipient, original, cause, explain(cause))


def _cause(status: str, diagnostic: str) -> str:
    exact = _BY_STATUS.get(status[2:], "")
    if exact in ("unknown_address", "mailbox_full", "unauthenticated"):
        return exact
    for cause, pattern in _BY_TEXT:
        if re.search(pattern, diagnostic, re.IGNORECASE):
            return cause
    return exact or "unknown"


def _blocks(part: Message) -> list[dict[str, str]]:
    """The groups of fields of a report (RFC 3464, 2.1), names in lower case, values unfolded and decoded."""
    text = decode_text(content(part)).replace("\r\n", "\n").replace("\r", "\n")
    blocks = []
    for group in re.split(r"\n[ \t]*\n", text.strip()):
        lines = re.sub(r"\n[ \t]+", " ", group).split("\n")
        pairs = (line.partition(":") for line in lines)
        blocks.append({name.strip().lower(): decode_words(value.strip()) for name, colon, value in pairs if colon})
    return blocks


def _original_id(by_type: dict[str, Message], text: str) -> str:
    """The Message-ID of the mail that the report is about, from the copy of it."""
    for media in ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"):
        if media in by_type:
            found = _MESSAGE_ID.search(decode_text(content(by_type[media])[:200_000]).replace("\r\n", "\n"))
            if found:
                return next(iter(message_ids(found[1])), "")
    matches = _MESSAGE_ID.findall(text)
    return next(iter(message_ids(matches[0])), "") if matches else ""


_MESSAGE_ID = re.compile(r"^[> \t]*message-id:\s*(<[^<>]{1,990}>|\S+@\S+)", re.IGNORECASE | re.MULTILINE)


def _words(text: str) -> str:
    """What the machine wrote itself, without the mail it returns."""
    text = text[:50_000]
    found = _RETURNED.search(text)
    return text[: found.start()] if found and found.start() > 80 else text[:4000]


def _recipient(words: str, by_type: dict[str, Message]) -> str:
    for pattern in (r"final-recipient:\s*rfc822;\s*", r"<(?=[^<>]+@[^<>]+>:?)", r"^[ \t]*(?=\S+@\S+\s*$)", ""):
        for place in re.finditer(pattern, words, re.IGNORECASE | re.MULTILINE):
            found = _EMAIL.match(words, place.end()) if pattern else _EMAIL.search(words)
            if found and not re.match(r"postmaster@|mailer-daemon@", found[0], re.IGNORECASE):
                return found[0].rstrip(".")
            if not pattern:
                break
    if "message/rfc822" in by_type:
        to = re.search(rb"^to:[ \t]*(.{1,500})", content(by_type["message/rfc822"])[:100_000], re.I | re.M)
        found = _EMAIL.search(decode_text(to[1])) if to else None
        return found[0] if found else ""
    return ""


def _evidence(text: str) -> str:
    """The line in which the server gave its reason, else the first lines."""
    words = _words(text)
    for pattern in (_STATUS, _SMTP_CODE):
        for line in words.split("\n"):
            if pattern.search(line):
                return line.strip(" >\t")
    for line in words.split("\n"):
        if any(re.search(pattern, line, re.IGNORECASE) for _, pattern in _BY_TEXT):
            return line.strip(" >\t")
    return " ".join(words.split()[:40])


def _plain_address(value: str) -> str:
    found = _EMAIL.search(value.partition(";")[2] or value)
    return found[0] if found else value.partition(";")[2].strip(" <>")[:320]
