"""A packed day also says its messages for all of it: ranges of whole days read a fraction

The pages are made anew by the worker; until then reports read the log.

Revision ID: 0052
Revises: 0051
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_NEW = ("slots", "daily")


def upgrade() -> None:
    op.execute("DELETE FROM report_day")
    columns = ("workspace_id", "day", "zone", "start", "until", "net", *_NEW, "opened")
    with op.batch_alter_table("report_day", partial_reordering=[columns]) as table:
        for name in _NEW:
            table.add_column(sa.Column(name, sa.LargeBinary(), nullable=False))


def downgrade() -> None:
    op.execute("DELETE FROM report_day")
    with op.batch_alter_table("report_day") as table:
        for name in _NEW:
            table.drop_column(name)
