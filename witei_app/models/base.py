"""What every table is made of. Import tables from `witei_app.models`, so that all of them are known to the mapper."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, MetaData, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from witei_app.clock import now
from witei_app.db import UtcDateTime

# Names for every constraint, so that a migration can speak of them on both databases.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata

# SQLite counts only INTEGER PRIMARY KEY up by itself.
Id = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON().with_variant(JSONB(), "postgresql")


def id_field() -> Any:
    """The primary key: a growing number."""
    return Field(default=None, primary_key=True, sa_type=Id)


def link(target: str, *, optional: bool = False, ondelete: str | None = None, **more: Any) -> Any:
    """A foreign key to `target` ("user.id")."""
    if optional:
        more["default"] = None
    details: dict[str, Any] = {"foreign_key": target, "ondelete": ondelete, "nullable": optional, "sa_type": Id}
    return Field(**details, **more)


def workspace_link() -> Any:
    """The workspace that the row belongs to."""
    return link("workspace.id", ondelete="CASCADE")


def moment(*, optional: bool = False) -> Any:
    """A time in UTC; the present one unless it is optional."""
    if optional:
        return Field(default=None, sa_type=UtcDateTime, nullable=True)
    return Field(default_factory=now, sa_type=UtcDateTime, nullable=False)


def word(default: str | StrEnum | None = "", length: int = 255, **more: Any) -> Any:
    """A short text."""
    return Field(default=default, sa_type=String(length), nullable=default is None, **more)


def prose(default: str = "", **more: Any) -> Any:
    """A long text."""
    return Field(default=default, sa_type=Text, nullable=False, **more)


def json_field(make: Any) -> Any:
    """A small document; `make` is list or dict."""
    return Field(default_factory=make, sa_type=Json, nullable=False)


__all__ = ["Id", "Json", "SQLModel", "StrEnum", "datetime", "id_field", "json_field", "link", "metadata", "moment"]
__all__ += ["prose", "word", "workspace_link"]
