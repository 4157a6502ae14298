"""``/cred status``: one glance, urgent first, the next thing to do as a button."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.cards.reports.status import status
from bot.cards.words import Words
from bot.rules.credentials.models import Standing
from bot.rules.policy import Policies
from bot.rules.privileges.models import PrivilegeView
from tests.cards.building import LOOK, TERM, TODAY, buttons, judged, labels, problems, status_view

GRANT = PrivilegeView(1, "psychiatry_core", None, date(2026, 1, 2), date(2028, 1, 1))
LAPSED = replace(GRANT, privilege="ect", inactive_since=date(2026, 11, 20), inactive_because=("dea",))


def test_a_file_at_one_glance(words: Words, policies: Policies) -> None:
    """The whole text, as a screen reader says it."""
    view = status_view(
        judged(Standing.CURRENT, date(2027, 12, 15)),
        judged(Standing.EXPIRED, date(2026, 11, 20), kind="dea", beside=Standing.REPORTED),
        judged(Standing.DUE, kind="csr"),
        judged(Standing.CURRENT, None, kind="residency", state=None, term=replace(TERM, number=None)),
        missing=("caqh",),
        privileges=(GRANT, LAPSED),
        open_requests=(1042,),
    )

    assert status(view, policies, words).text.splitlines() == [
        "Lee Chen",
        "Psychiatrist · Psychiatry · responsible: Cora Diaz",
        "*DEA registration (NY)* · A-123456",
        "Expired 3 days ago, Nov 20, 2026",
        "Renewal reported through Dec 15, 2028, to verify",
        "*Controlled substance registration (NY)* · A-123456",
        "Due for renewal – expires in 22 days, Dec 15, 2026",
        "*CAQH attestation* · not on file",
        "*State license (NY)* · A-123456",
        "Current – expires in 387 days, Dec 15, 2027",
        "*Residency*",
        "Current – does not expire",
        "*Privileges*",
        "• Psychiatry, core: active through Jan 1, 2028",
        "• Electroconvulsive therapy (ECT): inactive (administrative) since Nov 20, 2026, because of DEA registration",
        "Open requests: R-1042",
    ]


@pytest.mark.parametrize(
    ("standing", "beside", "label"),
    [
        (Standing.DUE, None, "Report renewal"),
        (Standing.EXPIRED, None, "Report renewal"),
        (Standing.DUE, Standing.REPORTED, "Verify"),
        (Standing.EXPIRED, Standing.DISCREPANCY, "Verify"),
        (Standing.ON_FILE, None, "Verify"),
        (Standing.DISCREPANCY, None, "Verify"),
        (Standing.DUE, Standing.SUBMITTED, "Report renewal"),
        (Standing.CURRENT, None, None),
        (Standing.NOT_ACTIVE, None, "Verify"),
    ],
)
def test_the_next_thing_to_do(
    words: Words, policies: Policies, standing: Standing, beside: Standing | None, label: str | None
) -> None:
    """One button a line, where there is something to do about it."""
    shown = status(status_view(judged(standing, beside=beside)), policies, words)

    assert labels(shown)[:-2] == ([label] if label else [])


def test_verify_carries_the_term_that_waits(words: Words, policies: Policies) -> None:
    """The renewal beside is verified, not the term that is verified already."""
    shown = status(status_view(judged(beside=Standing.REPORTED)), policies, words)

    assert buttons(shown)[0]["value"] == "99"


def test_a_reader_without_rights_gets_no_buttons(words: Words, policies: Policies) -> None:
    """An auditor reads."""
    view = status_view(judged(), may_update=False, may_verify=False, missing=("caqh",))

    assert labels(status(view, policies, words)) == []


def test_a_supervisor_sees_no_number(words: Words, policies: Policies) -> None:
    """Types, dates and standing only; neither receipts nor where a verification came from."""
    term = replace(TERM, verifications=(replace(LOOK, carried_over_from="roster.csv"),))
    view = status_view(judged(term=term, beside=Standing.SUBMITTED), dates_only=True, may_update=False)
    text = status(view, policies, words).text

    assert "Dec 15, 2026" in text
    assert not any(hidden in text for hidden in ("A-123456", "C-77", "roster.csv"))


def test_what_nobody_verified_expired_all_the_same(words: Words, policies: Policies) -> None:
    """A day that has passed is past, whatever else is to be said of the credential."""
    on_file = status(status_view(judged(Standing.ON_FILE, date(2026, 11, 1))), policies, words)
    differs = status(status_view(judged(Standing.DISCREPANCY, date(2026, 11, 1))), policies, words)
    filed = status(status_view(judged(Standing.SUBMITTED, date(2026, 11, 1))), policies, words)

    assert "On file, to verify – expired 22 days ago, Nov 1, 2026" in on_file.text
    assert "not verified; as entered, expired" in differs.text
    assert "Submitted, awaiting issuer – on file through Nov 1, 2026, not verified" in filed.text


def test_five_hundred_credentials_fit(words: Words, policies: Policies) -> None:
    """What does not fit is counted, and the most urgent is what stays."""
    many = [judged(Standing.CURRENT, date(2027, 1, 1), number=n) for n in range(499)]
    shown = status(status_view(*many, judged(Standing.EXPIRED, TODAY, number=999)), policies, words)

    assert problems(shown) == []
    assert "Expired today" in shown.text
    assert "… and 474 more" in shown.text


def test_an_empty_file_says_what_to_do(words: Words, policies: Policies) -> None:
    """A new provider's file offers the first step."""
    shown = status(status_view(), policies, words)

    assert "Nothing is on file yet." in shown.text
    assert labels(shown) == ["Add a credential", "Request privileges"]
