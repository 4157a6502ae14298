"""A provider's file as rules and cards see it: credentials, their terms, verifications and standing. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.rules.credentials.identity import Identity
from bot.rules.providers.models import Provider, ProviderStatus

REVIEW_EVERY, REVIEW_WITHIN = timedelta(days=30), timedelta(days=15)
"""How often it is asked whether a confirmed filing still holds, and how long that may stay unanswered."""


class SourceStanding(StrEnum):
    """The standing as the primary source shows it."""

    ACTIVE = "active"
    RESTRICTED = "restricted"
    PROBATION = "probation"
    TEMPORARY = "temporary"
    INACTIVE = "inactive"
    PENDING = "pending"
    REVOKED = "revoked"


class SentBackFor(StrEnum):
    """What is wrong with what a provider reported, as whoever sent it back chose."""

    NOT_FOUND = "not_found"
    NUMBER = "number"
    DATES = "dates"
    UNREADABLE = "unreadable"


class VerificationResult(StrEnum):
    """What a verification found: as recorded, or different from what was typed."""

    VERIFIED = "verified"
    DISCREPANCY = "discrepancy"


@dataclass(frozen=True, slots=True)
class Verification:
    """One look at a primary source, as the verifier saw it (NCQA CR 3; information integrity CR 8)."""

    id: int
    source: str
    method: str
    verified_on: date
    result: VerificationResult
    standing: SourceStanding
    number_shown: str | None
    expires_shown: date | None
    public_action: bool
    reference: str | None
    verifier: str
    carried_over_from: str | None = None
    """The file an import took it from, where nobody verified it here."""


@dataclass(frozen=True, slots=True)
class Term:
    """One period of a credential, as stated: number and dates. A renewal is a new term."""

    id: int
    number: str | None
    issued_on: date | None
    expires_on: date | None
    recorded_at: datetime
    recorded_by: str
    verification: Verification | None = None
    """The newest believed verification of this term, if any."""

    @property
    def verified(self) -> bool:
        return self.verification is not None and self.verification.result is VerificationResult.VERIFIED


@dataclass(frozen=True, slots=True)
class RenewalFiling:
    """A renewal filed with the issuer, which has not answered yet."""

    id: int
    term_id: int
    filed_on: date
    receipt: str | None
    confirmed_by: str | None = None
    """The coordinator who saw the receipt, or last found that it still holds."""
    confirmed_on: date | None = None
    """None: it is somebody's word, and continues nothing."""
    review_on: date | None = None
    """When it is asked whether it still holds; None where nobody confirmed it."""

    @property
    def answer_by(self) -> date | None:
        """The last day to say whether it still holds; None where nobody confirmed it."""
        return self.review_on + REVIEW_WITHIN if self.review_on else None


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential with the terms believed, oldest expiry first."""

    id: int
    identity: Identity
    terms: tuple[Term, ...]
    filing: RenewalFiling | None = None
    """The filing for the newest term that is still open."""

    @property
    def type(self) -> str:
        return self.identity.type

    @property
    def jurisdiction(self) -> str | None:
        return self.identity.jurisdiction


@dataclass(frozen=True, slots=True)
class SentBackCredential:
    """A report that went back to the provider, who has not reported it again; its last term says what it was."""

    credential: Credential
    problem: SentBackFor | None
    """None where nobody said."""


@dataclass(frozen=True, slots=True)
class ProviderFile:
    """A provider's credentials as true on ``on`` and known at ``known_at``."""

    provider: Provider
    credentials: tuple[Credential, ...]
    on: date
    known_at: datetime
    statuses: tuple[ProviderStatus, ...] = ()
    """Every one believed, those to come included, in the order of their days."""


class Standing(StrEnum):
    """What a credential is worth today; computed, never stored."""

    CURRENT = "current"
    DUE = "due"
    SUBMITTED = "submitted, awaiting issuer"
    REPORTED = "reported renewed, to verify"
    ON_FILE = "on file, to verify"
    DISCREPANCY = "discrepancy"
    CONTINUED = "in effect: renewal filed on time"
    EXPIRED = "expired"
    RESTRICTED = "restricted"
    REVOKED = "revoked"
    UPCOMING = "verified, not begun yet"
    """The next policy, looked up before it begins."""


@dataclass(frozen=True, slots=True)
class JudgedCredential:
    """A credential with its standing: the best verified term, and beside it what is only reported."""

    credential: Credential
    standing: Standing
    term: Term
    """The best verified term, or the newest one where none is verified."""
    beside: Standing | None = None
    """SUBMITTED, REPORTED or DISCREPANCY where something newer waits beside a verified term; UPCOMING where the next
    one is verified, and begins before this one ends."""
    beside_term: Term | None = None
    continues: bool = False
    """The renewal was filed on time where that continues the authority, as soon as its receipt is confirmed."""

    @property
    def awaits_confirmation(self) -> bool:
        """Its filing would keep it in effect past its expiry, and no coordinator has seen the receipt."""
        return self.continues and self.credential.filing is not None and self.credential.filing.confirmed_on is None

    @property
    def stays_in_effect(self) -> bool:
        """A confirmed filing keeps it in effect past its expiry, until the issuer acts."""
        return self.continues and not self.awaits_confirmation

    @property
    def usable(self) -> bool:
        """Verified, current and unrestricted: counts for a privilege."""
        return self.standing in (Standing.CURRENT, Standing.DUE, Standing.CONTINUED)


@dataclass(frozen=True, slots=True)
class CredentialHolder:
    """Somebody whom one document may cover. ``id``: of their credential, or of the term to verify."""

    id: int
    provider: Provider
    number: str | None
