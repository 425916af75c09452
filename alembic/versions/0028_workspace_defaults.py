"""A workspace's logo, signature of new users, and time to undo

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("logo", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("signature_html", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("undo_seconds", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.drop_column("undo_seconds")
        batch_op.drop_column("signature_html")
        batch_op.drop_column("logo")
