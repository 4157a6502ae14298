"""Where nobody acts, somebody else is asked: the backup, the admins, the medical director."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Clinic
from tests.stories.scenes import CORE, granted, row, rows, verifies


@pytest.fixture
def waiting(clinic: Clinic) -> Clinic:
    """Cora should verify Lee's license by Thursday; Noah is a coordinator too, and so her backup."""
    clinic.is_also("noah", "coordinator")
    clinic.roster(row("license", "2028-12-31", verified=""))
    clinic.on("2026-11-23", "11:05")
    clinic.cora.sees("Please verify it at the source by Nov 26, 2026.", in_="dm")
    return clinic


def test_the_backup_then_the_admin_then_the_medical_director(waiting: Clinic) -> None:
    """Two business days apart, each told who was asked before; Cora keeps being asked as ever."""
    waiting.on("2026-11-30")
    told = waiting.noah.sees("Cora Diaz was asked before you, and it is still open.", in_="dm")
    assert "Cora Diaz is still responsible" in told
    waiting.on("2026-12-02")
    waiting.ada.sees("Cora Diaz and Noah Berg were asked before you", in_="dm")
    waiting.on("2026-12-04")
    waiting.ruth.sees("Cora Diaz, Noah Berg and Ada Novak were asked before you", in_="dm")
    waiting.on("2026-12-18")
    for handle in ("noah", "ada", "ruth"):
        assert waiting.slack.as_(handle).reads("dm").count("asked before you") == 1
    assert waiting.cora.reads("dm").count("Please verify it at the source") > 4


def test_the_medical_director_reads_it_and_the_backup_verifies(waiting: Clinic) -> None:
    """The medical director opens any file, and has nothing to press; the backup may verify."""
    waiting.on("2026-12-04")
    told = waiting.ruth.sees("Lee Chen · State license (NY)", in_="dm")
    assert "245871" in told
    assert waiting.ruth.buttons(in_="dm") == []
    assert "245871" in waiting.noah.sees("State license (NY)", in_="dm")
    assert "Verify" in waiting.noah.buttons(in_="dm")


def test_whoever_acts_ends_it_for_all(waiting: Clinic) -> None:
    """Noah verifies: it says so to Cora as well, and nobody else is asked."""
    waiting.on("2026-11-30")
    waiting.noah.clicks("Verify", in_="dm")
    verifies(waiting.noah, "245871", "2028-12-31")
    waiting.noah.sees("Verified: State license (NY) for Lee Chen")
    waiting.cora.sees("Verified by Noah Berg.", in_="dm")
    waiting.on("2026-12-11")
    assert waiting.ada.messages("dm") == []
    assert waiting.ruth.messages("dm") == []


def test_a_delegate_is_asked_in_the_owners_place_first(waiting: Clinic) -> None:
    """While Cora is away Noah has her tasks: the next who hears is the admin."""
    waiting.cora.types("/cred away 2026-11-24 2026-12-11 @noah")
    waiting.cora.sees("Noah Berg stands in.")
    waiting.on("2026-12-02")
    assert "asked before you" not in waiting.noah.reads("dm")
    waiting.ada.sees("Cora Diaz and Noah Berg were asked before you", in_="dm")


def test_before_a_lapse_backup_and_supervisor_hear_too(clinic: Clinic) -> None:
    """Seven days before a privilege would stop: the supervisor reads types and dates, no privilege and no number."""
    clinic.is_also("noah", "coordinator")
    clinic.is_also("dana", "supervisor")
    lines = rows(CORE, license="2026-12-02")
    clinic.roster(*({**line, "supervisor": clinic.workspace.person("dana").id} for line in lines))
    granted(clinic)
    clinic.on("2026-11-25")
    clinic.cora.sees("Without a verified renewal Psychiatry, core becomes inactive", in_="dm")
    backup = clinic.noah.sees("Without a verified renewal Psychiatry, core becomes inactive", in_="dm")
    assert "For your information: Cora Diaz is responsible for it." in backup
    told = clinic.dana.sees("Lapses in 7 days, Dec 2, 2026.", in_="dm")
    assert "Lee Chen · State license (NY)" in told
    assert "Psychiatry, core" not in told
    assert "245871" not in told
