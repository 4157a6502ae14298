"""Verifying: what the primary source shows, by somebody else than the provider, is what counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.changes.credentials.discrepancies import SentBack, SourceUsed, ask_the_provider, use_the_sources
from bot.changes.credentials.renewals import renew_term
from bot.changes.credentials.verification import DiscrepancyFound, VerificationRecorded, verify_term
from bot.rules.context import Context
from bot.rules.credentials.models import SourceStanding, Standing
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


def test_a_restriction_the_source_shows_is_no_discrepancy_and_does_not_count(office: Office) -> None:
    """The number is right, the license is verified, and it is restricted."""
    reported = office.license()

    done = office.does(verify_term, reported.term_id, seen("A-100", SOON, standing=SourceStanding.PROBATION))

    assert isinstance(done, VerificationRecorded)
    assert standing(office) is Standing.RESTRICTED


def test_a_later_look_supersedes_the_one_before(office: Office) -> None:
    """Both stay on record, one is believed."""
    reported = office.license(verified=True)

    office.does(verify_term, reported.term_id, seen("A-100", SOON, public_action=True))

    assert [row.superseded_at is None for row in office.rows(tables.VerificationRow)] == [False, True]
    assert standing(office) is Standing.RESTRICTED


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
