"""A clinic that keeps the federal holidays: Thanksgiving 2026 is Thursday, November 26."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.conftest import Clinic
from tests.stories.scenes import TEAM, row

ORGANIZATION = """name: Riverbend
reinstate_within: 30
holidays: {country: US}
source: our bylaws
in_force_from: 2026-01-01
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "organization.yaml").write_text(ORGANIZATION, encoding="utf-8")
    return folder


def test_nobody_is_reminded_on_a_holiday(clinic: Clinic) -> None:
    """Thirty days before falls on Thanksgiving: Lee reads nothing that day, and is asked on Friday."""
    clinic.roster(row("license", "2026-12-26"))
    clinic.on("2026-11-23", "11:05")
    before = len(clinic.lee.messages("dm"))
    clinic.on("2026-11-26", "17:05")
    assert len(clinic.lee.messages("dm")) == before
    clinic.on("2026-11-27")
    clinic.lee.sees("Expires in 29 days, Dec 26, 2026.", in_="dm")


def test_the_last_day_is_said_before_the_holiday(clinic: Clinic) -> None:
    """A license that ends on Thanksgiving is asked about on the Wednesday before."""
    clinic.roster(row("license", "2026-11-26"))
    clinic.on("2026-11-25")
    clinic.lee.sees("Expires tomorrow, Nov 26, 2026.", in_="dm")


def test_a_holiday_gives_the_owner_another_day(clinic: Clinic) -> None:
    """Three business days from Monday to verify what was reported: Friday."""
    clinic.roster(row("license", "2028-12-31", verified=""))
    clinic.on("2026-11-23", "11:05")
    clinic.cora.sees("Please verify it at the source by Nov 27, 2026.", in_="dm")


def test_silence_is_counted_without_the_holiday(clinic: Clinic) -> None:
    """Asked on Monday at rung -14: the team hears on Friday, not on Thanksgiving."""
    clinic.roster(row("license", "2026-12-07"))
    clinic.on("2026-11-26", "17:05")
    assert "No renewal has been reported yet" not in clinic.cora.reads(TEAM)
    clinic.on("2026-11-27")
    clinic.cora.sees("Lee Chen · State license (NY) expires in 10 days", in_=TEAM)
