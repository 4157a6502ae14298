"""A coordinator, a provider and a file, for tests of what is recorded and verified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from bot.changes.credentials.recording import Recorded, record_term
from bot.changes.credentials.verification import VerificationRecorded, verify_term
from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput
from bot.rules.credentials.models import Credential, SourceStanding
from bot.rules.credentials.verification import SourceView
from bot.rules.people.models import Person
from bot.store import tables
from bot.store.audit.origin import BEGUN
from bot.store.credentials import files
from bot.store.engine import Database
from bot.store.people import accounts

T = TypeVar("T")
TODAY = date(2026, 11, 23)
HIRED = date(2020, 1, 1)
SOON = date(2026, 12, 31)
LATER = date(2028, 12, 31)
RECORDED = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Office:
    """Cora keeps Lee Chen's file; Lee is a psychiatrist with a Slack account."""

    db: Database
    ctx: Context
    cora: Person
    lee: Person
    file_id: int

    def does(self, change: Callable[..., T], *args: Any, by: Person | None = None, **facts: Any) -> T:
        """Runs a change in a transaction of its own; Cora does it unless somebody else is named."""
        with self.db.writing() as session:
            return change(session, self.ctx, by or self.cora, *args, **facts)

    def holds(self, kind: str, number: str | None = None, expires_on: date | None = None, **facts: Any) -> Recorded:
        """Lee reports a credential."""
        stated = CredentialInput(kind, number=number, expires_on=expires_on, **facts)
        recorded = self.does(record_term, self.file_id, stated, by=self.lee)
        assert isinstance(recorded, Recorded), recorded
        return recorded

    def license(self, expires_on: date = SOON, *, verified: bool = False) -> Recorded:
        """A New York license A-100."""
        recorded = self.holds("license", "A-100", expires_on, state="NY")
        if verified:
            done = self.does(verify_term, recorded.term_id, seen("A-100", expires_on))
            assert isinstance(done, VerificationRecorded), done
        return recorded

    def credential(self, credential_id: int) -> Credential:
        with self.db.reading() as session:
            file = files.read_file(session, self.file_id, self.ctx.today)
        return next(c for c in file.credentials if c.id == credential_id)

    def rows(self, table: type[T], *clauses: Any) -> list[T]:
        with self.db.reading() as session:
            return list(session.exec(select(table).where(*clauses).order_by(col(table.id))).all())  # type: ignore[attr-defined]

    def acts(self) -> list[str]:
        """What the audit chain says was done, in order, after its own beginning."""
        return [event.act for event in self.rows(tables.AuditEvent) if event.act != BEGUN]


def seen(number: str | None, expires_on: date | None, **facts: Any) -> SourceView:
    """An active license as the board's website shows it today."""
    usual: dict[str, Any] = {
        "source": "State licensing board",
        "method": "website",
        "verified_on": TODAY,
        "standing": SourceStanding.ACTIVE,
        "reference": "https://board.example/A-100",
    }
    return SourceView(**{**usual, "number_shown": number, "expires_shown": expires_on, **facts})


def open_office(db: Database, ctx: Context) -> Office:
    with db.writing() as session:
        cora = a_person(session, "Cora", role="coordinator")
        lee = a_person(session, "Lee")
        provider = tables.ProviderRow(name="Lee Chen", type="psychiatrist", person_id=lee, email="lee@clinic.example")
        session.add(provider)
        session.flush()
        assert provider.id
    with db.reading() as session:
        found = accounts.people(session, {cora, lee}, on=TODAY)
    return Office(db, ctx, found[cora], found[lee], provider.id)


def a_person(session: Session, name: str, *, role: str | None = None, body: str | None = None, **facts: Any) -> int:
    row = tables.PersonRow(slack_user_id=f"U{name.upper()}", email=f"{name.lower()}@clinic.example", name=name)
    row.sqlmodel_update(facts)
    session.add(row)
    session.flush()
    assert row.id
    if role:
        held = tables.RoleAssignment(person_id=row.id, role=role, body=body, valid_from=HIRED, recorded_at=RECORDED)
        session.add(held)
    return row.id
