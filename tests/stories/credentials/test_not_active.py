"""A credential that is not in good standing at its source: who reads what, and what never is said."""

from __future__ import annotations

from datetime import date

import pytest

from bot.cards.dates import day
from tests.stories.conftest import Clinic
from tests.stories.scenes import APPROVALS, CORE, TEAM, granted, requests, row, rows

PRIVILEGE = "Psychiatry, core"
LICENSE = "245871"
NEVER_SAID = ("revoked", "suspended", "probation", "restricted", "public action", "sanction")
"""To anybody but who recorded it."""


def found(
    clinic: Clinic, status: str, action: str = "No", now: str = "current", expires: date = date(2028, 12, 31)
) -> None:
    """Cora looks Lee's license up at the board."""
    clinic.cora.types("/cred verify @lee")
    clinic.cora.fills({"Credential": f"State license (NY) – {now}, {day(expires)}"})
    clinic.cora.submits()
    clinic.cora.fills(
        {
            "Source": "State licensing board",
            "Method": "Website",
            "Number shown": LICENSE,
            "Expiration shown": expires.isoformat(),
            "Status shown": status,
            "Public action shown": action,
            "Reference": "https://www.op.nysed.gov/verify/245871",
        }
    )
    clinic.cora.submits()


def holding(clinic: Clinic) -> None:
    """Lee holds the core privileges, and everything they rest on is verified."""
    clinic.roster(*rows(CORE))
    granted(clinic)


def says_nothing_of_it(words: str) -> None:
    assert [word for word in NEVER_SAID if word in words.lower()] == []


def test_a_revoked_license_is_never_verified(clinic: Clinic) -> None:
    """Cora reads that it isn't; Lee isn't told that nothing is to be done, nor that a renewal brings it back."""
    holding(clinic)
    found(clinic, "Revoked", "Yes")
    clinic.cora.sees(
        "Recorded. State license (NY) for Lee Chen is not verified, and no new privilege will be granted on it. "
        "What the source shows is restricted: others read “not active”, and are asked to come to you."
    )
    told = clinic.lee.sees(
        f"{PRIVILEGE} is not active as of Nov 23, 2026. Please don't use it until you've talked with Cora Diaz.",
        in_="dm",
    )
    assert "Nothing for you to do" not in clinic.lee.reads()
    assert "administrative" not in told
    says_nothing_of_it(clinic.lee.reads())


def test_an_open_reminder_ends_without_a_word_of_being_done(clinic: Clinic) -> None:
    """Lee was asked to renew what turns out to be suspended: the reminder is closed, and he isn't thanked for it."""
    clinic.roster(row("license", "2026-12-20"), row("malpractice"))
    clinic.on("2026-11-23", "11:05")
    clinic.lee.sees("State license (NY)", in_="dm")
    found(clinic, "Suspended", "Yes", "due", date(2026, 12, 20))
    clinic.lee.sees("This is closed. Nothing more to answer here.", in_="dm")
    assert "for you to do" not in clinic.lee.reads("dm")


def test_nobody_else_reads_what_the_source_showed(clinic: Clinic) -> None:
    """Channels, other coordinators and admins read "not active"; any member that the privilege is not active."""
    holding(clinic)
    found(clinic, "Suspended", "Yes")
    clinic.lee.sees("is not active as of", in_="dm")
    clinic.ada.types("/cred status @lee")
    clinic.ada.sees("Not active – checked on Nov 23, 2026; ask Cora Diaz")
    clinic.noah.types("/cred privileges @lee", in_="#general")
    clinic.noah.sees(f"{PRIVILEGE}: not active", in_="#general")
    for person in (clinic.ada, clinic.noah, clinic.omar, clinic.dana):
        says_nothing_of_it(person.reads())


def test_the_approvers_channel_reads_not_active(clinic: Clinic) -> None:
    """A request that was open when it was found: its thread names the criterion, and not the cause."""
    clinic.roster(*rows(CORE))
    requests(clinic, PRIVILEGE)
    clinic.dana.sees("R-1001", in_=APPROVALS)
    found(clinic, "Revoked", "Yes")
    clinic.cora.sees("is not verified")
    clinic.dana.clicks("Approve", in_=APPROVALS)
    clinic.dana.sees("A criterion is no longer met: State license (NY). Nothing was granted.", in_=APPROVALS)
    clinic.dana.sees("State license (NY): not met (not active)", in_=APPROVALS)
    says_nothing_of_it(clinic.dana.reads(APPROVALS))


def test_probation_stops_nothing_that_was_granted(clinic: Clinic) -> None:
    """Nobody has decided about it: what was granted works on, and nothing new is granted on it."""
    holding(clinic)
    found(clinic, "Probation")
    clinic.cora.sees("no new privilege will be granted on it")
    clinic.noah.types("/cred privileges @lee", in_="#general")
    clinic.noah.sees(f"{PRIVILEGE}: active", in_="#general")
    clinic.lee.types("/cred status")
    clinic.lee.sees("Not counted since it was checked on Nov 23, 2026 – please talk with Cora Diaz")


def test_the_reviewer_hears_at_once_and_reads_whom_to_ask(clinic: Clinic) -> None:
    """The medical director by name; what the source shows is told by who recorded it."""
    holding(clinic)
    found(clinic, "Suspended")
    told = clinic.ruth.sees("Something about State license (NY) of Lee Chen", in_="dm")
    assert "seen at its source on Nov 23, 2026 and recorded by Cora Diaz, needs a review." in told
    assert "Please ask Cora Diaz what the source shows: it is restricted, so it isn't written here." in told
    assert "Whatever rests on it is not active as of now." in told
    says_nothing_of_it(told.replace("it is restricted, so", ""))
    assert "needs a review" not in clinic.ada.reads()


def test_where_nobody_can_review_it_the_admins_hear(clinic: Clinic) -> None:
    """Somebody has to name a reviewer."""
    holding(clinic)
    clinic.is_no_longer("ruth", "approver:medical_director")
    found(clinic, "Probation")
    told = clinic.ada.sees("Nobody is there to review it. Please name a medical director", in_="dm")
    assert "What was granted on it goes on; nothing new is granted on it." in told


def test_nothing_adverse_is_recorded_without_evidence(clinic: Clinic) -> None:
    """A type that asks for no reference asks for one then; what was typed stays in the form."""
    clinic.roster(*rows(CORE), {**row("csr"), "state": "NJ", "number": "CS-118042"})
    clinic.cora.types("/cred verify @lee")
    clinic.cora.fills({"Credential": "Controlled substance registration (NJ) – current, Dec 31, 2028"})
    clinic.cora.submits()
    clinic.cora.fills({"Number shown": "CS-118042", "Expiration shown": "2028-12-31"})
    clinic.cora.fills({"Status shown": "Active", "Public action shown": "Yes"})
    clinic.cora.submits()
    clinic.cora.sees("what you chose above is recorded only with its evidence")
    assert clinic.acts("not_active_found") == 0


def test_what_only_expired_at_its_source_is_administrative(clinic: Clinic) -> None:
    """No sanction: the provider reads what the source shows, and the privilege is inactive as by any lapse."""
    holding(clinic)
    found(clinic, "Expired")
    clinic.cora.sees(
        "Recorded: the source shows State license (NY) for Lee Chen as expired, so it isn't verified and doesn't "
        "count. Lee Chen will be told so."
    )
    clinic.lee.sees("The source showed State license (NY) as expired on Nov 23, 2026.", in_="dm")
    clinic.lee.sees("This is administrative, not a sanction", in_="dm")


def test_what_was_stopped_comes_back_by_a_decision(clinic: Clinic) -> None:
    """A license that shows as active again opens a request to the medical director; nothing returns by itself."""
    holding(clinic)
    found(clinic, "Suspended")
    clinic.lee.sees("is not active as of", in_="dm")
    clinic.cora.closes()
    found(clinic, "Active", now="not active")
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")
    clinic.ruth.sees("R-1002 · reinstatement · Lee Chen", in_=APPROVALS)
    clinic.lee.types("/cred privileges")
    clinic.lee.sees(f"{PRIVILEGE}: not active since Nov 23, 2026", in_="dm")


@pytest.mark.parametrize("status", ["Revoked", "Expired"])
def test_somebody_has_to_look_again(clinic: Clinic, status: str) -> None:
    """It stays in the owner's queue, in the same words whether it is grave or not."""
    holding(clinic)
    found(clinic, status)
    clinic.cora.sees("Recorded")
    clinic.cora.closes()
    clinic.cora.types("/cred queue")
    clinic.cora.sees(
        "Not counted since it was checked on Nov 23, 2026; ask Cora Diaz. Please check the source again by Dec 7, 2026."
    )
    says_nothing_of_it(clinic.cora.reads(TEAM))
