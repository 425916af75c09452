"""An agency."""

from witei_app.models.base import SQLModel, datetime, id_field, moment, word


class Workspace(SQLModel, table=True):
    """An agency: everything else belongs to one.

    `mailbox` is the local part of its inbound address ("sol" of sol@localhost.test), unique on this installation.
    `is_demo` marks made-up data, which /demo pages may show to anybody.
    """

    id: int = id_field()
    name: str = word()
    mailbox: str = word(length=64, unique=True)
    language: str = word("es", 8)
    time_zone: str = word("Europe/Madrid", 64)
    is_demo: bool = False
    created_at: datetime = moment()
