"""Long before a renewal: is what it needs ready? Asked, answered, and asked no more."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Clinic
from tests.stories.scenes import IVYS_LICENSE, row

IN_180_DAYS = "2027-05-24"
"""From Wednesday, November 25, 2026."""
NEEDED = "Before you can renew you need the continuing education hours that your board asks for."


@pytest.fixture
def asked(clinic: Clinic) -> Clinic:
    """Lee has been asked about his license, 180 days before it expires."""
    clinic.roster(row("license", IN_180_DAYS))
    clinic.on("2026-11-25")
    clinic.lee.sees(NEEDED, in_="dm")
    return clinic


def test_what_a_renewal_needs_is_asked_180_days_before(asked: Clinic) -> None:
    """No renewal is offered yet, only whether it is ready."""
    told = asked.lee.sees("Expires in 180 days, May 24, 2027.", in_="dm")
    assert "[Done] [Not yet]" in told
    assert "Renewed" not in asked.lee.buttons(in_="dm")


def test_done_ends_it_and_the_renewal_is_asked_about_in_time(asked: Clinic) -> None:
    """**Done** takes both buttons away and the wait out of the queue; the ladder begins at -90 as ever."""
    asked.lee.clicks("Done", in_="dm")
    asked.lee.sees("Thanks. I'll ask again when it's time to renew.", in_="dm")
    assert asked.lee.buttons(in_="dm") == []
    asked.lee.types("/cred queue")
    asked.lee.sees("Nothing waits for you.")
    asked.switched_off_until("2027-02-23")
    asked.lee.sees("Expires in 90 days, May 24, 2027.", in_="dm")
    assert "Renewed" in asked.lee.buttons(near="Expires in 90 days", in_="dm")


def test_not_yet_leaves_done_for_later(asked: Clinic) -> None:
    """It counts as unanswered: the queue keeps it, and **Done** stays where it was."""
    asked.lee.clicks("Not yet", in_="dm")
    asked.lee.sees("Not yet.", in_="dm")
    assert asked.lee.buttons(in_="dm") == ["Done"]
    asked.lee.types("/cred queue")
    asked.lee.sees(NEEDED)
    asked.lee.clicks("Done")
    asked.lee.sees("Good. I'll ask again when it's time to renew.")


def test_it_is_no_silence_when_nobody_answers(asked: Clinic) -> None:
    """Weeks go by; the team hears nothing, and from -90 on only the renewal itself waits."""
    asked.on("2026-12-16")
    asked.switched_off_until("2027-02-23")
    assert asked.cora.reads("#credentialing").count("State license") == 0
    asked.lee.types("/cred queue")
    assert NEEDED not in asked.lee.sees("Expires in 90 days, May 24, 2027.")


def test_a_reported_renewal_answers_it(asked: Clinic) -> None:
    """Whoever has renewed already need not say that they are ready."""
    asked.lee.types("/cred update")
    asked.lee.fills({"Expires on": "2029-05-24"})
    asked.lee.submits()
    asked.lee.sees("Renewed, reported by Lee Chen.", in_="dm")
    assert asked.lee.buttons(in_="dm") == []


def test_an_import_does_not_ask_about_what_is_past(clinic: Clinic) -> None:
    """A license that ends in 170 days has its day to prepare behind it: nothing until -90."""
    clinic.roster(row("license", "2027-05-12"))
    clinic.on("2026-12-01")
    clinic.switched_off_until("2027-02-10")
    assert clinic.lee.messages("dm") == []
    clinic.on("2027-02-11")
    clinic.lee.sees("Expires in 90 days", in_="dm")


def test_a_board_certification_is_asked_about_twice(clinic: Clinic) -> None:
    """A year and half a year before, in the words of its own policy."""
    clinic.roster(row("board_certification", "2027-12-01"))
    clinic.on("2026-12-01")
    clinic.lee.sees("what your board asks for: continuing education, activities, fees", in_="dm")
    clinic.switched_off_until("2027-06-04")
    clinic.lee.sees("Expires in 180 days, Dec 1, 2027.", in_="dm")


def test_only_its_reader_answers(asked: Clinic) -> None:
    """Once it is said, a late second press learns that it is done."""
    asked.lee.types("/cred queue")
    asked.lee.sees(NEEDED)
    asked.lee.clicks("Done", in_="dm")
    asked.lee.sees("Thanks.", in_="dm")
    asked.lee.clicks("Done")
    asked.lee.sees("Nothing more to do.")


@pytest.fixture
def ivys(clinic: Clinic) -> Clinic:
    """Cora is asked in the place of Ivy, who has no Slack account."""
    clinic.roster({**IVYS_LICENSE, "expires_on": IN_180_DAYS})
    clinic.on("2026-11-25")
    clinic.cora.sees("Ivy can't be reached in Slack", in_="dm")
    return clinic


def test_who_is_not_in_slack_gets_a_letter(ivys: Clinic) -> None:
    """The owner has the question to copy, and can say that she asked."""
    told = ivys.cora.sees("To copy, to ivy@elsewhere.example:", in_="dm")
    assert "Hello Ivy, your State license (NY) expires in 180 days, May 24, 2027." in told
    assert "you need the continuing education hours that your board asks for: is that done?" in told
    assert "[Done] [Not yet] [Contact made]" in told


def test_contact_made_leaves_done_for_the_answer(ivys: Clinic) -> None:
    """How and when stand on the reminder; once Ivy has answered, **Done** ends it."""
    ivys.cora.clicks("Contact made", in_="dm")
    ivys.cora.fills({"How?": "E-mail"})
    ivys.cora.submits()
    ivys.cora.sees("Recorded. Press Done there once it's done.")
    ivys.cora.closes()
    told = ivys.cora.sees("Contact made (e-mail) on Nov 25, 2026, says Cora Diaz. Press Done here", in_="dm")
    assert "[Done] [Not yet]" in told
    assert "Contact made" not in ivys.cora.buttons(in_="dm")
    ivys.cora.clicks("Done", in_="dm")
    ivys.cora.sees("Ready to renew, says Cora Diaz.", in_="dm")
    assert ivys.acts("contact_made") == 1
