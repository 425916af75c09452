"""Indexes for searching contacts and messages

Revision ID: 0004
Revises: 0003
"""

from alembic import op

from witei_app.models import search

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    search.make(op.get_bind())


def downgrade() -> None:
    search.drop(op.get_bind())
