"""What a primary source shows of a credential, held against what was stated (NCQA CR 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.rules.credentials.models import IN_GOOD_STANDING, SourceStanding, Term, VerificationResult, same_number
from bot.rules.parsing.identifiers import normalize
from bot.rules.policy import CredentialType
from bot.rules.refusals import CredentialRefusal, Invalid


@dataclass(frozen=True, slots=True)
class SourceView:
    """One look. ``reference`` is a URL or receipt that leads back to it; ``verified_on`` is the day of the look."""

    source: str
    method: str
    verified_on: date
    standing: SourceStanding
    number_shown: str | None = None
    expires_shown: date | None = None
    public_action: bool = False
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """``field`` is ``number`` or ``expires_on``."""

    field: str
    stated: str | date | None
    shown: str | date | None


def check_seen(seen: SourceView, term: Term, policy: CredentialType, today: date) -> SourceView | Invalid:
    """The look as stored, or the first thing wrong with it; ``today`` is the organization's.

    Codes: ``source_missing``, ``method_missing``, ``verified_in_future``, ``reference_missing``,
    ``number_shown_missing``, ``expires_shown_missing``, and those of ``normalize`` for ``number_shown``.
    """
    read = replace(
        seen,
        source=seen.source.strip(),
        method=seen.method.strip(),
        number_shown=_empty_as_none(seen.number_shown),
        reference=_empty_as_none(seen.reference),
    )
    problem = _missing(read, term, policy)
    if problem is None and read.verified_on > today:
        problem = Invalid("verified_on", CredentialRefusal.VERIFIED_IN_FUTURE, {"verified_on": read.verified_on})
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
    """How a verification ends. The gravest first: a mistyped number hides no revocation."""
    if is_sanction(seen):
        return VerificationResult.ADVERSE
    if differences(seen, term):
        return VerificationResult.DISCREPANCY
    return VerificationResult.VERIFIED if seen.standing in IN_GOOD_STANDING else VerificationResult.NOT_CURRENT


def _missing(seen: SourceView, term: Term, policy: CredentialType) -> Invalid | None:
    """What was stated has to be seen: an empty field is no verification. Nothing adverse stands without evidence."""
    sanction = is_sanction(seen)
    needs_reference = policy.reference_required or sanction
    asked = (
        ("source", CredentialRefusal.SOURCE_MISSING, seen.source, True),
        ("method", CredentialRefusal.METHOD_MISSING, seen.method, True),
        ("number_shown", CredentialRefusal.NUMBER_SHOWN_MISSING, seen.number_shown, term.number is not None),
        ("expires_shown", CredentialRefusal.EXPIRES_SHOWN_MISSING, seen.expires_shown, term.expires_on is not None),
        ("reference", CredentialRefusal.REFERENCE_MISSING, seen.reference, needs_reference),
    )
    empty = ((field, code) for field, code, value, needed in asked if needed and not value)
    return next((Invalid(field, code, {"label": policy.label, "adverse": sanction}) for field, code in empty), None)


def _empty_as_none(text: str | None) -> str | None:
    return (text or "").strip() or None
