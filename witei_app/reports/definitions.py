"""What each figure means, in one place: shown on hover, and explained at length in docs/report.md."""

NEW = "New conversations"
CLOSED = "Closed"
SENT = "Messages sent"
RECEIVED = "Messages received"
FIRST_RESPONSE = "First response, median"
CLOSING = "Closing time, mean"
PER_USER = "Conversations per user"
QUALITY = "Quality, mean rating"

DEFINITIONS = {
    NEW: "Conversations that began in this range. Each counts for whoever had it at the end of the range.",
    CLOSED: "Conversations archived in this range. One that is reopened and archived again counts again. "
    "Each counts for whoever had it then.",
    SENT: "Messages that users sent to contacts in this range, each for its author. "
    "Automatic messages and internal notes do not count.",
    RECEIVED: "Messages from contacts in this range, each for whoever had the conversation then. "
    "Automatic messages do not count.",
    FIRST_RESPONSE: "From the beginning of a conversation to the first message that a user sent in answer, for answers "
    "sent in this range, each for its author. Conversations that the team began have none.",
    CLOSING: "From the beginning of a conversation to its archiving, for those archived in this range.",
    QUALITY: "The mean of the ratings, one to five stars, that contacts gave in this range, each for whoever had the "
    "conversation then; beside it how many gave one, and as a share of the closed conversations.",
    PER_USER: "New conversations for each user who has any of them.",
}

IN_OFFICE_HOURS = "Only time in the workspace's office hours counts."


def definition(name: str, *, in_office_hours: bool) -> list[str]:
    """The sentences that say what a figure means."""
    is_time = name in (FIRST_RESPONSE, CLOSING)
    return [DEFINITIONS[name], *([IN_OFFICE_HOURS] if is_time and in_office_hours else [])]
