"""The audit chain: every change of state has one event; each event's hash covers the one before.

``record`` collects during a transaction; ``seal`` chains at its end under a lock on the head row. Without
that lock concurrent writers fork the chain (docs/adr/0004).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, select

from bot.rules.values import Person
from bot.store.moment import database_now
from bot.store.tables import AuditEvent, AuditHead

START = "0" * 64
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Head:
    """The newest event. ``SEQ:HASH`` is what a team post and ``audit verify --head`` carry."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first event that does not fit, and what is wrong with it."""

    seq: int
    why: str


def record(
    session: Session,
    actor: Person | str,
    act: str,
    subject: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Collects one event. ``act`` is a past-tense word such as ``term_recorded``; ``subject`` such as ``term:12``."""
    who = actor if isinstance(actor, str) else (actor.slack_user_id or actor.name)
    event = {"actor": who, "act": act, "subject": subject, "reason": reason}
    session.info.setdefault("audit", []).append(event | {"before": _plain(before), "after": _plain(after)})


def seal(session: Session) -> None:
    """Chains what was collected. Called by ``writing()`` as the last thing before the commit."""
    events: list[dict[str, Any]] = session.info.pop("audit", [])
    if not events:
        return
    keys: tuple[str, ...] = session.info.get("keys", ())
    if not keys:
        raise RuntimeError("CREDBOT_SECRET_KEY is not set: nothing can be recorded without its audit event")
    head = _locked_head(session)
    at = database_now(session)
    seq, previous = head.seq, head.hash
    for event in events:
        seq += 1
        event.update(seq=seq, at=at, previous_hash=previous, key_id=key_id(keys[0]))
        event["hash"] = previous = _hash(event, keys[0])
    for start in range(0, len(events), BATCH):
        session.execute(insert(AuditEvent), events[start : start + BATCH])
    session.execute(update(AuditHead).where(AuditHead.id == 1).values(seq=seq, hash=previous))  # type: ignore[arg-type]


def verify(session: Session, keys: tuple[str, ...], copied: Head | None = None) -> Head | Broken:
    """Checks every event, the count and the head; with ``copied`` also that it lies in this chain."""
    known = {key_id(key): key for key in keys}
    expected, previous, seen = 0, START, copied is None or (copied.seq == 0 and copied.hash == START)
    for event in _all(session):
        expected += 1
        problem = _problem(event, expected, previous, known)
        if problem:
            return Broken(expected, problem)
        previous = event.hash
        seen = seen or (copied == Head(event.seq, event.hash))
    present = head(session)
    if present != Head(expected, previous):
        return Broken(expected, f"the head says {present.seq}, the chain ends at {expected}: events are missing")
    if not seen:
        return Broken(copied.seq if copied else 0, "the head given does not lie in this chain: history was rewritten")
    return present


def head(session: Session) -> Head:
    row = session.get(AuditHead, 1)
    return Head(row.seq, row.hash) if row else Head(0, START)


def rows(session: Session) -> Iterator[dict[str, Any]]:
    """Every event in order, for an export."""
    for event in _all(session):
        yield {**_content(event.model_dump()), "hash": event.hash}


def key_id(key: str) -> str:
    """Names a key without showing it."""
    return hashlib.sha256(b"credbot audit key id" + key.encode()).hexdigest()[:12]


def _all(session: Session) -> Iterator[AuditEvent]:
    yield from session.exec(select(AuditEvent).order_by(AuditEvent.seq).execution_options(yield_per=BATCH))  # type: ignore[arg-type]


def _problem(event: AuditEvent, seq: int, previous: str, known: dict[str, str]) -> str | None:
    if event.seq != seq:
        return f"event {seq} is missing (the next one is {event.seq})"
    if event.key_id not in known:
        return "it was sealed with a key that CREDBOT_SECRET_KEY does not hold"
    if event.previous_hash != previous:
        return "it does not follow from the event before"
    if not hmac.compare_digest(event.hash, _hash(event.model_dump(), known[event.key_id])):
        return "its content was changed after it was sealed"
    return None


def _locked_head(session: Session) -> Head:
    row = session.exec(select(AuditHead).where(AuditHead.id == 1).with_for_update()).first()
    if row is None:
        raise RuntimeError("the audit head is missing; run: credbot migrate")
    return Head(row.seq, row.hash)


def _hash(event: Mapping[str, Any], key: str) -> str:
    derived = hmac.new(key.encode(), b"credbot audit chain", hashlib.sha256).digest()
    content = json.dumps(_content(event), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(derived, content.encode(), hashlib.sha256).hexdigest()


def _content(event: Mapping[str, Any]) -> dict[str, Any]:
    names = ("seq", "actor", "act", "subject", "before", "after", "reason", "previous_hash", "key_id")
    at: datetime = event["at"]
    return {**{name: event[name] for name in names}, "at": at.astimezone(UTC).isoformat(timespec="microseconds")}


def _plain(facts: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if facts is None else json.loads(json.dumps(dict(facts), default=str))
