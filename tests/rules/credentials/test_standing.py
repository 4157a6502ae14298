"""Standing: only what is verified, begun, unexpired and unrestricted counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.rules.credentials.identity import Identity
from bot.rules.credentials.models import (
    Credential,
    JudgedCredential,
    RenewalFiling,
    SourceStanding,
    Standing,
    Term,
    Verification,
    VerificationResult,
)
from bot.rules.credentials.standing import judge
from bot.rules.policy import CredentialType, Expires, Source, SourceClass

TODAY = date(2026, 11, 23)
SOON = date(2026, 12, 31)
LATER = date(2028, 12, 31)
PAST = date(2026, 11, 22)
RUNGS = (-90, -60, -30, -14, -7, -1, 0)
LICENSE = CredentialType(
    label="State license",
    source="NCQA CR 3",
    in_force_from=date(2025, 7, 1),
    expires=Expires.ALWAYS,
    sources={"board": Source(label="Board", source_class=SourceClass.PRIMARY)},
)


def look(
    standing: SourceStanding = SourceStanding.ACTIVE,
    result: VerificationResult = VerificationResult.VERIFIED,
    *,
    public_action: bool = False,
) -> Verification:
    return Verification(
        1, "board", "web", TODAY, result, standing, "1", None, public_action, "https://board.example", "Cora"
    )


def term(expires_on: date | None, seen: Verification | None = None, id: int = 1, begins: date | None = None) -> Term:
    return Term(id, "1", begins, expires_on, datetime(2026, 1, 1, tzinfo=UTC), "Cora", (seen,) if seen else ())


def judged(
    *terms: Term, filed_on: date | None = None, confirmed: bool = False, continues: bool = False, on: date = TODAY
) -> JudgedCredential:
    seen = ("Cora Diaz", TODAY, TODAY) if confirmed else ()
    filed = RenewalFiling(1, 1, filed_on, None, *seen) if filed_on else None
    return judge(Credential(1, Identity("license", "NY"), terms, filed), LICENSE, RUNGS, continues, on)


@pytest.mark.parametrize(
    ("expires_on", "standing"),
    [
        (LATER, Standing.CURRENT),
        (None, Standing.CURRENT),
        (TODAY + timedelta(days=91), Standing.CURRENT),
        (TODAY + timedelta(days=90), Standing.DUE),
        (TODAY, Standing.DUE),
        (PAST, Standing.EXPIRED),
    ],
)
def test_a_verified_term_goes_from_current_to_due_to_expired(expires_on: date | None, standing: Standing) -> None:
    """It is due from its first rung, good through the end of its last day, and expired after."""
    assert judged(term(expires_on, look())).standing is standing


@pytest.mark.parametrize(
    ("seen", "filed_on", "standing"),
    [
        (None, None, Standing.ON_FILE),
        (None, TODAY, Standing.SUBMITTED),
        (look(result=VerificationResult.DISCREPANCY), None, Standing.DISCREPANCY),
        (look(SourceStanding.REVOKED, VerificationResult.ADVERSE), None, Standing.NOT_ACTIVE),
    ],
)
def test_what_nobody_verified_is_never_current(
    seen: Verification | None, filed_on: date | None, standing: Standing
) -> None:
    """A term on file, or one that differs from its source, is named as such and does not count."""
    found = judged(term(LATER, seen), filed_on=filed_on)

    assert (found.standing, found.usable) == (standing, False)


ADVERSE, NOT_CURRENT, DISCREPANCY = (
    VerificationResult.ADVERSE,
    VerificationResult.NOT_CURRENT,
    VerificationResult.DISCREPANCY,
)


@pytest.mark.parametrize(
    ("seen", "permits"),
    [
        (look(SourceStanding.SUSPENDED, ADVERSE), False),
        (look(SourceStanding.REVOKED, ADVERSE), False),
        (look(SourceStanding.SURRENDERED, ADVERSE), False),
        (look(SourceStanding.PROBATION, ADVERSE), True),
        (look(SourceStanding.CONDITIONS, ADVERSE), True),
        (look(SourceStanding.ACTIVE, ADVERSE, public_action=True), True),
        (look(SourceStanding.INACTIVE, NOT_CURRENT), False),
        (look(SourceStanding.PENDING, NOT_CURRENT), False),
    ],
)
def test_what_is_not_in_good_standing_does_not_count(seen: Verification, permits: bool) -> None:
    """Nothing new rests on it; what rests on it already goes on only where its source lets it."""
    found = judged(term(LATER, seen))

    assert (found.standing, found.usable, found.permits_practice) == (Standing.NOT_ACTIVE, False, permits)


def test_a_temporary_permit_counts_through_its_own_end() -> None:
    """It is a term like any other."""
    assert judged(term(LATER, look(SourceStanding.TEMPORARY))).standing is Standing.CURRENT


def test_the_newest_verification_decides_not_the_best() -> None:
    """A license that was active last month and is suspended today is not active."""
    before = replace(look(), verified_on=PAST)
    suspended = replace(look(SourceStanding.SUSPENDED, ADVERSE), id=2)

    found = judged(replace(term(LATER), verifications=(suspended, before)))

    assert found.standing is Standing.NOT_ACTIVE


def test_a_verification_entered_late_does_not_decide() -> None:
    """What was seen on an earlier day adds to the record, and takes nothing from what was seen since."""
    suspended = look(SourceStanding.SUSPENDED, ADVERSE)
    entered_later = replace(look(), id=2, verified_on=PAST)

    found = judged(replace(term(LATER), verifications=(suspended, entered_later)))

    assert found.standing is Standing.NOT_ACTIVE


def test_an_earlier_expiry_at_the_source_counts_at_once() -> None:
    """A verified license goes on through the earlier day, and the difference waits to be settled."""
    differs = replace(look(result=DISCREPANCY), id=2, expires_shown=SOON)
    both = replace(term(LATER), verifications=(look(), differs))

    found = judged(both)

    assert (found.standing, found.term.expires_on, found.beside) == (Standing.DUE, SOON, Standing.DISCREPANCY)
    assert judged(both, on=LATER).standing is Standing.EXPIRED


def test_a_later_expiry_at_the_source_stops_nothing() -> None:
    """A renewal that the source shows before anybody reported it leaves the present term in force."""
    differs = replace(look(result=DISCREPANCY), id=2, expires_shown=LATER)

    found = judged(replace(term(SOON), verifications=(look(), differs)))

    assert (found.standing, found.term.expires_on) == (Standing.DUE, SOON)


def test_another_number_at_the_source_is_not_verified_by_what_was_before() -> None:
    """Whose number it is has to be found out first."""
    differs = replace(look(result=DISCREPANCY), id=2, number_shown="2")

    found = judged(replace(term(LATER), verifications=(look(), differs)))

    assert (found.standing, found.usable) == (Standing.DISCREPANCY, False)


def test_a_reported_renewal_stands_beside_the_verified_term() -> None:
    """The verified term still counts while the newer one waits for verification."""
    old, new = term(SOON, look()), term(LATER, id=2)

    found = judged(old, new)

    assert (found.standing, found.term) == (Standing.DUE, old)
    assert (found.beside, found.beside_term) == (Standing.REPORTED, new)


def test_a_reported_renewal_does_not_mend_an_expired_term() -> None:
    """Expired stays expired until the renewal is verified."""
    found = judged(term(PAST, look()), term(LATER, id=2))

    assert (found.standing, found.beside) == (Standing.EXPIRED, Standing.REPORTED)


def test_a_renewal_that_differs_from_its_source_is_a_discrepancy_beside() -> None:
    """The older verified term goes on counting."""
    found = judged(term(SOON, look()), term(LATER, look(result=VerificationResult.DISCREPANCY), id=2))

    assert (found.standing, found.beside) == (Standing.DUE, Standing.DISCREPANCY)


def test_a_revocation_seen_on_a_mistyped_renewal_is_not_hidden() -> None:
    """A discrepancy in the number does not let the older term pass for good."""
    found = judged(term(SOON, look()), term(LATER, replace(look(SourceStanding.REVOKED, ADVERSE), id=2), id=2))

    assert found.standing is Standing.NOT_ACTIVE


def test_a_verified_renewal_takes_over() -> None:
    """The latest-expiring verified term is the one that counts, and nothing waits beside it."""
    new = term(LATER, look(), id=2)

    found = judged(term(SOON, look()), new)

    assert (found.term, found.standing, found.beside) == (new, Standing.CURRENT, None)


def test_an_older_term_added_afterwards_is_not_a_renewal() -> None:
    """History typed in late does not show as reported renewed."""
    assert judged(term(LATER, look()), term(SOON, id=2)).beside is None


def test_a_verified_term_that_has_not_begun_does_not_count_yet() -> None:
    """Between the end of one term and the start of the next the credential is expired."""
    found = judged(term(PAST, look()), term(LATER, look(), id=2, begins=TODAY + timedelta(days=1)))

    assert found.standing is Standing.EXPIRED


def test_a_policy_that_was_verified_before_it_begins_is_upcoming() -> None:
    """It counts from its first day, and before that day nobody says that its source shows something else."""
    begins = TODAY + timedelta(days=8)
    policy = term(LATER, look(), begins=begins)

    assert judged(policy).standing is Standing.UPCOMING
    assert not judged(policy).usable
    assert judged(policy, on=begins).standing is Standing.CURRENT
    adverse = look(SourceStanding.ACTIVE, ADVERSE, public_action=True)
    assert judged(term(LATER, adverse, begins=begins)).standing is Standing.NOT_ACTIVE


@pytest.mark.parametrize(("gap", "beside"), [(0, Standing.UPCOMING), (1, Standing.UPCOMING), (2, None)])
def test_the_next_policy_follows_without_a_day_between(gap: int, beside: Standing | None) -> None:
    """Then nothing is left to remind of; with a day without cover the present one still ends uncovered."""
    found = judged(term(SOON, look()), term(LATER, look(), id=2, begins=SOON + timedelta(days=gap)))

    assert (found.standing, found.beside) == (Standing.DUE, beside)


def test_a_filed_renewal_shows_beside_the_term_it_renews() -> None:
    """Filing changes whose turn it is, not the standing."""
    found = judged(term(SOON, look()), filed_on=TODAY)

    assert (found.standing, found.beside) == (Standing.DUE, Standing.SUBMITTED)


def test_a_filing_for_an_earlier_term_says_nothing_about_the_present_one() -> None:
    """A renewal that was filed and has since been verified waits for nobody."""
    found = judged(term(PAST), term(SOON, look(), id=2), filed_on=PAST)

    assert found.beside is None


def test_a_type_without_expiry_does_not_expire() -> None:
    """A date left over from another policy ends nothing."""
    degree = LICENSE.model_copy(update={"expires": Expires.NEVER})
    credential = Credential(1, Identity("degree", None), (term(PAST, look()),))

    assert judge(credential, degree, (), False, TODAY).standing is Standing.CURRENT


@pytest.mark.parametrize(
    ("filed_on", "confirmed", "continues", "standing"),
    [
        (PAST, True, True, Standing.CONTINUED),
        (PAST, False, True, Standing.EXPIRED),
        (TODAY, True, True, Standing.EXPIRED),
        (PAST, True, False, Standing.EXPIRED),
        (None, False, True, Standing.EXPIRED),
    ],
)
def test_a_renewal_filed_on_time_stays_in_effect_where_the_law_says_so(
    filed_on: date | None, confirmed: bool, continues: bool, standing: Standing
) -> None:
    """All three are needed: filed on or before the expiry, a receipt somebody saw, a jurisdiction that continues it."""
    found = judged(term(PAST, look()), filed_on=filed_on, confirmed=confirmed, continues=continues)

    assert found.standing is standing


def test_what_is_not_in_good_standing_is_not_made_good_by_a_filing() -> None:
    """Continuation keeps the authority as it was, probation and all."""
    found = judged(term(PAST, look(SourceStanding.PROBATION, ADVERSE)), filed_on=PAST, confirmed=True, continues=True)

    assert found.standing is Standing.NOT_ACTIVE


def test_what_expired_under_probation_is_expired() -> None:
    """The calendar stops what rests on it, and that is no sanction."""
    found = judged(term(PAST, look(SourceStanding.PROBATION, ADVERSE)))

    assert (found.standing, found.permits_practice) == (Standing.EXPIRED, False)
