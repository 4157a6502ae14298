"""The providers whose files are kept: who they are, and which Slack account is theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.changes.asking import refuse_unless_coordinator
from bot.changes.assign import not_an_owner
from bot.changes.context import Context
from bot.changes.handing_over import hand_over
from bot.changes.settle import settle
from bot.rules.identifiers import normalize
from bot.rules.policy import Policies
from bot.rules.stated import Stated
from bot.rules.values import Facts, Invalid, Person, Provider, Refused
from bot.store import audit, people, tables
from bot.store.as_of import believed
from bot.store.outbox import known
from bot.store.privileges import hold_files

NPI = "npi"
_OTHERWISE = {"owner_id": "responsible coordinator", "backup_id": "backup"}
SHOWN = ("name", "type", "email", "slack_user_id", "npi", "department", "hired_on", "owner_id", "backup_id")


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """Who a provider is, as a form or a roster states it. ``type`` is a policy's key."""

    name: str
    type: str
    email: str | None = None
    npi: str | None = None
    department: str | None = None
    sites: str | None = None
    former_names: str | None = None
    hired_on: date | None = None
    last_decision_on: date | None = None
    person_id: int | None = None
    owner_id: int | None = None
    backup_id: int | None = None
    supervisor_id: int | None = None


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
    ``backup_is_owner``, those of ``not_an_owner`` and ``normalize``. Refused: ``no_such_provider``, and why a Slack
    account cannot be a provider's.
    """
    hold_files(session, [provider_id] if provider_id else [])
    row = session.get(tables.Provider, provider_id) if provider_id else tables.Provider(name="", type="")
    if row is None:
        return Refused("no_such_provider")
    problem = refuse_unless_coordinator(session, actor, "save_provider") or _moved_on(session, provider_id, was)
    problem = problem or _account_problem(session, ctx, row, facts)
    wrong = problem or _owner_problem(session, ctx, row, facts)
    facts_or_problem = wrong or _checked(session, ctx.policies, row.id, facts)
    if not isinstance(facts_or_problem, ProviderFacts):
        return facts_or_problem
    before = {} if provider_id is None else row.model_dump(include=set(asdict(facts)))
    whose = people.responsible_for(session, [provider_id] if provider_id else [], on=ctx.today, admins=ctx.admins)
    row.sqlmodel_update(asdict(facts_or_problem))
    session.add(row)
    session.flush()
    saved = known(row.id)
    _note(session, actor, saved, before, row.model_dump(include=set(asdict(facts))))
    settle(session, ctx, [saved])
    hand_over(session, ctx, actor, whose)
    return Saved(_read(session, saved), created=provider_id is None)


def link_by_email(session: Session, person: tables.Person) -> None:
    """Slack's address of somebody is the address of exactly one provider without an account: it is theirs."""
    if not person.email or person.bot or people.provider_of(session, known(person.id)):
        return
    same_address = func.lower(col(tables.Provider.email)) == person.email
    unlinked = session.exec(select(tables.Provider).where(same_address, col(tables.Provider.person_id).is_(None))).all()
    if len(unlinked) == 1:
        _link(session, "slack", unlinked[0], known(person.id))


def not_an_account(person: Person | None, provider_id: int | None = None) -> Refused | None:
    """Why somebody's Slack account cannot be a provider's: unknown, a bot, deactivated, or another provider's.

    A guest may be a provider, and acts on their own file only.
    """
    if person is None:
        return Refused("unknown_person")
    facts = {"name": person.name, "slack_user_id": person.slack_user_id}
    if person.bot:
        return Refused("is_a_bot", facts)
    if person.deactivated:
        return Refused("is_deactivated", facts)
    if person.provider_id not in (None, provider_id):
        return Refused("is_another_provider", facts)
    return None


def no_file_of(person: Person) -> Refused:
    """Why somebody named has no file: ``is_a_bot``, ``is_deactivated``, ``is_a_guest``, ``no_such_provider``."""
    facts = {"name": person.name, "slack_user_id": person.slack_user_id}
    flags = {"is_a_bot": person.bot, "is_deactivated": person.deactivated, "is_a_guest": person.guest}
    return Refused(next((code for code, is_so in flags.items() if is_so), "no_such_provider"), facts)


def npi_taken(session: Session, npi: str, provider_id: int | None) -> Invalid | None:
    """An NPI belongs to one person for life (45 CFR 162.410)."""
    holder = session.exec(select(tables.Provider).where(tables.Provider.npi == npi)).first()
    if holder is None or holder.id == provider_id:
        return None
    return Invalid("npi", "npi_taken", {"npi": npi, "name": holder.name})


def keep_npi(session: Session, provider: Provider, stated: Stated) -> None:
    """The number of a credential of that type is the provider's NPI."""
    if stated.type == NPI and provider.npi != stated.number:
        session.get_one(tables.Provider, provider.id).npi = stated.number


def _npi_on_file(session: Session, provider_id: int) -> str | None:
    """The number of the file's credential of that type."""
    query = (
        select(tables.CredentialTerm.number)
        .join(tables.Credential, col(tables.CredentialTerm.credential_id) == col(tables.Credential.id))
        .where(tables.Credential.provider_id == provider_id, tables.Credential.type == NPI)
        .where(*believed(tables.CredentialTerm))
        .order_by(col(tables.CredentialTerm.id).desc())
    )
    return session.exec(query).first()


def _checked(
    session: Session, policies: Policies, provider_id: int | None, facts: ProviderFacts
) -> ProviderFacts | Invalid:
    name = " ".join(facts.name.split())
    if not name:
        return Invalid("name", "name_missing")
    if facts.type not in policies.provider_types:
        return Invalid("type", "unknown_type", {"typed": facts.type, "closest": None})
    on_file = _npi_on_file(session, provider_id) if provider_id else None
    npi = _read_npi(policies, facts.npi) or on_file
    if isinstance(npi, Invalid):
        return npi
    if npi and on_file not in (None, npi):
        return Invalid("npi", "npi_differs", {"npi": npi, "on_file": on_file})
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
    return Refused("provider_changed", {"changes": said}) if said else None


def _shown(session: Session, there: Provider, name: str) -> object:
    value = getattr(there, name)
    person = session.get(tables.Person, value) if value and name in _OTHERWISE else None
    return person.name if person else value or "–"


def _owner_problem(session: Session, ctx: Context, row: tables.Provider, facts: ProviderFacts) -> Invalid | None:
    """Whoever was recorded before stays, whatever has become of their role."""
    wanted = {"owner": (facts.owner_id, row.owner_id), "backup": (facts.backup_id, row.backup_id)}
    for field, (person_id, recorded) in wanted.items():
        if person_id in (None, recorded):
            continue
        person = people.person(session, person_id or 0, on=ctx.today, admins=ctx.admins)
        problem = not_an_owner(person, field)
        if problem is None and person_id == (facts.person_id or row.person_id):
            problem = Invalid(field, "own_file_owner", {"name": person.name if person else ""})
        if problem:
            return problem
    both = facts.owner_id is not None and facts.owner_id == facts.backup_id
    return Invalid("backup", "backup_is_owner") if both else None


def _account_problem(session: Session, ctx: Context, row: tables.Provider, facts: ProviderFacts) -> Refused | None:
    if facts.person_id is None or facts.person_id == row.person_id:
        return None
    return not_an_account(people.person(session, facts.person_id, on=ctx.today), row.id)


def _link(session: Session, actor: Person | str, row: tables.Provider, person_id: int) -> None:
    before, row.person_id = {"person_id": row.person_id}, person_id
    session.add(row)
    session.flush()
    audit.record(session, actor, "provider_linked", f"provider:{row.id}", before=before, after={"person_id": person_id})


def _note(session: Session, actor: Person, provider_id: int, before: Facts, after: Facts) -> None:
    if before != after:
        act = "provider_changed" if before else "provider_added"
        audit.record(session, actor, act, f"provider:{provider_id}", before=before, after=after)


def _read(session: Session, provider_id: int) -> Provider:
    found = people.provider(session, provider_id)
    if found is None:
        raise LookupError(f"no provider {provider_id}")
    return found
