"""What happens to a privilege when a criterion lapses, and how it comes back: administrative, never a sanction."""

from __future__ import annotations

from tests.stories.conftest import Clinic
from tests.stories.scenes import APPROVALS, CORE, approves, granted, rows, verifies

PRIVILEGE = "Psychiatry, core"


def lapsed(clinic: Clinic) -> None:
    """Lee's license ran out on November 24, and his privilege with it."""
    clinic.roster(*rows(CORE, license="2026-11-24"))
    granted(clinic)
    clinic.on("2026-11-25")
    clinic.lee.sees(f"{PRIVILEGE} has been inactive since Nov 25, 2026", in_="dm")


def renewed(clinic: Clinic) -> None:
    """Cora records what Lee brought, and verifies it at the board."""
    clinic.cora.types("/cred update @lee")
    clinic.cora.fills({"Credential": "State license (NY) – expired, Nov 24, 2026"})
    clinic.cora.submits()
    clinic.cora.fills({"Expires on": "2029-11-24"})
    clinic.cora.submits()
    clinic.cora.sees("Renewal recorded")
    clinic.cora.closes()
    clinic.cora.types("/cred verify @lee")
    clinic.cora.submits()
    verifies(clinic.cora, "245871", "2029-11-24")
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")
    clinic.cora.closes()


def test_the_last_day_is_a_good_day(clinic: Clinic) -> None:
    """A credential is good through the end of the day on which it expires."""
    clinic.roster(*rows(CORE, license="2026-11-24"))
    granted(clinic)
    clinic.on("2026-11-24", "23:30")
    clinic.lee.types("/cred privileges")
    clinic.lee.sees(f"{PRIVILEGE}: active", in_="dm")


def test_a_lapse_makes_inactive_and_says_why(clinic: Clinic) -> None:
    """Provider and coordinator read since when and because of what, and that it is no sanction."""
    lapsed(clinic)
    for told in (
        clinic.lee.sees("has been inactive since", in_="dm"),
        clinic.cora.sees("Lee Chen has been inactive since", in_="dm"),
    ):
        assert "because of State license" in told
        assert "This is administrative, not a sanction" in told


def test_nobody_is_ever_called_suspended(clinic: Clinic) -> None:
    """The word belongs to a recorded professional-review action: no message after a lapse has it."""
    lapsed(clinic)
    everything = clinic.lee.reads() + clinic.cora.reads() + clinic.ada.reads()
    assert "suspend" not in everything.lower()


def test_any_member_sees_active_or_not(clinic: Clinic) -> None:
    """Noah, of no role, sees that the privilege is not active, and not why."""
    lapsed(clinic)
    clinic.noah.types("/cred privileges @lee", in_="#general")
    told = clinic.noah.sees("not active", in_="#general")
    assert "license" not in told.lower()


def test_a_verified_renewal_in_time_brings_it_back(clinic: Clinic) -> None:
    """Within thirty days a verified renewal is enough: it is active again, and everybody hears."""
    lapsed(clinic)
    renewed(clinic)
    clinic.lee.sees(f"{PRIVILEGE} is active again, through Nov 22, 2028.", in_="dm")
    clinic.lee.types("/cred privileges")
    clinic.lee.sees(f"{PRIVILEGE}: active through Nov 22, 2028", in_="dm")


def test_a_renewal_that_nobody_verified_brings_nothing_back(clinic: Clinic) -> None:
    """Only what is verified counts: Lee's word alone leaves the privilege inactive."""
    lapsed(clinic)
    clinic.lee.clicks("Renewed", in_="dm")
    clinic.lee.fills({"Expires on": "2029-11-24"})
    clinic.lee.submits()
    clinic.lee.sees("Nothing more for you to do")
    clinic.lee.closes()
    clinic.lee.types("/cred privileges")
    clinic.lee.sees("inactive (administrative) since Nov 25, 2026", in_="dm")


def test_later_the_medical_director_brings_it_back(clinic: Clinic) -> None:
    """After thirty days the verified renewal opens a request of one step by itself; his approval makes it active."""
    lapsed(clinic)
    clinic.switched_off_until("2026-12-28")
    renewed(clinic)
    clinic.ruth.sees("R-1002 · reinstatement · Lee Chen", in_=APPROVALS)
    clinic.ruth.sees("Step 1 of 1: the medical director grants", in_=APPROVALS)
    clinic.lee.types("/cred privileges")
    clinic.lee.sees("inactive (administrative)", in_="dm")
    approves(clinic.ruth)
    clinic.lee.sees(f"{PRIVILEGE} is active again", in_="dm")
