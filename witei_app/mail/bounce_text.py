"""Delivery reports that follow no standard: known by who wrote them and what they say."""

import re
from collections.abc import Iterator
from email.message import Message

from witei_app.mail.bounce_cause import cause_in
from witei_app.mail.charsets import decode_text
from witei_app.mail.headers import addresses, first_value, parameter
from witei_app.mail.structure import content
from witei_app.mail.types import Address

_DAEMON = re.compile(
    r"mailer.?daemon|post.?master|mail.?daemon|mailer|mail.?delivery|mail.?administrator|system.?admin|mail.?system|"
    r"bounce|daemon|(internet )?mail delivery|mdaemon|mmdf|exchange|delivery.?(status|sub)|anti.?virus.*(smtp|mail)",
    re.IGNORECASE,
)
# "Home Exchange Madrid" is people; a server is called "Microsoft Exchange", or just so.
_PEOPLES_EXCHANGE = re.compile(
    r"(?<!microsoft )(?<!^)\bexchange\b(?! server)|^exchange (?!server)[a-z]+", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"undeliver|undelivered|delivery (status )?(notification|failure|failed|error|problem|report|has failed|delay)|"
    r"returned (mail|to sender|message)|mail (delivery|system|could not|not delivered|error)|failure notice|"
    r"failure (delivery|message)|failed( mail)? delivery|failed mail|mail failed|processing error|"
    r"(mail|message|e-?mail) (delivery )?(fail|bounce|return|reject)|"
    r"could not (be delivered|send)|not (been )?delivered|non.?delivery|nondeliverable|permanent (fail|error)|"
    r"(message|mail) delayed|delivery unsuccessful|unable to deliver|warning: (could not|message)|user unknown|"
    r"no se (pudo|ha podido) entregar|送信でき|配信|メールエラー|退信|投递|投遞|传输失败|傳送失敗|"
    r"не ?доставлен|no entrega|no se puede entregar|correo devuelto|mensaje devuelto|error (de|en la) entrega|"
    r"no s'ha pogut lliurar|aviso de (fallo|error)|mensaje no (enviado|entregable)|fallo (de|en la) entrega|"
    r"(message|mail|e-?mail) you sent.{0,20}(blocked|rejected|refused)|"
    r"non remis|[ée]chec de (la )?(remise|distribution)|non distribu|unzustellbar|nicht zustellbar|"
    r"zustellung fehlgeschlagen|konnte nicht zugestellt|mancat[ao] (recapito|consegna)|impossibile recapitare|"
    r"non recapitabile|falha na entrega|n[ãa]o (entregue|(foi|[ée]) poss[íi]vel entregar)|onbestelbaar|no entregado|"
    r"no es pot lliurar|kan (inte|ikke) leveres|olevererbar|ikke leveret|ei voida toimittaa|nie można dostarczyć|"
    r"niedostarczon|nedoručiteln|kézbesít(etlen|hetetlen)|не удалось доставить|teslim edilemedi|配送不能|"
    r"未传递|无法送达|배달되지|entrega (retrasada|demorada|atrasada)|zustellung.{0,20} verz[öo]ger|"
    r"(remise|distribution) (retard|diff[ée]r)|consegna ritardata|notificaci[óo]n (de(l)? estado )?de (la )?entrega|"
    r"missatge (no lliurat|retornat)|correu (no lliurat|retornat)",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"undeliver|deliver(y|ed)?.{0,40}(fail|error|problem|unsuccessful|rejected|impossible|permanently)|"
    r"(fail|error|unable|not able|impossible|problem).{0,40}deliver|"
    r"(could|can|was|were|has|did|has been|is)( ?not|n't).{0,30}(deliver|reach|be sent|send|accept)|"
    r"cannot be delivered|"
    r"(returned|undelivered) (to|unopened|mail|your|because)|(did|does) not reach|permanent (fatal )?(error|fail)|"
    r"(user|recipient|host|mailbox|address) unknown|"
    r"no such (user|recipient|address|mailbox)|(quota|mailbox).{0,20}(exceeded|full)|rejected (by|your|the)|"
    r"awaiting delivery|no s'ha .{0,20}lliura|"
    r"transcript of session|mail.?box (is )?(unavailable|disabled)|will (keep|continue|be retried|retry)|"
    r"no (se )?(pudo|ha podido|he podido|hemos podido|puede|fue posible|ha sido posible).{0,30}entreg|"
    r"(no se ha|fall[óo] la|aplazado la) entreg|se ha retrasado|problema temporal al entregar|falha na entrega|"
    r"verz[öo]gert|has not been delivered|was blocked by|no ha (podido|pogut)|"
    r"n'a (pas )?pu [êe]tre|non remis|[ée]chec|nicht.{0,30}(zugestellt|zustell)|unzustellbar|"
    r"(non|impossibile).{0,40}(consegn|recapit)|n[ãa]o.{0,30}entreg|kon niet|配信|送信できま|投递|退信|"
    r"无法|無法|доставлен",
    re.IGNORECASE | re.DOTALL,
)
_STILL_TRYING = re.compile(
    r"will (keep|continue|be retr|retry|try|automatically)|not (yet )?been delivered (yet|to)|delivery (is |has been )?"
    r"delay|delayed|warning message only|do not need to (resend|re-send)|no need to resend|still (trying|being)|"
    r"seguir[áa] intent|lo seguir[áa]|se est[áa] reintentando|wird weiter|verz[öo]ger|retard[ée]|\(delay\)|"
    r"entrega (retrasada|demorada|atrasada)|retrasado:|diff[ée]r[ée]e?:|consegna ritardata|vertraagd|opóźni|задержан|"
    r"delivery attempts will continue|awaiting delivery",
    re.IGNORECASE,
)
_GAVE_UP = re.compile(r"permanent|giving up|gave up|given up|failed permanently|undeliverable|final attempt", re.I)
# What stands between a machine's words and the mail it returns.
_RETURNED = re.compile(
    r"^[ \t]*(-{2,}.{0,20}(below this line|this is a copy|returned|original|undelivered|the (header|body)|"
    r"start of|message).{0,80}|\|-{5,}.{0,40}message text.*|original message (follows|as received)\b.{0,40}|"
    r"(original message|old message):(?=\n+[ \t]*from:)|(old|original) message:$|"
    r"-+ ?(original|returned|unsent|undelivered|forwarded) .{0,30}-+|"
    r"(return-path|received|message-id): .*)$",
    re.IGNORECASE | re.MULTILINE,
)
# Above what a person passes on, their program draws a line like those of machines.
_DRAWN_BY_PEOPLE = re.compile(r"(?im)^[ \t]*-+ ?(?:original|forwarded) .{0,30}-+$")
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
# A rent, or the size of a house, is none.
_SMTP_CODE = re.compile(r"(?<![\d.:/-])([45][0-7]\d)(?=[ \-#:)])(?! ?(?:€|eur|m2|m²|metros|pesetas))", re.IGNORECASE)
_EMAIL = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
ADDRESS = re.compile(_EMAIL)
_UNDELIVERED = re.compile(r"(?:\bnot?\b|n't).{0,30}(?:deliver|entreg)", re.IGNORECASE)
# What a courier could not deliver.
_PARCEL = re.compile(
    r"\b(paquetes?|env[íi]o(?! (de|del) (\w+ )?(mensaje|correo|e-?mail|mail))|pedidos?|burofax|parcels?|packages?|"
    r"shipments?|your order|pakete?|sendung(en)?|colis|pacc(o|hi)|spedizione|encomendas?|pakket(je)?|paquets?)\b",
    re.IGNORECASE,
)
_REPLY = re.compile(r"\s*(re|fwd?|rv|wg|tr|aw|sv|enc)\s*:", re.IGNORECASE)
# Where the address that failed stands, the surest place first.
_PLACES = tuple(re.compile(f"(?im){pattern}".replace("ADDRESS", f"(?P<address>{_EMAIL})")) for pattern in (
    r"(?:final|original)-recipient:\s*(?:rfc822;)?\s*<?ADDRESS",
    r"dda:smtp=ADDRESS",  # X.400
    r"(?:unknown user|userid|recipient address|recipient\(s\)|rcpt to|addressed to(?: email address)?|delivered to|"
    r"deliver(?:ing)? your mail to|message to|recipients?)[ \t]*:?\s*(?:--)?\s*[<'\"(]?ADDRESS",
    r"^[ \t>*|-]*<ADDRESS>",
    r"^[ \t>*|'\"-]*ADDRESS['\"]?(?=\s*(?:$|:|\.\.\.|on |\())",
    r"(?<!from:)(?<!from: )<ADDRESS>",
    r"(?<![<\w])(?<!mail from )ADDRESS",
))  # fmt: skip


def looks_like_bounce(
    message: Message, has_copy: bool, text: str, subject: str, sender: Address, envelope_from: str | None
) -> bool:
    """Whether a mail without a readable report speaks of one that came back. `has_copy`: it returns that mail."""
    if first_value(message, "X-Failed-Recipients"):
        return True
    from_machine = _is_from_machine(sender)
    is_report = parameter(message, "report-type", "Content-Type").lower() == "delivery-status"
    is_unanswerable = envelope_from in ("", "<>") or first_value(message, "Return-Path") == "<>"
    says_so = bool(_SUBJECT.search(subject))
    if not (from_machine or is_report or is_unanswerable or says_so):
        return False  # most mail; the rest would search all of its text
    words = machine_words(text)
    if _REPLY.match(subject) and not (from_machine and _SMTP_CODE.search(words) and ">" not in words):
        return False
    body_says = bool(_BODY.search(words)) or (from_machine and says_so and bool(cause_in(words)))
    evidence = bool(STATUS.search(words) or _SMTP_CODE.search(words))
    returned = has_copy or bool(_RETURNED.search(text))
    if is_report and (says_so or body_says):
        return True
    if from_machine:
        # A person may be called "System administrator", and have a mailbox that is full: they name no address.
        says_whose = body_says and (_is_of_machine(sender) or bool(ADDRESS.search(words)))
        return (says_so and (says_whose or evidence or returned)) or (body_says and (evidence or returned))
    returned = has_copy or bool(_RETURNED.search(_DRAWN_BY_PEOPLE.sub("", text[:50_000])))
    if not returned and _PARCEL.search(f"{subject}\n{words}"):
        return False
    if is_unanswerable:  # absence notes are, too
        if body_says and evidence and returned:
            return True
        return (says_so and (evidence or returned)) or (has_copy and bool(_UNDELIVERED.search(words)))
    return says_so and body_says and returned


def still_trying(subject: str, words: str) -> bool:
    """Whether the server that wrote this has not given up."""
    return bool(_STILL_TRYING.search(f"{subject}\n{words}")) and not _GAVE_UP.search(words)


def machine_words(text: str) -> str:
    """What the machine wrote itself, without the mail it returns."""
    text = text[:50_000]
    found = _RETURNED.search(text)
    return text[: found.start()] if found and ADDRESS.search(text[: found.start()]) else text[:4000]


def status_in(words: str) -> str:
    """The enhanced status code (RFC 3463) in these words, or what is known of it from a plain SMTP code."""
    status, code = STATUS.search(words), _SMTP_CODE.search(words)
    return status[1] if status else f"{code[1][0]}.0.0" if code else ""


def evidence_in(text: str) -> str:
    """The line in which the server gave its reason, else the first lines."""
    lines = machine_words(text).split("\n")
    for says in (STATUS.search, _SMTP_CODE.search, cause_in):
        for number, line in enumerate(lines):
            if says(line):
                more = lines[number + 1 : number + 2] if line.rstrip().endswith(":") else []
                return " ".join(part.strip(" >\t") for part in (line, *more))
    return " ".join(" ".join(lines).split()[:40])


def recipient_in(message: Message, text: str, returned: Message | None) -> str:
    """The address that the mail did not reach, "" when none is named."""
    own = {address.email.lower() for name in ("To", "From") for address in addresses(message, name)}
    for named in _named(machine_words(text)):
        if named.lower() not in own:
            return named
    copy = decode_text(content(returned)[:100_000]).replace("\r", "\n") if returned is not None else text
    to = re.search(r"^[> \t]*to:[ \t]*(.{1,500})", copy, re.IGNORECASE | re.MULTILINE)
    found = ADDRESS.search(to[1]) if to else None
    return found[0] if found else ""


def _named(words: str) -> Iterator[str]:
    for place in _PLACES:
        for found in place.finditer(words):
            address = found["address"].strip("'").rstrip(".")
            if not re.match(r"postmaster@|mailer-daemon@", address, re.IGNORECASE):
                yield address


def _is_from_machine(sender: Address) -> bool:
    name = _PEOPLES_EXCHANGE.sub("", sender.name)
    return not (sender.email or sender.name) or _is_of_machine(sender) or bool(_DAEMON.search(name))


def _is_of_machine(sender: Address) -> bool:
    """Whether the address is, not only the name beside it."""
    return bool(_DAEMON.search(sender.email.partition("@")[0]))
