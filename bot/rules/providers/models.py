"""Who a file is about, and what they are to the organization. Frozen values; dates are the organization's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Provider:
    """Who a file is about."""

    id: int
    name: str
    type: str
    email: str | None = None
    person_id: int | None = None
    slack_user_id: str | None = None
    npi: str | None = None
    department: str | None = None
    sites: str | None = None
    hired_on: date | None = None
    last_decision_on: date | None = None
    former_names: str | None = None
    owner_id: int | None = None
    """The responsible coordinator's person id as recorded; the store answers who it is today."""
    backup_id: int | None = None
    """Who is asked after the owner, as recorded."""
    supervisor_id: int | None = None


class EmploymentStatus(StrEnum):
    """What a provider is to the organization. A deactivated Slack account says nothing about it."""

    APPLICANT = "applicant"
    ACTIVE = "active"
    LEAVE = "leave"
    ENDED = "ended"
    REHIRED = "rehired"


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """What a provider is from ``since`` on, until a later one begins."""

    status: EmploymentStatus
    since: date | None = None
    """None: since ever, as far as we know."""
    id: int | None = None
    expected_back: date | None = None
    """The first day back after a leave, as expected; the leave goes on until somebody says that it is over."""
    reason: str | None = None
    """Of an end: resigned, retired, contract_ended, deceased, other."""
