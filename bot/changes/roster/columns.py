"""A roster's columns, rows and problems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.rules.credentials.input import CredentialInput

COLUMNS = (
    *("name", "email", "slack_user", "provider_type", "npi", "department", "hired_on"),
    *("credential", "state", "number", "issued_on", "expires_on", "verified_on", "source"),
    *("kind", "label"),
    *("status", "sites", "owner", "backup", "supervisor", "last_decision_on", "former_names", "confirm"),
)
NEEDED = ("name", "provider_type")
STATUSES = ("applicant", "active", "leave", "ended")


@dataclass(frozen=True, slots=True)
class CellProblem:
    """``row`` as a spreadsheet counts: the header is row 1. ``what`` is a sentence for the person who mends it."""

    row: int
    column: str
    what: str

    def __str__(self) -> str:
        return f"Row {self.row}, {self.column}: {self.what}"


@dataclass(frozen=True, slots=True)
class RosterRejected:
    """Nothing was imported. Everything that is wrong, in the order of the file."""

    problems: tuple[CellProblem, ...]


@dataclass(frozen=True, slots=True)
class RosterProvider:
    """A provider's columns; None = left empty, which changes nothing. People: e-mail address or Slack id."""

    name: str
    type: str
    npi: str | None = None
    email: str | None = None
    slack_user: str | None = None
    department: str | None = None
    hired_on: date | None = None
    status: str | None = None
    sites: str | None = None
    owner: str | None = None
    backup: str | None = None
    supervisor: str | None = None
    last_decision_on: date | None = None
    former_names: str | None = None


@dataclass(frozen=True, slots=True)
class RosterRow:
    """``verified_on``: the day somebody looked at the primary source, before this file."""

    row: int
    provider: RosterProvider
    stated: CredentialInput | None = None
    verified_on: date | None = None
    source: str | None = None
    confirmed: bool = False
    """The row says yes to what a form would ask."""
