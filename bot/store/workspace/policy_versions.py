"""The policies as they were in force: what a request's ``policy_hash`` points at."""

from __future__ import annotations

from sqlmodel import Session, col

from bot.rules.policy import Policies
from bot.store import audit
from bot.store.bulk.upsert import insert_missing
from bot.store.database_time import database_now
from bot.store.tables import PolicyVersion


def keep_version(session: Session, policies: Policies) -> bool:
    """Keeps the policies in use where they are new; whether they were. Of processes that start at once, one does."""
    if session.get(PolicyVersion, policies.hash) is not None:
        return False
    content = policies.model_dump(mode="json", exclude={"hash"})
    kept = insert_missing(session, PolicyVersion).values(hash=policies.hash, content=content, at=database_now(session))
    if session.execute(kept.returning(col(PolicyVersion.hash))).first() is None:
        return False
    audit.record(session, "credbot", "policies_changed", f"policies:{policies.hash[:12]}")
    return True
