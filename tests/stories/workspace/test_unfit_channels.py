"""An approvals channel that is not fit for requests: nothing is posted there, and somebody is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.stories.conftest import Clinic
from tests.stories.scenes import APPROVALS, rows

TROUBLES: dict[str, Callable[[Clinic], None]] = {
    "archived": lambda clinic: clinic.workspace.archive("privilege-requests"),
    "bot not in it": lambda clinic: clinic.workspace.kick("privilege-requests", "credbot"),
    "public": lambda clinic: setattr(clinic.workspace.conversations.named("privilege-requests"), "kind", "channel"),
    "shared": lambda clinic: clinic.workspace.share("privilege-requests"),
    "shared inside the organization": lambda clinic: clinic.workspace.share("privilege-requests", inside=True),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_nothing_goes_to_a_channel_that_is_not_fit(clinic: Clinic, trouble: str) -> None:
    """The request stands, its card waits, and an admin hears what to mend."""
    clinic.roster(*rows(("license", "malpractice")))
    TROUBLES[trouble](clinic)
    clinic.lee.types("/cred request")
    clinic.lee.fills({"Privileges": ["Psychotherapy, core"]})
    clinic.lee.submits()
    clinic.lee.sees("R-1001 requests Psychotherapy, core")
    said = clinic.ada.sees("A message (request) to #privilege-requests", in_="dm")
    assert "The channel is" in said or "I can't see the channel" in said
    clinic.dana.never_sees("R-1001", for_=0.2, in_=APPROVALS)
