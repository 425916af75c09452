"""Counters and indexes for the channel, what needs a reply, and the longest waiting

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

IS_WAITING = sa.text("waiting_since IS NOT NULL")
WAITING = {
    "ix_conversation_waiting": ["workspace_id", "waiting_since", "id"],
    "ix_conversation_assignee_waiting": ["workspace_id", "assignee_id", "waiting_since", "id"],
}
CHANNEL_LIST = ["workspace_id", "channel", "status", "last_message_at", "id"]


def upgrade() -> None:
    for name, columns in WAITING.items():
        op.create_index(name, "conversation", columns, sqlite_where=IS_WAITING, postgresql_where=IS_WAITING)
    op.create_index("ix_conversation_channel_list", "conversation", CHANNEL_LIST)
    op.drop_table("conversation_count")
    _create_counters("channel")
    _count("status", "channel")
    _count("'needs_reply'", "channel", "AND status = 'open' AND needs_reply")


def downgrade() -> None:
    op.drop_table("conversation_count")
    _create_counters()
    _count("status")
    op.drop_index("ix_conversation_channel_list", "conversation")
    for name in WAITING:
        op.drop_index(name, "conversation", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING)


def _create_counters(*more: str) -> None:
    """Made anew instead of altered: a primary key cannot grow on SQLite, and counting again is quick."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "conversation_count",
        sa.Column("workspace_id", number, nullable=False),
        sa.Column("assignee_id", number, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        *(sa.Column(name, sa.String(length=16), nullable=False) for name in more),
        sa.Column("quantity", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_conversation_count_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "assignee_id", "status", *more, name=op.f("pk_conversation_count")),
    )


def _count(status: str, channel: str = "", condition: str = "") -> None:
    more = f", {channel}" if channel else ""
    by = "workspace_id, coalesce(assignee_id, 0)" + ("" if condition else ", status") + more
    op.execute(
        f"INSERT INTO conversation_count (workspace_id, assignee_id, status{more}, quantity) "  # noqa: S608
        f"SELECT workspace_id, coalesce(assignee_id, 0), {status}{more}, count(*) FROM conversation "
        f"WHERE deleted_at IS NULL {condition} GROUP BY {by}"
    )
