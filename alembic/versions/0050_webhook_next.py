"""What a webhook is told next is found without reading all that piled up for others

Revision ID: 0050
Revises: 0049
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waits = sa.text("state = 'waiting'")
    op.create_index(
        "ix_webhook_delivery_next",
        "webhook_delivery",
        ["webhook_id", "due_at", "id"],
        sqlite_where=waits,
        postgresql_where=waits,
    )


def downgrade() -> None:
    op.drop_index("ix_webhook_delivery_next", "webhook_delivery")
