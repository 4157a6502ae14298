"""What somebody saw when they decided: a privilege's criteria as canonical JSON, kept once per content."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from bot.rules.privileges.models import Eligibility
from bot.store.bulk.upsert import insert_missing
from bot.store.tables import EvidenceSnapshot
from bot.store.tables.canonical_json import canonical_hash
from bot.store.tables.column_types import required

_SEEN = TypeAdapter(Eligibility)


def keep_snapshot(session: Session, seen: Eligibility) -> int:
    """The id of the stored copy; two people who saw the same share one."""
    content: dict[str, Any] = _SEEN.dump_python(seen, mode="json")
    sha256 = canonical_hash(content)
    session.execute(insert_missing(session, EvidenceSnapshot), [{"sha256": sha256, "content": content}])
    return required(session.exec(select(EvidenceSnapshot.id).where(EvidenceSnapshot.sha256 == sha256)).one())


def read_snapshots(session: Session, snapshot_ids: Collection[int]) -> dict[int, Eligibility]:
    """What was seen, by snapshot id, as the values that rules and cards know.

    Raises ValueError where a copy was changed: nothing is shown as evidence that was not seen.
    """
    rows = session.exec(select(EvidenceSnapshot).where(col(EvidenceSnapshot.id).in_(snapshot_ids))).all()
    return {required(row.id): _SEEN.validate_python(_as_kept(row)) for row in rows}


def _as_kept(row: EvidenceSnapshot) -> dict[str, Any]:
    if canonical_hash(row.content) != row.sha256:
        raise ValueError(f"snapshot {row.id} does not hold what its hash says")
    return row.content
