"""copies of a chat by mail go with their visitor

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("system_mail", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("visitor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(
            "ix_system_mail_visitor",
            ["visitor_id"],
            unique=False,
            sqlite_where=sa.text("visitor_id IS NOT NULL"),
            postgresql_where=sa.text("visitor_id IS NOT NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_system_mail_visitor_id"), "visitor", ["visitor_id"], ["id"], ondelete="CASCADE"
        )


def downgrade() -> None:
    with op.batch_alter_table("system_mail", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_system_mail_visitor_id"), type_="foreignkey")
        batch_op.drop_index(
            "ix_system_mail_visitor",
            sqlite_where=sa.text("visitor_id IS NOT NULL"),
            postgresql_where=sa.text("visitor_id IS NOT NULL"),
        )
        batch_op.drop_column("visitor_id")
