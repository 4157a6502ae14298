"""Which waits a file has on a day, whose turn each is, and the rungs on which it is said.

kind           subject        assignee            due_on
expiry         credential     provider or owner   the expiry of what counts today
prepare        credential     provider or owner   the expiry of what counts today; asks whether they are ready
lapsed         credential     owner               the same, once it has passed and nobody has reported anything
lapse_warning  credential     owner               the same, while a privilege rests on the credential
verify         term           owner               three business days after it was reported
discrepancy    verification   owner               three business days after it was found
issuer         filing             owner               the day it was reported; asked every week
help           nudge          owner               three business days after somebody asked
step           step           approvers           five business days after it was opened
task           task           owner, or another   the day that whoever opened it named
recredentialing  provider     owner               36 months after the last decision, by policy
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import dropwhile, islice, takewhile

from bot.rules.calendar import Days
from bot.rules.credentialing import cycle_of
from bot.rules.credentials.models import JudgedCredential, ProviderFile, Standing, Term
from bot.rules.credentials.standing import judge_file, status_of
from bot.rules.policy import Assignee, CredentialType, CriterionTiming, OnLapse, Policies
from bot.rules.privileges.criteria import check
from bot.rules.providers.models import EmploymentStatus
from bot.rules.reminders.ladder import (
    MONDAY,
    issuer_rungs,
    prepare_rungs,
    prepares_until,
    recredentialing_rungs,
    renewal_rungs,
    step_rungs,
    verify_due,
    verify_rungs,
    warning_rungs,
)
from bot.rules.reminders.models import Rung

OWNER, PROVIDER, APPROVERS = "owner", "provider", "approvers"


class DeadlineKind(StrEnum):
    """What a deadline waits for; see the table above."""

    EXPIRY = "expiry"
    PREPARE = "prepare"
    LAPSED = "lapsed"
    LAPSE_WARNING = "lapse_warning"
    VERIFY = "verify"
    DISCREPANCY = "discrepancy"
    ISSUER = "issuer"
    HELP = "help"
    STEP = "step"
    TASK = "task"
    RECREDENTIALING = "recredentialing"


class SubjectType(StrEnum):
    """What a deadline is about, in the words that audit events have for it."""

    CREDENTIAL = "credential"
    TERM = "term"
    FILING = "filing"
    VERIFICATION = "verification"
    STEP = "step"
    NUDGE = "nudge"
    TASK = "task"
    PROVIDER = "provider"


SUBJECT: Mapping[DeadlineKind, SubjectType] = {
    DeadlineKind.EXPIRY: SubjectType.CREDENTIAL,
    DeadlineKind.PREPARE: SubjectType.CREDENTIAL,
    DeadlineKind.LAPSED: SubjectType.CREDENTIAL,
    DeadlineKind.LAPSE_WARNING: SubjectType.CREDENTIAL,
    DeadlineKind.VERIFY: SubjectType.TERM,
    DeadlineKind.DISCREPANCY: SubjectType.VERIFICATION,
    DeadlineKind.ISSUER: SubjectType.FILING,
    DeadlineKind.HELP: SubjectType.NUDGE,
    DeadlineKind.STEP: SubjectType.STEP,
    DeadlineKind.TASK: SubjectType.TASK,
    DeadlineKind.RECREDENTIALING: SubjectType.PROVIDER,
}

OF_THE_FILE = frozenset(SUBJECT) - {DeadlineKind.HELP, DeadlineKind.STEP, DeadlineKind.TASK}
"""The kinds that follow from the file alone."""

FROM_OPENING = frozenset({DeadlineKind.VERIFY, DeadlineKind.DISCREPANCY, DeadlineKind.ISSUER})
"""Kinds whose due date is counted from the day they open, and then stays."""


@dataclass(frozen=True, slots=True)
class WantedDeadline:
    """A deadline that should be open. ``due_on`` is the date if it opens today."""

    kind: DeadlineKind
    subject_id: int
    assignee: str
    due_on: date
    ladder: tuple[int, ...] = ()
    on_lapse: OnLapse | None = None
    credential_id: int | None = None
    """The credential that it is about, be it by a term, a verification or a filing of its."""


def wanted_deadlines(file: ProviderFile, policies: Policies, active: Iterable[str] = ()) -> tuple[WantedDeadline, ...]:
    """Every deadline that the file should have open on its day; ``active`` are the privileges that work today.

    None after an end; during a leave only those of others.
    """
    status = status_of(file).status
    if status is EmploymentStatus.ENDED:
        return ()
    at_risk = resting_on(file, policies, active)
    judged = judge_file(file, policies)
    of_credentials = (
        replace(wanted, credential_id=one.credential.id)
        for one in judged
        for wanted in _of_credential(one, policies, file.on, at_risk)
    )
    found = (*of_credentials, *_of_file(file, policies))
    return tuple(wanted for wanted in found if not (status is EmploymentStatus.LEAVE and wanted.assignee == PROVIDER))


def resting_on(file: ProviderFile, policies: Policies, active: Iterable[str]) -> dict[int, tuple[str, ...]]:
    """By credential id, the privileges that become inactive with it."""
    rests: dict[int, list[str]] = {}
    for privilege in active:
        for criterion in check(privilege, file, policies).criteria:
            if criterion.when == CriterionTiming.CONTINUOUS and criterion.met and criterion.judged:
                rests.setdefault(criterion.judged.credential.id, []).append(privilege)
    return {credential: tuple(privileges) for credential, privileges in rests.items()}


def rungs_for(
    kind: DeadlineKind,
    due_on: date,
    ladder: tuple[int, ...],
    on_lapse: OnLapse | None,
    *,
    from_day: date,
    opened_on: date | None = None,
    snoozed_until: date | None = None,
    holidays: Days = frozenset(),
) -> Iterator[Rung]:
    """A deadline's rungs in the order of their days. ``from_day``: the first on which a message can still leave."""
    match kind:
        case DeadlineKind.PREPARE:
            since = opened_on or from_day
            return prepare_rungs(ladder, due_on, opened_on=since, from_day=from_day, holidays=holidays)
        case DeadlineKind.EXPIRY | DeadlineKind.LAPSED:
            rungs = renewal_rungs(
                ladder,
                due_on,
                on_lapse or OnLapse.INFORM,
                from_day=from_day,
                snoozed_until=snoozed_until,
                holidays=holidays,
            )
            return (
                takewhile(_before_mondays, rungs) if kind is DeadlineKind.EXPIRY else dropwhile(_before_mondays, rungs)
            )
        case DeadlineKind.LAPSE_WARNING:
            return iter(warning_rungs(due_on, from_day=from_day, holidays=holidays))
        case DeadlineKind.RECREDENTIALING:
            return recredentialing_rungs(ladder, due_on, from_day=from_day, holidays=holidays)
        case DeadlineKind.HELP:
            return islice(verify_rungs(due_on, holidays), 1, None)  # the card itself was the first word
        case _:
            return _REPEATED.get(kind, verify_rungs)(due_on, holidays)


_REPEATED = {DeadlineKind.ISSUER: issuer_rungs, DeadlineKind.STEP: step_rungs}
"""What is said in a rhythm of its own; other tasks are said as verifications are."""


def _before_mondays(rung: Rung) -> bool:
    return not rung.key.startswith(MONDAY)


def _of_file(file: ProviderFile, policies: Policies) -> Iterator[WantedDeadline]:
    """The decision that is due again, whatever the credentials say."""
    cycle = cycle_of(file.provider.last_decision_on, policies.recredentialing)
    if cycle:
        yield WantedDeadline(
            DeadlineKind.RECREDENTIALING, file.provider.id, OWNER, cycle.due_on, policies.recredentialing.rungs
        )


def _of_credential(
    judged: JudgedCredential, policies: Policies, on: date, at_risk: Mapping[int, tuple[str, ...]]
) -> Iterator[WantedDeadline]:
    policy = policies.credentials.get(judged.credential.type)
    if policy is None:
        return  # what waits already is left alone where files are reconciled
    yield from _providers_part(judged, policy, policies, on)
    yield from _owners_part(judged, on, policies.holidays)
    ends_on = judged.term.expires_on
    if judged.credential.id in at_risk and ends_on and ends_on >= on and policy.expires:
        yield WantedDeadline(DeadlineKind.LAPSE_WARNING, judged.credential.id, OWNER, ends_on)


def _providers_part(
    judged: JudgedCredential, policy: CredentialType, policies: Policies, on: date
) -> Iterator[WantedDeadline]:
    """The ladder, until something newer is reported or filed; a revoked credential is not there to be renewed."""
    due_on, ladder = judged.term.expires_on, policies.rungs(judged.credential.type)
    if not ladder or not policy.expires or due_on is None:
        return
    if judged.beside or judged.standing in (Standing.SUBMITTED, Standing.REVOKED):
        return
    assignee = PROVIDER if policy.assignee is Assignee.PROVIDER else OWNER
    yield WantedDeadline(DeadlineKind.EXPIRY, judged.credential.id, assignee, due_on, ladder, policy.on_lapse)
    prepare = policies.prepares(judged.credential.type)
    if prepare and on <= prepares_until(prepare, due_on):
        yield WantedDeadline(DeadlineKind.PREPARE, judged.credential.id, assignee, due_on, prepare)
    if due_on < on and policy.on_lapse is OnLapse.INACTIVATE:
        yield WantedDeadline(DeadlineKind.LAPSED, judged.credential.id, OWNER, due_on, ladder, policy.on_lapse)


def _owners_part(judged: JudgedCredential, on: date, holidays: Days) -> Iterator[WantedDeadline]:
    """What a coordinator has to find out: from the primary source, or from an issuer who has not answered."""
    filing = judged.credential.filing
    if Standing.SUBMITTED in (judged.standing, judged.beside) and filing:
        yield WantedDeadline(DeadlineKind.ISSUER, filing.id, OWNER, on)
        return
    waiting = _unverified(judged)
    if waiting is None:
        return
    if waiting.verification:
        yield WantedDeadline(DeadlineKind.DISCREPANCY, waiting.verification.id, OWNER, verify_due(on, holidays))
    else:
        yield WantedDeadline(DeadlineKind.VERIFY, waiting.id, OWNER, verify_due(on, holidays))


def _unverified(judged: JudgedCredential) -> Term | None:
    if judged.beside_term:
        return judged.beside_term
    return None if judged.term.verified else judged.term
