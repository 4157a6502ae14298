"""People of the workspace, their roles, and the providers whose files are kept."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from bot.store.tables.columns import Believed, instant, refers_to


class Person(SQLModel, table=True):
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


class Role(Believed, table=True):
    """A role as granted to somebody, for as long as it is believed."""

    __tablename__ = "role"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = refers_to("person")
    role: str
    body: str | None = None
    department: str | None = None


class Provider(SQLModel, table=True):
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
    hired_on: date | None = None
    last_decision_on: date | None = None
    status: str = "active"
    status_from: date | None = None
