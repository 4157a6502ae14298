"""``/cred assign``: who answers for whom, by line and by form, and what goes along."""

from __future__ import annotations

import pytest

from tests.stories.conftest import PEOPLE, Clinic
from tests.stories.scenes import row


@pytest.fixture
def team(clinic: Clinic) -> Clinic:
    """Cora and, since today, Noah are coordinators."""
    clinic.is_also("noah", "coordinator")
    return clinic


def test_one_line_moves_several_people(team: Clinic) -> None:
    """Everybody mentioned before the last goes to the last; both owners read one message."""
    team.cora.types("/cred assign @lee @maya @noah")
    team.cora.sees("Noah Berg is now responsible for 2 people.")
    team.noah.sees("Cora Diaz made you responsible for Lee Chen and Maya Okafor.", in_="dm")
    team.ada.types("/cred assign Lee Chen, Maya Okafor to @cora")
    team.ada.sees("Cora Diaz is now responsible for 2 people.")
    team.noah.sees("Cora Diaz is now responsible for Lee Chen and Maya Okafor. Ada Novak changed this.", in_="dm")
    team.cora.sees("Ada Novak made you responsible for Lee Chen and Maya Okafor.", in_="dm")
    assert len(team.noah.messages("dm")) == 2


def test_one_line_names_a_backup(team: Clinic) -> None:
    """Who is asked where the owner does not act is named in the same line; nobody is their own backup."""
    team.cora.types("/cred assign @lee to @noah backup @ada")
    team.cora.sees("Noah Berg is now responsible for 1 person, with Ada Novak as backup.")
    team.cora.types("/cred status @lee")
    team.cora.sees("responsible: Noah Berg, backup Ada Novak")
    team.cora.types("/cred assign @lee @cora backup @cora")
    team.cora.sees("The backup has to be someone other than the responsible coordinator.")


def test_what_waits_goes_along(team: Clinic) -> None:
    """The task that Cora read is Noah's now: it says so to her, stands in his queue, and he is asked next."""
    team.roster(row("license", "2028-12-31", verified=""))
    team.on("2026-11-23", "11:05")
    team.cora.sees("Please verify it at the source", in_="dm")
    team.cora.types("/cred assign @lee @noah")
    team.noah.sees("1 thing is already waiting", in_="dm")
    team.cora.sees("This is with Noah Berg now. Nothing more for you to do.", in_="dm")
    assert team.cora.buttons(in_="dm") == []
    team.noah.types("/cred queue")
    team.noah.sees("Please verify it at the source")
    team.on("2026-11-26")
    assert "Verify" in team.noah.buttons(in_="dm")
    assert team.cora.reads("dm").count("Please verify it at the source") == 1


def test_a_call_for_help_moves_with_its_words(team: Clinic) -> None:
    """Noah gets the card with **Done**; on Cora's there is nothing left to press."""
    team.roster(row("license", "2026-12-24"))
    team.on("2026-11-23", "11:05")
    team.lee.clicks("I need help")
    team.lee.fills({"What do you need?": "Where is the portal?"})
    team.lee.submits()
    team.cora.sees("Where is the portal?", in_="dm")
    team.cora.types("/cred assign @lee @noah")
    team.noah.sees("Where is the portal?", in_="dm")
    team.cora.sees("This is with Noah Berg now.", in_="dm")
    assert team.cora.buttons(near="Where is the portal?", in_="dm") == []
    team.noah.clicks("Done", in_="dm")
    team.noah.sees("Good. Nothing more to do.", in_="dm")


def test_a_whole_list_by_form(team: Clinic) -> None:
    """Without words: whose list, then who answers for it, and who after them."""
    team.cora.types("/cred assign")
    team.cora.fills({"Everyone assigned to": "Cora Diaz"})
    team.cora.submits()
    team.cora.sees("Cora Diaz is responsible for 2 people: Lee Chen and Maya Okafor.")
    team.cora.fills({"Responsible coordinator": "Noah Berg", "Backup": "Cora Diaz"})
    team.cora.submits()
    team.cora.sees("Noah Berg is now responsible for 2 people, with Cora Diaz as backup.")
    team.cora.closes()
    team.cora.types("/cred status @lee")
    team.cora.sees("responsible: Noah Berg, backup Cora Diaz")


def test_a_coordinator_alone_stands_for_their_list(team: Clinic) -> None:
    """``/cred assign @cora`` opens her list; an owner who is their own backup comes back with everything chosen."""
    team.cora.types("/cred assign @cora")
    team.cora.fills({"Responsible coordinator": "Noah Berg", "Backup": "Noah Berg"})
    team.cora.submits()
    team.cora.sees("The backup has to be someone other than the responsible coordinator.")
    team.cora.fills({"Backup": "Cora Diaz"})
    team.cora.submits()
    team.cora.sees("Noah Berg is now responsible for 2 people")


def test_one_provider_alone_asks_for_the_owner(team: Clinic) -> None:
    """``/cred assign @lee`` opens the form for him."""
    team.cora.types("/cred assign @lee")
    team.cora.sees("For Lee Chen")
    team.cora.fills({"Responsible coordinator": "Noah Berg"})
    team.cora.submits()
    team.cora.sees("Noah Berg is now responsible for 1 person.")


def test_somebody_who_is_no_coordinator(clinic: Clinic) -> None:
    """Dana approves and keeps no files: said at once, and the form is one press away."""
    clinic.cora.types("/cred assign @lee @dana")
    clinic.cora.sees("Dana Whitfield isn't a coordinator")
    clinic.cora.clicks("Open the form")
    clinic.cora.sees("For Lee Chen")


def test_words_that_name_nobody(clinic: Clinic) -> None:
    """A name that is not on the roster is said back; nothing is assigned."""
    clinic.cora.types("/cred assign Leo Chan, Maya Okafor to @cora")
    clinic.cora.sees("I can't find a provider named “Leo Chan”.")
    assert clinic.acts("provider_assigned") == 0


@pytest.mark.parametrize("handle", ["lee", "dana", "noah"])
def test_others_cannot_assign(clinic: Clinic, handle: str) -> None:
    """Providers, approvers and other members read who may."""
    clinic.slack.as_(handle).types("/cred assign @lee @cora")
    clinic.slack.as_(handle).sees("Only coordinators can do this.")
    assert PEOPLE[handle]


def test_owner_and_backup_stand_in_the_record(team: Clinic) -> None:
    """The form of ``/cred provider`` shows both and changes both; the new owner hears of it."""
    team.cora.types("/cred provider @lee")
    team.cora.fills({"Responsible coordinator": "Noah Berg", "Backup": "Cora Diaz"})
    team.cora.submits()
    team.cora.sees("Lee Chen's profile was updated.")
    team.cora.closes()
    team.noah.sees("Cora Diaz made you responsible for Lee Chen.", in_="dm")
    team.cora.types("/cred status @lee")
    team.cora.sees("responsible: Noah Berg, backup Cora Diaz")
