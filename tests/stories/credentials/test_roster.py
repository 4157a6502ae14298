"""A roster beside what was recorded in Slack: it takes nothing away, and outranks nobody who looked at the source."""

from __future__ import annotations

from tests.stories.conftest import Clinic

LEE = {"name": "Lee Chen", "provider_type": "psychiatrist", "npi": "1234567893"}
LICENSE = {**LEE, "credential": "license", "state": "NY"}


def verified(clinic: Clinic) -> None:
    """Lee's license, read at the board by Cora."""
    clinic.roster({**LICENSE, "number": "0004512", "expires_on": "2027-01-22"})
    clinic.cora.types("/cred verify Lee Chen")
    clinic.cora.fills(
        {
            "Source": "State licensing board",
            "Method": "Website",
            "Number shown": "0004512",
            "Expiration shown": "2027-01-22",
            "Status shown": "Active",
            "Public action shown": "No",
            "Reference": "https://www.op.nysed.gov/verification/0004512",
        }
    )
    clinic.cora.submits()
    clinic.cora.sees("Verified: State license (NY) for Lee Chen, expires Jan 22, 2027.")


def test_a_blank_expiry_takes_no_reminder_away(clinic: Clinic) -> None:
    """A license two months off became "Current – does not expire" once; it expires on its day, and is due."""
    verified(clinic)
    clinic.roster({**LICENSE, "number": "0004512"})
    clinic.cora.types("/cred status Lee Chen")
    clinic.cora.sees("Due for renewal – expires in 60 days, Jan 22, 2027")


def test_an_older_file_does_not_replace_what_was_read_at_the_board(clinic: Clinic) -> None:
    """0004512 became 4512 "carried over" by an older CSV once; it stays now, and its owner is asked."""
    verified(clinic)
    older = {"number": "4512", "expires_on": "2027-01-22", "verified_on": "2026-11-02", "source": "NYSED"}
    clinic.roster({**LICENSE, **older})
    clinic.cora.types("/cred status Lee Chen")
    said = clinic.cora.sees("State license (NY) · 0004512")
    assert "carried over" not in said
    clinic.cora.types("/cred queue")
    said = clinic.cora.sees("roster.csv says something else of State license (NY)")
    assert "In the file: 4512 · expires Jan 22, 2027" in said
    assert "On file: 0004512 · expires Jan 22, 2027" in said
    assert clinic.acts("term_corrected") == 0
