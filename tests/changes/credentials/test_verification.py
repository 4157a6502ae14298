"""Verifying: what the primary source shows, by somebody else than the provider, is what counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.changes.credentials.discrepancies import SentBack, SourceUsed, ask_the_provider, use_the_sources
from bot.changes.credentials.renewals import renew_term
from bot.changes.credentials.verification import DiscrepancyFound, NotActiveFound, VerificationRecorded, verify_term
from bot.rules.context import Context
from bot.rules.credentials.models import SourceStanding, Standing, VerificationResult
from bot.rules.credentials.standing import judge_file
from bot.rules.credentials.verification import Difference
from bot.rules.people.models import HeldRole, Person, Role
from bot.rules.refusals import Invalid, Refused
from bot.store import tables
from bot.store.credentials import files
from bot.store.engine import Database
from tests.support.credentials import LATER, SOON, TODAY, Office, open_office, seen


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def discrepancy(office: Office, number: str = "A-101", expires_on: date = SOON) -> DiscrepancyFound:
    found = office.does(verify_term, office.license().term_id, seen(number, expires_on))
    assert isinstance(found, DiscrepancyFound), found
    return found


def standing(office: Office) -> Standing:
    with office.db.reading() as session:
        file = files.read_file(session, office.file_id, TODAY)
    return judge_file(file, office.ctx.policies)[0].standing


def test_a_look_that_agrees_verifies_and_tells_the_provider(office: Office) -> None:
    """The task is done, the credential counts, and the provider hears of it once."""
    reported = office.license()

    done = office.does(verify_term, reported.term_id, seen("a-100", SOON))

    assert isinstance(done, VerificationRecorded)
    look = office.credential(reported.credential_id).terms[0].verification
    assert look
    assert (look.verifier, look.reference) == ("Cora", "https://board.example/A-100")
    assert [m.kind for m in office.rows(tables.OutboxMessage)] == ["verified_notice"]
    assert standing(office) is Standing.DUE


def test_nobody_verifies_their_own_file(office: Office) -> None:
    """Not even a coordinator who is a provider too."""
    reported = office.license()
    both = Person(
        office.lee.id, "ULEE", "Lee", roles=frozenset({HeldRole(Role.COORDINATOR)}), provider_id=office.file_id
    )

    refused = office.does(verify_term, reported.term_id, seen("A-100", SOON), by=both)

    assert isinstance(refused, Refused)
    assert refused.code == "never_own_verification"
    assert office.rows(tables.VerificationRow) == []


@pytest.mark.parametrize(
    ("missing", "field", "code"),
    [
        ({"reference": " "}, "reference", "reference_missing"),
        ({"source": ""}, "source", "source_missing"),
        ({"method": ""}, "method", "method_missing"),
        ({"number_shown": None}, "number_shown", "number_shown_missing"),
        ({"expires_shown": None}, "expires_shown", "expires_shown_missing"),
        ({"verified_on": SOON}, "verified_on", "verified_in_future"),
        ({"number_shown": "??"}, "number_shown", "number_format"),
    ],
)
def test_a_look_without_its_evidence_is_no_verification(
    sqlite_db: Database, ctx: Context, missing: dict[str, Any], field: str, code: str
) -> None:
    """Number, expiry, source, method and reference are asked as the source shows them."""
    office = open_office(sqlite_db, ctx)
    reported = office.license()

    problem = office.does(verify_term, reported.term_id, replace(seen("A-100", SOON), **missing))

    assert isinstance(problem, Invalid)
    assert (problem.field, problem.code) == (field, code)


def test_a_source_that_shows_something_else_is_a_discrepancy(office: Office) -> None:
    """Both differences are named, nothing is verified, and the owner has a task."""
    found = discrepancy(office, "A-101", LATER)

    assert found.differences == (Difference("number", "A-100", "A-101"), Difference("expires_on", SOON, LATER))
    assert standing(office) is Standing.DISCREPANCY
    assert [d.kind for d in office.rows(tables.Deadline) if d.closed_at is None and d.assignee == "owner"] == [
        "discrepancy"
    ]


@pytest.mark.parametrize(
    ("shown", "adverse"),
    [
        ({"standing": SourceStanding.PROBATION}, True),
        ({"standing": SourceStanding.SUSPENDED}, True),
        ({"standing": SourceStanding.SURRENDERED, "public_action": True}, True),
        ({"public_action": True}, True),
        ({"standing": SourceStanding.EXPIRED}, False),
        ({"standing": SourceStanding.SURRENDERED}, False),
    ],
)
def test_what_is_not_in_good_standing_is_never_verified(
    sqlite_db: Database, ctx: Context, shown: dict[str, Any], adverse: bool
) -> None:
    """A sanction or a public action is adverse; what only ran out or was given up is administrative."""
    office = open_office(sqlite_db, ctx)
    reported = office.license()

    done = office.does(verify_term, reported.term_id, seen("A-100", SOON, **shown))

    assert isinstance(done, NotActiveFound)
    assert done.adverse is adverse
    assert standing(office) is Standing.NOT_ACTIVE
    told = [m.kind for m in office.rows(tables.OutboxMessage)]
    assert told == ([] if adverse else ["not_current_notice"])


def test_a_mistyped_number_hides_no_revocation(office: Office) -> None:
    """The gravest decides how a verification ends."""
    reported = office.license()

    done = office.does(verify_term, reported.term_id, seen("A-101", LATER, standing=SourceStanding.REVOKED))

    assert isinstance(done, NotActiveFound)
    assert done.adverse


def test_the_audit_keeps_what_is_not_in_order_as_hashes(office: Office) -> None:
    """The event says that somebody looked, and when; never what they saw, nor where it can be read."""
    reported = office.license()

    office.does(verify_term, reported.term_id, seen("A-100", SOON, standing=SourceStanding.REVOKED, public_action=True))
    office.does(verify_term, reported.term_id, seen("A-100", SOON))

    found, again = office.rows(tables.AuditEvent)[-2:]
    assert found.act == "not_active_found"
    assert found.after
    assert found.after["verified_on"] == "2026-11-23"
    assert again.before
    for facts in (found.after, again.before):
        assert "revoked" not in str(facts)
        assert str(facts["standing"]).startswith("sealed:")
    assert str(found.after["public_action"]).startswith("sealed:")


def test_verifications_add_up(office: Office) -> None:
    """Every one stays believed, and the newest decides."""
    reported = office.license(verified=True)

    office.does(verify_term, reported.term_id, seen("A-100", SOON, public_action=True))

    assert [row.superseded_at for row in office.rows(tables.VerificationRow)] == [None, None]
    assert standing(office) is Standing.NOT_ACTIVE


def test_one_of_an_earlier_day_is_kept_and_does_not_decide(office: Office) -> None:
    """What was seen since is named, and the provider is not told that it is verified."""
    reported = office.license()
    office.does(verify_term, reported.term_id, seen("A-100", SOON, standing=SourceStanding.SUSPENDED))

    done = office.does(verify_term, reported.term_id, seen("A-100", SOON, verified_on=date(2026, 11, 20)))

    assert isinstance(done, VerificationRecorded)
    assert done.newer
    assert done.newer.verified_on == TODAY
    assert standing(office) is Standing.NOT_ACTIVE
    assert office.rows(tables.OutboxMessage) == []


def test_a_correction_takes_nothing_adverse_away(office: Office) -> None:
    """A provider who corrects the number of a suspended license still holds a suspended license."""
    reported = office.license()
    office.does(verify_term, reported.term_id, seen("A-100", SOON, standing=SourceStanding.SUSPENDED))

    office.does(renew_term, reported.credential_id, by=office.lee, number="A-101", issued_on=None, expires_on=SOON)

    assert standing(office) is Standing.NOT_ACTIVE


def test_punctuation_is_no_difference(office: Office) -> None:
    """Boards print one number with and without it."""
    reported = office.holds("license", "MD-012345-L", SOON, state="PA")

    done = office.does(verify_term, reported.term_id, seen("MD012345L", SOON))

    assert isinstance(done, VerificationRecorded)


def test_using_the_sources_verifies_nothing_that_is_out_of_force(office: Office) -> None:
    """The source shows an earlier expiry, and the license as expired: the record agrees, and does not count."""
    reported = office.license()
    shown = seen("A-100", date(2026, 11, 1), standing=SourceStanding.EXPIRED)
    found = office.does(verify_term, reported.term_id, shown)
    assert isinstance(found, DiscrepancyFound)

    done = office.does(use_the_sources, found.verification_id)

    assert isinstance(done, SourceUsed)
    assert done.result is VerificationResult.NOT_CURRENT
    assert standing(office) is Standing.EXPIRED
    assert "verified_notice" not in [m.kind for m in office.rows(tables.OutboxMessage)]


def test_a_term_that_was_corrected_meanwhile_cannot_be_verified(office: Office) -> None:
    """The verifier learns what is there now."""
    old = office.license()
    said = {"number": "A-101", "issued_on": None, "expires_on": SOON, "correction": True, "why": "a slip"}
    office.does(renew_term, old.credential_id, by=office.lee, **said)

    refused = office.does(verify_term, old.term_id, seen("A-100", SOON))

    assert isinstance(refused, Refused)
    assert (refused.code, refused.facts["number"]) == ("record_changed", "A-101")


def test_using_the_sources_corrects_and_verifies_by_the_same_look(office: Office) -> None:
    """Cora's look stays hers; the term as stated is no longer believed, and the reason is kept."""
    found = discrepancy(office, "A-101")

    done = office.does(use_the_sources, found.verification_id)

    assert isinstance(done, SourceUsed)
    [term] = office.credential(found.credential_id).terms
    assert (term.number, term.verified, term.verification and term.verification.verifier) == ("A-101", True, "Cora")
    assert office.rows(tables.AuditEvent)[-1].reason == "as the primary source shows it"
    assert standing(office) is Standing.DUE


def test_a_renewal_that_the_source_does_not_show_yet_falls_back_to_the_old_term(office: Office) -> None:
    """The source still shows the old expiry: no second copy of the old term is made, it is verified anew."""
    old = office.license(verified=True)
    office.does(renew_term, old.credential_id, by=office.lee, number=None, issued_on=None, expires_on=LATER)
    newest = office.credential(old.credential_id).terms[-1]
    found = office.does(verify_term, newest.id, seen("A-100", SOON))
    assert isinstance(found, DiscrepancyFound)

    done = office.does(use_the_sources, found.verification_id)

    assert isinstance(done, SourceUsed)
    assert done.term_id == old.term_id
    assert [t.id for t in office.credential(old.credential_id).terms] == [old.term_id]


def test_a_discrepancy_is_settled_once(office: Office) -> None:
    """The second click learns that it is done."""
    found = discrepancy(office)
    office.does(use_the_sources, found.verification_id)

    again = office.does(use_the_sources, found.verification_id)

    assert isinstance(again, Refused)
    assert again.code == "already_settled"


def test_asking_the_provider_tells_them_what_differs(office: Office) -> None:
    """Nothing is corrected: the provider gets both numbers, and the term stays unverified."""
    found = discrepancy(office, "A-101")

    done = office.does(ask_the_provider, found.verification_id)

    assert isinstance(done, SentBack)
    [message] = office.rows(tables.OutboxMessage, tables.OutboxMessage.kind == "sent_back")
    assert (message.facts["number"], message.facts["number_shown"]) == ("A-100", "A-101")
    assert standing(office) is Standing.DISCREPANCY
