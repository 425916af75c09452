"""The lines between the messages, which the log makes, in their reader's words."""

from datetime import datetime

from witei_app.models import ConversationEvent, DeliveryState, EventKind
from witei_app.texts import later, translate
from witei_app.texts.when import moment_label

_REOPENED = {
    DeliveryState.FAILED.value: later("Reopened because an answer was not delivered"),
    DeliveryState.UNKNOWN.value: later("Reopened because an answer was perhaps not delivered"),
    DeliveryState.BOUNCED.value: later("Reopened because an answer came back"),
}
_BY_SOMEBODY = {
    EventKind.ARCHIVED: later("{who} archived this conversation"),
    EventKind.REOPENED: later("{who} reopened this conversation"),
    EventKind.WOKEN: later("{who} woke this conversation"),
    EventKind.DELETED: later("{who} deleted this conversation"),
    EventKind.MOVED_IN: later("{who} moved a message here from another conversation"),
    EventKind.MOVED_OUT: later("{who} moved a message from here to another conversation"),
    EventKind.MERGED: later("{who} merged another conversation into this one"),
}
# What happened to a quote or a ticket, by somebody: a user, or the contact under the name that they gave.
_OF_RECORDS = {
    EventKind.QUOTE_SENT: later("{who} sent quote {number}"),
    EventKind.QUOTE_READ: later("{who} read quote {number}"),
    EventKind.QUOTE_ACCEPTED: later("{who} accepted quote {number}"),
    EventKind.QUOTE_DECLINED: later("{who} declined quote {number}"),
    EventKind.QUOTE_EXPIRED: later("Quote {number} has expired"),
    EventKind.QUOTE_WITHDRAWN: later("{who} withdrew quote {number}"),
    EventKind.TICKET_OPENED: later("{who} opened ticket {number}"),
    EventKind.TICKET_CHANGED: later("{who} changed ticket {number}: {state}"),
}
_BY_ITSELF = {
    EventKind.QUOTE_SENT: later("Quote {number} was sent"),
    EventKind.QUOTE_READ: later("The contact has read quote {number}"),
    EventKind.QUOTE_ACCEPTED: later("The contact accepted quote {number}"),
    EventKind.QUOTE_DECLINED: later("The contact declined quote {number}"),
    EventKind.QUOTE_EXPIRED: later("Quote {number} has expired"),
    EventKind.QUOTE_WITHDRAWN: later("Quote {number} was withdrawn"),
    EventKind.TICKET_OPENED: later("Ticket {number} was opened"),
    EventKind.TICKET_CHANGED: later("Ticket {number}: {state}"),
}


def event_sentence(event: ConversationEvent, who: str, to: str, zone: str, language: str) -> str:
    """What happened, by whom (`who`), who has the conversation since (`to`); "" for nobody."""
    match event.kind:
        case EventKind.ASSIGNED if event.data.get("after") is None:
            return translate("{who} made this conversation unassigned", language, who=who)
        case EventKind.ASSIGNED if event.data.get("after") == event.user_id:
            return translate("{who} took this conversation", language, who=who)
        case EventKind.ASSIGNED:
            return translate("{who} assigned this conversation to {to}", language, who=who, to=to)
        case EventKind.REOPENED if sentence := _REOPENED.get(event.data.get("because", "")):
            return translate(sentence, language)
        case EventKind.REOPENED if not who:
            return translate("Reopened by a new message", language)
        case EventKind.SNOOZED:
            until = moment_label(datetime.fromisoformat(event.data["until"]), zone, language)
            return translate("{who} snoozed this conversation until {until}", language, who=who, until=until)
        case EventKind.WOKEN if not who and event.data.get("because") == "message":
            return translate("Woken by a new message", language)
        case EventKind.WOKEN if not who:
            return translate("Its time has come: this conversation is back", language)
        case EventKind.RATED if comment := event.data.get("comment"):
            return translate("Rated {stars} of 5: “{comment}”", language, stars=event.stars, comment=comment)
        case EventKind.RATED:
            return translate("Rated {stars} of 5", language, stars=event.stars)
        case EventKind.DELETED if not who:
            return translate("Nothing was left in it: it went to the bin", language)
        case kind if kind in _BY_SOMEBODY:
            return translate(_BY_SOMEBODY[EventKind(kind)], language, who=who)
        case kind if kind in _OF_RECORDS:
            who = event.data.get("name") or who
            sentence = _OF_RECORDS[EventKind(kind)] if who else _BY_ITSELF.get(EventKind(kind), "")
            state = translate(event.data.get("state") or "", language)
            return translate(sentence, language, who=who, number=event.data.get("number", ""), state=state)
        case _:
            return translate("Back from the bin", language)
