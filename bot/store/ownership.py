"""Whose files are whose own: by the account that is or was linked, by the e-mail address, by the NPI."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import func, select, union
from sqlmodel import Session

from bot.store.bulk import among, table
from bot.store.tables import Credential, CredentialTerm, FormerAccount, Person, Provider

PERSON, PROVIDER, FORMER = table(Person), table(Provider), table(FormerAccount)
CREDENTIAL, TERM = table(Credential), table(CredentialTerm)
NPI = "npi"


def own_files(session: Session, person_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Provider ids by person, for those who have any; in one query, and two more where somebody has.

    An NPI is one person's for life (45 CFR 162.410), so a file that has a number which one of theirs has or had is
    theirs too.
    """
    tied = _tied(session, person_ids)
    sharing = _sharing(session, {one for ids in tied.values() for one in ids}) if tied else {}
    return {person_id: frozenset(ids).union(*(sharing.get(one, ()) for one in ids)) for person_id, ids in tied.items()}


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
    """By provider, the others who have an NPI that this one has or had."""
    now = select(PROVIDER.c.id, PROVIDER.c.npi).where(
        among(session, PROVIDER.c.id, provider_ids), PROVIDER.c.npi.is_not(None)
    )
    stated = (
        select(CREDENTIAL.c.provider_id, TERM.c.number)
        .join(TERM, TERM.c.credential_id == CREDENTIAL.c.id)
        .where(
            among(session, CREDENTIAL.c.provider_id, provider_ids), CREDENTIAL.c.type == NPI, TERM.c.number.is_not(None)
        )
    )
    numbers = session.connection().execute(union(now, stated)).all()
    if not numbers:
        return {}
    holders = select(PROVIDER.c.npi, PROVIDER.c.id).where(
        among(session, PROVIDER.c.npi, sorted({number for _, number in numbers}))
    )
    holder = {row.npi: row.id for row in session.connection().execute(holders)}
    return _grouped((one, holder[number]) for one, number in numbers if number in holder)


def _grouped(pairs: Iterable[tuple[int, int]]) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return found
