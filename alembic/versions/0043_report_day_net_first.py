"""The smallest column of a finished day stands before the large ones

SQLite keeps a row that is larger than a page in a chain of pages, and walks it up to the column that is asked for: what
the report reads of all days before its range was behind everything else. PostgreSQL keeps large values apart.

Revision ID: 0043
Revises: 0042
"""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

KEYS = ("workspace_id", "day", "zone", "start")
FACTS = ("opened", "assigned", "closed", "answered", "rated", "messages", "moved")


def upgrade() -> None:
    _reorder((*KEYS, "net", *FACTS))


def downgrade() -> None:
    _reorder((*KEYS, *FACTS, "net"))


def _reorder(columns: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("report_day", recreate="always", partial_reordering=[columns]):
            pass
