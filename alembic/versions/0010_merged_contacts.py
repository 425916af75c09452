"""Contacts that were merged into others

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("merged_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_contact_merged_into", ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_contact_merged_into_id"), "contact", ["merged_into_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contact_merged_by_id"), "user", ["merged_by_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_contact_merged_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_contact_merged_into_id"), type_="foreignkey")
        batch_op.drop_index("ix_contact_merged_into")
        batch_op.drop_column("merged_at")
        batch_op.drop_column("merged_by_id")
        batch_op.drop_column("merged_into_id")
