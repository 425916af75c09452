"""The report's finished days, and where conversations began

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_day",
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened", sa.LargeBinary(), nullable=False),
        sa.Column("assigned", sa.LargeBinary(), nullable=False),
        sa.Column("closed", sa.LargeBinary(), nullable=False),
        sa.Column("answered", sa.LargeBinary(), nullable=False),
        sa.Column("rated", sa.LargeBinary(), nullable=False),
        sa.Column("messages", sa.LargeBinary(), nullable=False),
        sa.Column("moved", sa.LargeBinary(), nullable=False),
        sa.Column("net", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_report_day_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "day", name=op.f("pk_report_day")),
    )
    op.create_table(
        "report_late",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_report_late_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_late")),
    )
    op.create_index("ix_report_late_workspace", "report_late", ["workspace_id", "at"])
    op.create_table(
        "report_source",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("widget_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_report_source_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_source")),
        sa.UniqueConstraint(
            "workspace_id",
            "channel",
            "widget_id",
            "origin",
            name=op.f("uq_report_source_workspace_id_channel_widget_id_origin"),
        ),
    )
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("conversation", sa.Column("origin", sa.String(length=64), server_default="", nullable=False))
    op.add_column("conversation", sa.Column("widget_id", number, server_default=sa.text("0"), nullable=False))
    op.execute(
        "UPDATE conversation SET origin = coalesce((SELECT event.origin FROM conversation_event AS event"
        " WHERE event.conversation_id = conversation.id AND event.kind = 'opened' ORDER BY event.id LIMIT 1), '')"
    )
    op.execute(
        "UPDATE conversation SET widget_id = coalesce((SELECT visitor.widget_id FROM visitor"
        " WHERE visitor.conversation_id = conversation.id LIMIT 1), 0) WHERE channel = 'web_chat'"
    )


def downgrade() -> None:
    op.drop_column("conversation", "widget_id")
    op.drop_column("conversation", "origin")
    op.drop_table("report_source")
    op.drop_index("ix_report_late_workspace", "report_late")
    op.drop_table("report_late")
    op.drop_table("report_day")
