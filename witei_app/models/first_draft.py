"""A new conversation that is being written."""

from typing import Any

from witei_app.models.base import SQLModel, datetime, json_field, link, moment, prose, word, workspace_link


class FirstDraft(SQLModel, table=True):
    """What a user has begun to write to somebody new; one for each user. `recipients` is as in Draft."""

    __tablename__ = "first_draft"

    user_id: int = link("user.id", ondelete="CASCADE", primary_key=True)
    workspace_id: int = workspace_link()
    subject: str = word(length=998)
    html: str = prose()
    recipients: dict[str, Any] = json_field(dict)
    updated_at: datetime = moment()
