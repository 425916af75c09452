"""The inbound addresses that a workspace had before, which go on receiving

Revision ID: 0046
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "former_mailbox",
        sa.Column("id", id_type, nullable=False),
        sa.Column("workspace_id", id_type, nullable=False),
        sa.Column("mailbox", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_former_mailbox_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_mailbox")),
        sa.UniqueConstraint("mailbox", name=op.f("uq_former_mailbox_mailbox")),
    )
    op.create_index("ix_former_mailbox_workspace_id", "former_mailbox", ["workspace_id"])


def downgrade() -> None:
    op.drop_table("former_mailbox")
