"""The audit chain: every change of state has one event; each event's hash covers the one before.

``record`` collects during a transaction; ``seal`` chains at its end under a lock on the head row. Without
that lock concurrent writers fork the chain (docs/adr/0004).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from bot.rules.people.models import Person
from bot.store.audit import origin
from bot.store.database_time import database_now
from bot.store.tables import AuditEvent, AuditHead

START = "0" * 64
BATCH = 2_000
CONTENT = ("seq", "actor", "act", "subject", "before", "after", "reason", "previous_hash", "key_id")


AS_IF: ContextVar[datetime | None] = ContextVar("as_if", default=None)
"""The moment that it is for this thread, where it is not now: each event says so."""
LONGEST_SEQ = 9
"""Digits of an event's number: its column holds no more than these."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest event. ``SEQ:HASH`` is what a team post and ``audit verify --head`` carry."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    @classmethod
    def read(cls, words: str) -> Self:
        """Of ``SEQ:HASH``. Raises ValueError."""
        seq, _, hashed = words.partition(":")
        if not (seq.isascii() and seq.isdecimal() and len(seq) <= LONGEST_SEQ) or not hashed:
            raise ValueError(f"{words!r} is no head")
        return cls(int(seq), hashed)


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
    if moment := AS_IF.get():
        after = {**(after or {}), "as_if": moment}
    event = {"actor": who, "act": act, "subject": subject, "reason": reason}
    session.info.setdefault("audit", []).append(event | {"before": _plain(before), "after": _plain(after)})


def seal(session: Session) -> None:
    """Chains what was collected. Called by ``writing()`` as the last thing before the commit.

    Raises RetiredKeyError where the newest key is one that was replaced before.
    """
    if events := session.info.pop("audit", []):
        _chain(session, events)


def pin(session: Session) -> None:
    """Records a change of key at once, where there is one: until then the retired key could still write the end."""
    if ends_with_another(session, session.info["keys"][0]):
        _chain(session, [])


def ends_with_another(session: Session, key: str) -> bool:
    """Whether there is a chain, and another key sealed its newest event."""
    head = session.get(AuditHead, 1)
    return head is not None and head.seq > 0 and head.key_id != key_id(key)


def _chain(session: Session, events: list[dict[str, Any]]) -> None:
    keys: tuple[str, ...] = session.info.get("keys", ())
    if not keys:
        raise RuntimeError("CREDBOT_SECRET_KEY is not set: nothing can be recorded without its audit event")
    head, key = _locked_head(session), key_id(keys[0])
    events = [*origin.opening(session, head, key), *events]
    if not events:  # another process was first
        return
    at = database_now(session)
    seq, previous = head.seq, head.hash
    for event in events:
        seq += 1
        event.update(seq=seq, at=at, previous_hash=previous, key_id=key)
        event["hash"] = previous = event_hash(event, keys[0])
    for start in range(0, len(events), BATCH):
        session.execute(insert(AuditEvent), events[start : start + BATCH])
    if events[0]["act"] == origin.ROTATED:
        origin.remember_rotation(session, key, events[0]["seq"], events[0]["hash"])
    newest = update(AuditHead).where(col(AuditHead.id) == 1)
    session.execute(newest.values(seq=seq, hash=previous, key_id=key))


def head(session: Session) -> Head:
    row = session.get(AuditHead, 1)
    return Head(row.seq, row.hash) if row else Head(0, START)


def key_id(key: str) -> str:
    """Names a key without showing it."""
    return hashlib.sha256(b"credbot audit key id" + key.encode()).hexdigest()[:12]


def event_hash(event: Mapping[str, Any], key: str) -> str:
    """What an event carries: it covers all of its content and the hash of the one before."""
    derived = hmac.new(key.encode(), b"credbot audit chain", hashlib.sha256).digest()
    content = json.dumps(content_of(event), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(derived, content.encode(), hashlib.sha256).hexdigest()


def content_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event as plain JSON: everything but its own hash."""
    at: datetime = event["at"]
    return {**{name: event[name] for name in CONTENT}, "at": at.astimezone(UTC).isoformat(timespec="microseconds")}


def _locked_head(session: Session) -> AuditHead:
    locked = select(AuditHead).where(AuditHead.id == 1).with_for_update()
    row = session.exec(locked.execution_options(populate_existing=True)).first()
    if row is None:
        raise RuntimeError("the audit head is missing; run: credbot migrate")
    return row


def _plain(facts: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if facts is None else json.loads(json.dumps(dict(facts), default=str))
