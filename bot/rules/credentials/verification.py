"""What a primary source shows of a credential, held against what was stated (NCQA CR 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from bot.rules.credentials.models import IN_GOOD_STANDING, SourceStanding, Term, VerificationResult, same_number
from bot.rules.dates import add_months
from bot.rules.parsing.identifiers import normalize
from bot.rules.policy import VERIFYING, CredentialType, SourceClass
from bot.rules.refusals import CredentialRefusal, Invalid

NOT_SHOWN = SourceStanding.NOT_SHOWN
PHONE = "phone"
SHORTEST_REFERENCE, SHORTEST_PHONE = 4, 7


@dataclass(frozen=True, slots=True)
class SourceView:
    """One look. ``reference`` leads back to it: a web address, a receipt or the number of a document.

    ``verified_on`` is the day of the look.
    """

    source: str
    method: str
    verified_on: date
    standing: SourceStanding
    number_shown: str | None = None
    expires_shown: date | None = None
    public_action: bool = False
    reference: str | None = None
    number_called: str | None = None
    """By telephone: the number, and who answered."""
    answered_by: str | None = None
    source_class: SourceClass | None = None
    """What the source's word was worth for this when it was recorded; None: no policy knew the source."""

    @property
    def by_phone(self) -> bool:
        """Whether somebody called: who answered is the evidence then."""
        return self.method == PHONE


@dataclass(frozen=True, slots=True)
class Difference:
    """``field`` is ``number`` or ``expires_on``."""

    field: str
    stated: str | date | None
    shown: str | date | None


def check_seen(seen: SourceView, term: Term, policy: CredentialType, today: date) -> SourceView | Invalid:
    """The look as stored, or the first thing wrong with it; ``today`` is the organization's.

    Codes: ``source_missing``, ``method_missing``, ``verified_in_future``, ``reference_missing``,
    ``number_shown_missing``, ``expires_shown_missing``, those of ``normalize`` for ``number_shown``,
    ``not_a_reference``, ``number_called_missing``, ``answered_by_missing`` and ``verified_before_term``.
    """
    read = replace(
        seen,
        source=seen.source.strip(),
        method=seen.method.strip(),
        number_shown=_empty_as_none(seen.number_shown),
        reference=_empty_as_none(seen.reference),
        number_called=_empty_as_none(seen.number_called),
        answered_by=_empty_as_none(seen.answered_by),
    )
    problem = _missing(read, term, policy) or _no_evidence(read, policy)
    if problem is None and read.verified_on > today:
        problem = Invalid("verified_on", CredentialRefusal.VERIFIED_IN_FUTURE, {"verified_on": read.verified_on})
    problem = problem or _before_the_term(read, term, policy)
    if problem or read.number_shown is None or policy.number is None:
        return problem or read
    number = normalize(policy.number, read.number_shown)
    if isinstance(number, Invalid):
        return Invalid("number_shown", number.code, number.facts)
    return replace(read, number_shown=number)


def differences(seen: SourceView, term: Term) -> tuple[Difference, ...]:
    """Where the source says something else than the term does; punctuation says nothing."""
    found = []
    if seen.number_shown is not None and not same_number(seen.number_shown, term.number):
        found.append(Difference("number", term.number, seen.number_shown))
    if seen.expires_shown is not None and seen.expires_shown != term.expires_on:
        found.append(Difference("expires_on", term.expires_on, seen.expires_shown))
    return tuple(found)


ADVERSE = frozenset(
    {SourceStanding.CONDITIONS, SourceStanding.PROBATION, SourceStanding.SUSPENDED, SourceStanding.REVOKED}
)
"""A sanction by itself; a surrender is one only with an action."""


def is_sanction(seen: SourceView) -> bool:
    """Whether the source shows a sanction, or a public action."""
    return seen.standing in ADVERSE or seen.public_action


def result_of(seen: SourceView, term: Term) -> VerificationResult:
    """How a verification ends. The gravest first: a mistyped number hides no revocation, nor does who says it."""
    if is_sanction(seen):
        return VerificationResult.ADVERSE
    if seen.source_class not in VERIFYING:
        return VerificationResult.NOT_COUNTED
    if differences(seen, term):
        return VerificationResult.DISCREPANCY
    return VerificationResult.VERIFIED if seen.standing in IN_GOOD_STANDING else VerificationResult.NOT_CURRENT


def _missing(seen: SourceView, term: Term, policy: CredentialType) -> Invalid | None:
    """What was stated has to be seen: an empty field is no verification. Nothing adverse stands without evidence."""
    sanction = is_sanction(seen)
    needs_reference = _needs_evidence(seen, policy) and not seen.by_phone
    asked = (
        ("source", CredentialRefusal.SOURCE_MISSING, seen.source, True),
        ("method", CredentialRefusal.METHOD_MISSING, seen.method, True),
        ("number_shown", CredentialRefusal.NUMBER_SHOWN_MISSING, seen.number_shown, term.number is not None),
        ("expires_shown", CredentialRefusal.EXPIRES_SHOWN_MISSING, seen.expires_shown, term.expires_on is not None),
        ("standing", CredentialRefusal.STANDING_MISSING, seen.standing is not NOT_SHOWN, policy.shows_status),
        ("reference", CredentialRefusal.REFERENCE_MISSING, seen.reference, needs_reference),
        ("number_called", CredentialRefusal.NUMBER_CALLED_MISSING, _as_phone(seen.number_called), seen.by_phone),
        ("answered_by", CredentialRefusal.ANSWERED_BY_MISSING, seen.answered_by, seen.by_phone),
    )
    empty = ((field, code) for field, code, value, needed in asked if needed and not value)
    return next((Invalid(field, code, {"label": policy.label, "adverse": sanction}) for field, code in empty), None)


def _needs_evidence(seen: SourceView, policy: CredentialType) -> bool:
    return policy.reference_required or is_sanction(seen)


def _no_evidence(seen: SourceView, policy: CredentialType) -> Invalid | None:
    """Where evidence is asked, a reference has to lead back to the source; "x" leads nowhere."""
    needed = _needs_evidence(seen, policy) and seen.reference is not None and not seen.by_phone
    if not needed or leads_back(seen.reference or ""):
        return None
    return Invalid("reference", CredentialRefusal.NOT_A_REFERENCE, {"typed": seen.reference})


def leads_back(reference: str) -> bool:
    """Whether it is a web address, or may be a receipt or the number of a document: some length, and a digit."""
    if "://" in reference:
        return _is_web_address(reference)
    return len(reference) >= SHORTEST_REFERENCE and any(map(str.isdigit, reference))


def _is_web_address(reference: str) -> bool:
    try:
        address = urlsplit(reference)
        host = address.hostname or ""
    except ValueError:
        return False
    return address.scheme in ("http", "https") and "." in host.strip(".") and reference.split() == [reference]


def _as_phone(typed: str | None) -> str | None:
    """What may be a telephone number; None where it has too few digits."""
    return typed if sum(map(str.isdigit, typed or "")) >= SHORTEST_PHONE else None


def first_day(issued_on: date | None, expires_on: date | None, policy: CredentialType) -> date | None:
    """The first day on which a look can have been one at this term; None where nothing says when the term began.

    What is recorded before it begins may be looked up before it does.
    """
    longest = policy.longest_months
    earliest = add_months(expires_on, -longest) if expires_on and longest else None
    began = None if policy.begins_later else issued_on
    return max((day for day in (earliest, began) if day), default=None)


def _before_the_term(seen: SourceView, term: Term, policy: CredentialType) -> Invalid | None:
    first = first_day(term.issued_on, term.expires_on, policy)
    if first is None or seen.verified_on >= first:
        return None
    return Invalid("verified_on", CredentialRefusal.VERIFIED_BEFORE_TERM, {"first": first, "label": policy.label})


def _empty_as_none(text: str | None) -> str | None:
    return (text or "").strip() or None
