"""Long work that somebody asked for, and what of it could not be done."""

from typing import Any

from sqlalchemy import Index

from witei_app.models.base import (
    SQLModel,
    StrEnum,
    datetime,
    id_field,
    json_field,
    link,
    moment,
    prose,
    word,
    workspace_link,
)


class JobState(StrEnum):
    """`prepared` is being set up by its user and does not run yet."""

    PREPARED = "prepared"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do."""
        return self in {JobState.WAITING, JobState.RUNNING}


class Job(SQLModel, table=True):
    """Long work of the worker for one user, done in steps; see `jobs.run`.

    `request` is what was asked, `checkpoint` where the next step goes on; each step commits with its checkpoint, so
    that nothing is done twice. `label` says what it is and `outcome` how it ended: English texts, filled with `words`
    when they are shown. `href` is the page about it. `sha256` names the file that it reads, in the file store.
    """

    __table_args__ = (Index("ix_job_due", "state", "due_at"), Index("ix_job_user", "user_id", "id"))

    id: int = id_field()
    workspace_id: int = workspace_link()
    user_id: int = link("user.id", ondelete="CASCADE")
    kind: str = word(length=32)
    state: str = word(JobState.WAITING, 16)
    label: str = word()
    outcome: str = word(length=500)
    words: dict[str, Any] = json_field(dict)
    href: str = word()
    request: dict[str, Any] = json_field(dict)
    checkpoint: dict[str, Any] = json_field(dict)
    sha256: str = word(length=64)
    total: int = 0
    done: int = 0
    refused: int = 0
    attempts: int = 0
    is_put_away: bool = False
    due_at: datetime = moment()
    created_at: datetime = moment()
    ended_at: datetime | None = moment(optional=True)


class JobRefusal(SQLModel, table=True):
    """One thing that a job did not do: the row (or id) `place` of what it was given, its texts, and why."""

    __tablename__ = "job_refusal"
    __table_args__ = (Index("ix_job_refusal_job", "job_id", "id"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    job_id: int = link("job.id", ondelete="CASCADE")
    place: int = 0
    cells: list[str] = json_field(list)
    reason: str = prose()
    words: dict[str, Any] = json_field(dict)
