"""What stories about requests and reminders have in common: rows of a file, a vote, a look at the source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

PROVIDERS = {"lee": ("Lee Chen", "psychiatrist"), "maya": ("Maya Okafor", "pmhnp")}
NUMBERS = {"license": "245871", "dea": "FC1234563", "malpractice": "MPL-204418", "board_certification": "51234"}
STATES = {"license": "NY", "dea": "NY"}
CORE = ("license", "dea", "malpractice", "residency")
ECT = ("license", "dea", "malpractice", "ect_training", "board_certification")
ENDLESS = ("residency", "ect_training", "mate")
APPROVALS = "#privilege-requests"
TEAM = "#credentialing"


def row(credential: str, expires: str = "2028-12-31", *, of: str = "lee", verified: str = "2026-11-02") -> dict[str, str]:
    """A line of the roster; ``verified`` empty: reported, and nobody looked yet."""
    name, kind = PROVIDERS[of]
    return {
        "name": name,
        "provider_type": kind,
        "credential": credential,
        "state": STATES.get(credential, ""),
        "number": NUMBERS.get(credential, ""),
        "expires_on": "" if credential in ENDLESS else expires,
        "verified_on": verified,
    }


def rows(credentials: Iterable[str], **expires: str) -> list[dict[str, str]]:
    """Verified lines of Lee's roster, each to its own day where it is named."""
    return [row(credential, expires.get(credential, "2028-12-31")) for credential in credentials]

