"""What the looking commands show: a file at one glance, and what expires across all files."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlmodel import Session, col, select

from bot.rules.credentialing import cycle_of
from bot.rules.credentials.models import ProviderFile
from bot.rules.credentials.standing import judge_file, status_of
from bot.rules.people.models import Person
from bot.rules.permissions import Permission, is_provider, may
from bot.rules.policy import Assignee, Policies
from bot.rules.privileges.criteria import check
from bot.rules.providers.employment import upcoming
from bot.rules.providers.models import EmploymentStatus, Provider
from bot.rules.reports import EligibleView, ExpiringRow, ExpiringView, PrivilegesView, StatusView
from bot.store.credentials.files import read_file, read_files, sent_back
from bot.store.people import accounts
from bot.store.privileges.grants import read_privileges
from bot.store.privileges.requests import asked_already, requests_of
from bot.store.tables import CredentialRow, CredentialTerm

MOST_ROWS = 60
BATCH = 500


def status_view(
    session: Session, me: Person, provider: Provider, policies: Policies, on: date, admins: Collection[str]
) -> StatusView:
    """A file as ``me`` may see it: a supervisor who is nothing else sees types, dates and standing."""
    file, doubted = read_file(session, provider.id, on), sent_back(session, provider.id)
    on_file = (*file.credentials, *(sent.credential for sent in doubted))
    held = {one.type for one in on_file if policies.counts(one.identity, provider.type)}
    expected = policies.expected(provider.type)
    return StatusView(
        provider=provider,
        whose=accounts.responsible_for(session, [provider.id], on=on, admins=admins)[provider.id],
        judged=judge_file(file, policies),
        missing=tuple(key for key in expected if key not in held),
        privileges=tuple(p for p in read_privileges(session, provider.id) if p.ends_on >= on),
        open_requests=tuple(r.number for r in requests_of(session, provider.id, policies, on)),
        cycle=cycle_of(provider.last_decision_on, policies.recredentialing),
        sent_back=doubted,
        on=on,
        may_update=may(me, Permission.UPDATE, provider) is None,
        may_verify=may(me, Permission.VERIFY, provider) is None,
        may_fix=may(me, Permission.FIX, provider) is None,
        own=is_provider(me, provider),
        dates_only=may(me, Permission.SEE_FILE, provider) is not None,
        status=status_of(file),
        to_come=upcoming(file.statuses, on),
    )


def expiring_view(
    session: Session, policies: Policies, on: date, within: int, type_: str | None = None, state: str | None = None
) -> ExpiringView:
    """Whose credentials expire within so many days, or have expired, soonest first."""
    rows = [
        row
        for file in _files(session, on, type_)
        for row in _rows(file, policies, on)
        if row.days <= within
        and (type_ is None or row.judged.credential.type == type_)
        and (state is None or row.judged.credential.jurisdiction == state)
    ]
    rows.sort(key=lambda row: (row.days, row.provider.name))
    return ExpiringView(on, within, type_, state, tuple(rows[:MOST_ROWS]), max(0, len(rows) - MOST_ROWS))


def eligible_view(
    session: Session, me: Person, provider: Provider, privilege: str, policies: Policies, on: date
) -> EligibleView:
    """Nobody asks for somebody who has ended."""
    file = read_file(session, provider.id, on)
    return EligibleView(
        provider=provider,
        eligibility=check(privilege, file, policies),
        on=on,
        may_update=may(me, Permission.ADD, provider) is None,
        may_verify=may(me, Permission.VERIFY, provider) is None,
        may_request=may(me, Permission.REQUEST, provider) is None
        and status_of(file).status is not EmploymentStatus.ENDED,
        taken=asked_already(session, provider.id, policies, on).get(privilege),
    )


def privileges_view(session: Session, me: Person, provider: Provider, on: date) -> PrivilegesView:
    """Any member sees active or not; dates, who may see dates; why, only who may see the file."""
    held = tuple(p for p in read_privileges(session, provider.id) if p.ends_on >= on)
    why, dates = (may(me, act, provider) is None for act in (Permission.SEE_FILE, Permission.SEE_DATES))
    return PrivilegesView(provider, held, on, why=why, dates=dates)


def _rows(file: ProviderFile, policies: Policies, on: date) -> Iterable[ExpiringRow]:
    """Nothing of who has ended; of who is on leave only what is others' to renew."""
    status = status_of(file).status
    if status is EmploymentStatus.ENDED:
        return
    for judged in judge_file(file, policies):
        paused = (
            status is EmploymentStatus.LEAVE
            and policies.credential_type(judged.credential.type).assignee is Assignee.PROVIDER
        )
        if judged.term.expires_on is not None and not paused:
            yield ExpiringRow(file.provider, judged, (judged.term.expires_on - on).days)


def _files(session: Session, on: date, type_: str | None) -> Iterable[ProviderFile]:
    query = select(CredentialRow.provider_id).distinct().join(
        CredentialTerm, col(CredentialTerm.credential_id) == col(CredentialRow.id)
    ).where(col(CredentialTerm.valid_to).is_not(None), col(CredentialTerm.superseded_at).is_(None))  # fmt: skip
    if type_ is not None:
        query = query.where(CredentialRow.type == type_)
    ids = sorted(session.exec(query).all())
    for start in range(0, len(ids), BATCH):
        yield from read_files(session, ids[start : start + BATCH], on).values()
