"""No room is left on the database's disk: a kind answer, nothing half done, and all is well when there is room."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Clinic
from tests.stories.scenes import row
from tests.stories.trouble import disk_full

LONG = "新しい用紙が要ります。" * 200
"""More bytes than one page of SQLite's holds, so that there must be room for another."""


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The same story on both."""
    return str(request.getfixturevalue("sqlite_db" if request.param == "sqlite" else "postgres_db").url)


def test_what_was_typed_stays_until_there_is_room(clinic: Clinic) -> None:
    """Lee's question cannot be kept: the form says so with all of it in place, and sends it once there is room."""
    clinic.roster(row("license", "2026-12-31"))
    clinic.on("2026-11-23", "11:05")
    clinic.lee.sees("Expires in 38 days", in_="dm")
    clinic.delivered()
    clinic.lee.clicks("I need help", in_="dm")
    clinic.lee.fills({"What do you need?": LONG})
    with disk_full(clinic):
        clinic.lee.submits()
        assert clinic.lee.outcome.seconds < 3
        clinic.lee.sees("I can't reach something I need right now.")
        assert clinic.lee.modal is not None
        assert clinic.lee.modal.fields["What do you need?"] == LONG
        assert clinic.acts("help_asked") == 0
    clinic.lee.submits()
    clinic.cora.sees("Lee Chen is asking for help", in_="dm")
    assert clinic.acts("help_asked") == 1
