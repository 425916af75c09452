"""files that visitors send

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "visitor_file",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("workspace_id", NUMBER, nullable=False),
        sa.Column("widget_id", NUMBER, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content_type", sa.String(length=127), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["widget_id"], ["widget.id"], name=op.f("fk_visitor_file_widget_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_visitor_file_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_file")),
    )
    with op.batch_alter_table("visitor_file", schema=None) as batch_op:
        batch_op.create_index("ix_visitor_file_created", ["created_at"], unique=False)
        batch_op.create_index("ix_visitor_file_sha256", ["sha256"], unique=False)
        batch_op.create_index("ix_visitor_file_token", ["token_hash"], unique=False)

    with op.batch_alter_table("widget", schema=None) as batch_op:
        batch_op.add_column(sa.Column("takes_files", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("widget", schema=None) as batch_op:
        batch_op.drop_column("takes_files")

    with op.batch_alter_table("visitor_file", schema=None) as batch_op:
        batch_op.drop_index("ix_visitor_file_token")
        batch_op.drop_index("ix_visitor_file_sha256")
        batch_op.drop_index("ix_visitor_file_created")

    op.drop_table("visitor_file")
