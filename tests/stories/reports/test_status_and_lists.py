"""Looking: a file at one glance, what expires, what waits, and who may see how much."""

from __future__ import annotations

import pytest

from bot.changes.people.roles import grant_role, parse_role
from bot.handlers.dispatch.identity import identified
from bot.rules.people.models import CLI, HeldRole
from tests.stories.conftest import Clinic
from tests.stories.scenes import APPROVALS, rows

LICENSE = {
    "name": "Lee Chen",
    "provider_type": "psychiatrist",
    "credential": "license",
    "state": "NY",
    "number": "A-123456",
    "expires_on": "2026-12-16",
    "verified_on": "2026-11-02",
}

BLS = {"name": "Lee Chen", "provider_type": "psychiatrist", "credential": "bls", "expires_on": "2026-11-20"}


def grant(clinic: Clinic, handle: str, role: str) -> None:
    person, held = identified(clinic.bot, clinic.workspace.person(handle).id), parse_role(role)
    assert person is not None
    assert isinstance(held, HeldRole)
    clinic.bot.transact(lambda session: grant_role(session, clinic.bot.context(), CLI, person.id, held))


def test_a_status_says_standing_date_and_next_step_at_one_glance(clinic: Clinic) -> None:
    """Standing and date in words, and the next thing to do as a button beside it."""
    clinic.roster(LICENSE)
    clinic.lee.types("/cred status")
    clinic.lee.sees("Due for renewal – expires in 23 days, Dec 16, 2026")
    clinic.lee.clicks("Report renewal")
    clinic.lee.fills({"Expires on": "2028-12-16"})
    clinic.lee.submits()
    clinic.lee.sees("Thanks. Nothing more for you to do.")


def test_a_renewal_stands_beside_the_old_term_until_it_is_verified(clinic: Clinic) -> None:
    """The old term still counts; what was reported is shown with it, to verify."""
    clinic.roster(LICENSE)
    clinic.lee.types("/cred update")
    clinic.lee.fills({"Expires on": "2028-12-16"})
    clinic.lee.submits()
    clinic.lee.sees("Renewal recorded")
    clinic.cora.types("/cred status @lee")
    said = clinic.cora.sees("expires in 23 days, Dec 16, 2026")
    assert "Renewal reported through Dec 16, 2028, to verify" in said
    clinic.cora.clicks("Verify", near="State license")
    clinic.cora.sees("Verify at the source")


def test_a_status_on_another_day_is_of_that_day(clinic: Clinic) -> None:
    """What is current today is expired on a later day."""
    clinic.roster(LICENSE)
    clinic.cora.types("/cred status @lee on Jan 1, 2027")
    said = clinic.cora.sees("Expired 16 days ago, Dec 16, 2026")
    assert "As of Jan 1, 2027" in said


def test_a_number_in_a_status_is_for_those_who_may_see_the_file(clinic: Clinic) -> None:
    """A supervisor reads types, dates and standing of their own people, and no numbers."""
    clinic.roster({**LICENSE, "number": "S-424242"})
    grant(clinic, "noah", "supervisor")
    clinic.noah.types("/cred status @lee")
    clinic.noah.sees("You can see and change only your own file.")
    clinic.roster(
        {"name": "Lee Chen", "provider_type": "psychiatrist", "supervisor": clinic.workspace.person("noah").id}
    )
    clinic.noah.types("/cred status @lee")
    clinic.noah.sees("Due for renewal – expires in 23 days, Dec 16, 2026")
    assert "S-424242" not in clinic.noah.reads()
    assert clinic.noah.buttons() == []


def test_the_medical_director_opens_any_file(clinic: Clinic) -> None:
    """Numbers and all, and nothing to press; an approver of no body in particular is not the medical director."""
    clinic.roster(LICENSE)
    clinic.ruth.types("/cred status @lee")
    clinic.ruth.sees("State license (NY) · A-123456")
    assert clinic.ruth.buttons() == []
    for other in ("omar", "noah"):
        clinic.is_also(other, "approver")
        clinic.slack.as_(other).types("/cred status @lee")
        clinic.slack.as_(other).sees("You can see and change only your own file.")


def test_an_auditor_reads_and_changes_nothing(clinic: Clinic) -> None:
    """Every file and list is open to them, and no button."""
    clinic.roster(LICENSE)
    grant(clinic, "noah", "auditor")
    clinic.noah.types("/cred status @lee")
    clinic.noah.sees("State license (NY) · A-123456")
    clinic.noah.types("/cred expiring")
    clinic.noah.sees("Lee Chen · State license (NY) · expires in 23 days")
    assert clinic.noah.buttons() == []
    clinic.noah.types("/cred add @lee bls 2027-01-15")
    clinic.noah.sees("You can see and change only your own file.")


def test_a_member_sees_whether_a_privilege_is_active_and_not_why(clinic: Clinic) -> None:
    """Any full member may ask who may do what; the reasons belong to the file."""
    clinic.noah.types("/cred privileges @lee")
    said = clinic.noah.sees("Privileges for Lee Chen")
    assert "No privileges are recorded here." in said


def test_a_lapse_is_shown_to_all_and_its_reason_to_few(clinic: Clinic) -> None:
    """A member reads *not active*; since when and because of what, only those who may see the file."""
    clinic.roster(*rows(("license", "malpractice"), malpractice="2026-11-30"))
    clinic.lee.types("/cred request")
    clinic.lee.fills({"Privileges": ["Psychotherapy, core"]})
    clinic.lee.submits()
    clinic.dana.clicks("Approve", in_=APPROVALS)
    clinic.dana.sees("Granted by the department chair", in_=APPROVALS)
    clinic.on("2026-12-01")
    clinic.noah.types("/cred privileges @lee")
    assert clinic.noah.sees("not active").splitlines()[-1] == "• Psychotherapy, core: not active"
    clinic.lee.types("/cred privileges")
    clinic.lee.sees("inactive (administrative) since Dec 1, 2026, because of Malpractice insurance")


@pytest.mark.parametrize(
    "words", ["30d license NY", "license NY 30d", "NY 30 license", "ny STATE LICENSE 30D", "30d state license"]
)
def test_expiring_takes_its_filters_in_any_order(clinic: Clinic, words: str) -> None:
    """Days, type and state are told apart by what they are."""
    clinic.roster(LICENSE, {**LICENSE, "state": "NJ", "expires_on": "2027-12-16"}, BLS)
    clinic.cora.types(f"/cred expiring {words}")
    said = clinic.cora.sees("Expiring within 30 days")
    assert "Lee Chen · State license (NY) · expires in 23 days, Dec 16, 2026" in said
    assert "BLS" not in said
    assert "NJ" not in said


def test_expiring_without_words_is_sixty_days_of_everything(clinic: Clinic) -> None:
    """What expired already stands first."""
    clinic.roster(LICENSE, BLS)
    clinic.cora.types("/cred expiring")
    said = clinic.cora.sees("Expiring within 60 days")
    assert said.index("BLS · expired 3 days ago, Nov 20, 2026") < said.index("State license (NY)")


def test_help_lists_exactly_what_can_be_typed(clinic: Clinic) -> None:
    """Every subcommand with an example, none that does not exist yet."""
    clinic.noah.types("/cred help")
    said = clinic.noah.sees("What you can ask me")
    listed = ("status", "add", "update", "verify", "expiring", "request", "privileges", "eligible", "queue", "provider")
    assert all(f"/cred {word}" in said for word in listed)
    assert "/cred enroll" not in said


def test_a_queue_holds_what_waits_for_its_reader(clinic: Clinic) -> None:
    """The same buttons as in the reminders; nothing of anybody else's."""
    clinic.lee.types("/cred add bls 2027-01-15")
    clinic.lee.sees("Recorded: BLS")
    clinic.cora.types("/cred queue")
    clinic.cora.sees("Lee Chen · BLS")
    assert {"Verify", "Back to the provider"} <= set(clinic.cora.buttons())
    clinic.maya.types("/cred queue")
    clinic.maya.sees("Nothing waits for you. Enjoy the day.")


def test_eligibility_names_each_criterion_with_why(clinic: Clinic) -> None:
    """Met, missing or expiring, with its date."""
    clinic.roster(LICENSE)
    clinic.lee.types("/cred eligible psychotherapy_core")
    said = clinic.lee.sees("Lee Chen is not eligible yet.")
    assert "State license" in said
    assert "Dec 16, 2026" in said
    assert "Malpractice insurance: missing" in said


def test_an_unknown_privilege_is_asked(clinic: Clinic) -> None:
    """The closest one is named; where none is near, or nothing was typed, all are."""
    clinic.lee.types("/cred eligible bupre")
    clinic.lee.sees("I can't find a privilege named “bupre”. Did you mean “Buprenorphine”?")
    for words in ("eligible", "eligible @lee"):
        clinic.lee.types(f"/cred {words}")
        clinic.lee.sees("Which privilege? The privileges are Buprenorphine, Electroconvulsive therapy (ECT),")
