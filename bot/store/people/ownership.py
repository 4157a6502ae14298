"""Whose files are whose own: by the account that is or was linked, by the e-mail address, by the NPI."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import TypeVar

from sqlalchemy import CompoundSelect, func, select, union, union_all
from sqlmodel import Session

from bot.store.bulk import among, table
from bot.store.bulk.upsert import insert_missing
from bot.store.database_time import database_now
from bot.store.tables import CredentialRow, CredentialTerm, FormerAccount, FormerNpi, PersonRow, ProviderRow

PERSON, PROVIDER, FORMER = table(PersonRow), table(ProviderRow), table(FormerAccount)
CREDENTIAL, TERM, FORMER_NPI = table(CredentialRow), table(CredentialTerm), table(FormerNpi)
NPI = "npi"
K = TypeVar("K", int, str)


def own_files(session: Session, person_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Provider ids by person, for those who have any; in one query, and two more where somebody has.

    An NPI is one person's for life (45 CFR 162.410), so a file that has or had a number which one of theirs has or had
    is theirs too.
    """
    tied = _tied(session, person_ids)
    sharing = _sharing(session, {one for ids in tied.values() for one in ids}) if tied else {}
    return {person_id: frozenset(ids).union(*(sharing.get(one, ()) for one in ids)) for person_id, ids in tied.items()}


def npis_left(session: Session, left: Mapping[int, str]) -> None:
    """Numbers that are a file's (by provider id) no more: whose they were stays known."""
    at = database_now(session)
    rows = [{"provider_id": one, "npi": npi, "until": at} for one, npi in left.items()]
    if rows:
        session.execute(insert_missing(session, FormerNpi), rows)


def has_had(session: Session, provider_ids: Collection[int], npi: str) -> bool:
    """Whether a number is or was one of these files'."""
    numbers = _numbers().subquery()
    held = select(numbers.c.id).where(among(session, numbers.c.id, provider_ids), numbers.c.npi == npi).limit(1)
    return session.connection().execute(held).first() is not None


def _tied(session: Session, person_ids: Collection[int]) -> Mapping[int, set[int]]:
    linked = select(PROVIDER.c.person_id, PROVIDER.c.id).where(among(session, PROVIDER.c.person_id, person_ids))
    once = select(FORMER.c.person_id, FORMER.c.provider_id).where(among(session, FORMER.c.person_id, person_ids))
    addressed = (
        select(PERSON.c.id, PROVIDER.c.id)
        .join(PROVIDER, func.lower(PROVIDER.c.email) == func.lower(PERSON.c.email))
        .where(among(session, PERSON.c.id, person_ids))
    )
    return _grouped((key, one) for key, one in session.connection().execute(union(linked, once, addressed)))


def _sharing(session: Session, provider_ids: Collection[int]) -> Mapping[int, set[int]]:
    """By provider, all who have or had an NPI that this one has or had."""
    theirs, others = _numbers().subquery(), _numbers().subquery()
    mine = select(theirs.c.id, theirs.c.npi).where(among(session, theirs.c.id, provider_ids))
    numbers = session.connection().execute(mine).all()
    if not numbers:
        return {}
    holding = select(others.c.npi, others.c.id).where(
        among(session, others.c.npi, sorted({number for _, number in numbers}))
    )
    holders = _grouped((npi, one) for npi, one in session.connection().execute(holding))
    return _grouped((one, other) for one, number in numbers for other in holders.get(number, ()))


@cache
def _numbers() -> CompoundSelect[tuple[int, str]]:
    """Provider ids, each with every NPI that it has or had."""
    now = select(PROVIDER.c.id, PROVIDER.c.npi).where(PROVIDER.c.npi.is_not(None))
    former = select(FORMER_NPI.c.provider_id, FORMER_NPI.c.npi)
    stated = (
        select(CREDENTIAL.c.provider_id, TERM.c.number)
        .join(TERM, TERM.c.credential_id == CREDENTIAL.c.id)
        .where(CREDENTIAL.c.type == NPI, TERM.c.number.is_not(None))
    )
    return union_all(now, former, stated)


def _grouped(pairs: Iterable[tuple[K, int]]) -> Mapping[K, set[int]]:
    found: dict[K, set[int]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return found
