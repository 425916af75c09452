"""A conversation's log is found with the kind of each line, so that opening a thread reads only the lines it shows

Revision ID: 0047
Revises: 0046
"""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

INDEX = "ix_conversation_event_conversation"
TABLE = "conversation_event"


def upgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.create_index(INDEX, TABLE, ["conversation_id", "id", "kind"])


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.create_index(INDEX, TABLE, ["conversation_id", "id"])
