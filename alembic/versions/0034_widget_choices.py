"""more choices of a widget, and the path of a visit

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "path",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                nullable=False,
                server_default="[]",
            )
        )

    with op.batch_alter_table("widget", schema=None) as batch_op:
        batch_op.add_column(sa.Column("file_kinds", sa.String(length=16), nullable=False, server_default="all"))
        batch_op.add_column(sa.Column("most_file_mb", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("is_in_turn", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("shows_logo", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(
            sa.Column(
                "nudge",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                nullable=False,
                server_default="{}",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("widget", schema=None) as batch_op:
        batch_op.drop_column("nudge")
        batch_op.drop_column("shows_logo")
        batch_op.drop_column("is_in_turn")
        batch_op.drop_column("most_file_mb")
        batch_op.drop_column("file_kinds")

    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.drop_column("path")
