"""Mail that the team sends with other programs: folders of sent mail, and mail that waits to be vouched for

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("imap_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("holds_sent", sa.Boolean(), server_default=sa.text("false"), nullable=False))

    with op.batch_alter_table("inbound_mail", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbound_mail_unvouched",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'unvouched'"),
            postgresql_where=sa.text("state = 'unvouched'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("inbound_mail", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inbound_mail_unvouched",
            sqlite_where=sa.text("state = 'unvouched'"),
            postgresql_where=sa.text("state = 'unvouched'"),
        )

    with op.batch_alter_table("imap_account", schema=None) as batch_op:
        batch_op.drop_column("holds_sent")
