"""Everything of the first release."""

import sqlalchemy as sa
from alembic import op

from bot.store.migrations.first_schema import audit, credentials, outbox, people, privileges, reminders

revision = "0001_first_schema"
down_revision = None


def upgrade() -> None:
    for area in (people, credentials, privileges, reminders, outbox, audit):
        area.create()
    _begin_the_chain()


def _begin_the_chain() -> None:
    head = sa.table("audit_head", sa.column("id"), sa.column("seq"), sa.column("hash"))
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])
