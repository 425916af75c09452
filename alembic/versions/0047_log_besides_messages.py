"""A conversation's log besides its messages is found without them, so that opening a thread reads fewer pages

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

INDEX = "ix_conversation_event_besides"
TABLE = "conversation_event"


def upgrade() -> None:
    condition = sa.text("kind NOT IN ('opened', 'message_in', 'message_out', 'note')")
    op.create_index(INDEX, TABLE, ["conversation_id", "id"], sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
