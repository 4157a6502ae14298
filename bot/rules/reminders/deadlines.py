"""Which deadlines a file has open on a day, and whose turn each is; ``catalog.py`` lists the kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.rules.calendar import Days
from bot.rules.credentialing import cycle_of
from bot.rules.credentials.models import JudgedCredential, ProviderFile, Standing, Term
from bot.rules.credentials.standing import judge_file, status_of
from bot.rules.policy import Assignee, CredentialType, CriterionTiming, OnLapse, Policies
from bot.rules.privileges.criteria import check
from bot.rules.providers.models import EmploymentStatus
from bot.rules.reminders.catalog import OWNER, PROVIDER, DeadlineKind
from bot.rules.reminders.ladder import (
    look_again_due,
    prepares_until,
    verify_due,
)


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
    if judged.beside is Standing.UPCOMING:
        return
    lapses = policy.may_expire and not judged.stays_in_effect
    if judged.credential.id in at_risk and ends_on and ends_on >= on and lapses:
        yield WantedDeadline(DeadlineKind.LAPSE_WARNING, judged.credential.id, OWNER, ends_on)


def _providers_part(
    judged: JudgedCredential, policy: CredentialType, policies: Policies, on: date
) -> Iterator[WantedDeadline]:
    """The ladder, until something newer is reported or filed; nobody is asked to renew what a sanction stopped."""
    due_on, ladder = judged.term.expires_on, policies.rungs(judged.credential.type)
    stopped = judged.adverse and not judged.permits_practice
    if not ladder or not policy.may_expire or due_on is None or stopped:
        return
    assignee = PROVIDER if policy.assignee is Assignee.PROVIDER else OWNER
    if _awaits_issuer(judged):
        if assignee == PROVIDER and due_on >= on:
            yield WantedDeadline(DeadlineKind.FILED, judged.credential.id, assignee, due_on)
        return
    if judged.beside:
        return
    yield WantedDeadline(DeadlineKind.EXPIRY, judged.credential.id, assignee, due_on, ladder, policy.on_lapse)
    prepare = policies.prepares(judged.credential.type)
    if prepare and on <= prepares_until(prepare, due_on):
        yield WantedDeadline(DeadlineKind.PREPARE, judged.credential.id, assignee, due_on, prepare)
    if due_on < on and policy.on_lapse is OnLapse.INACTIVATE:
        yield WantedDeadline(DeadlineKind.LAPSED, judged.credential.id, OWNER, due_on, ladder, policy.on_lapse)


def _owners_part(judged: JudgedCredential, on: date, holidays: Days) -> Iterator[WantedDeadline]:
    """What a coordinator has to find out: from the primary source, or from an issuer who has not answered."""
    shown = judged.credential.verification
    if judged.standing is Standing.NOT_ACTIVE and shown and judged.beside_term is None:
        due_on = look_again_due(shown.verified_on, holidays)
        yield WantedDeadline(DeadlineKind.NOT_ACTIVE, shown.id, OWNER, due_on)
    if _awaits_issuer(judged):
        yield from _until_the_issuer_acts(judged, on)
        return
    waiting = _unverified(judged)
    if waiting is None:
        return
    if waiting.verification:
        yield WantedDeadline(DeadlineKind.DISCREPANCY, waiting.verification.id, OWNER, verify_due(on, holidays))
    else:
        yield WantedDeadline(DeadlineKind.VERIFY, waiting.id, OWNER, verify_due(on, holidays))


def _awaits_issuer(judged: JudgedCredential) -> bool:
    return Standing.SUBMITTED in (judged.standing, judged.beside)


def _until_the_issuer_acts(judged: JudgedCredential, on: date) -> Iterator[WantedDeadline]:
    """To confirm what would keep it in effect; once confirmed, whether it still does; else only to ask the issuer."""
    filing, expires_on = judged.credential.filing, judged.term.expires_on
    if filing is None:
        return
    if judged.awaits_confirmation and expires_on:
        yield WantedDeadline(DeadlineKind.CONFIRM_FILING, filing.id, OWNER, expires_on)
    elif judged.stays_in_effect and filing.answer_by:
        yield WantedDeadline(DeadlineKind.FILING_REVIEW, filing.id, OWNER, filing.answer_by)
    else:
        yield WantedDeadline(DeadlineKind.ISSUER, filing.id, OWNER, on)


def _unverified(judged: JudgedCredential) -> Term | None:
    if judged.beside_term:
        return None if judged.beside_term.verified else judged.beside_term
    return None if judged.term.confirmed else judged.term
