"""What stories about requests and reminders have in common: rows of a file, a vote, a look at the source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from slack_sandbox.connection import payloads
from slack_sandbox.connection.sending import response_url, send
from slack_sandbox.person.actor import Actor

if TYPE_CHECKING:
    from tests.stories.conftest import Clinic

PROVIDERS = {"lee": ("Lee Chen", "psychiatrist"), "maya": ("Maya Okafor", "pmhnp")}
NUMBERS = {"license": "245871", "dea": "FC1234563", "malpractice": "MPL-204418", "board_certification": "51234"}
STATES = {"license": "NY", "dea": "NY"}
CORE = ("license", "dea", "malpractice", "residency")
ECT = ("license", "dea", "malpractice", "ect_training", "board_certification")
ENDLESS = ("residency", "ect_training", "mate")
CORRECTION = {
    "Correction": ["This corrects what was recorded; it isn't a renewal"],
    "Why is it corrected?": "A slip of the finger",
}
APPROVALS = "#privilege-requests"
TEAM = "#credentialing"
IVY = {"name": "Ivy Stone", "provider_type": "lcsw", "email": "ivy@elsewhere.example"}
IVYS_LICENSE = {**IVY, "credential": "license", "state": "NY", "number": "771", "verified_on": "2026-11-02"}
"""Of somebody who was never in Slack."""


def row(
    credential: str, expires: str = "2028-12-31", *, of: str = "lee", verified: str = "2026-11-02"
) -> dict[str, str]:
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


def verifies(who: Actor, number: str, expires: str) -> None:
    """Fills and sends the form of a look at the State's board."""
    shown = {"Number shown": number, "Expiration shown": expires, "Status shown": "Active", "Public action shown": "No"}
    who.fills({"Source": "State licensing board", "Method": "Website", "Reference": "https://board.example/1", **shown})
    who.submits()


def presses(clinic: Clinic, handle: str, action_id: str, value: str) -> None:
    """A press, in #general, on a button that is not for this person, or that another version of the bot made."""
    person, channel = clinic.workspace.person(handle), clinic.workspace.conversations.named("general").id
    press = payloads.message_action(
        clinic.workspace, person, channel, {"ts": "1.1"},
        {"type": "button", "action_id": action_id, "block_id": "b", "value": value},
        values={}, ephemeral=False, response_url=response_url(clinic.workspace, person.id, channel),
    )  # fmt: skip
    assert send(clinic.workspace, "interactive", press).notice is None


def requests(clinic: Clinic, privilege: str, reason: str = "") -> None:
    """Lee asks for a privilege, and has closed the form again."""
    clinic.lee.types("/cred request")
    clinic.lee.fills({"Privileges": [privilege], "Reason": reason})
    clinic.lee.submits()
    clinic.lee.sees("I'll let you know when it's decided.")
    clinic.lee.closes()


def approves(who: Actor) -> None:
    """Presses **Approve** on the newest card, and reads that it counted."""
    who.clicks("Approve", in_=APPROVALS)
    who.sees("was recorded. Thank you", in_=APPROVALS)


def denies(who: Actor, outcome: str, reason: str, criterion: str | None = None) -> None:
    """Presses **Deny** and says why in its form."""
    who.clicks("Deny", in_=APPROVALS)
    who.fills({"What should happen?": outcome, "Reason": reason})
    if criterion:
        who.fills({"Criterion": criterion})
    who.submits()


def granted(clinic: Clinic, privilege: str = "Psychiatry, core") -> None:
    """Lee has asked for a core privilege, and the chair has granted it."""
    requests(clinic, privilege)
    clinic.dana.sees("R-1001", in_=APPROVALS)
    approves(clinic.dana)
    clinic.lee.sees("Granted by the department chair", in_="dm")
