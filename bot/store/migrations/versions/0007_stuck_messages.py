"""The few messages that wait for a person are found among all that were ever sent."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

FOR_A_PERSON = sa.text("state IN ('asked', 'failed')")


def upgrade() -> None:
    op.create_index(
        "outbox_for_a_person",
        "outbox_message",
        ["id"],
        unique=False,
        sqlite_where=FOR_A_PERSON,
        postgresql_where=FOR_A_PERSON,
    )
