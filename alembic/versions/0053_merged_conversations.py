"""A conversation that became part of another leads to it

Revision ID: 0053
Revises: 0052
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


LEADS = sa.text("merged_into_id IS NOT NULL")


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("conversation") as table:
        table.add_column(sa.Column("merged_into_id", number, nullable=True))
        table.create_foreign_key(
            op.f("fk_conversation_merged_into_id"), "conversation", ["merged_into_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index(
        "ix_conversation_merged_into", "conversation", ["merged_into_id"], sqlite_where=LEADS, postgresql_where=LEADS
    )


def downgrade() -> None:
    op.drop_index("ix_conversation_merged_into", "conversation", sqlite_where=LEADS, postgresql_where=LEADS)
    with op.batch_alter_table("conversation") as table:
        table.drop_constraint(op.f("fk_conversation_merged_into_id"), type_="foreignkey")
        table.drop_column("merged_into_id")
