"""Mailboxes that are fetched by IMAP

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imap_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("security", sa.String(length=16), nullable=False),
        sa.Column("username", sa.String(length=320), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("folder", sa.String(length=255), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("marks_read", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_uid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_mail_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column(
            "fault_values",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_by", sa.String(length=64), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("backfill_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("loud_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("backfill_end", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("backfill_uid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("backfill_total", sa.Integer(), nullable=False),
        sa.Column("backfill_done", sa.Integer(), nullable=False),
        sa.Column("backfilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_imap_account_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imap_account")),
        sa.UniqueConstraint(
            "workspace_id", "host", "username", "folder", name=op.f("uq_imap_account_workspace_id_host_username_folder")
        ),
    )
    with op.batch_alter_table("imap_account", schema=None) as batch_op:
        batch_op.create_index(
            "ix_imap_account_due",
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("is_on"),
            postgresql_where=sa.text("is_on"),
        )

    with op.batch_alter_table("inbound_mail", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("imap_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
        batch_op.add_column(sa.Column("imap_uid", big, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("is_history", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("is_seen", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key(
            batch_op.f("fk_inbound_mail_imap_account_id"),
            "imap_account",
            ["imap_account_id"],
            ["id"],
            ondelete="SET NULL",
        )


def downgrade() -> None:
    with op.batch_alter_table("inbound_mail", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_inbound_mail_imap_account_id"), type_="foreignkey")
        batch_op.drop_column("is_seen")
        batch_op.drop_column("is_history")
        batch_op.drop_column("imap_uid")
        batch_op.drop_column("imap_account_id")

    with op.batch_alter_table("imap_account", schema=None) as batch_op:
        batch_op.drop_index("ix_imap_account_due", sqlite_where=sa.text("is_on"), postgresql_where=sa.text("is_on"))

    op.drop_table("imap_account")
