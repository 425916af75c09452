"""more than one browser of a visitor

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visitor_token",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("visitor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitor.id"], name=op.f("fk_visitor_token_visitor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_visitor_token_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_visitor_token_token_hash")),
    )
    with op.batch_alter_table("visitor_token", schema=None) as batch_op:
        batch_op.create_index("ix_visitor_token_visitor", ["visitor_id"], unique=False)
        batch_op.create_index("ix_visitor_token_workspace", ["workspace_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("visitor_token", schema=None) as batch_op:
        batch_op.drop_index("ix_visitor_token_workspace")
        batch_op.drop_index("ix_visitor_token_visitor")

    op.drop_table("visitor_token")
