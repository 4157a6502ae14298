"""Providers: by id, all of them, or by the words that somebody typed."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlmodel import Session, col

from bot.rules.parsing.mentions import mentioned
from bot.rules.providers.models import Provider
from bot.store.bulk import among, table
from bot.store.tables import Deadline, PersonRow, ProviderRow

PERSON, PROVIDER = table(PersonRow), table(ProviderRow)

_MAIL = re.compile(r"(?:<mailto:)?([^\s<>|@]+@[^\s<>|@]+)(?:\|[^>]*)?>?")
_QUOTES = str.maketrans("‘’“”", "''\"\"")
_NPI = re.compile(r"[0-9]{10}")


def provider(session: Session, provider_id: int) -> Provider | None:
    return next(iter(_where(session, PROVIDER.c.id == provider_id)), None)


def providers(session: Session, provider_ids: Collection[int]) -> dict[int, Provider]:
    """Those that exist, by id, in one query."""
    return {found.id: found for found in _where(session, among(session, PROVIDER.c.id, provider_ids))}


def all_providers(session: Session) -> list[Provider]:
    """Everybody whose file is kept, by name."""
    return _where(session)


def supervised_by(session: Session, person_id: int) -> list[Provider]:
    """Whose supervisor this person is, by name."""
    return _where(session, PROVIDER.c.supervisor_id == person_id)


def provider_of(session: Session, person_id: int) -> Provider | None:
    """The provider that this person is."""
    return next(iter(_where(session, PROVIDER.c.person_id == person_id)), None)


def providers_to_verify(session: Session, *, besides: Collection[int] = ()) -> list[Provider]:
    """Whose file holds something that waits for a look at its source, by name; ``besides``: not these."""
    waiting = select(col(Deadline.provider_id)).where(
        col(Deadline.kind).in_(("verify", "discrepancy")), col(Deadline.closed_at).is_(None)
    )
    return [found for found in _where(session, PROVIDER.c.id.in_(waiting)) if found.id not in besides]


def providers_named(session: Session, words: str) -> list[Provider]:
    """Whom somebody means by a mention, an NPI, an e-mail address or an exact name in any case, quoted or not."""
    typed = _plain(words).strip("\"'")
    if slack_user_id := mentioned(typed):
        return _where(session, PERSON.c.slack_user_id == slack_user_id)
    if mail := _MAIL.fullmatch(typed):
        return _where(session, func.lower(PROVIDER.c.email) == mail[1].lower())
    if _NPI.fullmatch(typed):
        return _where(session, PROVIDER.c.npi == typed)
    return _called(session, typed.removeprefix("@"))


def is_address(words: str) -> bool:
    """Whether the words are an e-mail address."""
    return _MAIL.fullmatch(_plain(words).strip("\"'")) is not None


def _called(session: Session, name: str) -> list[Provider]:
    """SQLite lowers ASCII only, and O'Brien may be written O’Brien, so such names are compared here."""
    if name.isascii() and "'" not in name:
        return _where(session, func.lower(PROVIDER.c.name) == name.lower())
    return [found for found in all_providers(session) if _plain(found.name).casefold() == name.casefold()]


def _plain(words: str) -> str:
    """Single spaces, and the quotes of a keyboard instead of a phone's."""
    return " ".join(words.translate(_QUOTES).split())


def _where(session: Session, *clauses: ColumnElement[bool]) -> list[Provider]:
    query = (
        select(PROVIDER, PERSON.c.slack_user_id)
        .outerjoin(PERSON, PROVIDER.c.person_id == PERSON.c.id)
        .where(*clauses)
        .order_by(PROVIDER.c.name, PROVIDER.c.id)
    )
    return [_value(row) for row in session.execute(query)]


def _value(row: Row[*tuple[Any, ...]]) -> Provider:
    return Provider(
        id=row.id,
        name=row.name,
        type=row.type,
        email=row.email,
        person_id=row.person_id,
        slack_user_id=row.slack_user_id,
        npi=row.npi,
        department=row.department,
        sites=row.sites,
        hired_on=row.hired_on,
        last_decision_on=row.last_decision_on,
        former_names=row.former_names,
        owner_id=row.owner_id,
        backup_id=row.backup_id,
        supervisor_id=row.supervisor_id,
    )
