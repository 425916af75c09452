"""Whether a mail was written by a machine, and how one can tell (RFC 3834)."""

import re
from email.message import Message

from witei_app.mail.headers import first_value
from witei_app.mail.structure import content_type

_MARKS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Response-Suppress",
    "X-Amazon-Mail-Relay-Type",
    "X-Mail-Autoreply",
    "X-POST-MessageClass",
    "X-Out-Of-Office",
)
_LIST_FIELDS = ("List-Id", "List-Unsubscribe", "List-Post", "List-Help", "List-Subscribe", "Mailing-List", "X-Loop")
_MACHINES = re.compile(
    r"(mailer-?daemon|postmaster|no-?reply|do-?not-?reply|no-?responder|no-?contest\w+|ne-?pas-?repondre|noresponse|"
    r"auto-?(reply|responder|response)|bounces?|daemon|listserv|majordomo)([+._-].*)?",
    re.IGNORECASE,
)
# The openings of subjects that mail programs give to absence notes, in the languages that contacts write in.
_ABSENT = re.compile(
    r"\s*(\[[^\]]*\]\s*)?("
    r"auto(matic)?[ -]?(reply|response|responder|answer)\b|auto:|out[ -]of[ -](the[ -])?office\b|ooo\b|on vacation\b|"
    r"vacation (reply|response|notice)|away from (my|the) (mail|office|desk)|"
    r"respuesta autom[aá]tica|contestaci[oó]n autom[aá]tica|autorespuesta|fuera de (la )?oficina|ausente de la oficina|"
    r"ausencia (de|en) la oficina|de vacaciones\b|"
    r"resposta autom[aà]tica|fora de l'oficina|"
    r"r[eé]ponse automatique|absen(ce|t) du bureau|message d'absence|notification d'absence|"
    r"automatische (antwort|r[uü]ckmeldung)|abwesenheits(notiz|nachricht|meldung)|abwesend\b|nicht im (b[uü]ro|haus)|"
    r"risposta automatica|fuori (sede|ufficio)|assente dall'ufficio|"
    r"resposta autom[aá]tica|fora do escrit[oó]rio|aus[eê]ncia tempor[aá]ria"
    r")",
    re.IGNORECASE,
)


def automatic_reason(message: Message, subject: str, sender: str, envelope_from: str | None) -> str:
    """Why this mail must not be answered by a machine, "" when a person wrote it."""
    submitted = first_value(message, "Auto-Submitted").partition(";")[0].strip().lower()
    precedence = first_value(message, "Precedence").strip().lower()
    if submitted and submitted != "no":
        return f"Auto-Submitted: {submitted}"
    if content_type(message) == "multipart/report":
        return "a delivery or reading report"
    if envelope_from in ("", "<>") or (envelope_from is None and first_value(message, "Return-Path") == "<>"):
        return "null sender"
    if precedence in ("bulk", "junk", "list", "auto_reply", "auto-reply"):
        return f"Precedence: {precedence}"
    there = {name.lower() for name in message}  # most mails have none of these: looking for each takes longer
    for name in (*_MARKS, *_LIST_FIELDS):
        if name.lower() in there and first_value(message, name):
            return name
    if _MACHINES.fullmatch(sender.partition("@")[0]):
        return "the sender's address is a machine's"
    return "an absence note" if _ABSENT.match(subject) else ""
