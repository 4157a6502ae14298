"""Is the chain whole, is it this database's, and does it tell of everything that stands in it?"""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Text, cast, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from bot.store.audit import BATCH, CONTENT, START, Head, event_hash, key_id, unrecorded
from bot.store.audit.origin import BEGUN, DATABASE_ID, ROTATED, ROTATED_AT, pinned, setting
from bot.store.bulk import table
from bot.store.tables import AuditEvent, AuditHead, OutboxMessage, Setting, canonical_json

EVENT, MESSAGE = table(AuditEvent), table(OutboxMessage)
POSTED = "digest"
"""The kind of message that posts a head to the team; its facts keep it."""
NOT_HERE = "does not lie in this chain: history was rewritten, or its end was cut off"

UNREADABLE = (ValueError, TypeError, AttributeError, RecursionError, OverflowError)
"""What Python raises over a row that holds anything at all; UnicodeError is a ValueError."""
NEW_KEY = (
    "the newest key has sealed nothing in it. If Credbot was started with that key before, the end was removed or "
    "rewritten. If not, start Credbot once with the new key, or run credbot migrate, then verify again"
)


@dataclass(frozen=True, slots=True)
class ChainVerified:
    """The present head, and a line for each thing that was looked at."""

    head: Head
    checked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChainBroken:
    """What is wrong, and with which event; ``seq`` None: every event fits, and the database tells otherwise."""

    seq: int | None
    why: str

    def __str__(self) -> str:
        if self.seq is None:
            return f"The audit chain does not tell of everything here: {self.why}"
        return f"The audit chain is broken at event {self.seq}: {self.why}"


class Unpinned(ChainBroken):
    """The chain fits up to its end, and its end is a retired key's: whoever has that key could have written it."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"The audit chain cannot be relied on: {self.why}"


@dataclass(frozen=True, slots=True)
class NotedHead:
    """A head that was written down while it was the newest, and where."""

    head: Head
    where: str


class NoHeadError(Exception):
    """Where a head was written down, something else stands. The message says where."""


class _ChainWalk:
    """How far the chain was followed: the last event's number, hash and key."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.seq, self.hash, self.key_id = 0, START, ""
        self.pins = self.age = 0
        self.named: str | None = None
        """The id of the database that the first event names."""
        self._keys = {key_id(key): key for key in keys}
        self._rank = {key_id(key): rank for rank, key in enumerate(keys)}

    def problem(self, row: Mapping[str, Any]) -> str | None:
        """Why the next event does not fit; None where it does, and then it is the last one."""
        if row["seq"] != self.seq + 1:
            return f"event {self.seq + 1} is missing (the next one is {row['seq']})"
        if row["key_id"] not in self._keys:
            return "it was sealed with a key that CREDBOT_SECRET_KEY does not hold"
        if row["previous_hash"] != self.hash:
            return "it does not follow from the event before"
        event = self._sealed(row)
        if isinstance(event, str):
            return event
        wrong = self._wrong_key(event)
        if wrong is None:
            self._step(event)
        return wrong

    def _sealed(self, row: Mapping[str, Any]) -> Mapping[str, Any] | str:
        """The event, as its seal says; else what is wrong with it."""
        try:
            event = _event(row)
            whole = hmac.compare_digest(row["hash"], event_hash(event, self._keys[row["key_id"]]))
        except canonical_json.AmbiguousError as error:
            return f"its content cannot be read in one way only: {error}"
        except UNREADABLE as error:
            return f"its content cannot be read: {error}"
        return event if whole else "its content was changed after it was sealed"

    def _wrong_key(self, event: Mapping[str, Any]) -> str | None:
        if self.key_id in ("", event["key_id"]):
            return None
        if self._rank[event["key_id"]] >= self._rank[self.key_id]:
            return "it was sealed with a key that was retired before"
        pin = (event["act"], event["before"])
        if self.named and pin != (ROTATED, pinned(self.key_id, self.seq, self.hash)):
            return "it was sealed with another key, and no change of key was recorded before it"
        return None

    def _step(self, event: Mapping[str, Any]) -> None:
        if event["seq"] == 1 and event["act"] == BEGUN:
            self.named = (event["after"] or {}).get("database_id")
        self.pins += event["act"] == ROTATED
        self.seq, self.hash, self.key_id = event["seq"], event["hash"], event["key_id"]
        self.age = self._rank[self.key_id]


def verify(session: Session, keys: tuple[str, ...], copied: Head | None = None) -> ChainVerified | ChainBroken:
    """Checks every event, and what can be held against all of them; ``copied``: a head that must lie in the chain."""
    try:
        noted = [*_posted(session), *_rotations(session), *([NotedHead(copied, "the head given")] if copied else [])]
    except NoHeadError as error:
        return ChainBroken(None, str(error))
    walk = _ChainWalk(keys)
    broken = _follow(session, walk, noted) or _end(session, walk) or _elsewhere(session, walk)
    if broken:
        return broken
    if untold := unrecorded.first(session):
        return ChainBroken(None, untold)
    if walk.seq and walk.age:
        return Unpinned(walk.seq, NEW_KEY)
    return ChainVerified(Head(walk.seq, walk.hash), tuple(_checked(session, walk, noted)))


def _follow(session: Session, walk: _ChainWalk, noted: Iterable[NotedHead]) -> ChainBroken | None:
    wanted: dict[int, list[NotedHead]] = defaultdict(list)
    for one in noted:
        wanted[one.head.seq].append(one)
    for row in _readable(session, walk):
        if isinstance(row, ChainBroken):
            return row
        if problem := walk.problem(row):
            return ChainBroken(walk.seq + 1, problem)
        for one in wanted.pop(walk.seq, ()):
            if one.head.hash != walk.hash:
                return ChainBroken(walk.seq, f"{one.where} {NOT_HERE}")
    missing = [one for seq in sorted(wanted) for one in wanted[seq] if one.head != Head(0, START)]
    return ChainBroken(missing[0].head.seq, f"{missing[0].where} {NOT_HERE}") if missing else None


def _end(session: Session, walk: _ChainWalk) -> ChainBroken | None:
    head = session.get(AuditHead, 1)
    present = (head.seq, head.hash, head.key_id or "") if head else (0, START, "")
    if present == (walk.seq, walk.hash, walk.key_id):
        return None
    if present[0] != walk.seq:
        return ChainBroken(walk.seq, f"the head says {present[0]}, the chain ends at {walk.seq}: events are missing")
    return ChainBroken(walk.seq, "the head is not the last event's")


def _elsewhere(session: Session, walk: _ChainWalk) -> ChainBroken | None:
    """Whether the chain is another database's, or was taken out of this one."""
    here = setting(session, DATABASE_ID)
    if here == walk.named:
        return None
    if walk.seq == 0:
        return ChainBroken(1, "this database had a chain, and there is none: its events were removed")
    if walk.named is None:
        return ChainBroken(1, "the chain does not begin as this database's did")
    return ChainBroken(1, "the chain begins in another database")


def _posted(session: Session) -> Iterator[NotedHead]:
    posted = select(
        MESSAGE.c.id, cast(MESSAGE.c.facts, Text).label("facts"), type_coerce(MESSAGE.c.created_at, Text).label("at")
    ).where(MESSAGE.c.kind == POSTED)
    for row in session.execute(posted.order_by(MESSAGE.c.id)):
        if words := _head_in(row.facts, f"message {row.id}, a digest,"):
            where = f"the head in the digest of {str(row.at)[:10]}"
            yield NotedHead(_head(words, where), where)


def _head_in(facts: str, where: str) -> Any:
    try:
        return canonical_json.read(facts).get("head")
    except UNREADABLE:
        raise NoHeadError(f"{where} does not hold what a digest does") from None


def _rotations(session: Session) -> Iterator[NotedHead]:
    kept = select(col(Setting.key), col(Setting.value)).where(col(Setting.key).startswith(ROTATED_AT))
    for key, value in session.execute(kept):
        yield NotedHead(_head(value, f"the setting {key}"), "the change of key that this database remembers")


def _head(words: Any, where: str) -> Head:
    try:
        return Head.read(words)
    except UNREADABLE:
        raise NoHeadError(f"{where} names no head") from None


def _readable(session: Session, walk: _ChainWalk) -> Iterator[Mapping[str, Any] | ChainBroken]:
    """The rows, up to where the database itself cannot read one: text of another encoding, on SQLite."""
    try:
        yield from _rows(session)
    except DBAPIError as error:
        if "decode" not in str(error.orig):
            raise
        yield ChainBroken(walk.seq + 1, f"it, or one of the {BATCH} after it, holds what is no text")


def _rows(session: Session) -> Iterator[Mapping[str, Any]]:
    """Every event in order, its JSON as the text that is stored."""
    plain = [EVENT.c[name] for name in (*CONTENT, "hash") if name not in ("before", "after")]
    at = type_coerce(EVENT.c.at, Text).label("at")  # as it is stored: whether that is an instant, ``_event`` finds
    texts = [cast(EVENT.c[name], Text).label(name) for name in ("before", "after")]
    query = select(*plain, at, *texts).order_by(EVENT.c.seq)
    for row in session.execute(query, execution_options={"yield_per": BATCH}):
        yield row._asdict()


def _event(row: Mapping[str, Any]) -> Mapping[str, Any]:
    at = row["at"]
    read = datetime.fromisoformat(at).replace(tzinfo=UTC) if not isinstance(at, datetime) else at
    return {**row, "at": read, **{side: _read(row[side]) for side in ("before", "after")}}


def _read(text: str | None) -> Any:
    return None if text is None else canonical_json.read(text)


def _checked(session: Session, walk: _ChainWalk, noted: Sequence[NotedHead]) -> Iterator[str]:
    yield "every event follows from the one before, up to the head"
    if walk.named:
        yield f"it begins in this database ({walk.named[:8]})"
    elif walk.seq:
        yield "it was begun before databases had an id: whether it is this one's was not looked at"
    yield f"changes of key: {walk.pins}"
    posted = [one for one in noted if one.where.startswith("the head")]
    yield f"heads that were posted or given, and lie in it: {len(posted)}"
    yield from unrecorded.checked(session)
