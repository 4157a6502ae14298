"""What no file can hold: days near the ends of the calendar, letters that are none, ids beyond every row."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Clinic

WRONG = "Something went wrong"
UNSEEN = "Ja\u200cne\x00\x1b[31m \u202eDo\u2063e\u200b\u3164"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_end_of_the_calendar_is_said_in_every_form(clinic: Clinic, day: str) -> None:
    """The field says which days there are; the form keeps everything."""
    clinic.lee.types("/cred add bls 2026-12-15")
    clinic.lee.sees("Recorded: BLS")
    for person, words, field in (
        (clinic.lee, "update", "Expires on"),
        (clinic.cora, "leave @lee", "On leave from"),
        (clinic.cora, "provider @lee", "Hired on"),
    ):
        person.types(f"/cred {words}")
        person.fills({field: day})
        person.submits()
        person.sees(f"“{day}” is outside 1900 to 2199")
        person.closes()
    clinic.cora.never_sees(WRONG, for_=0.1)


@pytest.mark.parametrize("line", ["add @lee license NY A-123456", "status @lee on", "leave @lee", "end @lee", "away"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_end_of_the_calendar_is_said_in_every_line(clinic: Clinic, line: str, day: str) -> None:
    """The same words for every command that takes a day."""
    clinic.cora.types(f"/cred {line} {day}")
    clinic.cora.sees(f"“{day}” is outside 1900 to 2199")


def test_letters_that_nobody_sees_reach_no_table(clinic: Clinic) -> None:
    """A name of NUL, an escape for a terminal and a turned direction is kept as what can be read."""
    clinic.cora.types("/cred provider")
    clinic.cora.fills({"Name": UNSEEN, "Type": "Psychiatrist", "Department": UNSEEN})
    clinic.cora.submits()
    clinic.cora.sees("Jane[31m Doe was added.")
    clinic.cora.closes()
    for words in ("status", "eligible core", "statsu", "add", "leave"):
        clinic.cora.types(f"/cred {words} {UNSEEN}")
        if clinic.cora.modal:
            clinic.cora.closes()
    clinic.cora.never_sees(WRONG, for_=0.1)
