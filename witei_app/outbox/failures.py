"""An answer did not arrive, or perhaps not: its conversation says so, and what else there is to do about it is done."""

from collections.abc import Awaitable, Callable

from witei_app.db import Session
from witei_app.models import Conversation, DeliveryState, Message

Rule = Callable[[Session, Conversation, DeliveryState], Awaitable[None]]
_rules: list[Rule] = []


def use(rule: Rule) -> None:
    """Have this done as well: rules of conversations are above the outbox, which does not know them."""
    if rule not in _rules:
        _rules.append(rule)


async def mark_failed(db: Session, conversation: Conversation, message: Message, state: DeliveryState) -> None:
    """Mark the conversation, which must be locked. `state` is what became of the message."""
    conversation.has_failed = True
    if message.is_automatic:
        return  # nobody waits for it
    for rule in _rules:
        await rule(db, conversation, state)
