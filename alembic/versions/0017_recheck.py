"""Senders whose name servers did not answer are looked at again

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


IS_OPEN = sa.text("recheck_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("inbound_mail", sa.Column("recheck_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_inbound_mail_recheck", "inbound_mail", ["recheck_at"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )


def downgrade() -> None:
    op.drop_index("ix_inbound_mail_recheck", "inbound_mail")
    with op.batch_alter_table("inbound_mail") as table:
        table.drop_column("recheck_at")
