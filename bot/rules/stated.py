"""A credential as somebody states it, held against its type's policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.rules.dates import check_term
from bot.rules.identifiers import normalize, read_state
from bot.rules.policy import CredentialType, Policies
from bot.rules.values import Invalid, Term


@dataclass(frozen=True, slots=True)
class Stated:
    """``type`` is a policy's key; ``state`` is two letters where the type has one; ``number`` as stored."""

    type: str
    state: str | None = None
    number: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None

    def says(self, term: Term) -> bool:
        """Whether a term says the same already."""
        return (self.number, self.issued_on, self.expires_on) == (term.number, term.issued_on, term.expires_on)


def check_stated(stated: Stated, policies: Policies, today: date, *, open_ended: bool = False) -> Stated | Invalid:
    """The statement as stored, or the first thing wrong with it; ``today`` is the organization's.

    ``open_ended`` lets a type that expires go without an expiry, as some certificates do. Codes:
    ``unknown_type``, ``state_missing``, ``state_unknown``, ``takes_no_state``, ``number_missing``,
    ``takes_no_number``, ``date_missing``, ``takes_no_date``, and those of ``normalize`` and ``check_term``.
    """
    policy = policies.credentials.get(stated.type)
    if policy is None:
        return Invalid("type", "unknown_type", {"typed": stated.type, "closest": None})
    state, number = _state(stated.state, policy), _number(stated.number, policy)
    if isinstance(state, Invalid):
        return state
    if isinstance(number, Invalid):
        return number
    wrong = _expiry_problem(stated.expires_on, policy, open_ended=open_ended)
    wrong = wrong or check_term(stated.issued_on, stated.expires_on, today)
    return wrong or Stated(stated.type, state, number, stated.issued_on, stated.expires_on)


def _state(typed: str | None, policy: CredentialType) -> str | Invalid | None:
    if policy.jurisdiction:
        return read_state(typed or "")
    return Invalid("state", "takes_no_state", {"label": policy.label, "typed": typed}) if typed else None


def _number(typed: str | None, policy: CredentialType) -> str | Invalid | None:
    if policy.number is None:
        return Invalid("number", "takes_no_number", {"label": policy.label, "typed": typed}) if typed else None
    if not typed or not typed.strip():
        facts = {"label": policy.number.label, "example": policy.number.example}
        return Invalid("number", "number_missing", facts)
    return normalize(policy.number, typed)


def _expiry_problem(expires_on: date | None, policy: CredentialType, *, open_ended: bool) -> Invalid | None:
    if expires_on and not policy.expires:
        return Invalid("expires_on", "takes_no_date", {"label": policy.label, "typed": str(expires_on)})
    if expires_on is None and policy.expires and not open_ended:
        return Invalid("expires_on", "date_missing", {"label": policy.expiry_label})
    return None
