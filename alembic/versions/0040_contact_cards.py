"""The cards beside a thread are found by their contact, however many the workspace has

With two indexes that fit equally well, SQLite read all of the workspace's.

Revision ID: 0040
Revises: 0039
"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("quote", "ticket"):
        op.drop_index(f"ix_{table}_contact", table)
        op.create_index(f"ix_{table}_contact", table, ["contact_id", "workspace_id", "id"])


def downgrade() -> None:
    for table in ("ticket", "quote"):
        op.drop_index(f"ix_{table}_contact", table)
        op.create_index(f"ix_{table}_contact", table, ["contact_id", "id"])
