"""One member asks for more than anybody could mean: they are told once, and everybody else is answered meanwhile."""

from __future__ import annotations

import pytest

from bot.executor.rate_limit import A_MINUTE
from tests.stories.conftest import Clinic

TOO_MUCH = (
    "That's more than I can take from one person in a minute, so I did nothing with this one. "
    "Please wait a minute, then try again: what you send before that may get no answer."
)


@pytest.fixture
def a_minute() -> int:
    return A_MINUTE


def floods(clinic: Clinic) -> None:
    """Noah uses up all that one person may ask for."""
    for n in range(A_MINUTE + 30):
        clinic.noah.types(f"/cred help {n}")


def test_a_flood_of_direct_messages_is_told_once(clinic: Clinic) -> None:
    """Noah writes 330 messages; he reads once that it is too much, and nothing of his waits in line behind that."""
    for n in range(330):
        clinic.noah.types(f"hello {n}", in_="dm")
    clinic.noah.sees(TOO_MUCH, in_="dm")
    assert clinic.noah.reads("dm").count(TOO_MUCH) == 1


def test_others_are_answered_while_somebody_floods(clinic: Clinic) -> None:
    """Lee's question is in front of all that Noah sent before it."""
    for n in range(330):
        clinic.noah.types(f"hello {n}", in_="dm")
    clinic.lee.types("/cred status")
    clinic.lee.sees("Psychiatrist")


def test_a_flood_of_commands_is_told_once(clinic: Clinic) -> None:
    """The acknowledgement says it the first time, and nothing after."""
    floods(clinic)
    clinic.noah.sees(TOO_MUCH)
    assert clinic.noah.reads().count(TOO_MUCH) == 1


def test_what_was_typed_into_a_form_outlives_the_flood(clinic: Clinic) -> None:
    """Cora has used up her minute when she sends a form: it comes back with everything typed, however often."""
    clinic.cora.types("/cred add @lee")
    clinic.cora.fills({"Type": "BLS", "Expires on": "2027-01-15"})
    while clinic.bot.budget.take(clinic.cora.person.id).name == "ALLOWED":
        pass
    clinic.cora.submits()
    clinic.cora.sees(TOO_MUCH)
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Expires on"] == "2027-01-15"


def test_a_button_beyond_the_budget_says_so_once(clinic: Clinic) -> None:
    """Pressing on and on is told once, beside what already stands there."""
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("Psychiatrist")
    for _ in range(A_MINUTE - 2):
        clinic.bot.budget.take(clinic.cora.person.id)
    for _ in range(12):
        clinic.cora.clicks("Add a credential")
        if clinic.cora.modal:
            clinic.cora.closes()
    clinic.cora.sees(TOO_MUCH)
    assert clinic.cora.reads().count(TOO_MUCH) == 1
