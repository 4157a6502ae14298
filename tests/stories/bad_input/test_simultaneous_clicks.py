"""Clicks in the same instant: one counts, everybody else learns what happened, and nobody is left without an answer."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.stories.conftest import Clinic
from tests.stories.scenes import APPROVALS, CORE, ECT, requests, row, rows

CARD = "R-1001 · Lee Chen"


def at_once(*clicks: Callable[[], Any]) -> None:
    """Every click on a thread of its own, all let go by one barrier."""
    start = Barrier(len(clicks))

    def after_the_others(click: Callable[[], Any]) -> None:
        start.wait(5)
        click()

    with ThreadPoolExecutor(len(clicks)) as threads:
        list(threads.map(after_the_others, clicks))


def wait_for(seen: Callable[[], object]) -> None:
    """Polls for ten seconds at most."""
    patience = time.monotonic() + 30
    while not seen():
        assert time.monotonic() < patience
        time.sleep(0.02)


@pytest.fixture
def core(clinic: Clinic) -> Clinic:
    """A request for which Dana and Omar are both chairs."""
    clinic.is_also("omar", "approver:department_chair")
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.dana.sees("What the file shows", in_=APPROVALS)
    return clinic


def readers(clinic: Clinic, text: str) -> int:
    """How many of the two chairs read this."""
    return sum(text in getattr(clinic, who).reads() for who in ("dana", "omar"))


def test_of_two_approvals_at_once_one_counts(core: Clinic) -> None:
    """Two chairs press in the same instant: one vote, one grant, and the other learns who was first."""
    clicks = [getattr(core, who).holds("Approve", CARD, in_=APPROVALS) for who in ("dana", "omar")]
    at_once(*clicks)
    core.lee.sees("Congratulations!", in_="dm")
    wait_for(lambda: readers(core, "was recorded. Thank you.") == readers(core, "was first: this step was closed") == 1)
    assert core.acts("vote_cast") == core.acts("privilege_granted") == 1


def test_a_double_click_counts_once(core: Clinic) -> None:
    """The same chair presses twice at once: one vote, and the second click reads that it was closed by her own."""
    click = core.dana.holds("Approve", CARD, in_=APPROVALS)
    at_once(click, click)
    core.dana.sees("was recorded. Thank you.", in_=APPROVALS)
    core.dana.sees("Your own vote closed this step.", in_=APPROVALS)
    assert core.acts("vote_cast") == 1


def test_a_withdrawal_and_an_approval_at_once(core: Clinic) -> None:
    """Either it is withdrawn or it is granted, never both; card, requester and audit agree."""
    core.lee.clicks("Withdraw", in_="dm")
    core.lee.sees("The request ends")
    at_once(core.dana.holds("Approve", CARD, in_=APPROVALS), core.lee.submits)
    wait_for(lambda: re.search(r"Granted by|Withdrawn\.", core.dana.reads(APPROVALS)))
    granted, withdrawn = core.acts("privilege_granted"), core.acts("request_withdrawn")
    assert granted + withdrawn == 1
    core.lee.sees("Congratulations!" if granted else "This request was withdrawn.", in_="dm")


def test_both_votes_of_a_committee_at_once_pass_the_step(clinic: Clinic) -> None:
    """Two of two in the same instant: both count, and the step passes exactly once."""
    clinic.roster(*rows(ECT))
    requests(clinic, "Electroconvulsive therapy (ECT)")
    clinic.omar.sees("What the file shows", in_=APPROVALS)
    at_once(*(getattr(clinic, who).holds("Approve", CARD, in_=APPROVALS) for who in ("omar", "priya")))
    clinic.ruth.sees("Step 2 of 2", in_=APPROVALS)
    clinic.delivered()
    assert clinic.acts("vote_cast") == 2
    assert clinic.ruth.reads(APPROVALS).count("The credentials committee recommends it.") == 1


def test_not_yet_pressed_twice_at_once_is_one_snooze(clinic: Clinic) -> None:
    """A nervous double click on **Not yet** is kept once, and both read the same day."""
    clinic.roster(row("license", "2026-12-24"))
    clinic.on("2026-11-23", "11:05")
    click = clinic.lee.holds("Not yet", in_="dm")
    at_once(click, click)
    clinic.lee.sees("Not yet. I'll ask again on Nov 24, 2026.", in_="dm")
    assert clinic.acts("snoozed") == 1
