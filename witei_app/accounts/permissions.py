"""What a user may see and do, level by level. Administrators may do everything."""

from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from witei_app.models import ConversationScope, Reach, Role, TemplateLevel, User


@dataclass(frozen=True)
class Permissions:
    """One user's levels; the columns of User have the same names.

    `can_write` covers answers, notes, archiving and taking a conversation; without it a user reads.
    """

    conversation_scope: str = ConversationScope.ALL.value
    can_write: bool = True
    can_assign_others: bool = True
    can_delete: bool = True
    contact_scope: str = Reach.ALL.value
    quote_scope: str = Reach.ALL.value
    ticket_scope: str = Reach.ALL.value
    report_scope: str = Reach.OWN.value
    template_level: str = TemplateLevel.USE.value
    can_manage_web_chat: bool = False
    can_manage_sender_domains: bool = False
    can_export: bool = False

    @classmethod
    def of(cls, user: User) -> "Permissions":
        """What this user may do."""
        if user.role == Role.ADMIN:
            return EVERYTHING
        return cls.of_columns(user)

    @classmethod
    def of_columns(cls, user: User) -> "Permissions":
        """The levels of a user who is, or would again be, no administrator."""
        return cls(**{one.name: getattr(user, one.name) for one in fields(cls)})

    def give_to(self, user: User) -> None:
        """Let the user have these levels."""
        for name, value in asdict(self).items():
            setattr(user, name, value)

    def upon(self, there: "Permissions", seen: "Permissions") -> "Permissions":
        """What was chosen, beginning with what was `seen`, upon what is there now: only what was touched changes."""
        mine, before = asdict(self), asdict(seen)
        return replace(there, **{name: value for name, value in mine.items() if value != before[name]})

    @property
    def manages_templates(self) -> bool:
        """Whether the user writes the templates that the team shares."""
        return self.template_level == TemplateLevel.MANAGE


EVERYTHING = Permissions(
    report_scope=Reach.ALL.value,
    template_level=TemplateLevel.MANAGE.value,
    can_manage_web_chat=True,
    can_manage_sender_domains=True,
    can_export=True,
)
SENIOR = Permissions(report_scope=Reach.ALL.value, template_level=TemplateLevel.MANAGE.value)
AGENT = Permissions(
    conversation_scope=ConversationScope.OWN_AND_UNASSIGNED.value,
    contact_scope=Reach.OWN.value,
    quote_scope=Reach.OWN.value,
    ticket_scope=Reach.OWN.value,
    can_assign_others=False,
    can_delete=False,
)
READ_ONLY = Permissions(can_write=False, can_assign_others=False, can_delete=False, report_scope=Reach.ALL.value)
# Ready-made sets by name: where an administrator begins, then changes single levels.
SETS = {"agent": AGENT, "senior": SENIOR, "manager": EVERYTHING, "read_only": READ_ONLY}
_LEVELS: dict[str, type[StrEnum]] = {
    "conversation_scope": ConversationScope,
    "contact_scope": Reach,
    "quote_scope": Reach,
    "ticket_scope": Reach,
    "report_scope": Reach,
    "template_level": TemplateLevel,
}
# There is no agent without contacts: the narrowest level is one's own.
_NOT_FOR = {"contact_scope": {Reach.NONE}}


def set_name(permissions: Permissions) -> str:
    """The ready-made set that these levels are, "" for none."""
    return next((name for name, levels in SETS.items() if levels == permissions), "")


def changed(permissions: Permissions, name: object, value: object) -> Permissions:
    """The same with one level changed. What is no level, or no value of it, changes nothing: a browser sent it."""
    if not isinstance(name, str):
        return permissions
    if name in _LEVELS:
        is_one = isinstance(value, str) and value in set(_LEVELS[name]) - _NOT_FOR.get(name, set())
    else:
        is_one = name.startswith("can_") and hasattr(permissions, name) and isinstance(value, bool)
    one: dict[str, Any] = {name: value}
    return replace(permissions, **one) if is_one else permissions
