"""Why a mail came back: from status codes and servers' own words to one of a few causes in plain words."""

import re

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
CAUSES = tuple(_WORDS)

# By enhanced status code (RFC 3463), without its class.
_BY_STATUS = {
    "1.1": "unknown_address", "1.2": "unknown_domain", "1.3": "unknown_address", "1.6": "unknown_address",
    "1.10": "unknown_address", "2.1": "mailbox_disabled", "2.2": "mailbox_full", "2.3": "too_large",
    "3.1": "mailbox_full", "3.4": "too_large", "4.1": "expired", "4.2": "expired", "4.4": "expired",
    "4.6": "loop", "4.7": "expired", "5.0": "unknown", "6.0": "content", "6.1": "content", "7.0": "refused",
    "7.1": "refused", "7.23": "unauthenticated", "7.24": "unauthenticated", "7.25": "refused",
    "7.26": "unauthenticated", "7.27": "refused", "7.13": "mailbox_disabled", "1.7": "refused", "1.8": "refused",
}  # fmt: skip
# By what servers write; the first that is found decides, before the status code, which many servers give wrongly.
_BY_TEXT = tuple((cause, re.compile(pattern, re.IGNORECASE)) for cause, pattern in (
    ("unauthenticated", r"\b(dmarc|spf|dkim)\b.{0,60}(fail|reject|not pass|did not|policy)|"
                        r"(bad|fail\w*) (spf|dkim|dmarc)|unauthenticated e?mail"),
    ("mailbox_full", r"(mailbox|inbox|folder|quota|storage|disk|bo[iî]te).{0,40}(full|exceed|over|limit|plein)|"
                     r"over ?quota|out of storage|insufficient .{0,20}(space|storage)|messages in recipient's mailbox|"
                     r"(buz[oó]n|bandeja|b[úu]stia|caixa).{0,40}(llen[oa]|plena|chei[oa])|cuota.{0,30}(super|exced|llen)|"
                     r"casella.{0,30}piena|postfach.{0,20}voll|メールボックス.{0,12}(一杯|いっぱい)"),
    ("too_large", r"(message|mail|size).{0,30}too (large|big)|size limit|exceeds? .{0,20}(size|limit)"),
    ("unknown_address", r"recipient address rejected: access denied"),  # Exchange Online's way to say so
    # "Address rejected." and no more is how filters say that nobody has it.
    ("unknown_address", r"(?<!sender )\baddress rejected\.?\s*($|[<(\[])"),
    ("refused", r"deferred due to .{0,60}(volume|complaints)|permission to post|permisos .{0,20}publicar|"
                r"(domain|address) of sender|sender address|unrouta\w+ sender|\bptr\b|reverse dns|mail relay|"
                r"relay\w* (access )?(denied|not|prohibited)|low reputation|receiving mail at a rate"),
    ("mailbox_disabled", r"(account|mailbox|user|recipient|compte).{0,60}(disabled|inactive|suspended|deactivated|"
                         r"expired|\blocked|frozen|is blocked|bloqu|not active)|"
                         r"disabled (recipient|account|user|mailbox)"),
    ("unknown_domain", r"(domain|host).{0,20}(not found|unknown|does(n't| not) exist|not reachable)|illegal host|"
                       r"nxdomain|no mx|null ?mx|name service error|(no such|unknown|invalid) (domain|host)|"
                       r"dns lookup fail|no smtp service|couldn't find (any host|a mail exchanger)|no relevant answers|"
                       r"(host|domain) does not accept mail|not accept(ing)? (any )?mail"),
    ("unknown_address", r"(user|mailbox|recipient|address|account|alias|person|addressee)(\W.{0,50}|\W)"
                        r"(unknown|not found|does(n't| not) exist|not exist|invalid|unavailable|not listed|no existe|"
                        r"not recogni[sz]ed)|"
                        r"(unknown|no such|invalid|bad|inexistent|unrouteable|nonexistent|illegal) .{0,25}"
                        r"(user|mailbox|recipient|address|local|alias|person)|doesn't have an? .{0,40}account|"
                        r"no mailbox here|not a valid|no valid recipient|not recogni[sz]ed|resolver\.adr|"
                        r"(usuario|buz[oó]n|cuenta|direcci[oó]n|destinatario|utente|utilisateur|destinat[áa]rio).{0,40}"
                        r"(no existe|desconocid|inexistente|sconosciut|inconnu|desconhecid|n[ãa]o existe)|"
                        r"(no hay|no existe|no se (ha )?encuentra|no se ha encontrado).{0,20}"
                        r"(usuario|buz[oó]n|cuenta|direcci[oó]n|destinatario)|"
                        r"no s'ha trobat l'adre[çc]a|no existeix|no se encontr[óo] \S+ en [\w-]+\.|"
                        r"見つかりません|[\w-]\.[a-z]{2,} does not exist"),
    ("loop", r"\bloop|too many hops|hop count"),
    ("expired", r"timed? ?out|time-?out|message expired|multiple retries|not (reachable|responding|accept our request)|"
                r"no route|connection refused|unreachable|could not deliver for|attempts?:|failed \d+ attempts|"
                r"delivery time|host not|unable to contact|was aborted after|been failing for a long time"),
    ("refused", r"spam|blocked|black ?list|block ?list|reputation|policy|denied|rejected|refused|prohibited|banned|"
                r"not permitted|not allowed|forbidden|not accept|unwanted|too many|rate limit|virus|filtered|spamhaus|"
                r"unauthenticated"),
    ("content", r"header|8-?bit|malformed|syntax|protocol violation|line (limit|too long)|contenido"),
    ("expired", r"expired|retry|too long|temporar"),
))  # fmt: skip
# The server's own words say better than its status code that it is one of these.
_SURE = ("mailbox_full", "unauthenticated", "too_large", "unknown_domain")


def explain(cause: str, language: str = "en") -> str:
    """The cause of a bounce in plain words, in English or Spanish."""
    english, spanish = _WORDS.get(cause, _WORDS["unknown"])
    return spanish if language == "es" else english


def cause_of(status: str, diagnostic: str) -> str:
    """The cause behind an enhanced status code (RFC 3463) and what the server wrote, "unknown" when neither says."""
    # A road that does not exist will not (RFC 3463, 3.5): of what may come back the next days it says nothing.
    exact = "unknown_domain" if status == "5.4.4" else _BY_STATUS.get(status[2:], "")
    written = cause_in(diagnostic)
    if written in _SURE or exact not in ("unknown_address", "mailbox_full", "unauthenticated"):
        return written or exact or "unknown"
    return exact


def cause_in(words: str) -> str:
    """The cause that these words name, "" for none."""
    return next((cause for cause, pattern in _BY_TEXT if pattern.search(words)), "")
