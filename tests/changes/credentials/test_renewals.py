"""Renewing: a later expiry is a new term, anything else corrects the newest one; filings wait for their issuer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.changes.credentials.discrepancies import SentBack, back_to_provider
from bot.changes.credentials.filing_receipts import confirm_filing
from bot.changes.credentials.filings import Submitted, report_filing
from bot.changes.credentials.recording import Recorded, RecordOutcome
from bot.changes.credentials.renewals import renew_term
from bot.changes.credentials.verification import verify_term
from bot.rules.context import Context
from bot.rules.credentials.models import SentBackFor, SourceStanding, Standing
from bot.rules.credentials.standing import judge_file
from bot.rules.refusals import Invalid, Refused
from bot.store import tables
from bot.store.credentials import files
from bot.store.engine import Database
from tests.support.credentials import LATER, SOON, TODAY, Office, open_office, seen


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def renewed(office: Office, credential_id: int, **said: Any) -> Recorded | Refused | Invalid:
    why = {"why": "a slip"} if said.get("correction") else {}
    facts = {"number": None, "issued_on": None, "expires_on": LATER, **why, **said}
    return office.does(renew_term, credential_id, by=office.lee, **facts)


def open_kinds(office: Office) -> list[str]:
    return sorted(row.kind for row in office.rows(tables.Deadline) if row.closed_at is None)


def test_a_later_expiry_is_a_new_term_and_the_old_one_stays(office: Office) -> None:
    """The renewal waits to be verified beside the term that still counts; the number is kept."""
    old = office.license(verified=True)

    done = renewed(office, old.credential_id)

    assert isinstance(done, Recorded)
    assert done.change is RecordOutcome.RENEWED
    terms = office.credential(old.credential_id).terms
    assert [(t.number, t.expires_on, t.verified) for t in terms] == [("A-100", SOON, True), ("A-100", LATER, False)]
    assert open_kinds(office) == ["verify"]


def test_a_correction_to_a_day_that_has_passed_is_pointed_out(office: Office) -> None:
    """An earlier expiry than the one on file is kept, since it is said to be right, and warned of."""
    old = office.license()

    done = renewed(office, old.credential_id, expires_on=date(2026, 11, 1), correction=True)

    assert isinstance(done, Recorded)
    assert (done.change, done.warnings) == (RecordOutcome.CORRECTED, ("expired",))


def test_the_same_words_again_change_nothing(office: Office) -> None:
    """A second press of the same form finds the renewal there."""
    old = office.license(verified=True)
    renewed(office, old.credential_id)

    again = renewed(office, old.credential_id)

    assert isinstance(again, Recorded)
    assert again.change is RecordOutcome.SAME
    assert len(office.rows(tables.CredentialTerm)) == 2


def test_the_date_on_file_is_no_renewal(office: Office) -> None:
    """On the day a license expires, its own date again answers nothing: which date is new is asked."""
    old = office.license(verified=True)

    for said in ({}, {"number": "A-101"}, {"issued_on": date(2026, 11, 1)}):
        asked = renewed(office, old.credential_id, expires_on=SOON, **said)
        assert isinstance(asked, Invalid)
        assert (asked.field, asked.code, asked.facts) == ("expires_on", "which_date_is_new", {"present": SOON})
    assert len(office.rows(tables.CredentialTerm)) == 1


def test_a_correction_says_why_and_what_was_there_before(office: Office) -> None:
    """Without a reason nothing is written; with one, the audit event keeps both numbers and the reason."""
    old = office.license()

    asked = renewed(office, old.credential_id, number="A-101", expires_on=SOON, correction=True, why=None)
    renewed(office, old.credential_id, number="A-101", expires_on=SOON, correction=True, why="misread the 0")

    assert isinstance(asked, Invalid)
    assert (asked.field, asked.code) == ("correction_why", "correction_why_missing")
    [event] = [row for row in office.rows(tables.AuditEvent) if row.act == "term_corrected"]
    assert (event.before["number"], event.after["number"], event.reason) == ("A-100", "A-101", "misread the 0")


def test_another_number_for_the_same_expiry_corrects_and_asks_for_a_new_look(office: Office) -> None:
    """The old fact stays on record as no longer believed, and its verification does not pass to the new number."""
    old = office.license(verified=True)

    done = renewed(office, old.credential_id, number="A-101", expires_on=SOON, correction=True)

    assert isinstance(done, Recorded)
    assert done.change is RecordOutcome.CORRECTED
    [term] = office.credential(old.credential_id).terms
    assert (term.number, term.verification) == ("A-101", None)
    kept, now = office.rows(tables.CredentialTerm)
    assert (kept.superseded_at is None, kept.ended_as, kept.superseded_by) == (False, "corrected", office.lee.id)
    assert (now.superseded_at, now.ended_as, now.superseded_by) == (None, None, None)


def test_a_corrected_issue_date_keeps_what_was_verified(office: Office) -> None:
    """The look at the source was about number and expiry, and both stay."""
    old = office.license(verified=True)

    renewed(office, old.credential_id, issued_on=date(2024, 1, 1), expires_on=SOON, correction=True)

    [term] = office.credential(old.credential_id).terms
    assert (term.issued_on, term.verified) == (date(2024, 1, 1), True)


def test_a_correction_keeps_the_issue_date_that_the_form_did_not_show(office: Office) -> None:
    """The form begins with an empty issue date: left empty, it takes nothing away; of a renewal it is not known."""
    old = office.license(verified=True)
    renewed(office, old.credential_id, issued_on=date(2024, 1, 1), expires_on=SOON, correction=True)

    renewed(office, old.credential_id, number="A-101", expires_on=SOON, correction=True)
    [corrected] = office.credential(old.credential_id).terms
    renewed(office, old.credential_id, expires_on=LATER)
    renewal = office.credential(old.credential_id).terms[-1]

    assert (corrected.number, corrected.issued_on) == ("A-101", date(2024, 1, 1))
    assert (renewal.expires_on, renewal.issued_on) == (LATER, None)


def test_an_earlier_expiry_is_asked_before_it_corrects(office: Office) -> None:
    """It may be a slip; said to be a correction, it is taken."""
    old = office.license(LATER)

    asked = renewed(office, old.credential_id, expires_on=SOON)
    taken = renewed(office, old.credential_id, expires_on=SOON, correction=True)

    assert isinstance(asked, Invalid)
    assert (asked.field, asked.code, asked.facts["present"]) == ("expires_on", "earlier_than_present", LATER)
    assert isinstance(taken, Recorded)
    assert [t.expires_on for t in office.credential(old.credential_id).terms] == [SOON]


def test_a_form_opened_before_somebody_else_changed_the_record_is_refused(office: Office) -> None:
    """Whoever comes second learns what is there now; nothing of theirs is written over it."""
    old = office.license()
    renewed(office, old.credential_id, expected_term_id=old.term_id)

    late = renewed(office, old.credential_id, expires_on=date(2029, 1, 1), expected_term_id=old.term_id)

    assert isinstance(late, Refused)
    assert (late.code, late.facts["expires_on"], late.facts["recorded_by"]) == ("record_changed", LATER, "Lee")


def test_a_dea_renewal_cannot_be_reported_before_it_opens(office: Office) -> None:
    """DEA renewal opens sixty days before the expiry."""
    held = office.holds("dea", "FC4817269", date(2027, 6, 30), state="NY")

    early = renewed(office, held.credential_id, expires_on=date(2030, 1, 31))

    assert isinstance(early, Invalid)
    assert (early.code, early.facts["opens_on"]) == ("not_open_yet", date(2027, 5, 1))


def test_a_filing_ends_the_providers_part_and_starts_the_issuer_check(office: Office) -> None:
    """Submitted, waiting: no more reminders to the provider, a weekly question to the owner."""
    held = office.license(verified=True)
    assert open_kinds(office) == ["expiry"]

    done = office.does(report_filing, held.credential_id, by=office.lee, filed_on=TODAY, receipt=" R-7 ")

    assert isinstance(done, Submitted)
    filing = office.credential(held.credential_id).filing
    assert filing
    assert (filing.filed_on, filing.receipt) == (TODAY, "R-7")
    assert open_kinds(office) == ["filed", "issuer"]


def test_a_filing_in_the_future_is_refused(office: Office) -> None:
    """Nobody filed tomorrow."""
    held = office.license()

    problem = office.does(report_filing, held.credential_id, by=office.lee, filed_on=SOON)

    assert isinstance(problem, Invalid)
    assert (problem.field, problem.code) == ("filed_on", "filed_in_future")


def test_a_filing_said_again_with_another_date_corrects_it(office: Office) -> None:
    """One filing is believed at a time; the same words twice write one."""
    held = office.license()
    for day in (date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 21)):
        office.does(report_filing, held.credential_id, by=office.lee, filed_on=day)

    rows = office.rows(tables.RenewalFilingRow)
    assert [(row.filed_on.day, row.superseded_at is None) for row in rows] == [(20, False), (21, True)]


def test_a_filing_counts_until_the_renewal_is_verified(office: Office) -> None:
    """A report alone must not end what a confirmed filing keeps in effect."""
    held = office.holds("dea", "FC4817269", SOON, state="NY")
    office.does(verify_term, held.term_id, seen("FC4817269", SOON, source="DEA"))
    office.does(report_filing, held.credential_id, by=office.lee, filed_on=TODAY)
    office.does(confirm_filing, held.credential_id, filed_on=TODAY, receipt="W-1", checked_on=TODAY)
    new = renewed(office, held.credential_id)
    assert isinstance(new, Recorded)

    assert standing(office, on=date(2027, 1, 5)) is Standing.CONTINUED
    office.does(verify_term, new.term_id, seen("FC4817269", LATER, source="DEA"))
    assert office.credential(held.credential_id).filing is None


def test_a_report_sent_back_is_no_longer_believed_and_the_ladder_goes_on(office: Office) -> None:
    """The provider hears why, and is reminded again of the term that counts."""
    held = office.license(verified=True)
    renewed(office, held.credential_id)

    done = office.does(back_to_provider, held.credential_id, SentBackFor.NOT_FOUND, "Which number?")

    assert isinstance(done, SentBack)
    assert (done.what, done.told) == ("term", True)
    assert [t.expires_on for t in office.credential(held.credential_id).terms] == [SOON]
    assert open_kinds(office) == ["expiry"]
    [message] = office.rows(tables.OutboxMessage, tables.OutboxMessage.kind == "sent_back")
    assert (message.facts["problem"], message.facts["note"]) == ("not_found", "Which number?")
    assert message.channel == f"person:{office.lee.id}"


def test_a_filing_sent_back_reopens_the_ladder(office: Office) -> None:
    """The issuer never got it: the provider's turn again."""
    held = office.license(verified=True)
    office.does(report_filing, held.credential_id, by=office.lee, filed_on=TODAY)

    done = office.does(back_to_provider, held.credential_id, SentBackFor.NOT_FOUND)

    assert isinstance(done, SentBack)
    assert done.what == "filing"
    assert open_kinds(office) == ["expiry"]


def test_what_is_verified_cannot_be_sent_back(office: Office) -> None:
    """There is no report left to doubt."""
    held = office.license(verified=True)

    refused = office.does(back_to_provider, held.credential_id, SentBackFor.NUMBER)

    assert isinstance(refused, Refused)
    assert refused.code == "nothing_to_send_back"


def standing(office: Office, on: date) -> Standing:
    with office.db.reading() as session:
        file = files.read_file(session, office.file_id, on)
    return judge_file(file, office.ctx.policies)[0].standing


def test_the_npi_of_their_own_file_nobody_changes(office: Office) -> None:
    """Lee reports it once; another number for it is a coordinator's to correct."""
    held = office.holds("npi", "1234567893")
    other = {"number": "1992999874", "issued_on": None, "expires_on": None}
    refused = office.does(renew_term, held.credential_id, by=office.lee, **other)
    corrected = office.does(renew_term, held.credential_id, **other)

    assert isinstance(refused, Refused)
    assert refused.code == "never_own_npi"
    assert isinstance(corrected, Recorded)


def test_a_correction_leaves_a_revoked_license_revoked(office: Office) -> None:
    """Typing another number takes no finding of the source off the file."""
    held = office.license()
    office.does(verify_term, held.term_id, seen("A-100", SOON, standing=SourceStanding.REVOKED))

    renewed(office, held.credential_id, number="A-101", expires_on=SOON)

    assert standing(office, on=TODAY) is Standing.NOT_ACTIVE
