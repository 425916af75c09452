"""Indexes for what points at what is deleted for good, and for the list of contacts

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index("ix_contact_list", ["workspace_id", "id"], unique=False)

    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index("ix_draft_conversation", ["conversation_id"], unique=False)

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_points_to",
            ["points_to_id"],
            unique=False,
            sqlite_where=sa.text("points_to_id IS NOT NULL"),
            postgresql_where=sa.text("points_to_id IS NOT NULL"),
        )

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_conversation", ["conversation_id"], unique=False)

    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index("ix_upload_conversation", ["conversation_id"], unique=False)

    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.create_index("ix_visitor_contact", ["contact_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.drop_index("ix_visitor_contact")

    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index("ix_upload_conversation")

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_conversation")

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_points_to",
            sqlite_where=sa.text("points_to_id IS NOT NULL"),
            postgresql_where=sa.text("points_to_id IS NOT NULL"),
        )

    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index("ix_draft_conversation")

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_list")
