"""A roster's providers: who is new, what changed, and which Slack accounts they and their people have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import exists, or_, select
from sqlmodel import Session

from bot.changes.credentials.recording import RecordOutcome
from bot.changes.roster.columns import RosterProvider
from bot.changes.roster.inserts import insert_numbered
from bot.changes.roster.matching import RosterEntry
from bot.rules.context import Context
from bot.rules.people.models import CLI
from bot.rules.providers.employment import status_on
from bot.rules.providers.models import EmploymentStatus
from bot.rules.refusals import Facts
from bot.store import audit, tables
from bot.store.bulk import among, insert_rows, table, update_rows
from bot.store.database_time import database_now
from bot.store.people.ownership import npis_left
from bot.store.providers.employment import statuses_of

PERSON, PROVIDER, STATUS = table(tables.PersonRow), table(tables.ProviderRow), table(tables.ProviderStatusRow)
_FORMER = select(table(tables.FormerAccount).c.provider_id, table(tables.FormerAccount).c.person_id)
_AS_STATED = (
    *("name", "type", "npi", "email", "department", "hired_on"),
    *("sites", "last_decision_on", "former_names"),
)
_COLUMNS = (*_AS_STATED, "person_id", "owner_id", "backup_id", "supervisor_id")
_ALL = (*_COLUMNS, "status")


@dataclass(frozen=True, slots=True)
class ImportedProvider:
    """A provider of the file, now on record. ``linked``: their Slack account is known; ``given``: since this file."""

    provider_id: int
    entry: RosterEntry
    change: RecordOutcome
    linked: bool
    given: bool = False

    @property
    def name(self) -> str:
        return self.entry.stated.name if self.entry.stated else ""


@dataclass(frozen=True, slots=True)
class _Accounts:
    """Person ids by the Slack id or the e-mail address that the file names them by.

    A provider's e-mail address adds nobody: it is looked up in Slack after the import. ``free`` holds the addresses
    of accounts that are known already, and no provider's yet. ``former`` are provider and person ids: an account that
    somebody took away from a file is not given back because of its address.
    """

    named: Mapping[str, int]
    free: Mapping[str, int]
    former: Collection[tuple[int, int]]


def write_providers(
    session: Session, ctx: Context, file_name: str, entries: Sequence[RosterEntry]
) -> list[ImportedProvider]:
    """Adds the new ones and changes the others; what the file leaves empty stays as it is."""
    on_record = _on_record(session, ctx, [entry.known.id for entry in entries if entry.known])
    before = [on_record[entry.known.id] if entry.known else None for entry in entries]
    accounts = _accounts(session, entries, file_name)
    after = [_facts(entry, old or {}, accounts) for entry, old in zip(entries, before, strict=True)]
    new = [_columns(now) for now, old in zip(after, before, strict=True) if old is None]
    new_ids = iter(insert_numbered(session, PROVIDER, new))
    kept = [
        _kept(entry, old, now, old["id"] if old else next(new_ids))
        for entry, old, now in zip(entries, before, after, strict=True)
    ]
    changed = [
        (one, old, now)
        for one, old, now in zip(kept, before, after, strict=True)
        if one.change is not RecordOutcome.SAME
    ]
    update_rows(session, PROVIDER, [{"id": one.provider_id, **_columns(now)} for one, old, now in changed if old])
    npis_left(
        session,
        {one.provider_id: old["npi"] for one, old, now in changed if old and old["npi"] not in (None, now["npi"])},
    )
    _write_statuses(session, ctx, file_name, changed)
    for one, old, now in changed:
        act = "provider_changed" if old else "provider_added"
        audit.record(session, CLI, act, f"provider:{one.provider_id}", before=old, after=now, reason=file_name)
    return kept


def _write_statuses(
    session: Session, ctx: Context, file_name: str, changed: Sequence[tuple[ImportedProvider, Facts | None, Facts]]
) -> None:
    """A status that the file changes begins today. What a file brings as ended already needs nothing carried out."""
    at = database_now(session)
    rows = [
        {
            "provider_id": one.provider_id,
            "status": now["status"],
            "valid_from": ctx.today,
            "recorded_at": at,
            "carried_out_at": None if old else at,
            "why": file_name,
        }
        for one, old, now in changed
        if now["status"] != (old or {}).get("status", EmploymentStatus.ACTIVE.value)
    ]
    insert_rows(session, STATUS, rows)


def _kept(entry: RosterEntry, old: Facts | None, now: Facts, provider_id: int) -> ImportedProvider:
    change = RecordOutcome.CORRECTED if old else RecordOutcome.NEW
    if old and all(old[name] == now[name] for name in _ALL):
        change = RecordOutcome.SAME
    linked = now["person_id"] is not None
    return ImportedProvider(
        provider_id, entry, change, linked, given=linked and old is not None and old["person_id"] is None
    )


def _on_record(session: Session, ctx: Context, provider_ids: Collection[int]) -> dict[int, Facts]:
    query = select(PROVIDER).where(among(session, PROVIDER.c.id, provider_ids))
    statuses = statuses_of(session, provider_ids)
    return {
        row["id"]: {**row, "status": _in_a_file(status_on(statuses[row["id"]], ctx.today).status)}
        for row in session.execute(query).mappings()
    }


def _in_a_file(status: EmploymentStatus) -> str:
    """A roster has no word of its own for somebody who came back."""
    return EmploymentStatus.ACTIVE.value if status is EmploymentStatus.REHIRED else status.value


def _columns(facts: Facts) -> dict[str, Any]:
    return {name: facts[name] for name in _COLUMNS}


def _facts(entry: RosterEntry, old: Facts, accounts: _Accounts) -> dict[str, Any]:
    """A provider's row as it should be, and their status."""
    said = {f.name: getattr(entry.stated, f.name) for f in fields(RosterProvider)}
    return {
        **{name: said[name] if said[name] is not None else old.get(name) for name in _AS_STATED},
        "status": said["status"] or old.get("status", EmploymentStatus.ACTIVE.value),
        "person_id": old.get("person_id") or accounts.named.get(said["slack_user"]) or _by_address(old, said, accounts),
        "owner_id": accounts.named.get(said["owner"]) or old.get("owner_id"),
        "backup_id": accounts.named.get(said["backup"]) or old.get("backup_id"),
        "supervisor_id": accounts.named.get(said["supervisor"]) or old.get("supervisor_id"),
    }


def _by_address(old: Facts, said: Facts, accounts: _Accounts) -> int | None:
    found = accounts.free.get(said["email"])
    return None if found is None or (old.get("id"), found) in accounts.former else found


def _accounts(session: Session, entries: Sequence[RosterEntry], file_name: str) -> _Accounts:
    stated = [entry.stated for entry in entries if entry.stated]
    named = {s.slack_user: s.name for s in stated if s.slack_user}
    others = {word: word for s in stated for word in (s.owner, s.backup, s.supervisor) if word}
    known = _add_people(session, {**others, **named}, file_name)
    emails = Counter(s.email for s in stated if s.email)
    own = [email for email, times in emails.items() if times == 1]
    former = {(provider_id, person_id) for provider_id, person_id in session.execute(_FORMER)}
    return _Accounts(known, _people(session, own, free=True), former)


def _add_people(session: Session, names: Mapping[str, str], file_name: str) -> dict[str, int]:
    """Everybody by the word that the file names them by; who is new is on record, with one event each."""
    before = _people(session, names)
    rows = [
        {
            "slack_user_id": None if "@" in word else word,
            "email": word if "@" in word else None,
            "name": name,
            "guest": False,
            "bot": False,
        }
        for word, name in sorted(names.items())
        if word not in before
    ]
    insert_rows(session, PERSON, rows)
    known = _people(session, names)
    for row in rows:
        person_id = known[str(row["slack_user_id"] or row["email"])]
        audit.record(session, CLI, "person_remembered", f"person:{person_id}", after=row, reason=file_name)
    return known


def _people(session: Session, words: Collection[str], *, free: bool = False) -> dict[str, int]:
    """By the word they are known by; ``free``: only Slack accounts of people who are no provider yet."""
    query = select(PERSON.c.id, PERSON.c.slack_user_id, PERSON.c.email).where(
        or_(among(session, PERSON.c.slack_user_id, words), among(session, PERSON.c.email, words))
    )
    if free:
        is_provider = exists().where(PROVIDER.c.person_id == PERSON.c.id)
        query = query.where(PERSON.c.slack_user_id.is_not(None), PERSON.c.bot.is_(False), ~is_provider)
    rows = session.execute(query).all()
    return {word: row.id for row in rows for word in (row.slack_user_id, row.email) if word in words}
