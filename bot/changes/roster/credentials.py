"""A roster's credentials against the file: new terms, corrections, and looks at the source it carries over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from bot.changes.credentials.recording import RecordOutcome
from bot.changes.credentials.terms import begins, move_adverse, move_filings, move_verification, supersede_term
from bot.changes.roster.columns import RosterRow
from bot.changes.roster.inserts import insert_numbered
from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput
from bot.rules.credentials.models import (
    Credential,
    ProviderFile,
    SourceStanding,
    Term,
    Verification,
    VerificationResult,
)
from bot.rules.people.models import CLI
from bot.store import audit, tables
from bot.store.bulk import among, insert_rows, table
from bot.store.credentials.files import read_files
from bot.store.database_time import database_now

CARRIED_OVER = "carried over"
CredentialKey = tuple[int, str, str]
"""Provider, type, state ('' where the type has none)."""


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


@dataclass(frozen=True, slots=True)
class _Plan:
    provider_id: int
    row: RosterRow
    stated: CredentialInput
    credential: Credential | None
    term: Term | None
    """The term with the same expiry."""

    @property
    def change(self) -> RecordOutcome:
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
        before, shown = self.standing_look, self.credential.verification if self.credential else None
        if self.row.verified_on is None or (shown and not shown.in_good_standing):
            return False
        return before is None or before.verified_on < self.row.verified_on


def write_terms(
    session: Session, ctx: Context, file_name: str, rows: Mapping[int, Sequence[RosterRow]]
) -> list[ImportedRow]:
    """Writes what the rows of each provider say, in a number of statements that does not grow with them.

    Only corrections of terms on file are written one by one.
    """
    files = read_files(session, list(rows), ctx.today)
    plans = [plan for key, file in files.items() for plan in _plans(file, rows[key])]
    credentials = _credentials(session, plans)
    term_ids = _terms(session, ctx, file_name, plans, credentials)
    _looks(session, file_name, plans, term_ids)
    for plan, term_id in zip(plans, term_ids, strict=True):
        _record(session, file_name, plan, term_id)
    return [_written(plan) for plan in plans]


def _plans(file: ProviderFile, rows: Iterable[RosterRow]) -> Iterator[_Plan]:
    held = {(c.type, c.jurisdiction): c for c in file.credentials}
    seen = set()
    for row in rows:
        if row.stated is None or row.stated in seen:
            continue
        seen.add(row.stated)
        credential = held.get((row.stated.type, row.stated.state))
        same_expiry = (t for t in credential.terms if t.expires_on == row.stated.expires_on) if credential else ()
        term = next(iter(same_expiry), None)
        yield _Plan(file.provider.id, row, _completed(row.stated, term), credential, term)


def _completed(stated: CredentialInput, term: Term | None) -> CredentialInput:
    """An empty cell takes nothing away."""
    if term is None:
        return stated
    return replace(stated, number=stated.number or term.number, issued_on=stated.issued_on or term.issued_on)


def _credentials(session: Session, plans: Sequence[_Plan]) -> dict[CredentialKey, int]:
    """The ids of all credentials of the plans, those that are new among them."""
    credential = table(tables.CredentialRow)
    wanted = {(plan.provider_id, plan.stated.type, plan.stated.state or "") for plan in plans}
    names = ("provider_id", "type", "jurisdiction")
    insert_rows(session, credential, [dict(zip(names, identity, strict=True)) for identity in sorted(wanted)])
    of_providers = among(session, credential.c.provider_id, {identity[0] for identity in wanted})
    return {
        (row.provider_id, row.type, row.jurisdiction): row.id
        for row in session.execute(select(credential).where(of_providers))
    }


def _terms(
    session: Session, ctx: Context, file_name: str, plans: Sequence[_Plan], credentials: Mapping[CredentialKey, int]
) -> list[int]:
    """The id of each plan's term, in their order."""
    changed = [plan for plan in plans if plan.change is not RecordOutcome.SAME]
    rows = [_term_row(session, ctx, file_name, plan, credentials) for plan in changed]
    ids = iter(insert_numbered(session, table(tables.CredentialTerm), rows))
    return [plan.term.id if plan.term and plan.change is RecordOutcome.SAME else next(ids) for plan in plans]


def _term_row(
    session: Session, ctx: Context, file_name: str, plan: _Plan, credentials: Mapping[CredentialKey, int]
) -> dict[str, Any]:
    stated = plan.stated
    return {
        "credential_id": credentials[plan.provider_id, stated.type, stated.state or ""],
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
            move_filings(session, plan.term.id, term_id)
            if plan.standing_look:
                move_verification(session, plan.term.id, term_id)
            else:
                move_adverse(session, plan.term.id, term_id)
            supersede_term(session, plan.term.id)
    rows = [_look_row(session, file_name, plan.row, term_id) for plan, term_id in both if plan.looks]
    insert_rows(session, table(tables.VerificationRow), rows)


def _look_row(session: Session, file_name: str, row: RosterRow, term_id: int) -> dict[str, Any]:
    return {
        "term_id": term_id,
        "source": row.source or CARRIED_OVER,
        "method": CARRIED_OVER,
        "verified_on": row.verified_on,
        "valid_from": row.verified_on,
        "result": VerificationResult.VERIFIED.value,
        "standing": SourceStanding.ACTIVE.value,
        "number_shown": row.stated.number if row.stated else None,
        "expires_shown": row.stated.expires_on if row.stated else None,
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
    return ImportedRow(plan.provider_id, plan.row, plan.change, earlier, plan.looks)
