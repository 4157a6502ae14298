"""Who may do what, as one table. Voting has rules of its own (``votes.may_vote``)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.rules.people.models import Person, Role
from bot.rules.providers.models import Provider
from bot.rules.refusals import (
    CommonRefusal,
    CredentialingRefusal,
    CredentialRefusal,
    PeopleRefusal,
    ProviderRefusal,
    Refusal,
    Refused,
)

MEDICAL_DIRECTOR = "medical_director"


class Permission(StrEnum):
    """What somebody asks to do; most acts are about one provider's file."""

    SEE_FILE = "see_file"
    SEE_DATES = "see_dates"
    """Only types, dates and standing, as a supervisor does."""
    ADD = "add"
    UPDATE = "update"
    VERIFY = "verify"
    FIX = "fix"
    """To correct, void or move what was recorded by mistake."""
    DECIDE_FILE = "decide_file"
    """To record a body's decision on a whole file."""
    EXPIRING = "expiring"
    START_NUDGING = "start_nudging"
    REQUEST = "request"
    CHANGE_STATUS = "change_status"
    """Leave, end, return."""
    CHANGE_RECORD = "change_record"
    """Who a provider is, whose account is theirs, and who answers for the file."""
    SEE_ACTIVE = "see_active"
    """Whether a privilege works today; why it does not belongs to SEE_FILE."""
    CHANGE_SETTINGS = "change_settings"


@dataclass(frozen=True, slots=True)
class _Rule:
    roles: frozenset[Role]
    own: bool = False
    director: bool = False
    """The medical director does it to any file but their own."""
    supervisor: bool = False
    members: bool = False
    never_own: Refusal | None = None
    """Why nobody does this to their own file, whatever else they are."""
    refusal: Refusal = CommonRefusal.STRANGER


_STAFF = frozenset({Role.COORDINATOR})
_READERS = frozenset({Role.COORDINATOR, Role.AUDITOR})

_TABLE = {
    Permission.SEE_FILE: _Rule(_READERS, own=True, director=True),
    Permission.SEE_DATES: _Rule(_READERS, own=True, director=True, supervisor=True),
    Permission.ADD: _Rule(_STAFF, own=True),
    Permission.UPDATE: _Rule(_STAFF, own=True),
    Permission.VERIFY: _Rule(
        _STAFF, never_own=CredentialRefusal.NEVER_OWN_VERIFICATION, refusal=CommonRefusal.COORDINATORS_ONLY
    ),
    Permission.FIX: _Rule(
        _STAFF, never_own=CredentialRefusal.NEVER_OWN_MISTAKE, refusal=CommonRefusal.COORDINATORS_ONLY
    ),
    Permission.DECIDE_FILE: _Rule(
        _STAFF, never_own=CredentialingRefusal.NEVER_OWN_DECISION, refusal=CommonRefusal.COORDINATORS_ONLY
    ),
    Permission.EXPIRING: _Rule(_READERS, refusal=CommonRefusal.COORDINATORS_ONLY),
    Permission.START_NUDGING: _Rule(_STAFF, refusal=CommonRefusal.COORDINATORS_ONLY),
    Permission.REQUEST: _Rule(_STAFF, own=True),
    Permission.CHANGE_STATUS: _Rule(
        _STAFF, never_own=ProviderRefusal.NEVER_OWN_STATUS, refusal=CommonRefusal.COORDINATORS_ONLY
    ),
    Permission.CHANGE_RECORD: _Rule(
        _STAFF, never_own=ProviderRefusal.NEVER_OWN_RECORD, refusal=CommonRefusal.COORDINATORS_ONLY
    ),
    Permission.SEE_ACTIVE: _Rule(_READERS, own=True, members=True),
    Permission.CHANGE_SETTINGS: _Rule(frozenset({Role.ADMIN}), refusal=CommonRefusal.ADMINS_ONLY),
}


def may(person: Person, act: Permission, about: Provider | None = None) -> Refused | None:
    """Why a person may not do this to a provider's file (None: to nobody's in particular); None if they may.

    Codes: ``deactivated``, ``bot``, ``own_file_only`` (a guest), ``never_own_verification``,
    ``never_own_decision``, ``never_own_status``, ``never_own_record``, ``coordinators_only``, ``admins_only``,
    ``stranger``; each with the fact ``act``.
    """
    code = _refusal(person, act, about)
    return Refused(code, {"act": act}) if code else None


def is_medical_director(person: Person) -> bool:
    """Whether somebody was granted that body by name: an approver of no body in particular votes, and no more."""
    return any(held.role is Role.APPROVER and held.body == MEDICAL_DIRECTOR for held in person.roles)


def is_provider(person: Person, about: Provider | None) -> bool:
    """Whether the file's account is the person's today: what a provider may do with their own file, they may."""
    return about is not None and (person.provider_id == about.id or person.id == about.person_id)


def is_own(person: Person, about: Provider | None) -> bool:
    """Whether what nobody does to their own file is forbidden to them here, whoever the account is said to be today."""
    if about is None:
        return False
    return about.id in person.own_files or is_provider(person, about) or _same(person.email, about.email)


def _refusal(person: Person, act: Permission, about: Provider | None) -> Refusal | None:
    rule = _TABLE[act]
    provider = rule.own and is_provider(person, about)
    if person.deactivated:
        return PeopleRefusal.DEACTIVATED
    if person.bot:
        return PeopleRefusal.BOT
    if person.guest and not provider:
        return CommonRefusal.OWN_FILE_ONLY
    if rule.never_own and is_own(person, about):
        return rule.never_own
    allowed = provider or rule.members or person.has(*rule.roles) or (rule.director and _directs(person, about))
    return None if allowed or (rule.supervisor and _supervises(person, about)) else rule.refusal


def _directs(person: Person, about: Provider | None) -> bool:
    return is_medical_director(person) and not is_own(person, about)


def _supervises(person: Person, about: Provider | None) -> bool:
    return person.has(Role.SUPERVISOR) and about is not None and about.supervisor_id == person.id


def _same(one: str | None, other: str | None) -> bool:
    return bool(one and other) and str(one).strip().casefold() == str(other).strip().casefold()
