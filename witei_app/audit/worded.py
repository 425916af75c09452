"""An entry in the reader's language."""

from dataclasses import dataclass
from typing import Any

from witei_app.accounts.actor import Actor
from witei_app.models import AuditAction, AuditEntry, AuditTopic, Contact
from witei_app.texts import later, translate
from witei_app.texts.when import moment_label

TOPIC_NAMES = {
    AuditTopic.SIGN_IN: later("Signing in"),
    AuditTopic.PERMISSIONS: later("Team and permissions"),
    AuditTopic.SETTINGS: later("Settings"),
    AuditTopic.EXPORT: later("Exports and imports"),
    AuditTopic.DELETION: later("Deletions"),
}
SENTENCES = {
    AuditAction.SIGNED_IN: later("Signed in"),
    AuditAction.SIGN_IN_REFUSED: later("Sign-in refused: wrong password or code"),
    AuditAction.SIGNED_OUT_EVERYWHERE: later("Signed out everywhere"),
    AuditAction.SESSION_ENDED: later("Signed out another browser: {about}"),
    AuditAction.PASSWORD_CHANGED: later("Changed the password"),
    AuditAction.PASSWORD_REPLACED: later("Chose a new password by the link for a forgotten one"),
    AuditAction.EMAIL_CHANGED: later("Changed the e-mail address"),
    AuditAction.TWO_FACTOR_ON: later("Turned the authenticator app on"),
    AuditAction.TWO_FACTOR_OFF: later("Turned the authenticator app off"),
    AuditAction.RECOVERY_CODES_RENEWED: later("Made new recovery codes"),
    AuditAction.JOINED: later("Took up the invitation"),
    AuditAction.INVITED: later("Invited {about}"),
    AuditAction.INVITED_AGAIN: later("Invited {about} again"),
    AuditAction.INVITATION_WITHDRAWN: later("Withdrew the invitation of {about}"),
    AuditAction.ACCESS_CHANGED: later("Changed the permissions of {about}"),
    AuditAction.DEACTIVATED: later("Deactivated {about}"),
    AuditAction.REACTIVATED: later("Activated {about} again"),
    AuditAction.WORKSPACE_CHANGED: later("Changed the workspace"),
    AuditAction.WEB_CHAT_CHANGED: later("Changed the web chat {about}"),
    AuditAction.WEB_CHAT_REMOVED: later("Removed the web chat {about}"),
    AuditAction.WEB_CHAT_SECRET_SHOWN: later("Looked at the secret of the web chat {about}"),
    AuditAction.WEB_CHAT_SECRET_CHANGED: later("Made a new secret for the web chat {about}"),
    AuditAction.DOMAIN_ADDED: later("Added the sender domain {about}"),
    AuditAction.DOMAIN_REMOVED: later("Removed the sender domain {about}"),
    AuditAction.DOMAIN_KEYS_RENEWED: later("Made new keys for {about}"),
    AuditAction.SENDER_ADDED: later("Added the sender address {about}"),
    AuditAction.SENDER_REMOVED: later("Removed the sender address {about}"),
    AuditAction.SENDER_CHOSEN: later("Made {about} the default sender address"),
    AuditAction.SENDER_NAMED: later("Changed the name shown of {about}"),
    AuditAction.MAILBOX_ADDED: later("Added the mailbox {about}"),
    AuditAction.MAILBOX_CHANGED: later("Changed the mailbox {about}"),
    AuditAction.MAILBOX_REMOVED: later("Removed the mailbox {about}"),
    AuditAction.MAILBOX_BACKFILLED: later("Had older mails fetched from {about}"),
    AuditAction.TOKEN_CREATED: later("Made the API token {about}"),
    AuditAction.TOKEN_REVOKED: later("Revoked the API token {about}"),
    AuditAction.WEBHOOK_ADDED: later("Added the webhook {about}"),
    AuditAction.WEBHOOK_CHANGED: later("Changed the webhook {about}"),
    AuditAction.WEBHOOK_REMOVED: later("Removed the webhook {about}"),
    AuditAction.WEBHOOK_SECRET_RENEWED: later("Made a new secret for the webhook {about}"),
    AuditAction.REPORT_MAIL_CHOSEN: later("Chose how often {about} gets the report by e-mail"),
    AuditAction.TEMPLATE_ADDED: later("Added the template {about}"),
    AuditAction.TEMPLATE_CHANGED: later("Changed the template {about}"),
    AuditAction.TEMPLATE_DELETED: later("Deleted the template {about}"),
    AuditAction.TEMPLATES_IMPORTED: later("Imported templates: {about}"),
    AuditAction.TEMPLATES_EXPORTED: later("Exported the templates"),
    AuditAction.REPORT_EXPORTED: later("Exported the report: {about}"),
    AuditAction.AUDIT_EXPORTED: later("Exported the audit"),
    AuditAction.CONTACTS_EXPORTED: later("Exported contacts: {about}"),
    AuditAction.CONTACTS_IMPORT_BEGUN: later("Began to import contacts from {about}"),
    AuditAction.CONTACTS_IMPORTED: later("Imported contacts from {about}"),
    AuditAction.VISITOR_FORGOTTEN: later("The visitor of a web chat had their data deleted: {about}"),
    AuditAction.VISITOR_SHUT_OUT: later("Closed the web chat to its visitor {about}"),
    AuditAction.VISITOR_BLOCKED: later("Blocked the web chat's visitor {about}"),
    AuditAction.VISITOR_UNBLOCKED: later("Let the web chat's visitor {about} write again"),
    AuditAction.ADDRESS_BLOCKED: later("Blocked {about} in the web chat"),
    AuditAction.ADDRESS_UNBLOCKED: later("Let {about} write in the web chat again"),
    AuditAction.CONTACT_EXPORTED: later("Exported the data of {about}"),
    AuditAction.ALL_EXPORTED: later("Exported everything"),
    AuditAction.ALL_FETCHED: later("Downloaded the export of everything"),
    AuditAction.ALL_IMPORTED: later("Imported everything"),
    AuditAction.CONTACT_ERASED: later("Erased a contact with all data: {about}"),
    AuditAction.CONTACTS_MERGED: later("Merged {about}"),
    AuditAction.NOTE_DELETED: later("Deleted a note about {about}"),
    AuditAction.CONVERSATION_DELETED: later("Deleted the conversation with {about}"),
    AuditAction.CONVERSATION_RESTORED: later("Restored the conversation with {about}"),
    AuditAction.CONVERSATIONS_MERGED: later("Merged two conversations with {about}"),
    AuditAction.CONVERSATION_EMPTIED: later("Deleted for good the conversation with {about}"),
}
# Who has lost the phone has it done by an administrator, or by the operator (`turn-off-app`).
_ANOTHERS_APP = later("Turned off the authenticator app of {about}")
_STRANGER, _PROGRAM = later("Nobody who is known"), later("Conversations, by itself")
# Entries of before contacts were told by their numbers name both.
_MERGED_INTO = later("Merged another contact into {about}")
_FIELDS = {
    "role": later("Role"),
    "name": later("Name"),
    "language": later("Language"),
    "time_zone": later("Time zone"),
    "new_go_to": later("New conversations go to"),
    "requires_two_factor": later("Everybody needs an authenticator app"),
    "office_hours": later("Office hours"),
    "bin_days": later("Days in the bin"),
    "logo": later("Logo"),
    "mailbox": later("Inbound address"),
    "former_mailbox": later("Former inbound address"),
    "signature_html": later("Signature of new users"),
    "undo_seconds": later("Time to undo"),
    "allows_duplicates": later("Duplicate contacts are allowed"),
    "other": later("Number of the other contact"),
    "host": later("Mail server (IMAP)"),
    "port": later("Port"),
    "security": later("Encryption"),
    "username": later("User name"),
    "password": later("Password"),
    "folder": later("Folder"),
    "is_on": later("Switched on"),
    "marks_read": later("Mark as read there"),
    "email": later("E-mail"),
    "days": later("Days back"),
    "scopes": later("May"),
    "expires_at": later("Expires"),
    "url": later("Address"),
    "rows": later("Rows"),
    "added": later("Contacts added"),
    "refused": later("Rows not added"),
    "report_mail": later("The report by e-mail"),
    "events": later("Events"),
    "successor": later("Handed over to"),
    "conversation_scope": later("Conversations"),
    "contact_scope": later("Contacts"),
    "quote_scope": later("Quotes"),
    "ticket_scope": later("Tickets"),
    "report_scope": later("Reports"),
    "template_level": later("Message templates"),
    "can_write": later("Answer, note and archive"),
    "can_assign_others": later("Assign to others"),
    "can_delete": later("Delete conversations"),
    "can_manage_web_chat": later("Set up the web chat"),
    "can_manage_sender_domains": later("Set up sender domains"),
    "can_export": later("Export"),
}
_VALUES = {
    "admin": later("Administrator"),
    "user": later("User"),
    "none": later("Nothing"),
    "own": later("Only own"),
    "own_and_unassigned": later("Own and unassigned"),
    "all": later("Everything"),
    "use": later("Use"),
    "manage": later("Use and manage"),
    "nobody": later("Nobody: unassigned"),
    "coordinator": later("A coordinator"),
    "in_turn": later("In turn, those who are present"),
    "never": later("Never"),
    "week": later("Each week, on Monday"),
    "month": later("Each month, on the first"),
}


@dataclass(frozen=True)
class AuditRow:
    """A line of /settings/audit: when (`at` in UTC, ISO 8601), who, what with its changes, from which address."""

    id: int
    at: str
    when: str
    who: str
    what: str
    changes: list[str]
    address: str


def audit_row(entry: AuditEntry, contact: Contact | None, actor: Actor) -> AuditRow:
    """The entry as the actor reads it; `contact` is whom it is about, while there is such a one."""
    language, about = actor.language, entry.about
    is_anothers_app = entry.action == AuditAction.TWO_FACTOR_OFF and entry.about
    sentence = _ANOTHERS_APP if is_anothers_app else SENTENCES[AuditAction(entry.action)]
    if entry.contact_id is not None:
        name = contact.full_name if contact else ""
        sentence = _MERGED_INTO if entry.action == AuditAction.CONTACTS_MERGED else sentence
        about = name or translate("contact number {number}", language, number=entry.contact_id)
    return AuditRow(
        id=entry.id,
        at=entry.at.isoformat(timespec="seconds"),
        when=moment_label(entry.at, actor.time_zone, language),
        who=entry.user_name or translate(_nobody(entry), language),
        what=translate(sentence, language, about=about),
        changes=[_change(name, pair, language) for name, pair in sorted(entry.changes.items())],
        address=entry.address,
    )


def _nobody(entry: AuditEntry) -> str:
    is_from_outside = entry.action == AuditAction.SIGN_IN_REFUSED
    return _STRANGER if is_from_outside else _PROGRAM


def _change(name: str, pair: list[Any], language: str) -> str:
    what = translate(_FIELDS.get(name, name), language)
    before, after = (_value(one, language) for one in pair)
    return f"{what}: {before} → {after or '–'}" if before else f"{what}: {after}"


def _value(value: Any, language: str) -> str:
    if isinstance(value, bool):
        return translate("yes" if value else "no", language)
    return translate(_VALUES.get(str(value), str(value)), language) if value is not None else ""
