"""The providers whose files are kept: who they are, and who answers for them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from bot.changes.authorize import refuse_unless_coordinator
from bot.changes.people.assignments import not_an_owner
from bot.changes.people.reassignment import hand_over
from bot.changes.providers.account_link import account_left, not_an_account
from bot.changes.reconcile import reconcile
from bot.changes.refusals import refuse
from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput
from bot.rules.parsing.identifiers import normalize
from bot.rules.people.models import Person, Role
from bot.rules.permissions import Permission, is_own
from bot.rules.policy import Policies
from bot.rules.providers.models import Provider
from bot.rules.refusals import CredentialRefusal, Facts, Invalid, PeopleRefusal, ProviderRefusal, Refused
from bot.store import audit, tables
from bot.store.as_of import not_superseded
from bot.store.people import accounts
from bot.store.people.ownership import has_had, npis_left
from bot.store.privileges.grants import hold_files, hold_npi
from bot.store.providers import profiles
from bot.store.tables.column_types import required

NPI = "npi"
OWN_MAY = frozenset({"department", "hired_on"})
"""What a coordinator changes of their own file."""
_OTHERWISE = {"owner_id": "responsible coordinator", "backup_id": "backup"}
SHOWN = ("name", "type", "email", "slack_user_id", "npi", "department", "hired_on", "owner_id", "backup_id")


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """Who a provider is, as a form states it: what it does not ask is not written. ``type``: a policy's key."""

    name: str
    type: str
    email: str | None = None
    npi: str | None = None
    department: str | None = None
    hired_on: date | None = None
    person_id: int | None = None
    owner_id: int | None = None
    backup_id: int | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """The provider as now on record."""

    provider: Provider
    created: bool


def marks(provider: Provider) -> dict[str, str]:
    """What a form showed of a provider, by field, short enough to travel with the form."""
    return {name: hashlib.sha256(str(getattr(provider, name)).encode()).hexdigest()[:8] for name in SHOWN}


def save_provider(
    session: Session,
    ctx: Context,
    actor: Person,
    provider_id: int | None,
    facts: ProviderFacts,
    *,
    was: Mapping[str, str] | None = None,
) -> Saved | Refused | Invalid:
    """A coordinator records a new provider (``provider_id`` None) or changes one.

    ``was`` are the marks of the provider that the form showed: where somebody saved meanwhile, nothing is
    written, and ``provider_changed`` says with ``changes`` what is there now.

    Invalid: ``name_missing``, ``unknown_type``, ``npi_taken``, ``npi_differs``, ``own_file_owner``,
    ``backup_is_owner``, those of ``not_an_owner`` and ``normalize``. Refused: ``no_such_provider``,
    ``never_own_record`` where the file is, or would become, the actor's own, ``admins_change_accounts`` where another
    account is linked, and why a Slack account cannot be a provider's.
    """
    hold_files(session, [provider_id] if provider_id else [])
    row = session.get(tables.ProviderRow, provider_id) if provider_id else tables.ProviderRow(name="", type="")
    if row is None:
        return Refused(ProviderRefusal.NO_SUCH_PROVIDER)
    problem = refuse_unless_coordinator(session, actor, "save_provider") or _moved_on(session, provider_id, was)
    problem = problem or _barred(session, ctx, actor, row, facts) or _account_problem(session, ctx, row, facts)
    wrong = problem or _owner_problem(session, ctx, row, facts)
    facts_or_problem = wrong or _checked(session, ctx.policies, row.id, facts)
    if not isinstance(facts_or_problem, ProviderFacts):
        return facts_or_problem
    before = {} if provider_id is None else row.model_dump(include=set(asdict(facts)))
    whose = accounts.responsible_for(session, [provider_id] if provider_id else [], on=ctx.today, admins=ctx.admins)
    row.sqlmodel_update(asdict(facts_or_problem))
    session.add(row)
    session.flush()
    saved = required(row.id)
    if (account := before.get("person_id")) not in (None, row.person_id):
        account_left(session, ctx, actor, row, account)
    if (npi := before.get("npi")) not in (None, row.npi):
        npis_left(session, {saved: npi})
    _note(session, actor, saved, before, row.model_dump(include=set(asdict(facts))))
    reconcile(session, ctx, [saved])
    hand_over(session, ctx, actor, whose)
    return Saved(_read(session, saved), created=provider_id is None)


def npi_taken(session: Session, npi: str, provider_id: int | None) -> Invalid | None:
    """An NPI belongs to one person for life (45 CFR 162.410); until the commit nobody else can take it."""
    hold_npi(session, npi)
    holder = session.exec(select(tables.ProviderRow).where(tables.ProviderRow.npi == npi)).first()
    if holder is None or holder.id == provider_id:
        return None
    return Invalid("npi", ProviderRefusal.NPI_TAKEN, {"npi": npi, "name": holder.name})


def keep_npi(session: Session, provider: Provider, stated: CredentialInput) -> None:
    """The number of a credential of that type is the provider's NPI."""
    if stated.type == NPI and provider.npi != stated.number:
        session.get_one(tables.ProviderRow, provider.id).npi = stated.number
        if provider.npi:
            npis_left(session, {provider.id: provider.npi})


def _npi_on_file(session: Session, provider_id: int) -> str | None:
    """The number of the file's credential of that type."""
    query = (
        select(tables.CredentialTerm.number)
        .join(tables.CredentialRow, col(tables.CredentialTerm.credential_id) == col(tables.CredentialRow.id))
        .where(tables.CredentialRow.provider_id == provider_id, tables.CredentialRow.type == NPI)
        .where(*not_superseded(tables.CredentialTerm))
        .order_by(col(tables.CredentialTerm.id).desc())
    )
    return session.exec(query).first()


def _checked(
    session: Session, policies: Policies, provider_id: int | None, facts: ProviderFacts
) -> ProviderFacts | Invalid:
    name = " ".join(facts.name.split())
    if not name:
        return Invalid("name", ProviderRefusal.NAME_MISSING)
    if facts.type not in policies.provider_types:
        return Invalid("type", CredentialRefusal.UNKNOWN_TYPE, {"typed": facts.type, "closest": None})
    on_file = _npi_on_file(session, provider_id) if provider_id else None
    npi = _read_npi(policies, facts.npi) or on_file
    if isinstance(npi, Invalid):
        return npi
    if npi and on_file not in (None, npi):
        return Invalid("npi", ProviderRefusal.NPI_DIFFERS, {"npi": npi, "on_file": on_file})
    email = facts.email.strip().lower() if facts.email else None
    problem = npi_taken(session, npi, provider_id) if npi else None
    return problem or replace(facts, name=name, npi=npi, email=email or None)


def _read_npi(policies: Policies, typed: str | None) -> str | Invalid | None:
    """As stored, None where empty."""
    number = policies.credentials[NPI].number if NPI in policies.credentials else None
    if not typed or number is None:
        return typed or None
    read = normalize(number, typed)
    return Invalid("npi", read.code, read.facts) if isinstance(read, Invalid) else read


def _moved_on(session: Session, provider_id: int | None, was: Mapping[str, str] | None) -> Refused | None:
    if provider_id is None or was is None:
        return None
    there = _read(session, provider_id)
    changed = [name for name, mark in marks(there).items() if was.get(name) != mark]
    said = [f"{_OTHERWISE.get(name, name.replace('_', ' '))}: {_shown(session, there, name)}" for name in changed]
    return Refused(ProviderRefusal.PROVIDER_CHANGED, {"changes": said}) if said else None


def _shown(session: Session, there: Provider, name: str) -> object:
    value = getattr(there, name)
    person = session.get(tables.PersonRow, value) if value and name in _OTHERWISE else None
    return person.name if person else value or "–"


def _barred(
    session: Session, ctx: Context, actor: Person, row: tables.ProviderRow, facts: ProviderFacts
) -> Refused | None:
    """Who changes what: of one's own file nearly nothing, and an account that is linked only as an admin."""
    there = _read(session, row.id) if row.id else None
    wanted = Provider(row.id or 0, facts.name, facts.type, facts.email, facts.person_id)
    npi = _read_npi(ctx.policies, facts.npi)
    own_number = isinstance(npi, str) and has_had(session, actor.own_files, npi)
    if (own_number or any(is_own(actor, one) for one in (there, wanted))) and (
        there is None or _changes(row, facts) - OWN_MAY
    ):
        subject = f"provider:{row.id}" if row.id else f"person:{actor.id}"
        return refuse(
            session, actor, Refused(ProviderRefusal.NEVER_OWN_RECORD, {"act": Permission.CHANGE_RECORD}), subject
        )
    if row.person_id in (None, facts.person_id) or actor.has(Role.ADMIN):
        return None
    return refuse(
        session, actor, Refused(ProviderRefusal.ADMINS_CHANGE_ACCOUNTS, {"name": row.name}), f"provider:{row.id}"
    )


def _changes(row: tables.ProviderRow, facts: ProviderFacts) -> set[str]:
    """The fields of which the form says something else than the record."""
    return {name for name, said in asdict(facts).items() if _comparable(said) != _comparable(getattr(row, name))}


def _comparable(value: object) -> str:
    return " ".join(str(value or "").split()).casefold()


def _owner_problem(session: Session, ctx: Context, row: tables.ProviderRow, facts: ProviderFacts) -> Invalid | None:
    """Whoever was recorded before stays, whatever has become of their role."""
    wanted = {"owner": (facts.owner_id, row.owner_id), "backup": (facts.backup_id, row.backup_id)}
    for field, (person_id, recorded) in wanted.items():
        if person_id in (None, recorded):
            continue
        person = accounts.person(session, person_id or 0, on=ctx.today, admins=ctx.admins)
        problem = not_an_owner(person, field)
        if problem is None and person and _is_whose_own(person, row, facts):
            problem = Invalid(field, PeopleRefusal.OWN_FILE_OWNER, {"name": person.name})
        if problem:
            return problem
    both = facts.owner_id is not None and facts.owner_id == facts.backup_id
    return Invalid("backup", PeopleRefusal.BACKUP_IS_OWNER) if both else None


def _is_whose_own(person: Person, row: tables.ProviderRow, facts: ProviderFacts) -> bool:
    return is_own(person, Provider(row.id or 0, facts.name, facts.type, facts.email, facts.person_id or row.person_id))


def _account_problem(session: Session, ctx: Context, row: tables.ProviderRow, facts: ProviderFacts) -> Refused | None:
    if facts.person_id is None or facts.person_id == row.person_id:
        return None
    return not_an_account(accounts.person(session, facts.person_id, on=ctx.today), row.id)


def _note(session: Session, actor: Person, provider_id: int, before: Facts, after: Facts) -> None:
    if before != after:
        act = "provider_changed" if before else "provider_added"
        audit.record(session, actor, act, f"provider:{provider_id}", before=before, after=after)


def _read(session: Session, provider_id: int) -> Provider:
    found = profiles.provider(session, provider_id)
    if found is None:
        raise LookupError(f"no provider {provider_id}")
    return found
