"""A privilege's criteria against a file: which are met, which are not, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.rules.credentials.models import JudgedCredential, ProviderFile, Standing
from bot.rules.credentials.standing import judge_file
from bot.rules.policy import Criterion, CriterionTiming, Policies
from bot.rules.privileges.models import CriterionResult, CriterionState, Eligibility

_BY_STANDING = {
    Standing.CURRENT: CriterionState.MET,
    Standing.CONTINUED: CriterionState.MET,
    Standing.DUE: CriterionState.EXPIRING,
    Standing.EXPIRED: CriterionState.EXPIRED,
    Standing.NOT_ACTIVE: CriterionState.NOT_ACTIVE,
    Standing.SUBMITTED: CriterionState.UNVERIFIED,
    Standing.REPORTED: CriterionState.UNVERIFIED,
    Standing.ON_FILE: CriterionState.UNVERIFIED,
    Standing.DISCREPANCY: CriterionState.UNVERIFIED,
    Standing.UPCOMING: CriterionState.NOT_BEGUN,
}


def check(privilege: str, file: ProviderFile, policies: Policies) -> Eligibility:
    """Every criterion of a privilege, in the policy's order, as the file stands on its day.

    Nobody may ask for one that is not in force any more, and nothing is known of its criteria.
    """
    return _check(privilege, file, judge_file(file, policies), policies)


def eligible_for(file: ProviderFile, policies: Policies) -> tuple[Eligibility, ...]:
    """The same for every privilege of the policy, also those that the provider's type may not ask for."""
    judged = judge_file(file, policies)
    return tuple(_check(privilege, file, judged, policies) for privilege in policies.privileges)


def continuous_unmet(privilege: str, file: ProviderFile, policies: Policies) -> tuple[CriterionResult, ...]:
    """The continuous criteria that are unmet on the file's day; those that ``stops`` make a granted one inactive."""
    criteria = check(privilege, file, policies).criteria
    return tuple(c for c in criteria if c.when == CriterionTiming.CONTINUOUS and not c.met)


def _check(privilege: str, file: ProviderFile, judged: Sequence[JudgedCredential], policies: Policies) -> Eligibility:
    policy = policies.privileges.get(privilege)
    if policy is None:
        return Eligibility(privilege, may_ask=False, criteria=())
    results = []
    for criterion in policy.criteria:
        best = _best_of(criterion, file.provider.type, judged, policies)
        when = policies.when(criterion).value
        results.append(CriterionResult(criterion.credential, when, _state(best), best))
    return Eligibility(privilege, file.provider.type in policy.asked_by, tuple(results))


def _best_of(
    criterion: Criterion, provider_type: str, judged: Sequence[JudgedCredential], policies: Policies
) -> JudgedCredential | None:
    """Among several that count, a usable one before any other, then one that still permits practice, then by expiry."""
    of_type = [j for j in judged if j.credential.type == criterion.credential and _counts_here(j, policies)]
    counting = [j for j in of_type if policies.counts(j.credential.identity, provider_type, criterion.kinds)]
    return max(counting, key=_worth, default=None)


def _worth(judged: JudgedCredential) -> tuple[bool, bool, date]:
    return (judged.usable, judged.permits_practice, judged.term.expires_on or date.max)


def _counts_here(judged: JudgedCredential, policies: Policies) -> bool:
    """A state's license counts where the organization treats patients (empty = in any state)."""
    states = policies.organization.states
    tied_to_a_state = policies.credential_type(judged.credential.type).jurisdiction
    return not tied_to_a_state or not states or judged.credential.jurisdiction in states


def _state(best: JudgedCredential | None) -> CriterionState:
    """What to say of the best: an expired one whose renewal waits for verification is unverified."""
    if best is None:
        return CriterionState.MISSING
    if best.standing is Standing.EXPIRED and best.beside in (Standing.REPORTED, Standing.DISCREPANCY):
        return CriterionState.UNVERIFIED
    return _BY_STANDING[best.standing]
