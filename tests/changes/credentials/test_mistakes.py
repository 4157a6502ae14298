"""Mistakes put right: what becomes of the record, of what rests on it, and who may take back what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.changes.credentials.discrepancies import back_to_provider
from bot.changes.credentials.mistakes.correction import CorrectedTo, correct_term
from bot.changes.credentials.mistakes.fixed import Fixed
from bot.changes.credentials.mistakes.move import move_term
from bot.changes.credentials.mistakes.removal import void_term, void_verification
from bot.changes.credentials.verification import verify_term
from bot.rules.context import Context
from bot.rules.credentials.models import SentBackFor, SourceStanding, Standing
from bot.rules.credentials.standing import judge_file
from bot.rules.refusals import Invalid, Refused
from bot.store import tables
from bot.store.credentials import files
from bot.store.engine import Database
from tests.support.credentials import SOON, Office, open_office, seen


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def standings(office: Office, file_id: int = 0) -> list[Standing]:
    with office.db.reading() as session:
        file = files.read_file(session, file_id or office.file_id, office.ctx.today)
    return [one.standing for one in judge_file(file, office.ctx.policies)]


def mayas_file(office: Office, npi: str | None = None) -> int:
    with office.db.writing() as session:
        row = tables.ProviderRow(name="Maya Okafor", type="pmhnp", npi=npi)
        session.add(row)
        session.flush()
        return row.id or 0


def told(office: Office) -> int:
    return len(office.rows(tables.OutboxMessage, tables.OutboxMessage.kind == "removed_notice"))


def test_a_correction_keeps_what_was_there_and_why(office: Office) -> None:
    """The old number stays on record, ended by who corrected it; nobody is told."""
    held = office.license()

    done = office.does(correct_term, held.term_id, CorrectedTo("A-101", None, SOON), "digits turned round")

    assert isinstance(done, Fixed)
    was, now = office.rows(tables.CredentialTerm)
    assert (was.number, was.ended_as, was.superseded_by, was.why) == (
        "A-100", "corrected", office.cora.id, "digits turned round",
    )  # fmt: skip
    assert (now.number, now.ended_as, now.why) == ("A-101", None, "digits turned round")
    event = office.rows(tables.AuditEvent)[-1]
    assert (event.act, event.before["number"], event.after["number"], event.reason) == (  # type: ignore[index]
        "term_corrected", "A-100", "A-101", "digits turned round",
    )  # fmt: skip
    assert told(office) == 0


def test_a_correction_says_why_and_changes_something(office: Office) -> None:
    """Without a reason, and without a difference, the form comes back."""
    held = office.license()

    unsaid = office.does(correct_term, held.term_id, CorrectedTo("A-101", None, SOON), None)
    same = office.does(correct_term, held.term_id, CorrectedTo("A-100", None, SOON), "nothing")

    assert [one.code for one in (unsaid, same) if isinstance(one, Invalid)] == ["why_missing", "nothing_corrected"]
    assert len(office.rows(tables.CredentialTerm)) == 1


def test_a_correction_against_the_source_is_a_discrepancy(office: Office) -> None:
    """What the source showed is not made unseen by typing something else."""
    held = office.license(verified=True)

    office.does(correct_term, held.term_id, CorrectedTo("A-101", None, SOON), "typed from the card")

    assert standings(office) == [Standing.DISCREPANCY]


def test_a_correction_of_a_revoked_license_leaves_it_revoked(office: Office) -> None:
    """No other number takes a finding off the file."""
    held = office.license()
    office.does(verify_term, held.term_id, seen("A-100", SOON, standing=SourceStanding.REVOKED))

    office.does(correct_term, held.term_id, CorrectedTo("A-101", None, SOON), "typed from the card")

    assert standings(office) == [Standing.NOT_ACTIVE]


def test_a_corrected_issue_date_keeps_the_verification(office: Office) -> None:
    """The source was looked at for number and expiry."""
    held = office.license(verified=True)

    office.does(correct_term, held.term_id, CorrectedTo("A-100", date(2024, 1, 1), SOON), "was left out")

    [term] = office.credential(held.credential_id).terms
    assert (term.issued_on, term.verified) == (date(2024, 1, 1), True)


def test_a_void_takes_the_record_off_the_file(office: Office) -> None:
    """Nothing counts, waits or reminds any more; Lee, who reported it, is told."""
    held = office.license()

    done = office.does(void_term, held.term_id, "duplicate")

    assert isinstance(done, Fixed)
    assert done.told
    assert standings(office) == []
    [row] = office.rows(tables.CredentialTerm)
    assert (row.ended_as, row.superseded_by, row.why) == ("voided", office.cora.id, "duplicate")
    assert [one.kind for one in office.rows(tables.Deadline) if one.closed_at is None] == []
    assert told(office) == 1


def test_a_void_tells_nobody_who_had_not_heard(office: Office) -> None:
    """What Cora typed into the wrong file, and took back at once, is no news to Lee."""
    held = office.license()
    with office.db.writing() as session:
        session.get_one(tables.CredentialTerm, held.term_id).recorded_by = office.cora.id

    done = office.does(void_term, held.term_id, "wrong person")

    assert isinstance(done, Fixed)
    assert not done.told
    assert told(office) == 0


def test_what_was_not_in_order_takes_a_second_person(office: Office) -> None:
    """Cora saw it revoked: she alone cannot take that back, by whatever way."""
    held = office.license()
    office.does(verify_term, held.term_id, seen("A-100", SOON, standing=SourceStanding.REVOKED))
    [look] = office.rows(tables.VerificationRow)
    maya = mayas_file(office)

    tried = [
        office.does(void_verification, look.id, "a slip"),
        office.does(void_term, held.term_id, "a slip"),
        office.does(move_term, held.term_id, maya, "a slip"),
    ]

    assert [one.code for one in tried if isinstance(one, Refused)] == ["second_person_needed"] * 3
    assert office.acts()[-3:] == ["refused"] * 3
    ada = replace(office.cora, id=office.cora.id + 1_000)
    assert isinstance(office.does(void_verification, look.id, "another Lee", by=ada), Fixed)
    assert standings(office) == [Standing.ON_FILE]


def test_a_voided_verification_is_told_to_who_had_heard(office: Office) -> None:
    """The license is to be verified again; the look stays on record as void."""
    office.license(verified=True)
    [look] = office.rows(tables.VerificationRow)

    done = office.does(void_verification, look.id, "wrong tab")

    assert isinstance(done, Fixed)
    assert done.told
    assert standings(office) == [Standing.ON_FILE]
    [kept] = office.rows(tables.VerificationRow)
    assert (kept.ended_as, kept.why) == ("voided", "wrong tab")
    assert office.does(void_verification, look.id, "again").code == "already_settled"  # type: ignore[union-attr]


def test_what_belongs_to_somebody_else_moves_unverified(office: Office) -> None:
    """On Maya's file it is on file, to verify; what was verified stays in Lee's, void."""
    held, maya = office.license(verified=True), mayas_file(office)

    done = office.does(move_term, held.term_id, maya, "Maya's card")

    assert isinstance(done, Fixed)
    assert (standings(office), standings(office, maya)) == ([], [Standing.ON_FILE])
    was, now = office.rows(tables.CredentialTerm)
    assert (was.ended_as, now.number, now.valid_to) == ("moved", "A-100", SOON)
    assert [one.ended_as for one in office.rows(tables.VerificationRow)] == ["voided"]
    assert office.acts()[-2:] == ["term_moved", "term_received"]
    assert {one.provider_id for one in office.rows(tables.Deadline) if one.closed_at is None} == {maya}


def test_what_the_other_file_has_already_is_not_moved(office: Office) -> None:
    """The same license, or one that runs longer: which is right, the coordinator says there."""
    held, maya = office.license(), mayas_file(office)
    other = office.does(move_term, held.term_id, maya, "Maya's card")
    assert isinstance(other, Fixed)
    again = office.license()

    refused = office.does(move_term, again.term_id, maya, "Maya's, too")
    same_file = office.does(move_term, again.term_id, office.file_id, "hers")

    assert isinstance(refused, Invalid)
    assert (refused.code, refused.facts["name"], refused.facts["number"]) == ("receiver_has_it", "Maya Okafor", "A-100")
    assert isinstance(same_file, Invalid)
    assert same_file.code == "same_file"


def test_an_npi_moves_with_its_number(office: Office) -> None:
    """The number of the credential is the provider's own."""
    held, maya = office.holds("npi", "1234567893"), mayas_file(office)

    office.does(move_term, held.term_id, maya, "Maya's NPI")

    assert {row.name: row.npi for row in office.rows(tables.ProviderRow)} == {
        "Lee Chen": None, "Maya Okafor": "1234567893",
    }  # fmt: skip


def test_nobody_fixes_their_own_file(office: Office) -> None:
    """Nor puts what is another's into it."""
    held = office.license()

    own = replace(office.cora, own_files=frozenset({office.file_id}))
    assert office.does(void_term, held.term_id, "mine", by=own).code == "never_own_mistake"  # type: ignore[union-attr]
    hers = replace(office.cora, own_files=frozenset({mayas_file(office)}))
    into_own = office.does(move_term, held.term_id, min(hers.own_files), "mine", by=hers)
    assert isinstance(into_own, Refused)
    assert into_own.code == "never_own_mistake"


def test_what_was_sent_back_can_be_removed(office: Office) -> None:
    """It shows until it is reported again or taken away; when it stopped being believed, stays."""
    held = office.license()
    office.does(back_to_provider, held.credential_id, SentBackFor.NUMBER)
    [before] = office.rows(tables.CredentialTerm)

    done = office.does(void_term, held.term_id, "wrong person")

    assert isinstance(done, Fixed)
    [row] = office.rows(tables.CredentialTerm)
    assert (before.ended_as, row.ended_as, row.superseded_at) == ("sent_back", "voided", before.superseded_at)
    with office.db.reading() as session:
        assert files.sent_back(session, office.file_id) == ()
