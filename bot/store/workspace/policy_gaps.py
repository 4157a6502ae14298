"""Which keys of policies the database uses, held against the policies in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from bot.rules.people.models import Role
from bot.rules.policy import Policies
from bot.rules.privileges.models import LineState, StepState
from bot.rules.workspace.policy_gaps import GapKind, PolicyGap
from bot.store.as_of import as_of, not_superseded
from bot.store.tables import (
    ApprovalStep,
    CredentialRow,
    CredentialTerm,
    PrivilegeGrant,
    PrivilegeRequest,
    ProviderRow,
    RequestLine,
    RoleAssignment,
)

ASKED = (LineState.OPEN.value, LineState.RETURNED.value, LineState.REFERRED.value)


def policy_gaps(session: Session, policies: Policies, today: date) -> list[PolicyGap]:
    """What is on file, runs, is asked for or is held today, and no policy in force describes."""
    in_force: Mapping[GapKind, Collection[str]] = {
        GapKind.CREDENTIAL_TYPE: policies.credentials,
        GapKind.CREDENTIAL_KIND: _kinds(policies),
        GapKind.PROVIDER_TYPE: policies.provider_types,
        GapKind.PRIVILEGE: policies.privileges,
        GapKind.REQUESTED_BODY: policies.bodies,
        GapKind.APPROVERS_BODY: policies.bodies,
    }
    used: dict[tuple[GapKind, str], set[int]] = defaultdict(set)
    for kind, key, about in _used(session, today):
        if key not in in_force[kind]:
            used[kind, key].add(about)
    return sorted(PolicyGap(kind, key, len(about)) for (kind, key), about in used.items())


def _kinds(policies: Policies) -> frozenset[str]:
    return frozenset(f"{key}:{kind}" for key, rule in policies.credentials.items() for kind in rule.kinds)


def _used(session: Session, today: date) -> Iterator[tuple[GapKind, str, int]]:
    """Each key with whose it is: a file, a request, a person."""
    for kind, query in _queries(today):
        yield from ((kind, key, about) for key, about in session.execute(query.distinct()))


def _queries(today: date) -> Iterator[tuple[GapKind, Any]]:
    yield (
        GapKind.CREDENTIAL_TYPE,
        select(CredentialRow.type, CredentialRow.provider_id)
        .join(CredentialTerm, col(CredentialTerm.credential_id) == col(CredentialRow.id))
        .where(*not_superseded(CredentialTerm)),
    )
    yield (
        GapKind.CREDENTIAL_KIND,
        select(col(CredentialRow.type) + ":" + col(CredentialRow.kind), CredentialRow.provider_id)
        .join(CredentialTerm, col(CredentialTerm.credential_id) == col(CredentialRow.id))
        .where(*not_superseded(CredentialTerm), col(CredentialRow.kind) != ""),
    )
    yield GapKind.PROVIDER_TYPE, select(ProviderRow.type, ProviderRow.id)
    yield (
        GapKind.PRIVILEGE,
        select(PrivilegeGrant.privilege, PrivilegeGrant.provider_id).where(col(PrivilegeGrant.ends_on) >= today),
    )
    asked = select(RequestLine.privilege, PrivilegeRequest.provider_id).join(
        PrivilegeRequest, col(PrivilegeRequest.id) == col(RequestLine.request_id)
    )
    yield GapKind.PRIVILEGE, asked.where(col(RequestLine.state).in_(ASKED))
    yield (
        GapKind.REQUESTED_BODY,
        select(ApprovalStep.body, ApprovalStep.line_id).where(col(ApprovalStep.state) == StepState.OPEN.value),
    )
    yield GapKind.APPROVERS_BODY, select(RoleAssignment.body, RoleAssignment.person_id).where(
        col(RoleAssignment.role) == Role.APPROVER.value, col(RoleAssignment.body).is_not(None),
        *as_of(RoleAssignment, today),
    )  # fmt: skip
