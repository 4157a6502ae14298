"""The audit head says which key sealed its event, so that a change of key is seen by the first write after it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("audit_head", sa.Column("key_id", sa.String(), nullable=True))
    op.execute("UPDATE audit_head SET key_id = (SELECT key_id FROM audit_event WHERE audit_event.seq = audit_head.seq)")
