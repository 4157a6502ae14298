"""A credential that the file does not hold yet, as people report it. What is reported counts once it is verified."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlmodel import Session, select

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.credentials.terms import add_term, hold, term_facts
from bot.changes.providers.profiles import NPI, keep_npi, npi_taken
from bot.changes.reconcile import reconcile
from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput, check_stated
from bot.rules.credentials.models import Credential, Term
from bot.rules.parsing.identifiers import dea_name_warning
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.policy import Policies
from bot.rules.providers.models import Provider
from bot.rules.refusals import CredentialRefusal, Invalid, ProviderRefusal, Refused
from bot.store import audit, tables
from bot.store.credentials.files import read_file
from bot.store.privileges.grants import hold_files
from bot.store.providers import profiles
from bot.store.tables.column_types import required

DEA_NAME = "dea_name"
"""A warning: the DEA number's second letter fits no last name on file."""
EXPIRED = "expired"
"""A warning: the stated expiry has passed."""


class RecordOutcome(StrEnum):
    """What became of what somebody stated."""

    NEW = "new"
    RENEWED = "renewed"
    CORRECTED = "corrected"
    SAME = "same"
    """It was on file already."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A term as now on record. ``warnings`` name what may be right all the same (``dea_name``, ``expired``)."""

    provider: Provider
    credential_id: int
    term_id: int
    stated: CredentialInput
    change: RecordOutcome
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The file holds this credential: an update is offered, or nothing where it says the ``same`` already."""

    credential: Credential
    term: Term
    same: bool


def record_term(
    session: Session,
    ctx: Context,
    actor: Person,
    provider_id: int,
    stated: CredentialInput,
    *,
    confirmed: Container[str] = (),
    why: str | None = None,
) -> Recorded | Duplicate | Refused | Invalid:
    """A credential that the file does not hold yet. ``stated`` is as typed, ``confirmed`` what was answered with Yes.

    Invalid: the codes of ``check_stated``, ``npi_taken``, ``npi_differs``. Refused: ``no_such_provider`` and those
    of ``may``.
    """
    hold_files(session, [provider_id])
    provider = profiles.provider(session, provider_id)
    if provider is None:
        return Refused(ProviderRefusal.NO_SUCH_PROVIDER)
    refused = refuse_unless_allowed(session, actor, Permission.ADD, provider)
    typed = _with_npi(stated, provider).of_usual_kind(ctx.policies, provider.type)
    checked = refused or check_stated(typed, ctx.policies, ctx.today, confirmed)
    if not isinstance(checked, CredentialInput):
        return checked
    held = _already_held(session, ctx, provider_id, checked)
    if held:
        return Duplicate(held, held.terms[-1], same=any(checked.says(term) for term in held.terms))
    problem = _npi_problem(session, provider, checked)
    if problem:
        return problem
    credential = identity(session, provider_id, checked)
    term_id = add_term(session, ctx, actor, credential.id, checked, why=why)
    audit.record(session, actor, "term_recorded", f"term:{term_id}", after=term_facts(credential, checked), reason=why)
    return reconciled(session, ctx, [Recorded(provider, credential.id, term_id, checked, RecordOutcome.NEW)])[0]


def record_beside(
    session: Session,
    ctx: Context,
    actor: Person,
    credential_id: int,
    said: CredentialInput,
    *,
    confirmed: Container[str] = (),
) -> Recorded | Duplicate | Refused | Invalid:
    """Another one, held beside a credential of the same type and state: of another kind, or with a label of its own.

    ``said`` holds its kind, label, number and dates. Invalid: ``label_missing`` where nothing would tell the two apart,
    the codes of ``record_term``. Refused: ``no_such_credential``, those of ``may``.
    """
    held = hold(session, ctx, credential_id)
    if isinstance(held, Refused):
        return held
    there = held.credential.identity
    beside = replace(said, type=there.type, state=there.jurisdiction, kind=said.kind or there.kind)
    if beside.identity == replace(there, label=None) or beside.identity == there:
        return Invalid("label", CredentialRefusal.LABEL_MISSING)
    return record_term(session, ctx, actor, held.file.provider.id, beside, confirmed=confirmed)


def reconciled(session: Session, ctx: Context, recorded: Sequence[Recorded]) -> list[Recorded]:
    """The same, with their files brought in line and what is odd about each."""
    for one in recorded:
        keep_npi(session, one.provider, one.stated)
    reconcile(session, ctx, {one.provider.id for one in recorded})
    return [replace(one, warnings=tuple(_warnings(ctx, one.provider, one.stated))) for one in recorded]


def _with_npi(stated: CredentialInput, provider: Provider) -> CredentialInput:
    """The NPI that the provider is known by needs no typing."""
    return replace(stated, number=provider.npi) if stated.type == NPI and not stated.number else stated


def _npi_problem(session: Session, provider: Provider, stated: CredentialInput) -> Invalid | None:
    if stated.type != NPI or stated.number is None:
        return None
    if provider.npi not in (None, stated.number):
        return Invalid("number", ProviderRefusal.NPI_DIFFERS, {"npi": stated.number, "on_file": provider.npi})
    taken = npi_taken(session, stated.number, provider.id)
    return replace(taken, field="number") if taken else None


def _already_held(session: Session, ctx: Context, provider_id: int, stated: CredentialInput) -> Credential | None:
    file = read_file(session, provider_id, ctx.today)
    same = (c for c in file.credentials if c.identity == stated.identity)
    return next(same, None)


def identity(session: Session, provider_id: int, stated: CredentialInput) -> Credential:
    """The credential's row, which may be there without a term that is still believed."""
    type_, jurisdiction, kind, label = stated.identity.columns
    new = tables.CredentialRow(provider_id=provider_id, type=type_, jurisdiction=jurisdiction, kind=kind, label=label)
    same = select(tables.CredentialRow).filter_by(**new.model_dump(exclude={"id"}))
    row = session.exec(same).first() or new
    session.add(row)
    session.flush()
    return Credential(required(row.id), stated.identity, ())


def _warnings(ctx: Context, provider: Provider, stated: CredentialInput) -> Iterator[str]:
    if stated.expires_on and stated.expires_on < ctx.today:
        yield EXPIRED
    if _is_of_another_name(ctx.policies, provider, stated):
        yield DEA_NAME


def _is_of_another_name(policies: Policies, provider: Provider, stated: CredentialInput) -> bool:
    policy = policies.credentials[stated.type].number
    if policy is None or policy.check != "dea" or not stated.number:
        return False
    names = [provider.name, *(provider.former_names or "").split(",")]
    last_names = [name.split()[-1] for name in names if name.strip()]
    return all(dea_name_warning(stated.number, name) for name in last_names)
