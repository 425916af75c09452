"""Visitors and addresses that are blocked, their country, how long a visitor waits before an address is asked for

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

BLOCKED = sa.text("blocked_at IS NOT NULL")
WITH_ADDRESS = sa.text("address <> ''")


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "blocked_address",
        sa.Column("id", id_type, nullable=False),
        sa.Column("workspace_id", id_type, nullable=False),
        sa.Column("network", sa.String(length=45), nullable=False),
        sa.Column("about", sa.String(length=255), nullable=False),
        sa.Column("user_id", id_type, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_blocked_address_user_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_blocked_address_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocked_address")),
        sa.UniqueConstraint("workspace_id", "network", name=op.f("uq_blocked_address_workspace_id_network")),
    )
    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=45), server_default="", nullable=False))
        batch_op.add_column(sa.Column("country", sa.String(length=2), server_default="", nullable=False))
        batch_op.add_column(sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("blocked_by_id", id_type, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_visitor_blocked_by_id"), "user", ["blocked_by_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(
            "ix_visitor_blocked", ["workspace_id", "blocked_at"], sqlite_where=BLOCKED, postgresql_where=BLOCKED
        )
        batch_op.create_index(
            "ix_visitor_address_seen", ["last_seen_at"], sqlite_where=WITH_ADDRESS, postgresql_where=WITH_ADDRESS
        )
    with op.batch_alter_table("widget", schema=None) as batch_op:
        batch_op.add_column(sa.Column("patience_minutes", sa.Integer(), server_default="2", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("widget", schema=None) as batch_op:
        batch_op.drop_column("patience_minutes")
    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.drop_index("ix_visitor_address_seen")
        batch_op.drop_index("ix_visitor_blocked")
        batch_op.drop_constraint(batch_op.f("fk_visitor_blocked_by_id"), type_="foreignkey")
        for name in ("blocked_by_id", "blocked_at", "country", "address"):
            batch_op.drop_column(name)
    op.drop_table("blocked_address")
