"""Whose account and which NPI a file once had: nobody verifies or decides their own, whatever it says today.

What an NPI was before it was changed, older events tell.
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "former_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("provider_id", "person_id"),
    )
    op.create_index(op.f("ix_former_account_person_id"), "former_account", ["person_id"], unique=False)
    op.create_table(
        "former_npi",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("npi", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("provider_id", "npi"),
    )
    op.create_index(op.f("ix_former_npi_npi"), "former_npi", ["npi"], unique=False)
    op.create_table(
        "quarantined_file",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("error_reference", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"]),
        sa.PrimaryKeyConstraint("provider_id", "job"),
    )
    for row in _former_npis():
        op.execute(INSERT.bindparams(**row))


INSERT = sa.text(
    "INSERT INTO former_npi (provider_id, npi, until) SELECT provider.id, :npi, audit_event.at FROM provider, audit_event "
    "WHERE audit_event.id = :event_id AND provider.id = :provider_id ON CONFLICT DO NOTHING"
)


def _former_npis() -> Iterator[dict[str, Any]]:
    changed = sa.text(
        "SELECT id, subject, CAST(before AS TEXT) AS before, CAST(after AS TEXT) AS after FROM audit_event "
        "WHERE act = 'provider_changed' ORDER BY seq"
    )
    for event in op.get_bind().execute(changed).all():
        was, now = _npi(event.before), _npi(event.after)
        provider_id = event.subject.removeprefix("provider:")
        if was not in (None, now) and provider_id.isdecimal():
            yield {"provider_id": int(provider_id), "npi": was, "event_id": event.id}


def _npi(text: str | None) -> str | None:
    """None too where somebody altered the event: ``credbot audit verify`` tells of that."""
    try:
        facts = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return None
    said = facts.get("npi") if isinstance(facts, dict) else None
    return said if isinstance(said, str) else None
