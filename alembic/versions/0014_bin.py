"""The bin: how long conversations wait there, what is left of those deleted for good, files to remove

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

IN_BIN = sa.text("deleted_at IS NOT NULL AND emptied_at IS NULL")
IS_MAIL = sa.text("inbound_mail_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("conversation", sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True))
    columns = ["workspace_id", "deleted_at", "id"]
    op.create_index("ix_conversation_bin", "conversation", columns, sqlite_where=IN_BIN, postgresql_where=IN_BIN)
    op.create_index(
        "ix_message_inbound_mail", "message", ["inbound_mail_id"], sqlite_where=IS_MAIL, postgresql_where=IS_MAIL
    )
    op.create_index("ix_demo_mail_delivery", "demo_mail", ["delivery_id"])
    op.add_column("workspace", sa.Column("bin_days", sa.Integer(), server_default=sa.text("30"), nullable=False))
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "unused_file",
        sa.Column("id", number, nullable=False),
        sa.Column("workspace_id", number, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_unused_file_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unused_file")),
    )
    op.create_index("ix_unused_file_created", "unused_file", ["created_at"])
    op.execute(
        "INSERT INTO conversation_count (workspace_id, assignee_id, status, channel, quantity) "
        "SELECT workspace_id, coalesce(assignee_id, 0), 'bin', channel, count(*) FROM conversation "
        "WHERE deleted_at IS NOT NULL GROUP BY workspace_id, coalesce(assignee_id, 0), channel"
    )


def downgrade() -> None:
    op.execute("DELETE FROM conversation_count WHERE status = 'bin'")
    op.drop_table("unused_file")
    op.drop_column("workspace", "bin_days")
    op.drop_index("ix_demo_mail_delivery", "demo_mail")
    op.drop_index("ix_message_inbound_mail", "message", sqlite_where=IS_MAIL, postgresql_where=IS_MAIL)
    op.drop_index("ix_conversation_bin", "conversation", sqlite_where=IN_BIN, postgresql_where=IN_BIN)
    op.drop_column("conversation", "emptied_at")
