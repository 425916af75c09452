"""Small mails carry their bytes until they are read

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbound_mail", sa.Column("raw", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM inbound_mail WHERE raw IS NOT NULL")):
        raise RuntimeError("Mail waits to be read: let a worker read it first, its bytes are nowhere else.")
    with op.batch_alter_table("inbound_mail") as table:
        table.drop_column("raw")
