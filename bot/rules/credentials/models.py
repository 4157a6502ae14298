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
    CONDITIONS = "conditions"
    """Active, with conditions by order."""
    PROBATION = "probation"
    TEMPORARY = "temporary"
    """A permit with an end of its own."""
    PENDING = "pending"
    INACTIVE = "inactive"
    RETIRED = "retired"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    SURRENDERED = "surrendered"
    REVOKED = "revoked"
    NOT_SHOWN = "not_shown"
    """Its sources show none, as a card does, or a file says none: nothing is claimed."""


IN_GOOD_STANDING = frozenset({SourceStanding.ACTIVE, SourceStanding.TEMPORARY, SourceStanding.NOT_SHOWN})
"""Nothing that the source shows keeps it from counting."""
PERMITS_PRACTICE = IN_GOOD_STANDING | {SourceStanding.CONDITIONS, SourceStanding.PROBATION}
"""What rests on the credential goes on; under conditions or on probation until it was decided."""


class SentBackFor(StrEnum):
    """What is wrong with what a provider reported, as whoever sent it back chose."""

    NOT_FOUND = "not_found"
    NUMBER = "number"
    DATES = "dates"
    UNREADABLE = "unreadable"


class VerificationResult(StrEnum):
    """How a verification ended."""

    VERIFIED = "verified"
    """As recorded, in good standing, without a public action."""
    DISCREPANCY = "discrepancy"
    """Number or expiry differ from what was recorded."""
    NOT_CURRENT = "not_current"
    """Expired, inactive, pending, retired or surrendered, without a public action: administrative, no sanction."""
    ADVERSE = "adverse"
    """A sanction, or a public action: read by whoever recorded it and by its reviewer, "not active" to all others."""
    NOT_COUNTED = "not_counted"
    """Its source does not verify such a credential: kept in the record, and as if nobody had looked."""


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
    number_called: str | None = None
    answered_by: str | None = None
    """By telephone: who answered."""

    @property
    def adverse(self) -> bool:
        return self.result is VerificationResult.ADVERSE

    @property
    def in_good_standing(self) -> bool:
        """Whether the source showed it so that it may count; what else differs is another question."""
        return not self.adverse and self.standing in IN_GOOD_STANDING

    @property
    def permits_practice(self) -> bool:
        """Whether what rests on it already goes on."""
        return self.standing in PERMITS_PRACTICE

    @property
    def age(self) -> tuple[date, int]:
        """Sorts verifications: the newest by its day, of one day the one recorded last."""
        return (self.verified_on, self.id)


@dataclass(frozen=True, slots=True)
class Term:
    """One period of a credential, as stated: number and dates. A renewal is a new term."""

    id: int
    number: str | None
    issued_on: date | None
    expires_on: date | None
    recorded_at: datetime
    recorded_by: str
    verifications: tuple[Verification, ...] = ()
    """Every one believed, by the file's day; they add up, and the newest decides."""

    @property
    def verification(self) -> Verification | None:
        """The newest by its day: not the best."""
        return max(self.verifications, key=lambda one: one.age, default=None)

    @property
    def verified(self) -> bool:
        return self.verification is not None and self.verification.result is VerificationResult.VERIFIED

    @property
    def confirmed(self) -> bool:
        """Whether the source has such a credential, whatever its standing there is.

        Where it was so and a newer verification differs in the expiry alone, it is so through the earlier day.
        """
        newest = self.verification
        if newest is None or newest.result is not VerificationResult.DISCREPANCY:
            return newest is not None
        before = any(one.result is not VerificationResult.DISCREPANCY for one in self.verifications)
        return before and same_number(newest.number_shown or self.number, self.number)

    @property
    def ends_on(self) -> date | None:
        """The expiry, or an earlier one that the source shows."""
        shown = self.verification.expires_shown if self.verification else None
        return min(self.expires_on, shown) if self.expires_on and shown else self.expires_on


def same_number(one: str | None, other: str | None) -> bool:
    """Whether two numbers are one: boards print one and the same with and without punctuation."""
    return _bare(one) == _bare(other)


def _bare(number: str | None) -> str:
    return "".join(filter(str.isalnum, number or "")).upper()


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

    @property
    def verification(self) -> Verification | None:
        """The newest of any of its terms: what its source showed last."""
        made = (one for term in self.terms for one in term.verifications)
        return max(made, key=lambda one: one.age, default=None)


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
    NOT_ACTIVE = "not active"
    """Not in good standing at its source. Whether it is administrative stands in the verification, and for few."""
    UPCOMING = "verified, not begun yet"
    """The next policy, looked up before it begins."""


@dataclass(frozen=True, slots=True)
class JudgedCredential:
    """A credential with its standing: the best verified term, and beside it what is only reported."""

    credential: Credential
    standing: Standing
    term: Term
    """The best confirmed term, or the newest one where none is; an earlier expiry at its source is its expiry."""
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

    @property
    def adverse(self) -> bool:
        """Something adverse is why it is not active."""
        newest = self.credential.verification
        return self.standing is Standing.NOT_ACTIVE and newest is not None and newest.adverse

    @property
    def permits_practice(self) -> bool:
        """What rests on it goes on: it is usable, or under conditions that nobody has decided about."""
        newest = self.credential.verification
        undecided = self.standing is Standing.NOT_ACTIVE and newest is not None and newest.permits_practice
        return self.usable or undecided


@dataclass(frozen=True, slots=True)
class CredentialHolder:
    """Somebody whom one document may cover. ``id``: of their credential, or of the term to verify."""

    id: int
    provider: Provider
    number: str | None
