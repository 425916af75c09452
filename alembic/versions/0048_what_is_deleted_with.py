"""What goes with a letter of the program, a sender address or a mailbox is found without reading all there is

Revision ID: 0048
Revises: 0047
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_delivery_system_mail": ("delivery", "system_mail_id"),
    "ix_message_sender_address": ("message", "sender_address_id"),
    "ix_inbound_mail_account": ("inbound_mail", "imap_account_id"),
}


def upgrade() -> None:
    for name, (table, column) in INDEXES.items():
        condition = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)
