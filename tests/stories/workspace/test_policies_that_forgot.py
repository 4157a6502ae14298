"""A policy file of the organization's own was renamed while somebody holds what it described."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.rules.workspace.policy_gaps import PolicyGapError
from bot.server import lifecycle
from bot.store.tables import CredentialRow, PrivilegeGrant, ProviderRow, RequestLine
from tests.stories.conftest import Clinic
from tests.stories.scenes import APPROVALS, CORE, granted, requests, row, rows


def renamed(clinic: Clinic, column: object, was: str, now: str) -> None:
    """The database keeps the key of the file that there was."""
    table = column.class_  # type: ignore[attr-defined]
    clinic.bot.transact(lambda session: session.execute(update(table).where(column == was).values({column.key: now})))  # type: ignore[attr-defined]


def test_a_credential_of_a_forgotten_type_goes_on_being_reminded_of(clinic: Clinic) -> None:
    """Its reminder goes out under its key in plain words, and everybody else's as ever."""
    clinic.roster(row("bls", "2026-12-31"), row("license", "2026-12-31", of="maya"))
    renamed(clinic, CredentialRow.type, "bls", "crisis_training")
    clinic.on("2026-12-01")

    assert "crisis training" in clinic.lee.sees("Expires in 30 days", in_="dm")
    clinic.maya.sees("State license: NP (NY)", in_="dm")


def test_a_status_shows_it_in_plain_words(clinic: Clinic) -> None:
    """With its date, so that an expiry is not hidden, and without a button that could not work."""
    clinic.roster(row("bls", "2026-11-30", verified=""))
    renamed(clinic, CredentialRow.type, "bls", "crisis_training")
    renamed(clinic, ProviderRow.type, "psychiatrist", "therapist")

    clinic.cora.types("/cred status @lee")
    shown = clinic.cora.sees("crisis training")
    assert "therapist" in shown
    clinic.cora.types("/cred expiring")
    clinic.cora.sees("crisis training")


def test_nothing_can_be_recorded_about_it(clinic: Clinic) -> None:
    """Whoever tries reads why, and who can mend it."""
    clinic.roster(row("bls", "2026-11-30", verified=""))
    renamed(clinic, CredentialRow.type, "bls", "crisis_training")

    for command in ("/cred update @lee", "/cred verify @lee"):
        clinic.cora.types(command)
        clinic.cora.sees(
            "The policies no longer say what a crisis training is, so nothing can be recorded about it. "
            "Please ask an admin: credbot doctor says what to put back."
        )


def test_a_request_for_a_forgotten_privilege_cannot_be_approved(clinic: Clinic) -> None:
    """Nobody knows what it requires; the request stays where it is."""
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.dana.sees("R-1001", in_=APPROVALS)
    renamed(clinic, RequestLine.privilege, "psychiatry_core", "old_core")

    clinic.dana.clicks("Approve", in_=APPROVALS)
    clinic.dana.sees(
        "The policies no longer say what old core requires, so it can't be approved. "
        "Please ask an admin: credbot doctor says what to put back.",
        in_=APPROVALS,
    )


def test_a_start_names_what_is_still_on_file(clinic: Clinic) -> None:
    """No process begins work with rules that do not describe its files."""
    clinic.roster(*rows(CORE))
    granted(clinic)
    renamed(clinic, PrivilegeGrant.privilege, "psychiatry_core", "old_core")

    with pytest.raises(PolicyGapError) as refused:
        lifecycle.start(clinic.bot, way=None, jobs=False, delivery=False)
    assert str(refused.value) == (
        "No policy describes the privilege old_core, and 1 file holds or asks for it. Put privileges/old_core.yaml "
        "back, in the folder of CREDBOT_POLICIES (docs/policies.md)."
    )
