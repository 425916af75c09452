"""A packed day says until when it speaks: the hours of today that are over are packed too

The pages are made anew by the worker; until then reports read the log.

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM report_day")
    columns = ("workspace_id", "day", "zone", "start", "until", "net", "opened")
    with op.batch_alter_table("report_day", partial_reordering=[columns]) as table:
        table.add_column(sa.Column("until", sa.DateTime(timezone=True), nullable=False))
    op.create_index("ix_report_day_until", "report_day", ["workspace_id", "zone", "day", "start", "until"])


def downgrade() -> None:
    op.execute("DELETE FROM report_day")
    op.drop_index("ix_report_day_until", "report_day")
    with op.batch_alter_table("report_day") as table:
        table.drop_column("until")
