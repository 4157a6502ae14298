"""Every table, so that ``SQLModel.metadata`` is whole as soon as this package is imported."""

from bot.store.tables.audit import AuditEvent, AuditHead, PolicyVersion, Setting
from bot.store.tables.credentials import Credential, CredentialTerm, Submission, Verification
from bot.store.tables.outbox import Card, OutboxMessage, Rate, SeenDelivery
from bot.store.tables.people import Absence, Decision, FormerAccount, FormerNpi, Person, Provider, ProviderStatus, Role
from bot.store.tables.privileges import (
    AnotherRound,
    Inactive,
    PrivilegeGrant,
    Review,
    ReviewLine,
    ReviewStep,
    Snapshot,
    Vote,
)
from bot.store.tables.reminders import Deadline, Nudge, NudgeDay, Task

__all__ = [
    "Absence",
    "AnotherRound",
    "AuditEvent",
    "AuditHead",
    "Card",
    "Credential",
    "CredentialTerm",
    "Deadline",
    "Decision",
    "FormerAccount",
    "FormerNpi",
    "Inactive",
    "Nudge",
    "NudgeDay",
    "OutboxMessage",
    "Person",
    "PolicyVersion",
    "PrivilegeGrant",
    "Provider",
    "ProviderStatus",
    "Rate",
    "Review",
    "ReviewLine",
    "ReviewStep",
    "Role",
    "SeenDelivery",
    "Setting",
    "Snapshot",
    "Submission",
    "Task",
    "Verification",
    "Vote",
]
