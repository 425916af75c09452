"""Conversations that are put off until a time

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

IS_SNOOZED = sa.text("snoozed_until IS NOT NULL")


def upgrade() -> None:
    op.add_column("conversation", sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_conversation_snoozed",
        "conversation",
        ["snoozed_until", "id"],
        sqlite_where=IS_SNOOZED,
        postgresql_where=IS_SNOOZED,
    )


def downgrade() -> None:
    op.execute("UPDATE conversation SET status = 'open' WHERE status = 'snoozed'")
    op.drop_index("ix_conversation_snoozed", "conversation", sqlite_where=IS_SNOOZED, postgresql_where=IS_SNOOZED)
    op.drop_column("conversation", "snoozed_until")
