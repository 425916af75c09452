"""Who asks. Every rule takes an actor, so that a workspace or a permission cannot be forgotten."""

from dataclasses import dataclass

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

    @classmethod
    def of(cls, user: User) -> "Actor":
        """The actor that a user is. Administrators see all conversations."""
        is_admin = user.role == Role.ADMIN
        scope = ConversationScope.ALL if is_admin else ConversationScope(user.conversation_scope)
        return cls(
            user.workspace_id, user.id, user.name, is_admin, scope, user.language, user.time_zone, user.read_up_to_id
        )

    @classmethod
    def system(cls, workspace_id: int) -> "Actor":
        """The program itself: incoming mail, the visitor's socket, timed jobs."""
        return cls(workspace_id, None, "", False, ConversationScope.ALL)

    def sees(self, assignee_id: int | None) -> bool:
        """Whether conversations of this assignee are within the actor's scope (of the actor's own workspace)."""
        if self.scope == ConversationScope.ALL:
            return True
        if self.scope == ConversationScope.OWN_AND_UNASSIGNED and assignee_id is None:
            return True
        return self.scope != ConversationScope.NONE and self.user_id is not None and assignee_id == self.user_id
