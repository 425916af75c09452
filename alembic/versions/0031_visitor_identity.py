"""who a visitor is on the agency's site, and the secret that proves it

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "claimed",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                nullable=False,
                server_default="{}",
            )
        )
        batch_op.add_column(sa.Column("external_id", sa.String(length=200), nullable=False, server_default=""))
        batch_op.create_index(
            "ix_visitor_external",
            ["widget_id", "external_id"],
            unique=True,
            sqlite_where=sa.text("external_id <> ''"),
            postgresql_where=sa.text("external_id <> ''"),
        )

    with op.batch_alter_table("widget", schema=None) as batch_op:
        batch_op.add_column(sa.Column("identity_secret", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("identity_secret_before", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("identity_changed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("widget", schema=None) as batch_op:
        batch_op.drop_column("identity_changed_at")
        batch_op.drop_column("identity_secret_before")
        batch_op.drop_column("identity_secret")

    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_visitor_external",
            sqlite_where=sa.text("external_id <> ''"),
            postgresql_where=sa.text("external_id <> ''"),
        )
        batch_op.drop_column("external_id")
        batch_op.drop_column("claimed")
