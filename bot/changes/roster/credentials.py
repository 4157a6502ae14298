"""A roster's credentials against the file: new terms, corrections, and looks at the source it carries over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from bot.changes.credentials.recording import RecordOutcome
from bot.changes.credentials.terms import begins, move_adverse, move_filings, move_verification, supersede_term
from bot.changes.roster.columns import RosterRow
from bot.changes.roster.discrepancies import contested, open_discrepancy, renumbered
from bot.changes.roster.inserts import insert_numbered
from bot.rules.context import Context
from bot.rules.credentials.identity import Identity
from bot.rules.credentials.input import CredentialInput
from bot.rules.credentials.models import (
    Credential,
    ProviderFile,
    SourceStanding,
    Term,
    Verification,
    VerificationResult,
)
from bot.rules.credentials.sources import source_named
from bot.rules.credentials.verification import first_day
from bot.rules.people.models import CLI
from bot.rules.policy import Policies, Source
from bot.store import audit, tables
from bot.store.bulk import among, insert_rows, table
from bot.store.credentials.files import read_files
from bot.store.credentials.identity import identity_in
from bot.store.database_time import database_now
from bot.store.tables.column_types import EndedAs

CARRIED_OVER = "carried over"
"""The source of a look whose row names none."""
CredentialKey = tuple[int, Identity]
"""Whose, and what."""


class NotTaken(StrEnum):
    """Why a look at the source that a file tells of does not count for what it states."""

    NO_SOURCE_OF_IT = "no_source_of_it"
    """The policies know the source not at all, or as one that does not verify such a credential."""
    BEFORE_THE_TERM = "before_the_term"
    RENUMBERED = "renumbered"
    """It was looked up here with another number."""


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row of the roster and what became of it."""

    provider_id: int
    row: RosterRow
    change: RecordOutcome
    earlier_than: date | None = None
    """The newest expiry on file, where the row's is before it."""
    looked: bool = False
    """A look at the source came with it that the file did not have."""
    contested: Term | None = None
    """What was looked up here says otherwise: nothing was written, and somebody is asked."""
    not_taken: NotTaken | None = None
    """Why its look at the source was not taken over."""
    first_day: date | None = None
    """Where it was too early: the first day on which what is stated can have been looked up."""
    without_source: bool = False
    """Its look counts, and the row does not say where it was made."""


@dataclass(frozen=True, slots=True)
class _Plan:
    provider_id: int
    row: RosterRow
    stated: CredentialInput
    credential: Credential | None
    term: Term | None
    """The term with the same expiry."""
    source: Source | None
    """The one that the row names; None: none, or one that no policy knows."""
    first_day: date | None
    """The first day on which what is stated can have been looked up."""

    @property
    def contested(self) -> Term | None:
        """What was looked up here, and is stated otherwise."""
        return contested(self.stated, self.credential)

    @property
    def change(self) -> RecordOutcome:
        if self.contested:
            return RecordOutcome.SAME
        if self.term is None:
            return RecordOutcome.NEW
        return RecordOutcome.SAME if self.stated.says(self.term) else RecordOutcome.CORRECTED

    @property
    def standing_look(self) -> Verification | None:
        """What stays verified of the term: everything, unless its number changes."""
        if self.term is None or self.term.number != self.stated.number:
            return None
        return self.term.verification

    @property
    def looks(self) -> bool:
        """Whether the roster's look at the source is news: there was none, or one longer ago.

        It shows no status, so it never takes the place of one that showed something not in order.
        """
        on, shown = self.row.verified_on, self.credential.verification if self.credential else None
        if on is None or self.contested or self.not_taken or (shown and not shown.in_good_standing):
            return False
        return self.standing_look is None or self.standing_look.verified_on < on

    @property
    def not_taken(self) -> NotTaken | None:
        """Why the row's look cannot count for what it states; a row without a source is taken at its word."""
        if self.row.verified_on is None or self.contested:
            return None
        if self.names_source and not (self.source and self.source.verifies):
            return NotTaken.NO_SOURCE_OF_IT
        if self.first_day and self.row.verified_on < self.first_day:
            return NotTaken.BEFORE_THE_TERM
        return NotTaken.RENUMBERED if self.term is None and renumbered(self.stated, self.credential) else None

    @property
    def names_source(self) -> bool:
        """Whether the row says where it was looked up."""
        return bool((self.row.source or "").strip())


def write_terms(
    session: Session, ctx: Context, file_name: str, rows: Mapping[int, Sequence[RosterRow]]
) -> list[ImportedRow]:
    """Writes what the rows of each provider say, in a number of statements that does not grow with them.

    Only corrections of terms on file are written one by one.
    """
    files = read_files(session, list(rows), ctx.today)
    plans = [plan for key, file in files.items() for plan in _plans(file, rows[key], ctx.policies)]
    credentials = _credentials(session, plans)
    term_ids = _terms(session, ctx, file_name, plans, credentials)
    _looks(session, file_name, plans, term_ids)
    for plan, term_id in zip(plans, term_ids, strict=True):
        _record(session, file_name, plan, term_id)
        if plan.contested:
            open_discrepancy(session, ctx, plan.provider_id, plan.stated, plan.contested, file_name)
    return [_written(plan) for plan in plans]


def _plans(file: ProviderFile, rows: Iterable[RosterRow], policies: Policies) -> Iterator[_Plan]:
    held = {c.identity: c for c in file.credentials}
    seen = set()
    for row in sorted(rows, key=lambda one: one.stated is None or one.stated.expires_on is None):
        if row.stated is None:
            continue
        said = row.stated.of_usual_kind(policies, file.provider.type)
        credential = held.get(said.identity)
        term = _same_term(said, credential)
        stated = _completed(said, term)
        if (about := (stated.identity, stated.expires_on)) not in seen:
            seen.add(about)
            source = source_named(policies, stated.identity, row.source or "")
            first = first_day(stated.issued_on, stated.expires_on, policies.credential_type(stated.type))
            yield _Plan(file.provider.id, row, stated, credential, term, source, first)


def _same_term(stated: CredentialInput, credential: Credential | None) -> Term | None:
    """The term with the same expiry; without any it is the newest one that is meant, whose expiry stays."""
    if credential is None:
        return None
    if stated.expires_on is None:
        return credential.terms[-1]
    return next((term for term in credential.terms if term.expires_on == stated.expires_on), None)


def _completed(stated: CredentialInput, term: Term | None) -> CredentialInput:
    """An empty cell takes nothing away."""
    if term is None:
        return stated
    return replace(
        stated,
        number=stated.number or term.number,
        issued_on=stated.issued_on or term.issued_on,
        expires_on=stated.expires_on or term.expires_on,
    )


def _credentials(session: Session, plans: Sequence[_Plan]) -> dict[CredentialKey, int]:
    """The ids of all credentials of the plans, those that are new among them."""
    credential = table(tables.CredentialRow)
    wanted = {(plan.provider_id, *plan.stated.identity.columns) for plan in plans}
    names = ("provider_id", "type", "jurisdiction", "kind", "label")
    insert_rows(session, credential, [dict(zip(names, identity, strict=True)) for identity in sorted(wanted)])
    of_providers = among(session, credential.c.provider_id, {identity[0] for identity in wanted})
    return {
        (row.provider_id, identity_in(row)): row.id for row in session.execute(select(credential).where(of_providers))
    }


def _terms(
    session: Session, ctx: Context, file_name: str, plans: Sequence[_Plan], credentials: Mapping[CredentialKey, int]
) -> list[int]:
    """The id of each plan's term, in their order."""
    changed = [plan for plan in plans if plan.change is not RecordOutcome.SAME]
    rows = [_term_row(session, ctx, file_name, plan, credentials) for plan in changed]
    ids = iter(insert_numbered(session, table(tables.CredentialTerm), rows))
    there = [plan.contested or plan.term for plan in plans]
    return [
        known.id if known and plan.change is RecordOutcome.SAME else next(ids)
        for plan, known in zip(plans, there, strict=True)
    ]


def _term_row(
    session: Session, ctx: Context, file_name: str, plan: _Plan, credentials: Mapping[CredentialKey, int]
) -> dict[str, Any]:
    stated = plan.stated
    return {
        "credential_id": credentials[plan.provider_id, stated.identity],
        "number": stated.number,
        "fields": {},
        "issued_on": stated.issued_on,
        "valid_from": begins(stated.issued_on, stated.expires_on, ctx.today),
        "valid_to": stated.expires_on,
        "recorded_at": database_now(session),
        "why": file_name if plan.term else None,
    }


def _looks(session: Session, file_name: str, plans: Sequence[_Plan], term_ids: Sequence[int]) -> None:
    """After a correction its old term goes; what the roster verified anew is added to what was verified before."""
    both = list(zip(plans, term_ids, strict=True))
    for plan, term_id in both:
        if plan.term and plan.change is RecordOutcome.CORRECTED:
            move_filings(session, CLI, plan.term.id, term_id)
            if plan.standing_look:
                move_verification(session, CLI, plan.term.id, term_id)
            else:
                move_adverse(session, CLI, plan.term.id, term_id)
            supersede_term(session, CLI, plan.term.id, EndedAs.CORRECTED)
    rows = [_look_row(session, file_name, plan, term_id) for plan, term_id in both if plan.looks]
    insert_rows(session, table(tables.VerificationRow), rows)


def _look_row(session: Session, file_name: str, plan: _Plan, term_id: int) -> dict[str, Any]:
    row, stated = plan.row, plan.stated
    return {
        "term_id": term_id,
        "source": row.source or CARRIED_OVER,
        "source_class": plan.source.source_class if plan.source else None,
        "method": CARRIED_OVER,
        "verified_on": row.verified_on,
        "valid_from": row.verified_on,
        "result": VerificationResult.VERIFIED.value,
        "standing": SourceStanding.NOT_SHOWN.value,
        "number_shown": stated.number,
        "expires_shown": stated.expires_on,
        "public_action": False,
        "imported_from": file_name,
        "recorded_at": database_now(session),
    }


def _record(session: Session, file_name: str, plan: _Plan, term_id: int) -> None:
    if plan.change is RecordOutcome.SAME and not plan.looks:
        return
    act = {
        RecordOutcome.NEW: "term_recorded",
        RecordOutcome.CORRECTED: "term_corrected",
        RecordOutcome.SAME: "term_verified",
    }[plan.change]
    before = _said(plan.term) if plan.term else None
    after = {
        **_said(plan.stated),
        "type": plan.stated.type,
        "state": plan.stated.state,
        "provider_id": plan.provider_id,
    }
    if plan.looks:
        after["verified_on"] = plan.row.verified_on
    audit.record(session, CLI, act, f"term:{term_id}", before=before, after=after, reason=file_name)


def _said(stated: CredentialInput | Term) -> dict[str, Any]:
    return {"number": stated.number, "issued_on": stated.issued_on, "expires_on": stated.expires_on}


def _written(plan: _Plan) -> ImportedRow:
    newest = plan.credential.terms[-1].expires_on if plan.credential else None
    expires_on = plan.stated.expires_on
    earlier = newest if newest and expires_on and expires_on < newest and plan.change is RecordOutcome.NEW else None
    return ImportedRow(
        plan.provider_id,
        plan.row,
        plan.change,
        earlier_than=earlier,
        looked=plan.looks,
        contested=plan.contested,
        not_taken=plan.not_taken,
        first_day=plan.first_day,
        without_source=plan.looks and not plan.names_source,
    )
