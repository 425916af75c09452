"""What was done to a contact names it by its number: what is never changed holds nothing of whoever is erased

Revision ID: 0051
Revises: 0050
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("audit_entry", sa.Column("contact_id", number, nullable=True))


def downgrade() -> None:
    op.drop_column("audit_entry", "contact_id")
