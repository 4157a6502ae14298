"""People of the workspace, their roles, and the providers whose files are kept."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.tables.column_types import Bitemporal, how_it_ended, instant, refers_to


class PersonRow(SQLModel, table=True):
    """Somebody with a Slack account, or an e-mail address that may turn out to have one."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    slack_user_id: str | None = Field(default=None, unique=True)
    email: str | None = Field(default=None, unique=True)
    name: str
    time_zone: str | None = None
    dm_channel: str | None = None
    guest: bool = False
    bot: bool = False
    deactivated_at: datetime | None = instant(default=None)
    refreshed_at: datetime | None = instant(default=None)
    dm_refused_at: datetime | None = instant(default=None)
    """When Slack last refused a direct message to them; empty again once they are seen here."""


class RoleAssignment(Bitemporal, table=True):
    """A role as granted to somebody, for as long as it is believed."""

    __tablename__ = "role_assignment"
    __table_args__ = (how_it_ended(),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = refers_to("person")
    role: str
    body: str | None = None
    department: str | None = None


class Absence(Bitemporal, table=True):
    """Somebody is away on ``valid_from`` to ``valid_to``; ``delegate_id`` stands in for them."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("valid_to IS NOT NULL AND valid_to >= valid_from", name="absence_ends"),
        how_it_ended(),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = refers_to("person")
    delegate_id: int | None = refers_to("person", nullable=True)


class ProviderRow(SQLModel, table=True):
    """A person whose credentials are kept; ``person_id`` is empty until a Slack account is linked."""

    __tablename__ = "provider"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = refers_to("person", nullable=True, unique=True)
    name: str = Field(index=True)
    email: str | None = Field(default=None, index=True)
    former_names: str | None = None
    type: str
    npi: str | None = Field(default=None, unique=True)
    department: str | None = None
    sites: str | None = None
    supervisor_id: int | None = refers_to("person", nullable=True)
    owner_id: int | None = refers_to("person", nullable=True)
    backup_id: int | None = refers_to("person", nullable=True)
    hired_on: date | None = None
    last_decision_on: date | None = None


class FormerAccount(SQLModel, table=True):
    """A Slack account that was a provider's until ``until``. Whose file it was stays known, whoever's it is now."""

    __tablename__ = "former_account"
    __table_args__ = (UniqueConstraint("provider_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    provider_id: int = refers_to("provider", index=False)
    person_id: int = refers_to("person")
    until: datetime = instant()
    """The database's time; of several times, the first."""


class FormerNpi(SQLModel, table=True):
    """A number that was a provider's until ``until``: an NPI is one person's for life."""

    __tablename__ = "former_npi"
    __table_args__ = (UniqueConstraint("provider_id", "npi"),)

    id: int | None = Field(default=None, primary_key=True)
    provider_id: int = refers_to("provider", index=False)
    npi: str = Field(index=True)
    until: datetime = instant()
    """The database's time; of several times, the first."""


class ProviderStatusRow(Bitemporal, table=True):
    """What a provider is from ``valid_from`` on, until a later one begins; without any, active.

    ``valid_to`` stays empty: a leave lasts until somebody says that it is over, whatever was expected.
    """

    __tablename__ = "provider_status"
    __table_args__ = (
        CheckConstraint("status IN ('applicant', 'active', 'leave', 'ended', 'rehired')", name="provider_status_known"),
        CheckConstraint("reason_class IS NULL OR status = 'ended'", name="only_an_end_has_a_reason"),
        CheckConstraint("expected_back IS NULL OR status = 'leave'", name="only_a_leave_is_expected_back"),
        how_it_ended(),
    )

    id: int | None = Field(default=None, primary_key=True)
    provider_id: int = refers_to("provider")
    status: str
    expected_back: date | None = None
    reason_class: str | None = None
    """resigned, retired, contract_ended, deceased, other; empty where an import did not say. Never free text."""
    investigation: str | None = None
    """Whether one is open or likely, as answered with an end: no, yes, unsure. Restricted."""
    carried_out_at: datetime | None = instant(default=None)
    """When what follows from it was done: empty until its day has come."""


class CredentialingDecision(Bitemporal, table=True):
    """What a body decided about a whole file, in its favor; ``valid_from`` is the day of the decision."""

    __tablename__ = "credentialing_decision"
    __table_args__ = (how_it_ended(),)

    id: int | None = Field(default=None, primary_key=True)
    provider_id: int = refers_to("provider")
    kind: str
    """initial or recredentialing."""
    body: str
    reference: str
    """The minutes, or where the signature is kept."""
