"""A credential as somebody states it, held against its type's policy."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.rules.credentials.identity import Identity
from bot.rules.credentials.models import Credential, Term
from bot.rules.dates import ask_year, check_term
from bot.rules.parsing.identifiers import normalize, read_state
from bot.rules.policy import CredentialType, Expires, Policies
from bot.rules.refusals import CommonRefusal, CredentialRefusal, Invalid, Question, Refused


@dataclass(frozen=True, slots=True)
class CredentialInput:
    """``type`` is a policy's key; ``state`` is two letters where the type has one; ``number`` as stored."""

    type: str
    state: str | None = None
    number: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    kind: str | None = None
    label: str | None = None

    @classmethod
    def of(
        cls, identity: Identity, number: str | None, issued_on: date | None, expires_on: date | None
    ) -> CredentialInput:
        """The same of a credential that is on file."""
        type_, state, kind, label = identity.type, identity.jurisdiction, identity.kind, identity.label
        return cls(type_, state, number, issued_on, expires_on, kind, label)

    @property
    def identity(self) -> Identity:
        return Identity(self.type, self.state, self.kind, self.label)

    def of_usual_kind(self, policies: Policies, provider_type: str) -> CredentialInput:
        """The kind that is meant of that profession where none was said."""
        return self if self.kind else replace(self, kind=policies.usual_kind(self.type, provider_type))

    def says(self, term: Term) -> bool:
        """Whether a term says the same already."""
        return (self.number, self.issued_on, self.expires_on) == (term.number, term.issued_on, term.expires_on)


class _Everything:
    """Holds every answer."""

    def __contains__(self, answer: object) -> bool:
        return True


ASKED_BEFORE: Container[str] = _Everything()
"""The answers about what is on file already: whatever there was to ask was asked when it came there."""


def type_gone(policies: Policies, credential: Credential) -> Refused | None:
    """Nothing is recorded of a type that no policy in force describes: who could say what is right for it?"""
    if credential.type in policies.credentials:
        return None
    return Refused(CredentialRefusal.TYPE_NOT_IN_POLICIES, {"credential_type": credential.type})


def check_stated(
    stated: CredentialInput, policies: Policies, today: date, confirmed: Container[str] = ()
) -> CredentialInput | Invalid:
    """The statement as stored, or the first thing wrong with it, else the first question about it.

    ``today`` is the organization's; ``confirmed`` holds the answers to questions that were asked, as
    ``Question.answer`` has them.
    """
    read, problems = read_stated(stated, policies, today)
    wrong = [problem for problem in problems if not isinstance(problem, Question)]
    open_still = [one for one in problems if isinstance(one, Question) and one.answer not in confirmed]
    return next(iter([*wrong, *open_still]), read)


def read_stated(
    stated: CredentialInput, policies: Policies, today: date, *, open_ended: bool = False
) -> tuple[CredentialInput, list[Invalid]]:
    """The statement as stored, and everything wrong with it; questions among it are those of ``ask_year``.

    ``open_ended`` lets a type that always expires go without an expiry, where the file may hold one. Codes:
    ``unknown_type``, ``state_missing``, ``state_unknown``, ``takes_no_state``, ``number_missing``,
    ``takes_no_number``, ``date_missing``, ``takes_no_date``, and those of ``normalize`` and ``check_term``.
    """
    policy = policies.credentials.get(stated.type)
    if policy is None:
        return stated, [Invalid("type", CredentialRefusal.UNKNOWN_TYPE, {"typed": stated.type, "closest": None})]
    if stated.kind and stated.kind not in policy.kinds:
        return stated, [Invalid("type", CredentialRefusal.UNKNOWN_TYPE, {"typed": stated.kind, "closest": None})]
    state, number = _state(stated.state, policy), _number(stated.number, policy)
    dates = _expiry_problem(stated.expires_on, policy, open_ended=open_ended)
    dates = dates or _term_problem(stated, policy, today)
    problems = [part for part in (state, number, dates) if isinstance(part, Invalid)]
    read = replace(stated, state=_kept(state), number=_kept(number))
    return read, problems


def not_open_yet(policy: CredentialType, ends_on: date | None, on: date, field: str) -> Invalid | None:
    """A renewal can be neither had nor filed before its issuer opens it; ``opens_on`` is that day."""
    if policy.opens is None or ends_on is None:
        return None
    opens_on = ends_on + timedelta(days=policy.opens)
    return (
        Invalid(field, CredentialRefusal.NOT_OPEN_YET, {"label": policy.label, "opens_on": opens_on})
        if on < opens_on
        else None
    )


def _state(typed: str | None, policy: CredentialType) -> str | Invalid | None:
    if policy.jurisdiction:
        return read_state(typed or "")
    return (
        Invalid("state", CredentialRefusal.TAKES_NO_STATE, {"label": policy.label, "typed": typed}) if typed else None
    )


def _number(typed: str | None, policy: CredentialType) -> str | Invalid | None:
    if policy.number is None:
        return (
            Invalid("number", CredentialRefusal.TAKES_NO_NUMBER, {"label": policy.label, "typed": typed})
            if typed
            else None
        )
    if not typed or not typed.strip():
        if policy.number.optional:
            return None
        facts = {"label": policy.number.label, "example": policy.number.example}
        return Invalid("number", CredentialRefusal.NUMBER_MISSING, facts)
    return normalize(policy.number, typed)


def _expiry_problem(expires_on: date | None, policy: CredentialType, *, open_ended: bool) -> Invalid | None:
    if expires_on and not policy.may_expire:
        return Invalid("expires_on", CredentialRefusal.TAKES_NO_DATE, {"label": policy.label, "typed": str(expires_on)})
    if expires_on is None and policy.expires is Expires.ALWAYS and not open_ended:
        return Invalid("expires_on", CommonRefusal.DATE_MISSING, {"label": policy.expiry_label})
    return None


def _term_problem(stated: CredentialInput, policy: CredentialType, today: date) -> Invalid | None:
    wrong = check_term(stated.issued_on, stated.expires_on, today, begins_later=policy.begins_later)
    return wrong or ask_year(stated.issued_on, stated.expires_on, today, policy.longest_months)


def _kept(part: str | Invalid | None) -> str | None:
    return None if isinstance(part, Invalid) else part
