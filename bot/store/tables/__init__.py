"""Every table, so that ``SQLModel.metadata`` is whole as soon as this package is imported."""

from bot.store.tables.audit import AuditEvent, AuditHead, PolicyVersion, Setting
from bot.store.tables.credentials import CredentialRow, CredentialTerm, RenewalFilingRow, VerificationRow
from bot.store.tables.outbox import Card, OutboxMessage, Pace, ProcessedEvent
from bot.store.tables.people import (
    Absence,
    CredentialingDecision,
    FormerAccount,
    FormerNpi,
    PersonRow,
    ProviderRow,
    ProviderStatusRow,
    RoleAssignment,
)
from bot.store.tables.privileges import (
    ApprovalRound,
    ApprovalStep,
    EvidenceSnapshot,
    PrivilegeGrant,
    PrivilegeLapse,
    PrivilegeRequest,
    RequestLine,
    VoteRow,
)
from bot.store.tables.quarantine import QuarantinedFile
from bot.store.tables.reminders import Deadline, Nudge, NudgeDay, Task

__all__ = [
    "Absence",
    "ApprovalRound",
    "ApprovalStep",
    "AuditEvent",
    "AuditHead",
    "Card",
    "CredentialRow",
    "CredentialTerm",
    "CredentialingDecision",
    "Deadline",
    "EvidenceSnapshot",
    "FormerAccount",
    "FormerNpi",
    "Nudge",
    "NudgeDay",
    "OutboxMessage",
    "Pace",
    "PersonRow",
    "PolicyVersion",
    "PrivilegeGrant",
    "PrivilegeLapse",
    "PrivilegeRequest",
    "ProcessedEvent",
    "ProviderRow",
    "ProviderStatusRow",
    "QuarantinedFile",
    "RenewalFilingRow",
    "RequestLine",
    "RoleAssignment",
    "Setting",
    "Task",
    "VerificationRow",
    "VoteRow",
]
