"""A provider is away, leaves, or comes back: what stops, what ends, and who hears of it."""

from __future__ import annotations

from tests.stories.conftest import Clinic
from tests.stories.scenes import APPROVALS, CORE, granted, requests, row, rows, verifies

PRIVILEGE = "Psychiatry, core"


def ends(clinic: Clinic, day: str = "2026-11-23", investigation: str = "No", reason: str = "Resigned") -> None:
    """Cora records that Lee end employment as of that day."""
    clinic.cora.types(f"/cred end @lee {day}")
    clinic.cora.fills({"Why": reason, "Is an investigation open or likely?": investigation})
    clinic.cora.submits()


def returns(clinic: Clinic, how: str) -> None:
    """Cora records what became of it."""
    clinic.cora.types("/cred return @lee")
    clinic.cora.fills({"What happened?": how})
    clinic.cora.submits()


def test_a_leave_in_one_line(clinic: Clinic) -> None:
    """Person and dates are all it takes; the status shows it, and the date may be typed as people type dates."""
    clinic.cora.types("/cred leave @lee today to Jan 15, 2027")
    clinic.cora.sees("Lee Chen is on leave as of Nov 23, 2026, expected back on Jan 15, 2027.")
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("On leave since Nov 23, 2026, expected back on Jan 15, 2027")
    clinic.cora.types("/cred provider @lee")
    clinic.cora.sees("Lee Chen: On leave since Nov 23, 2026, expected back on Jan 15, 2027")
    assert clinic.acts("provider_on_leave") == 1


def test_a_leave_pauses_the_providers_own_reminders_only(clinic: Clinic) -> None:
    """Lee hears nothing while it lasts, and his coordinator of what is hers; afterwards he will be reminded again."""
    clinic.roster(row("license", "2026-12-23"), row("malpractice", "2026-12-23"))
    clinic.cora.types("/cred leave @lee 2026-11-23")
    clinic.cora.sees("own reminders pause now")
    clinic.on("2026-12-09")
    assert "State license" not in clinic.lee.reads("dm")
    clinic.cora.sees("Lee Chen · Malpractice", in_="dm")
    returns(clinic, "Back from leave, today")
    clinic.cora.sees("Lee Chen is back from leave. Reminders resume.")
    clinic.on("2026-12-09", "10:05")
    clinic.lee.sees("Expires in 14 days", in_="dm")


def test_a_leave_to_come_begins_by_itself(clinic: Clinic) -> None:
    """Until its first day reminders go on; the one that stands is then paused, and says so."""
    clinic.roster(row("license", "2026-12-23"))
    clinic.cora.types("/cred leave @lee from Dec 1, 2026")
    clinic.cora.sees("Lee Chen will be on leave starting Dec 1, 2026.")
    clinic.on("2026-11-23", "11:05")
    clinic.lee.sees("Expires in 30 days", in_="dm")
    clinic.on("2026-12-01")
    clinic.lee.sees("Paused while you are on leave.", in_="dm")
    assert clinic.lee.buttons(in_="dm") == []


def test_an_ambiguous_date_is_asked(clinic: Clinic) -> None:
    """3/4/2027 is one day here and another one there: the form opens with what was understood."""
    clinic.cora.types("/cred leave @lee 3/4/2027 2027-06-01")
    clinic.cora.sees("could be Mar 4, 2027 or Apr 3, 2027")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Expected back on"] == "2027-06-01"
    clinic.cora.fills({"On leave from": "2027-03-04"})
    clinic.cora.submits()
    clinic.cora.sees("Lee Chen will be on leave starting Mar 4, 2027, expected back on Jun 1, 2027.")


def test_dates_the_wrong_way_round_come_back(clinic: Clinic) -> None:
    """Nothing is kept, and nothing typed is lost."""
    clinic.cora.types("/cred leave @lee 2027-03-04 2027-03-01")
    clinic.cora.sees("This has to come after the first day of the leave, Mar 4, 2027.")
    clinic.cora.clicks("Open the form")
    clinic.cora.sees("On leave from")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["On leave from"] == "2027-03-04"
    clinic.cora.submits()
    clinic.cora.sees("This has to come after the first day of the leave")
    clinic.cora.fills({"Expected back on": "2027-04-01"})
    clinic.cora.submits()
    clinic.cora.sees("Lee Chen will be on leave starting Mar 4, 2027, expected back on Apr 1, 2027.")


def test_on_the_day_of_return_the_owner_is_asked(clinic: Clinic) -> None:
    """Expected back is no return: **Back** or **Still on leave** says what it is."""
    clinic.cora.types("/cred leave @lee 2026-11-23 2026-12-01")
    clinic.cora.sees("is on leave as of")
    clinic.on("2026-12-01")
    told = clinic.cora.sees("On leave, expected back today, Dec 1, 2026. Is Lee Chen back?", in_="dm")
    assert "[Back] [Still on leave]" in told
    clinic.cora.clicks("Still on leave", in_="dm")
    clinic.cora.fills({"Expected back on": "2027-01-15"})
    clinic.cora.submits()
    clinic.cora.sees("expected back on Jan 15, 2027")
    clinic.cora.sees("On leave, says Cora Diaz.", in_="dm")


def test_back_on_the_card_ends_the_leave(clinic: Clinic) -> None:
    """One form, with the way back chosen already."""
    clinic.cora.types("/cred leave @lee 2026-11-23 2026-12-01")
    clinic.cora.sees("is on leave as of")
    clinic.on("2026-12-01")
    clinic.cora.clicks("Back", in_="dm")
    clinic.cora.sees("Back from leave, today")
    clinic.cora.submits()
    clinic.cora.sees("Lee Chen is back from leave. Reminders resume.")
    clinic.cora.sees("Back, says Cora Diaz.", in_="dm")


def test_a_license_is_verified_anew_after_a_leave(clinic: Clinic) -> None:
    """On file only until somebody looked at the board: the privilege waits for it, and comes back with it."""
    clinic.roster(*rows(CORE))
    granted(clinic)
    clinic.cora.types("/cred leave @lee 2026-11-23")
    clinic.cora.sees("is on leave as of")
    clinic.on("2026-12-01")
    returns(clinic, "Back from leave, today")
    clinic.cora.sees("To be verified again before it counts: State license (NY).")
    clinic.cora.closes()
    clinic.lee.sees(f"{PRIVILEGE} has been inactive since Dec 1, 2026, because of State license", in_="dm")
    clinic.on("2026-12-01", "10:05")
    clinic.cora.sees("Last verified before the time away", in_="dm")
    clinic.cora.clicks("Verify", near="Last verified before the time away")
    verifies(clinic.cora, "245871", "2028-12-31")
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")
    clinic.lee.sees(f"{PRIVILEGE} is active again", in_="dm")


def test_a_leave_recorded_by_mistake_leaves_no_trace_but_the_record(clinic: Clinic) -> None:
    """Nothing has to be verified anew; the chain keeps both."""
    clinic.roster(*rows(CORE))
    granted(clinic)
    clinic.cora.types("/cred leave @lee 2026-11-20")
    clinic.cora.sees("is on leave as of Nov 20, 2026")
    returns(clinic, "It was recorded by mistake")
    clinic.cora.sees("Undone. Lee Chen: Active.")
    clinic.lee.types("/cred privileges")
    clinic.lee.sees(f"{PRIVILEGE}: active", in_="dm")
    assert (clinic.acts("provider_on_leave"), clinic.acts("provider_returned")) == (1, 1)


def test_an_end_always_asks_why_as_a_class(clinic: Clinic) -> None:
    """Five classes, never free text; and whether an investigation is open or likely."""
    clinic.cora.types("/cred end @lee 2026-11-23")
    assert clinic.cora.options("Why") == ["Resigned", "Retired", "Contract ended", "Deceased", "Other"]
    clinic.cora.submits(may_fail=True)
    assert clinic.acts("provider_ended") == 0


def test_an_end_stops_reminders_and_ends_privileges(clinic: Clinic) -> None:
    """Ended, not inactive: who may see the file reads why, and no reminder has a button any more."""
    clinic.roster(*rows(CORE, license="2026-12-23"))
    granted(clinic)
    clinic.on("2026-11-23", "11:05")
    clinic.lee.sees("Expires in 30 days", in_="dm")
    ends(clinic)
    clinic.cora.sees("Lee Chen's employment ended as of Nov 23, 2026: no more reminders and no more privileges.")
    clinic.cora.closes()
    clinic.cora.types("/cred privileges @lee")
    clinic.cora.sees(f"{PRIVILEGE}: ended on Nov 23, 2026 (resigned)")
    clinic.noah.types("/cred privileges @lee")
    told = clinic.noah.sees(f"{PRIVILEGE}: not active")
    assert "resigned" not in told
    clinic.lee.sees("Employment ended. Nothing more to do.", in_="dm")
    assert clinic.lee.buttons(in_="dm", near="Expires in") == []
    clinic.cora.types("/cred expiring")
    clinic.cora.sees("Nothing expires in that time.")


def test_an_end_leaves_the_owner_what_is_to_be_done(clinic: Clinic) -> None:
    """Payers, agreements, tail cover: each a task with **Done**."""
    ends(clinic)
    clinic.cora.sees("'s employment ended as of")
    clinic.cora.closes()
    clinic.on("2026-11-24")
    told = clinic.cora.reads("dm")
    for words in ("tell the payers to terminate", "collaboration and supervision agreements", "tail coverage"):
        assert words in told
    clinic.cora.clicks("Done", near="tail coverage")
    clinic.cora.sees("Done, says Cora Diaz.", in_="dm")


def test_an_end_withdraws_open_requests(clinic: Clinic) -> None:
    """Said in the request's thread and to the requester."""
    clinic.roster(*rows(CORE))
    requests(clinic, PRIVILEGE)
    clinic.cora.types("/cred end @lee 2026-11-23")
    clinic.cora.sees("R-1001 is withdrawn")
    clinic.cora.fills({"Why": "Resigned", "Is an investigation open or likely?": "No"})
    clinic.cora.submits()
    clinic.cora.sees("Withdrawn: R-1001.")
    clinic.delivered()
    assert "ithdrawn" in clinic.dana.reads(APPROVALS)
    assert "ithdrawn" in clinic.lee.reads("dm")
    assert clinic.dana.buttons(in_=APPROVALS) == ["Details"] or "Approve" not in clinic.dana.buttons(in_=APPROVALS)


def test_an_investigation_holds_the_withdrawal_for_the_medical_director(clinic: Clinic) -> None:
    """Yes or not sure: nothing is withdrawn by one click, nothing is granted, and no channel hears why."""
    clinic.roster(*rows(CORE))
    requests(clinic, PRIVILEGE)
    ends(clinic, investigation="Not sure")
    clinic.cora.sees("R-1001 is waiting for the medical director.")
    clinic.cora.closes()
    clinic.dana.clicks("Approve", in_=APPROVALS)
    clinic.dana.sees("This provider's employment ended on Nov 23, 2026.", in_=APPROVALS)
    clinic.on("2026-11-24")
    clinic.ruth.sees("an investigation is open or likely. R-1001 is not withdrawn yet", in_="dm")
    assert "investigation" not in clinic.dana.reads(APPROVALS) + clinic.cora.reads("#credentialing")
    assert "investigation is open" not in clinic.cora.reads("dm")
    clinic.ruth.clicks("Withdraw now", in_="dm")
    clinic.ruth.sees("Withdrawn: R-1001.", in_="dm")
    clinic.delivered()
    assert "Approve" not in clinic.dana.buttons(in_=APPROVALS)


def test_a_withdrawal_that_nobody_can_decide_is_heard_of(clinic: Clinic) -> None:
    """Nobody is medical director: the admin hears at once how to mend it, and the owner has nothing to press."""
    clinic.is_no_longer("ruth", "approver:medical_director")
    clinic.roster(*rows(CORE))
    requests(clinic, PRIVILEGE)
    ends(clinic, investigation="Yes")
    clinic.ada.sees("1 request is waiting for the medical director, but nobody holds that role.", in_="dm")
    clinic.on("2026-11-24")
    told = clinic.cora.sees("Only the medical director can answer this, and nobody here has that role", in_="dm")
    assert "Withdraw now" not in told
    clinic.is_also("noah", "approver:medical_director")
    clinic.noah.types("/cred queue")
    clinic.noah.sees("an investigation is open or likely. R-1001 is not withdrawn yet")
    clinic.noah.clicks("Withdraw now")
    clinic.noah.sees("Withdrawn: R-1001.")


def test_an_end_to_come_takes_effect_on_its_day(clinic: Clinic) -> None:
    """Until then everything goes on; then the request is withdrawn and the tasks open, by themselves."""
    clinic.roster(*rows(CORE))
    requests(clinic, PRIVILEGE)
    ends(clinic, "2026-12-01")
    clinic.cora.sees("Lee Chen's employment ends on Dec 1, 2026.")
    clinic.cora.closes()
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("Ends on Dec 1, 2026 (resigned)")
    assert "Approve" in clinic.dana.buttons(in_=APPROVALS)
    clinic.on("2026-12-01")
    clinic.cora.sees("tail coverage", in_="dm")
    assert "Approve" not in clinic.dana.buttons(in_=APPROVALS)
    assert clinic.acts("end_carried_out") == 1


def test_an_end_to_come_can_be_taken_back(clinic: Clinic) -> None:
    """`/cred return` before its day: it never happens."""
    ends(clinic, "2026-12-01")
    clinic.cora.sees("employment ends on Dec 1, 2026")
    clinic.cora.closes()
    returns(clinic, "It's not happening after all")
    clinic.cora.sees("Undone. Lee Chen: Active.")
    clinic.on("2026-12-02")
    assert "tail coverage" not in clinic.cora.reads("dm")


def test_rehired_starts_anew(clinic: Clinic) -> None:
    """Privileges do not come back by themselves: what to ask for and to verify anew is said."""
    clinic.roster(*rows(CORE))
    granted(clinic)
    ends(clinic)
    clinic.cora.sees("'s employment ended as of")
    clinic.cora.closes()
    clinic.on("2026-11-30")
    returns(clinic, "Rehired, from today")
    told = clinic.cora.sees("Lee Chen is rehired. Reminders resume.")
    assert "To be verified again before it counts: State license (NY)." in told
    assert f"To be requested again: {PRIVILEGE}." in told
    clinic.lee.types("/cred privileges")
    clinic.lee.sees(f"{PRIVILEGE}: ended on Nov 23, 2026", in_="dm")


def test_an_end_by_mistake_is_undone(clinic: Clinic) -> None:
    """The privilege never ended, and the tasks are nobody's any more."""
    clinic.roster(*rows(CORE))
    granted(clinic)
    ends(clinic)
    clinic.cora.sees("'s employment ended as of")
    clinic.cora.closes()
    clinic.on("2026-11-24")
    clinic.cora.sees("tail coverage", in_="dm")
    returns(clinic, "It was recorded by mistake")
    clinic.cora.sees("Undone. Lee Chen: Active.")
    clinic.cora.sees("Undone by Cora Diaz. Nothing more to do.", in_="dm")
    clinic.lee.types("/cred privileges")
    clinic.lee.sees(f"{PRIVILEGE}: active", in_="dm")


def test_whom_the_person_supervised_gets_another_supervisor(clinic: Clinic) -> None:
    """The owner of each hears of it the same day."""
    clinic.roster({"name": "Maya Okafor", "provider_type": "pmhnp", "supervisor": clinic.workspace.person("lee").id})
    ends(clinic)
    clinic.cora.sees("Maya Okafor no longer has this supervisor.")
    clinic.cora.closes()
    clinic.on("2026-11-23", "12:05")
    clinic.cora.sees("please arrange another supervisor for Maya Okafor", in_="dm")


def test_only_coordinators_change_a_status(clinic: Clinic) -> None:
    """Lee may not end anybody, himself included; the attempt is on record."""
    for words in ("leave @lee 2026-12-01", "end @maya 2026-12-01", "return @lee"):
        clinic.lee.types(f"/cred {words}")
    clinic.lee.sees("Only coordinators can do this.")
    clinic.eventually(lambda: clinic.acts("refused", "coordinators_only") == 3)


def test_somebody_who_ended_asks_for_nothing(clinic: Clinic) -> None:
    """A request after the end is refused, with the way back."""
    clinic.roster(*rows(CORE))
    ends(clinic)
    clinic.cora.sees("'s employment ended as of")
    clinic.cora.closes()
    clinic.cora.types("/cred request @lee")
    clinic.cora.fills({"Privileges": [PRIVILEGE]})
    clinic.cora.submits()
    clinic.cora.sees("This provider's employment ended on Nov 23, 2026.")


def test_who_is_neither_away_nor_gone_cannot_return(clinic: Clinic) -> None:
    """Said, and nothing is recorded."""
    clinic.cora.types("/cred return Lee Chen")
    clinic.cora.sees("This provider isn't on leave, their employment hasn't ended")


def test_without_a_name_the_form_asks_whose(clinic: Clinic) -> None:
    """`/cred leave 2026-12-01` keeps the date, and lets a coordinator choose."""
    clinic.cora.types("/cred leave 2026-12-01")
    clinic.cora.fills({"Provider": "Maya Okafor"})
    clinic.cora.submits()
    clinic.cora.sees("Maya Okafor will be on leave starting Dec 1, 2026.")
