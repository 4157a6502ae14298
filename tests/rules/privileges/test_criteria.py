"""Criteria: a privilege asks for credentials that are verified, current and valid here."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.rules.credentials.identity import Identity
from bot.rules.credentials.models import (
    Credential,
    ProviderFile,
    SourceStanding,
    Term,
    Verification,
    VerificationResult,
)
from bot.rules.policy import (
    CredentialType,
    Criterion,
    CriterionTiming,
    Expires,
    Ladder,
    OnLapse,
    Organization,
    Policies,
    Privilege,
    ProviderType,
    Recredentialing,
    Route,
    Source,
    SourceClass,
    Step,
)
from bot.rules.privileges.criteria import check, continuous_unmet, eligible_for
from bot.rules.privileges.models import CriterionState
from bot.rules.providers.models import Provider

TODAY = date(2026, 11, 23)
LATER = date(2028, 12, 31)
SOON = date(2026, 12, 1)
PAST = date(2026, 11, 1)
SINCE: dict[str, Any] = {"source": "our bylaws", "in_force_from": date(2026, 1, 1)}


def kind(ladder: str | None, lapse: OnLapse = OnLapse.INFORM, *, by_state: bool = False) -> CredentialType:
    return CredentialType(
        **SINCE,
        label="A credential",
        jurisdiction=by_state,
        expires=Expires.ALWAYS if ladder else Expires.NEVER,
        ladder=ladder,
        on_lapse=lapse,
        sources={"board": Source(label="Board", source_class=SourceClass.PRIMARY)},
    )


def privilege(*criteria: Criterion) -> Privilege:
    text = "Electroconvulsive therapy, ordering and giving it."
    return Privilege(
        **SINCE,
        label="ECT",
        text=text,
        asked_by=("psychiatrist",),
        criteria=criteria,
        route="core",
        term_months=24,
    )


def policies(*states: str) -> Policies:
    ect = privilege(Criterion(credential="license"), Criterion(credential="board"), Criterion(credential="training"))
    strict = privilege(Criterion(credential="board", when=CriterionTiming.CONTINUOUS))
    return Policies(
        organization=Organization(**SINCE, name="Clinic", states=states, reinstate_within=30),
        recredentialing=Recredentialing(**SINCE, months=36, late_within=30, rungs=(-180, 0)),
        ladders={"usual": Ladder(**SINCE, rungs=(-90, -30, 0))},
        routes={"core": Route(**SINCE, steps=(Step(body="department_chair", mode="grant", quorum=1),))},
        jurisdictions={},
        provider_types={"psychiatrist": ProviderType(**SINCE, label="Psychiatrist")},
        credentials={
            "license": kind("usual", OnLapse.INACTIVATE, by_state=True),
            "board": kind("usual", OnLapse.TASK),
            "training": kind(None),
        },
        privileges={"ect": ect, "strict": strict},
    )


def held(
    type: str, expires_on: date | None, *, verified: bool = True, state: str | None = None, id: int = 1
) -> Credential:
    seen = Verification(
        1, "board", "web", TODAY, VerificationResult.VERIFIED, SourceStanding.ACTIVE, "1", None, False, None, "Cora"
    )
    recorded = datetime(2026, 1, 1, tzinfo=UTC)
    return Credential(
        id, Identity(type, state), (Term(id, "1", None, expires_on, recorded, "Cora", (seen,) if verified else ()),)
    )


def file(*credentials: Credential, provider_type: str = "psychiatrist") -> ProviderFile:
    return ProviderFile(Provider(1, "Lee Chen", provider_type), credentials, TODAY, datetime(2026, 11, 23, tzinfo=UTC))


COMPLETE = (held("license", LATER, state="NY"), held("board", LATER), held("training", None))


def test_a_complete_file_is_eligible() -> None:
    """Verified and current in every criterion; a type without expiry needs only to be verified."""
    assert check("ect", file(*COMPLETE), policies()).eligible


def test_an_empty_file_misses_every_criterion() -> None:
    """Each criterion is answered, in the policy's order, with nothing to judge by."""
    found = check("ect", file(), policies())

    assert [(c.credential_type, c.state, c.judged) for c in found.criteria] == [
        (key, CriterionState.MISSING, None) for key in ("license", "board", "training")
    ]


@pytest.mark.parametrize(
    ("expires_on", "verified", "state", "met"),
    [
        (LATER, True, CriterionState.MET, True),
        (SOON, True, CriterionState.EXPIRING, True),
        (PAST, True, CriterionState.EXPIRED, False),
        (LATER, False, CriterionState.UNVERIFIED, False),
    ],
)
def test_a_criterion_follows_its_credential(expires_on: date, verified: bool, state: CriterionState, met: bool) -> None:
    """Current and due are met; expired and unverified are not."""
    license = check("ect", file(held("license", expires_on, verified=verified)), policies()).criteria[0]

    assert (license.state, license.met) == (state, met)


def test_an_expired_credential_with_a_reported_renewal_only_waits_for_verification() -> None:
    """It is not met, and the reason is the next thing to do."""
    old, new = held("license", PAST).terms[0], held("license", LATER, verified=False, id=2).terms[0]
    license = check("ect", file(Credential(1, Identity("license", None), (old, new))), policies()).criteria[0]

    assert (license.state, license.met) == (CriterionState.UNVERIFIED, False)


@pytest.mark.parametrize(
    ("states", "state"),
    [((), CriterionState.MET), (("NJ", "NY"), CriterionState.MET), (("NJ",), CriterionState.MISSING)],
)
def test_a_license_counts_only_where_the_organization_treats_patients(
    states: tuple[str, ...], state: CriterionState
) -> None:
    """Another state's license does not help; without states any counts."""
    assert check("ect", file(*COMPLETE), policies(*states)).criteria[0].state is state


def test_a_credential_without_a_state_counts_anywhere() -> None:
    """The organization's states touch only types that belong to a state."""
    assert check("ect", file(*COMPLETE), policies("NJ")).criteria[1].met


def test_of_several_licenses_the_usable_one_with_the_latest_expiry_is_judged() -> None:
    """An expired or unverified license elsewhere harms nobody who holds a good one."""
    usable = held("license", SOON, state="NY", id=2)
    others = (held("license", PAST, state="NJ"), held("license", LATER, verified=False, state="CT", id=3))

    license = check("ect", file(*others, usable), policies()).criteria[0]

    assert license.judged is not None
    assert license.judged.credential == usable


def test_another_profession_may_not_ask() -> None:
    """All criteria met does not make a type eligible that the privilege does not name."""
    found = check("ect", file(*COMPLETE, provider_type="lcsw"), policies())

    assert (found.may_ask, found.eligible) == (False, False)


def test_only_continuous_criteria_inactivate() -> None:
    """A lapsed license ends a granted privilege; a lapsed certification asked at grant does not."""
    lapsed = file(held("license", PAST), held("board", PAST), held("training", None))

    assert [c.credential_type for c in continuous_unmet("ect", lapsed, policies())] == ["license"]


def test_nothing_is_unmet_in_a_complete_file() -> None:
    """A granted privilege goes on working."""
    assert continuous_unmet("ect", file(*COMPLETE), policies()) == ()


def test_a_criterions_own_word_makes_it_continuous() -> None:
    """``when`` of the policy wins over what the credential's lapse does."""
    lapsed = continuous_unmet("strict", file(held("board", PAST)), policies())

    assert [c.credential_type for c in lapsed] == ["board"]


def test_eligibility_is_answered_for_every_privilege() -> None:
    """One look at the file gives each privilege's answer, the same as asked alone."""
    complete = file(*COMPLETE)

    assert eligible_for(complete, policies()) == tuple(check(p, complete, policies()) for p in ("ect", "strict"))
