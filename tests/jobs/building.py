"""Files for reminders to be about, written as rows: no change of Credbot's is needed to have one."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.changes.reconcile import reconcile
from bot.rules.context import Context
from bot.rules.people.models import Person
from bot.store.database_time import database_now
from bot.store.engine import Database
from bot.store.people import accounts
from bot.store.tables import (
    Card,
    CredentialRow,
    CredentialTerm,
    Deadline,
    Nudge,
    NudgeDay,
    OutboxMessage,
    PersonRow,
    PrivilegeGrant,
    PrivilegeRequest,
    ProviderRow,
    RenewalFilingRow,
    RequestLine,
    RoleAssignment,
    VerificationRow,
)
from bot.store.tables.column_types import required

HIRED = date(2024, 1, 8)


def later(ctx: Context, now: datetime) -> Context:
    """The same organization at another moment."""
    return Context(ctx.policies, now, ctx.zone, ctx.approvals_channel, ctx.team_channel, ctx.admins)


def a_person(
    session: Session, slack_id: str | None, name: str, *, role: str | None = None, zone: str | None = None
) -> int:
    row = PersonRow(slack_user_id=slack_id, name=name, time_zone=zone)
    session.add(row)
    session.flush()
    if role:
        held = RoleAssignment(
            person_id=required(row.id), role=role, valid_from=HIRED, recorded_at=database_now(session)
        )
        session.add(held)
    return required(row.id)


def a_provider(
    session: Session,
    name: str = "Lee Chen",
    *,
    slack_id: str | None = "ULEE",
    zone: str | None = None,
    owner: int | None = None,
) -> int:
    """With a Slack account, unless ``slack_id`` is None."""
    person_id = a_person(session, slack_id, name, zone=zone) if slack_id else None
    row = ProviderRow(name=name, type="psychiatrist", person_id=person_id, owner_id=owner, hired_on=HIRED)
    session.add(row)
    session.flush()
    return required(row.id)


def a_credential(
    session: Session,
    provider_id: int,
    kind: str = "license",
    *,
    expires_on: date | None,
    state: str = "NY",
    verified: bool = True,
) -> int:
    row = CredentialRow(provider_id=provider_id, type=kind, jurisdiction=state)
    session.add(row)
    session.flush()
    a_term(session, required(row.id), expires_on=expires_on, verified=verified)
    return required(row.id)


def a_term(session: Session, credential_id: int, *, expires_on: date | None, verified: bool = False) -> int:
    row = CredentialTerm(
        credential_id=credential_id,
        number="A-123456",
        issued_on=HIRED,
        valid_from=HIRED,
        valid_to=expires_on,
        recorded_at=database_now(session),
    )
    session.add(row)
    session.flush()
    if verified:
        a_look(session, required(row.id))
    return required(row.id)


def a_look(session: Session, term_id: int, *, result: str = "verified") -> int:
    row = VerificationRow(
        term_id=term_id,
        source="State licensing board",
        method="website",
        verified_on=HIRED,
        result=result,
        standing="active",
        valid_from=HIRED,
        recorded_at=database_now(session),
    )
    session.add(row)
    session.flush()
    return required(row.id)


def a_filing(session: Session, credential_id: int, *, filed_on: date) -> int:
    term = session.exec(select(CredentialTerm.id).where(CredentialTerm.credential_id == credential_id)).one()
    row = RenewalFilingRow(
        credential_id=credential_id,
        term_id=required(term),
        filed_on=filed_on,
        valid_from=filed_on,
        recorded_at=database_now(session),
    )
    session.add(row)
    session.flush()
    return required(row.id)


def a_grant(session: Session, provider_id: int, privilege: str, *, starts_on: date, ends_on: date) -> int:
    """A privilege that was granted once, with the request it came of."""
    number = 1001 + len(session.exec(select(PrivilegeRequest.id)).all())
    request = PrivilegeRequest(
        number=number, provider_id=provider_id, asked_on=starts_on, policy_hash="-", state="granted"
    )
    session.add(request)
    session.flush()
    line = RequestLine(request_id=required(request.id), privilege=privilege, state="granted")
    session.add(line)
    session.flush()
    row = PrivilegeGrant(
        line_id=required(line.id), provider_id=provider_id, privilege=privilege, starts_on=starts_on, ends_on=ends_on
    )
    session.add(row)
    session.flush()
    return required(row.id)


def as_person(session: Session, ctx: Context, person_id: int) -> Person:
    """Somebody as they would act."""
    found = accounts.person(session, person_id, on=ctx.today, admins=ctx.admins)
    assert found
    return found


def supersede(session: Session, row: CredentialTerm | RenewalFilingRow) -> None:
    row.superseded_at, row.ended_as = database_now(session), "sent_back"
    session.add(row)
    session.flush()


def a_license_due(db: Database, ctx: Context, expires_on: date, **provider: str | None) -> int:
    """A provider's verified license, reconciled; the credential's id."""
    with db.writing() as session:
        provider_id = a_provider(session, **provider)  # type: ignore[arg-type]
        credential_id = a_credential(session, provider_id, expires_on=expires_on)
        reconcile(session, ctx, [provider_id])
    return credential_id


def open_kinds(session: Session) -> dict[str, date]:
    """What is open, by kind, with its due date."""
    rows = session.exec(select(Deadline).where(col(Deadline.closed_at).is_(None))).all()
    return {row.kind: row.due_on for row in rows}


def told(db: Database) -> list[tuple[str, str, date]]:
    """Every reminder in a message: to whom, which rung, on which local day; in the order of telling."""
    with db.reading() as session:
        query = select(Nudge.recipient, Nudge.rung, NudgeDay.local_date).join(
            NudgeDay, col(NudgeDay.id) == col(Nudge.nudge_day_id)
        )
        return [tuple(row) for row in session.exec(query.order_by(col(Nudge.id)))]  # type: ignore[misc]


def gone_out(db: Database) -> None:
    """All that waited is in Slack now."""
    with db.writing() as session:
        for message in session.exec(select(OutboxMessage).where(OutboxMessage.state == "pending")):
            message.state = "sent"
        for card in session.exec(select(Card).where(col(Card.ts).is_(None))):
            card.ts = "1.0"


def said(db: Database, kind: str) -> list[OutboxMessage]:
    with db.reading() as session:
        query = select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(col(OutboxMessage.id))
        return list(session.exec(query).all())
