"""Who asks. Every rule takes an actor, so that a workspace or a permission cannot be forgotten."""

from dataclasses import dataclass

from witei_app.accounts.permissions import EVERYTHING, Permissions
from witei_app.errors import NotAllowed
from witei_app.models import ConversationScope, Role, User


@dataclass(frozen=True)
class Actor:
    """A signed-in user with permissions, or (without a user id) the system acting in one workspace."""

    workspace_id: int
    user_id: int | None
    name: str
    is_admin: bool
    scope: ConversationScope
    language: str = ""
    time_zone: str = "UTC"
    read_up_to: int = 0
    has_single_keys: bool = True
    levels: Permissions = EVERYTHING
    address: str = ""

    @classmethod
    def of(cls, user: User, address: str = "") -> "Actor":
        """The actor that a user is. Administrators see all conversations. `address` is where the request came from."""
        is_admin = user.role == Role.ADMIN
        permissions = Permissions.of(user)
        return cls(
            workspace_id=user.workspace_id,
            user_id=user.id,
            name=user.name,
            is_admin=is_admin,
            scope=ConversationScope(permissions.conversation_scope),
            language=user.language,
            time_zone=user.time_zone,
            read_up_to=user.read_up_to_id,
            has_single_keys=user.has_single_keys,
            levels=permissions,
            address=address[:64],
        )

    @classmethod
    def system(cls, workspace_id: int) -> "Actor":
        """The program itself: incoming mail, the visitor's socket, timed jobs."""
        return cls(workspace_id, None, "", False, ConversationScope.ALL)

    @property
    def permissions(self) -> Permissions:
        """What the actor may do; administrators everything."""
        return EVERYTHING if self.is_admin else self.levels

    def must(self, is_allowed: bool) -> None:
        """Refuse unless the actor's permissions allow it."""
        if not is_allowed:
            raise NotAllowed("You do not have the permission for this. Ask an administrator.")

    def must_begin_conversations(self) -> None:
        """Refuse who may not write, or sees no conversations: what began would be out of its author's sight."""
        self.must(self.permissions.can_write and self.scope != ConversationScope.NONE)

    def must_administer(self) -> None:
        """Refuse whoever is no administrator."""
        if not self.is_admin:
            raise NotAllowed("Only administrators may do this.")

    def sees(self, assignee_id: int | None) -> bool:
        """Whether conversations of this assignee are within the actor's scope (of the actor's own workspace)."""
        if self.scope == ConversationScope.ALL:
            return True
        if self.scope == ConversationScope.OWN_AND_UNASSIGNED and assignee_id is None:
            return True
        return self.scope != ConversationScope.NONE and self.user_id is not None and assignee_id == self.user_id
