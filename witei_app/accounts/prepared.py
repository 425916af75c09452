"""Queries that are put together once: SQLAlchemy takes longer to build one than SQLite to answer it.

What is built is the same for all actors of one kind (scope and levels); who it is goes in as values.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache, wraps
from typing import Any

from sqlalchemy import bindparam

from witei_app.accounts.actor import Actor


def prepared(build: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what `build(actor, ...)` gives for each kind of actor and each value of the other (hashable) arguments.

    What else varies is a `bindparam` in it; execute it with `params=asked_by(actor, ...)`.
    """
    kept = lru_cache(maxsize=256)(build)

    @wraps(build)
    def find(actor: Actor, *arguments: Hashable) -> Any:
        return kept(_kind_of(actor), *arguments)

    return find


def asked_by(actor: Actor, **more: Any) -> dict[str, Any]:
    """The values for a prepared query."""
    return {"actor_workspace": actor.workspace_id, "actor_user": actor.user_id, "actor_read": actor.read_up_to, **more}


def padded(ids: Sequence[int]) -> list[int]:
    """The ids for an `IN`, the last one repeated until there are 1, 2, 4, 8 … of them.

    Lists of any length are so asked for by few statements, and PostgreSQL keeps a plan for each of those.
    """
    missing = (1 << max(len(ids) - 1, 0).bit_length()) - len(ids)
    return [*ids, *[ids[-1]] * missing] if ids else []


@lru_cache(maxsize=1024)
def _kind_of(actor: Actor) -> Actor:
    """The actor with names in place of the values."""
    return _one_of_a_kind(actor.is_admin, actor.scope, actor.levels, actor.user_id is None)


@lru_cache(maxsize=256)
def _one_of_a_kind(is_admin: bool, scope: Any, levels: Any, is_system: bool) -> Actor:
    user: Any = None if is_system else bindparam("actor_user")
    workspace: Any = bindparam("actor_workspace")
    read: Any = bindparam("actor_read")
    return Actor(workspace, user, "", is_admin, scope, read_up_to=read, levels=levels)
