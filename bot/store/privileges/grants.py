"""Granted privileges: which work, which are inactive and why, and which credentials they need every day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from bot.rules.privileges.models import PrivilegeView
from bot.rules.providers.models import EmploymentStatus, ProviderStatus
from bot.store.providers.employment import statuses_of
from bot.store.tables import PrivilegeGrant, PrivilegeLapse, ProviderRow
from bot.store.tables.column_types import required


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant beside its provider, with the lapses that are not lifted, the first one first."""

    id: int
    provider_id: int
    privilege: str
    site: str | None
    starts_on: date
    ends_on: date
    lapses: tuple[PrivilegeLapse, ...] = ()
    end: ProviderStatus | None = None
    """What ended the provider while the grant ran, or will."""

    def runs(self, on: date) -> bool:
        """Whether its term covers the day, be it active or not."""
        return self.view.runs(on)

    @property
    def view(self) -> PrivilegeView:
        return PrivilegeView(
            grant_id=self.id,
            privilege=self.privilege,
            site=self.site,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            inactive_since=min((lapse.from_on for lapse in self.lapses), default=None),
            inactive_because=tuple(lapse.credential_type for lapse in self.lapses),
            why_withheld=any(lapse.withheld for lapse in self.lapses),
            ended_on=self.end.since if self.end else None,
            ended_because=self.end.reason if self.end else None,
        )


def hold_files(session: Session, provider_ids: Collection[int]) -> None:
    """Locks the providers until the commit: what is read of their files afterwards stays true.

    A grant and a lapse both take it, so that neither misses the other.
    """
    query = select(ProviderRow.id).where(col(ProviderRow.id).in_(provider_ids)).order_by(col(ProviderRow.id))
    session.exec(query.with_for_update(key_share=True)).all()


def hold_npi(session: Session, npi: str) -> None:
    """Locks a number until the commit, so that of two forms at once the second finds whose it is by then."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"npi:{npi}", 0))))


def read_grants(session: Session, provider_ids: Collection[int]) -> list[Grant]:
    """The newest grant of each privilege and site, past ones too, in three queries however many there are."""
    newest = {
        (grant.provider_id, grant.privilege, grant.site): grant
        for grant in _grants(session, col(PrivilegeGrant.provider_id).in_(provider_ids))
    }
    return list(newest.values())


def read_privileges(session: Session, provider_id: int) -> tuple[PrivilegeView, ...]:
    """A provider's privileges by name, past grants included."""
    return tuple(grant.view for grant in read_grants(session, [provider_id]))


def read_privilege(session: Session, grant_id: int) -> tuple[int, PrivilegeView]:
    """One grant, after the id of its provider. LookupError if there is none."""
    found = _grants(session, col(PrivilegeGrant.id) == grant_id)
    if not found:
        raise LookupError(f"no grant {grant_id}")
    return found[0].provider_id, found[0].view


def _grants(session: Session, which: ColumnElement[bool]) -> list[Grant]:
    rows = session.exec(
        select(PrivilegeGrant).where(which).order_by(col(PrivilegeGrant.privilege), col(PrivilegeGrant.id))
    ).all()
    if not rows:
        return []
    lapses = _open_lapses(session, which)
    statuses = statuses_of(session, {row.provider_id for row in rows})
    return [_grant(row, lapses.get(required(row.id), ()), statuses[row.provider_id]) for row in rows]


def _open_lapses(session: Session, which: ColumnElement[bool]) -> dict[int, list[PrivilegeLapse]]:
    rows = session.exec(
        select(PrivilegeLapse)
        .join(PrivilegeGrant, col(PrivilegeLapse.grant_id) == col(PrivilegeGrant.id))
        .where(which, col(PrivilegeLapse.lifted_at).is_(None), col(PrivilegeLapse.superseded_at).is_(None))
        .order_by(col(PrivilegeLapse.id))
    ).all()
    grouped: dict[int, list[PrivilegeLapse]] = defaultdict(list)
    for row in rows:
        grouped[row.grant_id].append(row)
    return grouped


def _grant(row: PrivilegeGrant, lapses: Iterable[PrivilegeLapse], statuses: Iterable[ProviderStatus]) -> Grant:
    within = (one for one in statuses if one.since and row.starts_on <= one.since <= row.ends_on)
    end = next((one for one in within if one.status is EmploymentStatus.ENDED), None)
    return Grant(
        required(row.id), row.provider_id, row.privilege, row.site, row.starts_on, row.ends_on, tuple(lapses), end
    )
