"""What the team's channel reads on a Monday."""

from __future__ import annotations

from bot.store import audit
from tests.stories.conftest import Clinic
from tests.stories.scenes import CORE, TEAM, requests, row, rows


def digest(clinic: Clinic) -> str:
    """The newest digest."""
    return next(said for said in reversed(clinic.cora.messages(TEAM)) if said.startswith("The week of"))


def test_monday_begins_with_what_lapses_and_for_whom_things_wait(clinic: Clinic) -> None:
    """Types, dates and names, grouped by the day; what waits for a coordinator and for a body; the audit head."""
    clinic.roster(*rows(CORE), row("bls", "2026-12-21"), row("bls", "2026-12-21", of="maya"))
    clinic.roster(row("mate", of="maya", verified=""))
    requests(clinic, "Psychiatry, core")
    clinic.on("2026-11-30")
    said = digest(clinic)
    assert "BLS · Lee Chen and Maya Okafor · in 21 days, Dec 21, 2026" in said
    assert "State license" not in said
    assert "• Cora Diaz: 1 task" in said
    assert "• department chair: 1 request" in said
    assert f"Audit head {head(clinic)}" in said


def test_the_digest_names_who_does_not_answer(clinic: Clinic) -> None:
    """Whoever the channel heard of last week stands there until something is reported."""
    clinic.roster(row("bls", "2026-12-07"))
    clinic.on("2026-11-30")
    assert "No answer yet" in digest(clinic)
    assert "245871" not in digest(clinic)


def test_the_digest_comes_once_a_week(clinic: Clinic) -> None:
    """One on each Monday, none in between."""
    clinic.roster(row("bls", "2027-02-01"))
    clinic.on("2026-12-09")
    titles = [said.splitlines()[0] for said in clinic.cora.messages(TEAM)]
    assert titles == ["The week of Nov 23, 2026", "The week of Nov 30, 2026", "The week of Dec 7, 2026"]


def test_a_quiet_week_is_said_to_be_one(clinic: Clinic) -> None:
    """With nothing to do the digest says so, and still publishes the audit head."""
    clinic.on("2026-11-30")
    assert "Nothing lapses in the next 30 days." in digest(clinic)
    assert "Nothing is waiting for anyone." in digest(clinic)
    assert "Audit head" in digest(clinic)


def head(clinic: Clinic) -> str:
    """The audit head as it was when the digest went out: nothing has changed since."""
    with clinic.bot.reading() as session:
        return str(audit.head(session))


def test_people_who_share_a_date_are_one_message_to_the_team(clinic: Clinic) -> None:
    """A state's common renewal day: everybody silent about it stands in one message, by type."""
    clinic.roster(row("bls", "2026-12-07"), row("bls", "2026-12-07", of="maya"), row("license", "2026-12-07"))
    clinic.on("2026-11-27")
    (said,) = (said for said in clinic.cora.messages(TEAM) if "No renewal has been reported yet" in said)
    assert "Lee Chen and Maya Okafor · BLS expires in 11 days, Dec 7, 2026." in said
    assert "Lee Chen · State license (NY) expires in 11 days" in said


def test_who_has_answered_is_left_out_of_it(clinic: Clinic) -> None:
    """What is told is what is true when it is told."""
    clinic.roster(row("license", "2026-12-07"), row("license", "2026-12-07", of="maya"))
    clinic.on("2026-11-25")
    clinic.lee.clicks("Renewed")
    clinic.lee.fills({"Expires on": "2028-12-07"})
    clinic.lee.submits()
    clinic.lee.sees("Nothing more for you to do.")
    clinic.on("2026-11-27")
    (said,) = (said for said in clinic.cora.messages(TEAM) if "No renewal has been reported yet" in said)
    assert "Lee" not in said
