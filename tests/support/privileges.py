"""A small clinic for tests of requests: one psychiatrist, a coordinator, and the bodies that decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.changes.privileges.requests import Requested, request_privileges
from bot.changes.privileges.votes import Voted, cast_vote
from bot.rules.context import Context
from bot.rules.people.models import Person
from bot.rules.policy import Policies
from bot.rules.privileges.models import RequestView, VoteChoice
from bot.store.engine import Database
from bot.store.people.accounts import person
from bot.store.privileges.requests import read_request
from bot.store.tables import (
    AuditEvent,
    CredentialRow,
    CredentialTerm,
    OutboxMessage,
    PersonRow,
    ProviderRow,
    RoleAssignment,
    VerificationRow,
)

FAR = date(2028, 6, 30)
HIRED = date(2020, 1, 1)
RECORDED = datetime(2026, 1, 5, tzinfo=UTC)

ROLES = {
    "Lee": (),
    "Cora": (("coordinator", None),),
    "Mia": (("approver", "credentials_committee"),),
    "Noa": (("approver", "credentials_committee"),),
    "Omar": (("approver", "medical_director"),),
    "Ada": (("approver", "department_chair"),),
    "Zed": (("approver", None),),
    "Sam": (),
}
NEEDS = ("license", "dea", "malpractice", "residency", "ect_training", "board_certification")


@dataclass(frozen=True)
class Clinic:
    """Lee Chen, a psychiatrist who may ask for everything; ``people`` by first name."""

    db: Database
    lee: int
    people: dict[str, Person]

    def __getattr__(self, name: str) -> Person:
        return self.people[name.capitalize()]

    def request(self, ctx: Context, privilege: str = "ect", by: str = "Lee") -> Requested:
        with self.db.writing() as session:
            asked = request_privileges(session, ctx, self.people[by], self.lee, [privilege])
        assert isinstance(asked, list), asked
        return asked[0]

    def vote(self, ctx: Context, request_id: int, by: str, choice: VoteChoice = VoteChoice.APPROVE, **said: Any) -> Any:
        """One person's vote on the step that the request came to."""
        with self.db.writing() as session:
            step = read_request(session, request_id, ctx.policies, ctx.today).steps[-1]
            return cast_vote(session, ctx, self.people[by], step.id, choice, **said)

    def grant(self, ctx: Context, privilege: str = "ect") -> Requested:
        """The whole way of a special privilege: two recommend, the medical director grants."""
        asked = self.request(ctx, privilege)
        for name in ("Mia", "Noa", "Omar"):
            voted = self.vote(ctx, asked.request_id, name)
            assert isinstance(voted, Voted), voted
        return asked

    def view(self, ctx: Context, request_id: int) -> RequestView:
        with self.db.reading() as session:
            return read_request(session, request_id, ctx.policies, ctx.today)


def open_clinic(db: Database, policies: Policies, *, holding: Sequence[str] = NEEDS) -> Clinic:
    """Everything in ``holding`` is verified and good until FAR."""
    with db.writing() as session:
        ids = {name: _person(session, name, roles) for name, roles in ROLES.items()}
        lee = ProviderRow(name="Lee Chen", type="psychiatrist", person_id=ids["Lee"], department="Psychiatry")
        session.add(lee)
        session.flush()
        assert lee.id
        for kind in holding:
            verified(session, lee.id, kind, FAR if policies.credentials[kind].expires else None)
    with db.reading() as session:
        found = {name: person(session, key, on=date(2026, 11, 23)) for name, key in ids.items()}
    return Clinic(db, lee.id, {name: who for name, who in found.items() if who})


def verified(session: Session, provider_id: int, kind: str, expires_on: date | None) -> int:
    """A verified term of a credential, new or known; the term's id."""
    known = select(CredentialRow).where(CredentialRow.provider_id == provider_id, CredentialRow.type == kind)
    credential = session.exec(known).first() or CredentialRow(provider_id=provider_id, type=kind)
    session.add(credential)
    session.flush()
    term = CredentialTerm(
        credential_id=credential.id or 0,
        number="A123",
        valid_from=HIRED,
        valid_to=expires_on,
        recorded_at=RECORDED,
    )
    session.add(term)
    session.flush()
    session.add(_look(term.id or 0))
    session.flush()
    return term.id or 0


def expire(session: Session, provider_id: int, kind: str, on: date) -> None:
    """Makes every term of a credential end on a day."""
    of_type = select(CredentialRow.id).where(CredentialRow.provider_id == provider_id, CredentialRow.type == kind)
    session.execute(update(CredentialTerm).where(col(CredentialTerm.credential_id).in_(of_type)).values(valid_to=on))


def look_again(session: Session, provider_id: int, kind: str, standing: str) -> None:
    """The source is looked at again, and shows this standing."""
    looks = (
        select(VerificationRow)
        .where(col(VerificationRow.superseded_at).is_(None))
        .join(CredentialTerm, col(VerificationRow.term_id) == col(CredentialTerm.id))
        .join(CredentialRow, col(CredentialTerm.credential_id) == col(CredentialRow.id))
        .where(CredentialRow.provider_id == provider_id, CredentialRow.type == kind)
    )
    for look in session.exec(looks).all():
        look.superseded_at, look.ended_as = datetime(2026, 11, 23, 14, tzinfo=UTC), "corrected"
        session.flush()
        session.add(_look(look.term_id, standing=standing))
    session.flush()


def revoke(session: Session, provider_id: int, kind: str) -> None:
    look_again(session, provider_id, kind, "revoked")


def said(db: Database, kind: str) -> list[OutboxMessage]:
    with db.reading() as session:
        rows = select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(col(OutboxMessage.id))
        return list(session.exec(rows).all())


def audited(db: Database, act: str) -> list[AuditEvent]:
    with db.reading() as session:
        return list(session.exec(select(AuditEvent).where(AuditEvent.act == act)).all())


def _person(session: Session, name: str, roles: Sequence[tuple[str, str | None]]) -> int:
    row = PersonRow(slack_user_id=f"U{name.upper()}", email=f"{name.lower()}@clinic.example", name=name)
    session.add(row)
    session.flush()
    assert row.id
    for role, body in roles:
        session.add(RoleAssignment(person_id=row.id, role=role, body=body, valid_from=HIRED, recorded_at=RECORDED))
    session.flush()
    return row.id


def _look(term_id: int, standing: str = "active") -> VerificationRow:
    return VerificationRow(
        term_id=term_id,
        source="the board's website",
        method="website",
        verified_on=date(2026, 11, 1),
        result="verified",
        standing=standing,
        valid_from=date(2026, 11, 1),
        recorded_at=RECORDED,
    )
