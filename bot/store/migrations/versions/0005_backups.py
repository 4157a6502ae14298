"""A provider's backup, beside the owner."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("ALTER TABLE provider ADD COLUMN backup_id INTEGER REFERENCES person (id)")
    op.create_index(op.f("ix_provider_backup_id"), "provider", ["backup_id"], unique=False)
