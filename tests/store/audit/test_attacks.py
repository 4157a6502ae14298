"""What somebody with the database, or with a key that was replaced, cannot do to the audit chain unseen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlmodel import col, select

from bot.changes.providers.profiles import ProviderFacts, Saved, save_provider
from bot.jobs.weekly_digest import tell_the_week
from bot.rules.context import Context
from bot.rules.people.models import CLI, HeldRole
from bot.rules.people.models import Role as RoleName
from bot.store import audit
from bot.store.audit.chain_check import NEW_KEY, ChainBroken, ChainVerified, Unpinned, verify
from bot.store.audit.origin import RetiredKeyError
from bot.store.engine import Database
from bot.store.privileges.evidence import read_snapshots
from bot.store.schema import make_ready, pin_the_key
from bot.store.tables import AuditEvent, AuditHead, PersonRow, ProviderRow, RoleAssignment, Setting
from bot.store.workspace.policy_versions import keep_version
from tests.conftest import KEY
from tests.jobs.building import a_provider

NEWER = Fernet.generate_key().decode()
KEYS = (NEWER, KEY)
"""After a change of key: the newest first, the one before for reading."""
SPOILT = {
    "before": "UPDATE audit_event SET before = :twice WHERE seq = 2",
    "after": "UPDATE audit_event SET after = :twice WHERE seq = 2",
}


@pytest.fixture
def rotated(db: Database) -> Iterator[Database]:
    """The same database with a newer key in front, which has sealed already."""
    said(db, 3)
    newer = Database(db.url, KEYS)
    said(newer, 2)
    yield newer
    newer.dispose()


def said(db: Database, count: int = 1) -> None:
    for number in range(count):
        with db.writing() as session:
            audit.record(session, "cli", "details_opened", f"request:{number}", after={"number": number})


def hired(db: Database, name: str) -> int:
    """Somebody on record, with the event that tells of it."""
    with db.writing() as session:
        row = PersonRow(name=name, email=f"{name}@riverbend.test")
        session.add(row)
        session.flush()
        audit.record(session, "cli", "person_remembered", f"person:{row.id}")
        return row.id or 0


def found(db: Database, keys: Sequence[str] = (KEY,)) -> ChainVerified | ChainBroken:
    with db.reading() as session:
        return verify(session, tuple(keys))


def broken(db: Database, keys: Sequence[str] = (KEY,)) -> ChainBroken:
    answer = found(db, keys)
    assert isinstance(answer, ChainBroken), answer
    return answer


def acts(db: Database) -> list[str]:
    with db.reading() as session:
        return list(session.exec(select(AuditEvent.act).order_by(col(AuditEvent.seq))))


def do(db: Database, *statements: str, **values: Any) -> None:
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def cut(db: Database, at: int) -> None:
    """Takes the events after ``at`` away, and has the head say that it was never further."""
    do(
        db,
        "DELETE FROM audit_event WHERE seq > :at",
        "UPDATE audit_head SET seq = :at, (hash, key_id) = (SELECT hash, key_id FROM audit_event WHERE seq = :at)",
        at=at,
    )


def emptied(db: Database) -> None:
    start = "UPDATE audit_head SET seq = 0, hash = :start, key_id = NULL"
    do(db, "DELETE FROM audit_event", start, start=audit.START)


def sealed_anew(db: Database, key: str, *, without: Sequence[str] = ()) -> None:
    """Writes the whole chain again with a key, leaving some acts out."""
    forger = Database(db.url, (key,))
    with forger.reading() as session:
        events = [event.model_dump() for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.seq)))]
    emptied(db)
    previous, seq = audit.START, 0
    with forger.engine.begin() as connection:
        for event in (one for one in events if one["act"] not in without):
            seq += 1
            event.update(seq=seq, previous_hash=previous, key_id=audit.key_id(key))
            event["hash"] = previous = audit.event_hash(event, key)
            connection.execute(AuditEvent.__table__.insert(), event)
        head = {"seq": seq, "hash": previous, "key_id": audit.key_id(key)}
        connection.execute(AuditHead.__table__.update(), head)
    forger.dispose()


def test_the_first_write_with_a_new_key_pins_where_the_old_one_ends(rotated: Database) -> None:
    """One event of the new key names the old one's last event; then the chain holds under both."""
    assert acts(rotated) == ["chain_begun", *["details_opened"] * 3, "key_rotated", *["details_opened"] * 2]
    with rotated.reading() as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.act == "key_rotated")).one()
        last = session.exec(select(AuditEvent).where(AuditEvent.seq == 4)).one()
    assert event.before == {"key_id": audit.key_id(KEY), "seq": 4, "hash": last.hash}
    assert event.key_id == audit.key_id(NEWER)
    assert isinstance(found(rotated, KEYS), ChainVerified)


def test_a_retired_key_cannot_write_the_whole_chain_again(rotated: Database) -> None:
    """Everything resealed with the key that was replaced, the change of key left out: the database remembers it."""
    sealed_anew(rotated, KEY, without=["key_rotated"])
    assert "the change of key that this database remembers does not lie" in broken(rotated, KEYS).why


def test_a_retired_key_cannot_seal_beyond_the_change_of_key(rotated: Database) -> None:
    """Resealed with the change of key in it, as if the old key had announced itself."""
    sealed_anew(rotated, KEY)
    assert isinstance(found(rotated, KEYS), ChainBroken)


def test_a_retired_key_cannot_append(rotated: Database) -> None:
    """An event under the old key after the new one's is refused, whoever computed it."""
    with rotated.reading() as session:
        head = audit.head(session)
    event = {
        "seq": head.seq + 1, "at": datetime.now(UTC), "actor": "cli", "act": "role_granted", "subject": "person:1",
        "before": None, "after": None, "reason": None, "previous_hash": head.hash, "key_id": audit.key_id(KEY),
    }  # fmt: skip
    event["hash"] = audit.event_hash(event, KEY)
    with rotated.engine.begin() as connection:
        connection.execute(AuditEvent.__table__.insert(), event)
        newest = {name: event[name] for name in ("seq", "hash", "key_id")}
        connection.execute(AuditHead.__table__.update(), newest)
    assert broken(rotated, KEYS).why == "it was sealed with a key that was retired before"


def test_a_change_of_key_without_its_pin_is_refused(rotated: Database) -> None:
    """What the old key sealed is followed by the new one's events only through the event that pins its end."""
    with rotated.reading() as session:
        events = [event.model_dump() for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.seq)))]
    do(rotated, "DELETE FROM audit_event WHERE seq > 4", "DELETE FROM setting WHERE key LIKE 'audit_key:%'")
    event = {**events[5], "seq": 5, "previous_hash": events[3]["hash"]}
    event["hash"] = audit.event_hash(event, NEWER)
    with rotated.engine.begin() as connection:
        connection.execute(AuditEvent.__table__.insert(), event)
    assert broken(rotated, KEYS) == ChainBroken(
        5, "it was sealed with another key, and no change of key was recorded before it"
    )


def test_a_key_that_was_replaced_does_not_come_back(rotated: Database) -> None:
    """With the keys in the wrong order nothing is written, and Credbot says so before it starts."""
    reversed_keys = Database(rotated.url, (KEY, NEWER))
    with pytest.raises(RetiredKeyError, match="Put the newest key first"):
        said(reversed_keys)
    with pytest.raises(RetiredKeyError):
        make_ready(reversed_keys)
    reversed_keys.dispose()
    assert isinstance(found(rotated, KEYS), ChainVerified)


def test_a_retired_key_cannot_write_the_chain_again_up_to_its_end(rotated: Database) -> None:
    """Resealed whole, and what the database remembers of the change removed: the end is not the newest key's."""
    sealed_anew(rotated, KEY, without=["key_rotated"])
    do(rotated, "DELETE FROM setting WHERE key LIKE 'audit_key:%'")
    assert broken(rotated, KEYS) == Unpinned(6, NEW_KEY)


def test_a_new_key_pins_the_old_ones_end_as_soon_as_it_is_used(db: Database) -> None:
    """Before anything is recorded; a second process, or the same again, adds nothing."""
    said(db)
    assert isinstance(found(db, KEYS), Unpinned)
    newer = Database(db.url, KEYS)
    for _ in range(2):
        pin_the_key(newer)
    newer.dispose()
    assert isinstance(found(db, KEYS), ChainVerified)
    assert acts(db) == ["chain_begun", "details_opened", "key_rotated"]


def test_a_key_begins_no_chain_by_itself(db: Database) -> None:
    """Where nothing was recorded yet there is no end to pin."""
    pin_the_key(db)
    assert acts(db) == []


def test_a_tail_that_is_cut_is_missed_by_the_rows_it_told_of(db: Database) -> None:
    """The head was moved back with it, and no copied head is given: somebody is on record without an event."""
    hired(db, "cora")
    maya = hired(db, "maya")
    cut(db, at=2)
    assert broken(db) == ChainBroken(None, f"person {maya} is in the database, and no event tells of it")


def test_a_tail_that_is_cut_is_missed_after_more_was_written(db: Database) -> None:
    """Events that come after a cut do not hide it."""
    hired(db, "cora")
    maya = hired(db, "maya")
    cut(db, at=2)
    said(db, 3)
    assert f"person {maya}" in broken(db).why


def test_a_tail_that_is_cut_is_missed_though_a_refusal_named_its_row_before(db: Database) -> None:
    """Whoever asks for what is not there yet chooses its number: a refusal tells of no row."""
    cora = hired(db, "cora")
    with db.writing() as session:
        audit.record(session, "U1", "refused", f"person:{cora + 1}", reason="no_such_person")
    maya = hired(db, "maya")
    assert maya == cora + 1
    cut(db, at=3)
    assert broken(db) == ChainBroken(None, f"person {maya} is in the database, and no event tells of it")


def test_an_account_taken_off_a_file_without_an_event_is_missed(db: Database, ctx: Context) -> None:
    """Whose file it was is written at the instant of the event that took the account off."""
    admin = replace(CLI, roles=frozenset({HeldRole(RoleName.ADMIN), HeldRole(RoleName.COORDINATOR)}))
    cora = hired(db, "cora")
    with db.writing() as session:
        about = a_provider(session, slack_id=None)
        session.get_one(ProviderRow, about).person_id = cora
        audit.record(session, "cli", "provider_added", f"provider:{about}")
    with db.reading() as session:
        before = session.get_one(ProviderRow, about)
    facts = ProviderFacts(before.name, before.type, email=before.email)
    assert isinstance(db.transact(lambda session: save_provider(session, ctx, admin, about, facts)), Saved)
    assert isinstance(found(db), ChainVerified)
    cut(db, at=3)
    assert "former account 1 was written at an instant (until) of which no event tells" in broken(db).why


def test_a_row_that_was_superseded_without_an_event_is_missed(db: Database) -> None:
    """A role taken away in an event that was cut off: the row still tells when."""
    cora = hired(db, "cora")
    with db.writing() as session:
        audit.record(session, "cli", "role_granted", f"person:{cora}")
        now = audit.database_now(session)
        session.add(RoleAssignment(person_id=cora, role="admin", valid_from=date(2026, 1, 1), recorded_at=now))
    with db.writing() as session:
        audit.record(session, "cli", "role_revoked", f"person:{cora}")
        role = session.exec(select(RoleAssignment)).one()
        role.superseded_at, role.ended_as = audit.database_now(session), "voided"
    assert isinstance(found(db), ChainVerified)
    cut(db, at=3)
    assert "role assignment 1 was written at an instant (superseded_at) of which no event tells" in broken(db).why


def test_the_head_that_was_posted_must_lie_in_the_chain(db: Database, ctx: Context) -> None:
    """A tail cut behind the digest: what the team's channel read is kept with the message."""
    db.transact(a_provider_with_its_event)
    said(db, 2)
    tell_the_week(db, ctx)
    assert isinstance(found(db), ChainVerified)
    cut(db, at=3)
    assert "the head in the digest of" in broken(db).why


def a_provider_with_its_event(session: Any) -> None:
    about = a_provider(session, slack_id=None)
    audit.record(session, "cli", "provider_added", f"provider:{about}")


def test_a_chain_that_was_emptied_is_missed(db: Database) -> None:
    """The database remembers that it had one, whatever else stands in it."""
    said(db)
    emptied(db)
    assert broken(db) == ChainBroken(1, "this database had a chain, and there is none: its events were removed")


def test_a_chain_that_was_emptied_does_not_begin_anew_unseen(db: Database) -> None:
    """The next write begins another chain, and the database knows that its own began otherwise."""
    said(db)
    emptied(db)
    said(db)
    assert broken(db) == ChainBroken(1, "the chain begins in another database")


def test_people_on_record_without_any_chain_are_a_finding(db: Database) -> None:
    """Even where the database's memory of the chain was removed with it."""
    hired(db, "cora")
    emptied(db)
    do(db, "DELETE FROM setting")
    assert broken(db).why == "person 1 is in the database, and no event tells of it"


def test_another_databases_chain_is_recognized(sqlite_db: Database, tmp_path: Path) -> None:
    """A chain that holds by itself and has the same key is refused where it did not begin here."""
    other_file = tmp_path / "other.db"
    shutil.copy(sqlite_db.url.removeprefix("sqlite:///"), other_file)
    other = Database(f"sqlite:///{other_file}", (KEY,))
    said(sqlite_db, 2)
    said(other, 5)
    other.dispose()
    with sqlite_db.engine.connect() as connection:
        connection.exec_driver_sql(f"ATTACH '{other_file}' AS other")
        for statement in (
            "DELETE FROM main.audit_event",
            "DELETE FROM main.audit_head",
            "INSERT INTO main.audit_event SELECT * FROM other.audit_event",
            "INSERT INTO main.audit_head SELECT * FROM other.audit_head",
        ):
            connection.exec_driver_sql(statement)
        connection.commit()
    assert broken(sqlite_db) == ChainBroken(1, "the chain begins in another database")


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_name_that_stands_twice_does_not_verify(db: Database, side: str) -> None:
    """The last of two equal names is what most readers see, and another is what the next one sees."""
    with db.writing() as session:
        audit.record(session, "cli", "term_updated", "term:1", before={"a": 2}, after={"a": 2})
    do(db, SPOILT[side], twice='{"a": 1, "a": 2}')
    assert broken(db) == ChainBroken(2, "its content cannot be read in one way only: a name stands twice in one object")
    with db.reading() as session, pytest.raises(ValueError, match="twice"):
        session.exec(select(AuditEvent)).all()


@pytest.mark.parametrize("content", ['{"met": true}', '{"met": false, "met": true}'])
def test_what_a_voter_saw_cannot_be_changed(db: Database, content: str) -> None:
    """Evidence is kept by the hash of its content, which verification and every reading compare."""
    do(
        db,
        "INSERT INTO evidence_snapshot (id, sha256, content) VALUES (1, :hash, :content)",
        hash="0" * 64,
        content=content,
    )
    assert "evidence snapshot 000000000000 does not hold what its hash says" in broken(db).why
    with db.reading() as session, pytest.raises(ValueError, match=r"twice|hash"):
        read_snapshots(session, [1])


def test_policies_that_were_in_force_cannot_be_changed(db: Database, ctx: Context) -> None:
    """A version is kept by the hash of its content."""
    with db.writing() as session:
        keep_version(session, ctx.policies)
    assert isinstance(found(db), ChainVerified)
    do(db, "UPDATE policy_version SET content = '{}'")
    assert "policy version" in broken(db).why


def test_a_chain_begun_before_databases_had_an_id_still_holds(db: Database) -> None:
    """It is not taken for another's, goes on growing, and the answer says what could not be looked at."""
    said(db, 2)
    do(db, "DELETE FROM setting")
    sealed_anew(db, KEY, without=["chain_begun"])
    said(db)
    answer = found(db)
    assert isinstance(answer, ChainVerified)
    assert acts(db) == ["details_opened"] * 3
    assert "it was begun before databases had an id: whether it is this one's was not looked at" in answer.checked


def test_nothing_recorded_yet_is_no_finding(db: Database) -> None:
    """A database that was only migrated has no chain, and remembers none."""
    with db.reading() as session:
        assert session.exec(select(Setting)).all() == []
    assert isinstance(found(db), ChainVerified)


UNREADABLE = {
    "nested": ("UPDATE audit_event SET before = :value WHERE seq = 2", "[" * 2_000),
    "a lone surrogate": ("UPDATE audit_event SET after = :value WHERE seq = 2", '{"a": "\\ud800"}'),
    "no JSON": ("UPDATE audit_event SET after = :value WHERE seq = 2", "{"),
    "bytes for a word": ("UPDATE audit_event SET reason = :value WHERE seq = 2", b"\xff"),
    "bytes for JSON": ("UPDATE audit_event SET before = :value WHERE seq = 2", b"\xff"),
    "no text": ("UPDATE audit_event SET actor = CAST(:value AS TEXT) WHERE seq = 2", b"\xff"),
    "no instant": ("UPDATE audit_event SET at = :value WHERE seq = 2", "yesterday"),
    "a number for an instant": ("UPDATE audit_event SET at = :value WHERE seq = 2", 7),
    "a hash of other letters": ("UPDATE audit_event SET hash = :value WHERE seq = 2", "é"),
    "bytes for a hash": ("UPDATE audit_event SET hash = :value WHERE seq = 2", b"a"),
}


@pytest.mark.parametrize(("statement", "value"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_an_event_that_cannot_be_read_is_a_finding(sqlite_db: Database, statement: str, value: object) -> None:
    """Whatever somebody writes into a column, which SQLite lets them, the answer names the event."""
    said(sqlite_db, 2)
    do(sqlite_db, statement, value=value)
    answer = broken(sqlite_db)
    assert answer.seq in (1, 2)
    assert str(answer).startswith("The audit chain is broken at event")


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("INSERT INTO setting VALUES ('audit_key:abc', 'rubbish', 'x', '2026-01-01 00:00:00')", "abc"),
        ("UPDATE outbox_message SET facts = '[1]' WHERE kind = 'digest'", "message 1"),
        ("""UPDATE outbox_message SET facts = '{"head": 7}' WHERE kind = 'digest'""", "digest of 20"),
        ("""UPDATE outbox_message SET facts = '{"head": "x"}' WHERE kind = 'digest'""", "digest of 20"),
    ],
)
def test_a_head_that_cannot_be_read_is_a_finding(db: Database, ctx: Context, statement: str, named: str) -> None:
    """What the database remembers of heads, replaced by something else: the answer says where."""
    db.transact(a_provider_with_its_event)
    tell_the_week(db, ctx)
    assert isinstance(found(db), ChainVerified)
    do(db, statement)
    assert named in broken(db).why


def test_settings_of_another_shape_stop_nothing(sqlite_db: Database) -> None:
    """Only a setting's value is looked at, as the chain begins and when the key changes."""
    said(sqlite_db)
    do(sqlite_db, "UPDATE setting SET at = 'yesterday'")
    assert isinstance(found(sqlite_db), ChainVerified)
    newer = Database(sqlite_db.url, KEYS)
    make_ready(newer)
    newer.dispose()
