"""Importing a roster: all of it or nothing, and the same file twice changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.changes.credentials.verification import verify_term
from bot.changes.roster.columns import RosterRejected
from bot.changes.roster.importer import ImportReport, import_rows
from bot.changes.roster.reader import read_rows
from bot.rules.context import Context
from bot.rules.credentials.models import SourceStanding
from bot.rules.credentials.standing import status_of
from bot.rules.credentials.verification import SourceView
from bot.rules.providers.models import EmploymentStatus
from bot.store import tables
from bot.store.audit.chain_check import ChainVerified, verify
from bot.store.audit.origin import BEGUN
from bot.store.credentials import files
from bot.store.engine import Database
from bot.store.people import accounts
from bot.store.providers import profiles
from tests.conftest import KEY
from tests.support.credentials import RECORDED, TODAY, a_person

HEADER = "name,provider_type,npi,email,slack_user,credential,state,number,issued_on,expires_on,verified_on,source"
LEE = "Lee Chen,lcsw,1234567893,lee@clinic.example,ULEE1"


class Roster:
    """Files imported one after the other into one database."""

    def __init__(self, db: Database, ctx: Context, folder: Path) -> None:
        self.db, self.ctx, self.path = db, ctx, folder / "clinic.csv"

    def imports(self, *lines: str, header: str = HEADER) -> Any:
        self.path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        rows = read_rows(self.path, self.ctx.policies, TODAY)
        assert isinstance(rows, list), rows
        with self.db.writing() as session:
            return import_rows(session, self.ctx, rows, self.path.name)

    def file(self, name: str) -> Any:
        with self.db.reading() as session:
            [found] = profiles.providers_named(session, name)
            return files.read_file(session, found.id, TODAY)

    def rows(self, table: Any) -> list[Any]:
        with self.db.reading() as session:
            return list(session.exec(select(table).order_by(table.id)).all())


@pytest.fixture
def roster(db: Database, ctx: Context, tmp_path: Path) -> Roster:
    return Roster(db, ctx, tmp_path)


def test_a_provider_comes_in_with_credentials_and_account(roster: Roster) -> None:
    """One provider, two rows: linked to the Slack account, with the number and dates of the file."""
    report = roster.imports(f"{LEE},license,NY,a-1,2025-01-01,2027-01-15,,", f"{LEE},npi,,,,,,")

    file = roster.file("<@ULEE1>")
    assert (file.provider.npi, file.provider.email) == ("1234567893", "lee@clinic.example")
    assert sorted((c.type, c.terms[0].number) for c in file.credentials) == [("license", "A-1"), ("npi", "1234567893")]
    assert (report.providers_new, report.terms_new, report.held) == (1, 2, 0)


def test_a_verification_is_carried_over_and_says_from_where(roster: Roster) -> None:
    """It counts as verified, and names the file instead of a verifier."""
    roster.imports(f"{LEE},license,NY,A-1,,2027-11-15,2026-01-05,State board")

    look = roster.file("Lee Chen").credentials[0].terms[0].verification
    assert (look.source, look.carried_over_from, look.number_shown) == ("State board", "clinic.csv", "A-1")
    assert [row.kind for row in roster.rows(tables.Deadline)] == ["expiry", "prepare"]


def test_the_same_file_twice_changes_nothing(roster: Roster) -> None:
    """Not a row, not an event: only the report says that all was there."""
    lines = (f"{LEE},license,NY,A-1,,2026-11-01,2026-01-05,", f"{LEE},malpractice,,M-1,,2027-01-15,,")
    roster.imports(*lines)
    before = [[row.model_dump() for row in roster.rows(table)] for table in (tables.CredentialTerm, tables.Deadline)]
    events = len(roster.rows(tables.AuditEvent))

    report = roster.imports(*lines)

    after = [[row.model_dump() for row in roster.rows(table)] for table in (tables.CredentialTerm, tables.Deadline)]
    assert (after, len(roster.rows(tables.AuditEvent))) == (before, events)
    assert (report.providers_same, report.terms_same, report.held) == (1, 2, 0)


def test_a_later_expiry_is_a_new_term(roster: Roster) -> None:
    """The old one stays in the file."""
    roster.imports(f"{LEE},license,NY,A-1,,2026-12-31,2026-01-05,")

    report = roster.imports(f"{LEE},license,NY,A-1,,2028-12-31,,")

    terms = roster.file("Lee Chen").credentials[0].terms
    assert [(t.expires_on.year, t.verified) for t in terms] == [(2026, True), (2028, False)]
    assert (report.terms_new, report.terms_corrected) == (1, 0)


def test_the_same_expiry_with_another_number_is_a_correction_by_the_file(roster: Roster) -> None:
    """The old fact stays on record; the file's name is the reason."""
    roster.imports(f"{LEE},license,NY,A-1,,2026-12-31,2026-01-05,")

    report = roster.imports(f"{LEE},license,NY,A-2,,2026-12-31,,")

    [term] = roster.file("Lee Chen").credentials[0].terms
    assert (term.number, term.verification) == ("A-2", None)
    assert [row.why for row in roster.rows(tables.CredentialTerm)] == [None, "clinic.csv"]
    assert report.terms_corrected == 1


def test_an_empty_cell_takes_nothing_away(roster: Roster) -> None:
    """What another source told about a provider stays."""
    roster.imports(f"{LEE},license,NY,A-1,2025-01-01,2026-12-31,,")

    report = roster.imports("Lee Chen,lcsw,1234567893,,,license,NY,A-1,,2026-12-31,,")

    file = roster.file("Lee Chen")
    assert (file.provider.email, file.credentials[0].terms[0].issued_on.year) == ("lee@clinic.example", 2025)
    assert (report.providers_same, report.terms_same) == (1, 1)


def test_a_blank_expiry_changes_nothing(roster: Roster) -> None:
    """A license two months off became "does not expire", and eleven reminders went; its expiry stays now."""
    roster.imports(f"{LEE},license,NY,A-1,,2026-12-31,2026-01-05,State board")
    reminders = [row.due_on for row in roster.rows(tables.Deadline)]

    report = roster.imports(f"{LEE},license,NY,A-1,,,,", f"{LEE},npi,,,,,,")

    [license] = [one for one in roster.file("Lee Chen").credentials if one.type == "license"]
    assert [(term.expires_on, term.verified) for term in license.terms] == [(date(2026, 12, 31), True)]
    assert [row.due_on for row in roster.rows(tables.Deadline)][: len(reminders)] == reminders
    assert (report.terms_same, report.terms_new) == (1, 1)


def test_a_blank_expiry_of_what_is_new_is_missing(roster: Roster) -> None:
    """Where a type always expires the whole file is refused, and the cell named; a lifetime certificate comes in."""
    found = roster.imports(f"{LEE},license,NY,A-1,,,,", f"{LEE},board_certification,,77,,,,")
    nobody = roster.rows(tables.ProviderRow)
    roster.imports(f"{LEE},board_certification,,77,,,,")

    assert isinstance(found, RosterRejected)
    assert [str(problem) for problem in found.problems] == [
        "Row 2, expires_on: State license always has an expiry, and none is on file yet. Write it, as YYYY-MM-DD."
    ]
    assert nobody == []
    assert roster.file("Lee Chen").credentials[0].terms[0].expires_on is None


def test_a_blank_expiry_beside_another_number_is_asked(roster: Roster) -> None:
    """Of two rows about one credential, which term would the one without an expiry be about?"""
    found = roster.imports(f"{LEE},malpractice,,M-1,,2027-01-15,,", f"{LEE},malpractice,,M-2,,,,")

    assert isinstance(found, RosterRejected)
    assert [(problem.row, problem.column) for problem in found.problems] == [(3, "expires_on")]


ENDS = date(2026, 12, 31)
LOOKED_UP = f"{LEE},license,NY,0004512,,2026-12-31,,"


def looked_up(roster: Roster, **shown: Any) -> None:
    """The license of the file, verified here with evidence by Cora."""
    roster.imports(LOOKED_UP)
    with roster.db.writing() as session:
        [cora] = accounts.people(session, {a_person(session, "Cora", role="coordinator")}, on=TODAY).values()
        term_id = files.read_file(session, 1, TODAY).credentials[0].terms[0].id
        look = SourceView(
            "State licensing board", "website", TODAY, SourceStanding.ACTIVE, "0004512", date(2026, 12, 31)
        )
        verify_term(session, roster.ctx, cora, term_id, replace(look, reference="https://board.example/1", **shown))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("4512,,2026-12-31,2026-11-20,State board", "4512 · 2026-12-31"),
        ("0004512,,2026-10-31,2026-11-20,State board", "0004512 · 2026-10-31"),
    ],
)
def test_a_file_never_outranks_a_verification(roster: Roster, cells: str, said: str) -> None:
    """Looked up here as 0004512, it became 4512 by an older file; now it stays, and its owner is asked once."""
    looked_up(roster)
    before = [
        row.model_dump() for table in (tables.CredentialTerm, tables.VerificationRow) for row in roster.rows(table)
    ]

    reports = [roster.imports(f"{LEE},license,NY,{cells}") for _ in range(2)]

    after = [
        row.model_dump() for table in (tables.CredentialTerm, tables.VerificationRow) for row in roster.rows(table)
    ]
    assert after == before
    [task] = roster.rows(tables.Task)
    assert (task.kind, f"{task.facts['file_number']} · {task.facts['file_expires_on']}") == ("roster_differs", said)
    assert [row.assignee for row in roster.rows(tables.Deadline) if row.kind == "task"] == ["owner"]
    assert [event.act for event in roster.rows(tables.AuditEvent)].count("roster_differs") == 1
    for report in reports:
        [said] = report.warnings
        assert said == (
            "Row 2: State license (NY) of Lee Chen was looked up at the source on 2026-11-23, and on file is 0004512, "
            "2026-12-31. This row says otherwise: nothing was changed, and the responsible coordinator is asked."
        )
        assert (report.terms_same, report.terms_corrected, report.carried_over) == (1, 0, 0)


def test_an_older_look_of_a_file_never_replaces_a_newer_one(roster: Roster) -> None:
    """Nor does a newer one replace a look that found something to act on."""
    looked_up(roster, public_action=True)

    roster.imports(f"{LEE},license,NY,0004512,,2026-12-31,2026-11-20,State board")

    [look] = roster.rows(tables.VerificationRow)
    assert (look.imported_from, look.superseded_at, look.public_action) == (None, None, True)


def test_a_renewal_with_another_number_is_to_be_verified(roster: Roster) -> None:
    """A later expiry is a new term; what the file says of its source does not count for a number nobody looked up."""
    looked_up(roster)

    row = f"{LEE},license,NY,4512,,2028-12-31,2026-11-20,State board"
    report = roster.imports(f"{row},yes", header=f"{HEADER},confirm")

    terms = roster.file("Lee Chen").credentials[0].terms
    assert [(term.number, term.verified) for term in terms] == [("0004512", True), ("4512", False)]
    [said] = report.warnings
    assert said == (
        "Row 2: State license (NY) of Lee Chen still has to be verified: it was looked up at the source with another "
        "number."
    )


@pytest.mark.parametrize("source", ["Self-reported", "provider", "CAQH ProView", "NPPES", "AMA profile", "A friend"])
def test_what_somebody_said_of_themselves_is_not_carried_over(roster: Roster, source: str) -> None:
    """A self-reported source, or one that no policy knows, verifies nothing, and the report says so."""
    report = roster.imports(f"{LEE},license,NY,A-1,,2027-11-15,2026-01-05,{source}")

    assert not roster.file("Lee Chen").credentials[0].terms[0].verified
    assert report.carried_over == 0
    assert report.warnings == (
        f"Row 2: State license (NY) of Lee Chen still has to be verified: “{source}” is not a source that verifies it.",
    )


@pytest.mark.parametrize(
    ("credential", "source", "worth"),
    [
        ("license,NY,A-1,,2027-11-15", "NY board", "primary"),
        ("dea,NY,FC1234563,,2027-11-15", "DEA", "primary"),
        ("dea,NY,FC1234563,,2027-11-15", "AMA profile", "accepted"),
        ("board_certification,,51234,,2027-11-15", "ABPN", "primary"),
        ("malpractice,,MPL-204418,,2027-11-15", "carrier", "primary"),
        ("bls,,,,2027-11-30", "AHA eCard", "primary"),
        ("license,NY,A-1,,2027-11-15", "", None),
    ],
)
def test_a_source_is_known_as_rosters_write_it(roster: Roster, credential: str, source: str, worth: str | None) -> None:
    """Its class is kept as it was that day; the file claims no status. A row without a source is taken, and listed."""
    report = roster.imports(f"{LEE},{credential},2026-01-05,{source}")

    [look] = roster.rows(tables.VerificationRow)
    assert (look.source_class, look.result, look.standing) == (worth, "verified", "not_shown")
    assert (report.carried_over, report.without_source) == (1, () if source else (2,))
    listed = "1 verification carried over from clinic.csv, 1 of them without a source (row 2)."
    assert (listed in report.lines) is (not source)


def test_what_was_looked_up_before_the_term_is_not_carried_over(roster: Roster) -> None:
    """A verification of 2019 says nothing of a license that runs through 2027."""
    report = roster.imports(f"{LEE},license,NY,A-1,,2027-11-15,2019-01-05,NYSED")

    assert not roster.file("Lee Chen").credentials[0].terms[0].verified
    [said] = report.warnings
    assert said == (
        "Row 2: State license (NY) of Lee Chen still has to be verified: 2019-01-05 is before 2023-11-15, when this "
        "term can have begun at the earliest."
    )


@pytest.mark.parametrize(
    "again",
    [
        "Lee Chen-Park,lcsw,1234567893,,,,,,,,,",
        "Lee Chen-Park,lcsw,,LEE@clinic.example,,,,,,,,",
        "Lee Chen-Park,lcsw,,,ULEE1,,,,,,,",
        "lee chen,lcsw,,,,,,,,,,",
    ],
)
def test_a_provider_is_known_by_npi_else_email_else_account_else_name_and_type(roster: Roster, again: str) -> None:
    """Each of them leads to the same file, whatever else is left out."""
    roster.imports(f"{LEE},,,,,,,")

    report = roster.imports(again)

    assert (report.providers_new, len(roster.rows(tables.ProviderRow))) == (0, 1)


def test_a_namesake_with_another_npi_is_another_person(roster: Roster) -> None:
    """The name alone never joins two people whom something of their own tells apart."""
    report = roster.imports(f"{LEE},,,,,,,", "Lee Chen,lcsw,1993999998,lee.b@clinic.example,,,,,,,,")

    assert report.providers_new == 2


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ((f"{LEE},,,,,,,", "Leo Chen,lcsw,1234567893,,,,,,,,,"), (3, "name")),
        ((f"{LEE},license,NY,A-1,,2027-01-15,,", f"{LEE},license,NY,A-2,,2027-01-15,,"), (3, "number")),
        ((f"{LEE},,,,,,,", "Maya,lcsw,1993999998,,ULEE1,,,,,,,"), (3, "npi")),
        ((f"{LEE},,,,,,,", "Lee Chen,lcsw,1993999998,lee@clinic.example,,,,,,,,"), (3, "npi")),
        (
            ("Lee,lcsw,1234567893,,,,,,,,,", "Lee,lcsw,1993999998,,,,,,,,,", "Lee,lcsw,,,,,,,,,,"),
            (4, "name"),
        ),
    ],
)
def test_rows_that_contradict_each_other_stop_the_whole_file(
    roster: Roster, lines: tuple[str, ...], problem: tuple[int, str]
) -> None:
    """Nothing is imported, and the row that does not fit is named."""
    found = roster.imports(*lines)

    assert isinstance(found, RosterRejected)
    assert problem in [(p.row, p.column) for p in found.problems]
    assert roster.rows(tables.ProviderRow) == []


def test_a_file_that_contradicts_what_is_on_record_is_refused(roster: Roster) -> None:
    """Lee's account is linked: another one in the file is a question for a person."""
    roster.imports(f"{LEE},,,,,,,")

    found = roster.imports("Lee Chen,lcsw,1234567893,,UOTHER,,,,,,,")

    assert isinstance(found, RosterRejected)
    assert [(p.row, p.column) for p in found.problems] == [(2, "slack_user")]


def test_what_was_past_on_the_day_of_the_import_is_held(roster: Roster) -> None:
    """A person decides when the backlog starts; what is still to come is not held."""
    report = roster.imports(f"{LEE},license,NY,A-1,,2026-11-01,2025-01-05,", f"{LEE},bls,,,,2026-12-10,2025-01-05,")

    held = {row.due_on.month for row in roster.rows(tables.Deadline) if row.held_at}
    free = {row.due_on.month for row in roster.rows(tables.Deadline) if not row.held_at}
    assert (held, free) == ({11}, {12})
    assert report.held > 0
    assert [(card.kind, card.channel) for card in roster.rows(tables.Card)] == [("backlog", "CTEAM")]


def test_owner_backup_and_supervisor_become_people_of_their_address(roster: Roster) -> None:
    """They are found by e-mail or Slack id, and kept for when Slack knows them."""
    header = "name,provider_type,owner,supervisor,backup"
    with roster.db.writing() as session:
        a_person(session, "Cora")

    roster.imports("Lee Chen,lcsw,cora@clinic.example,UBOSS1,UADA", "Maya,lcsw,,new@clinic.example,", header=header)

    people = {row.id: row for row in roster.rows(tables.PersonRow)}
    lee, maya = (roster.file(name).provider for name in ("Lee Chen", "Maya"))
    assert (people[lee.owner_id].name, people[lee.supervisor_id].slack_user_id) == ("Cora", "UBOSS1")
    assert people[lee.backup_id].slack_user_id == "UADA"
    assert maya.backup_id is None
    assert people[maya.supervisor_id].email == "new@clinic.example"


def test_a_known_account_with_the_same_address_is_linked_at_once(roster: Roster) -> None:
    """Slack need not be asked for somebody whom we have met."""
    with roster.db.writing() as session:
        lee = a_person(session, "Lee")

    roster.imports("Lee Chen,lcsw,,lee@clinic.example,,,,,,,,")

    assert roster.file("Lee Chen").provider.person_id == lee


def test_somebody_who_cannot_be_reached_is_kept_with_a_warning(roster: Roster) -> None:
    """Neither account nor address: the file is kept, and the report says so."""
    report = roster.imports("Lee Chen,lcsw,,,,,,,,,,")

    assert isinstance(report, ImportReport)
    assert ["Lee Chen" in warning for warning in report.warnings] == [True]


def test_each_new_subject_has_one_event_and_the_chain_holds(roster: Roster) -> None:
    """One for the account, one for the provider, one for each credential, with the file as the reason."""
    roster.imports(f"{LEE},license,NY,A-1,,2027-01-15,2026-01-05,", f"{LEE},malpractice,,M-1,,2027-01-15,,")

    begun, *events = roster.rows(tables.AuditEvent)
    assert begun.act == BEGUN
    assert [event.act for event in events] == ["person_remembered", "provider_added", "term_recorded", "term_recorded"]
    assert {event.reason for event in events} == {"clinic.csv"}
    with roster.db.reading() as session:
        assert isinstance(verify(session, (KEY,)), ChainVerified)


def test_a_roster_costs_the_same_number_of_statements_however_long(roster: Roster) -> None:
    """Two hundred rows take no more statements than twenty."""
    counted: list[int] = []
    for start, count in ((0, 20), (1_000, 200)):
        statements: list[str] = []

        def count_it(*said: Any, into: list[str] = statements) -> None:
            into.append(said[2])

        event.listen(roster.db.engine, "before_cursor_execute", count_it)
        roster.imports(*(_license(n) for n in range(start, start + count)))
        event.remove(roster.db.engine, "before_cursor_execute", count_it)
        counted.append(len(statements))
    assert counted[1] <= counted[0]


def _license(number: int) -> str:
    return f"P {number},lcsw,,p{number}@x.example,,license,NY,A-{number},,2027-01-15,2026-01-05,"


def test_a_status_of_the_file_is_dated(roster: Roster) -> None:
    """What the optional column says begins on the day of the import; active is what everybody is without a row."""
    header = "name,provider_type,npi,status"
    roster.imports("Lee Chen,lcsw,1234567893,active", header=header)
    assert roster.rows(tables.ProviderStatusRow) == []

    roster.imports("Lee Chen,lcsw,1234567893,leave", header=header)
    again = roster.imports("Lee Chen,lcsw,1234567893,leave", header=header)

    [row] = roster.rows(tables.ProviderStatusRow)
    assert (row.status, row.valid_from, row.why) == ("leave", TODAY, "clinic.csv")
    assert (status_of(roster.file("Lee Chen")).status, again.providers_same) == (EmploymentStatus.LEAVE, 1)


def test_a_file_that_gets_an_account_is_named_in_the_report(roster: Roster) -> None:
    """Who had none before is said; whoever was new came with theirs."""
    first = roster.imports("Lee Chen,lcsw,1234567893,lee@clinic.example,,,,,,,,")
    second = roster.imports(f"{LEE},,,,,,,")

    assert first.warnings == ()
    assert second.warnings == ("Lee Chen, who had no Slack account here, now has one.",)


def test_an_account_that_was_taken_off_a_file_needs_its_id(roster: Roster) -> None:
    """Its address alone gives it back to nobody."""
    roster.imports("Lee Chen,lcsw,1234567893,,,,,,,,,")
    with roster.db.writing() as session:
        lee = a_person(session, "Lee")
        session.add(tables.FormerAccount(provider_id=1, person_id=lee, until=RECORDED))
    roster.imports("Lee Chen,lcsw,1234567893,lee@clinic.example,,,,,,,,")
    by_address = roster.file("Lee Chen").provider.person_id
    roster.imports("Lee Chen,lcsw,1234567893,lee@clinic.example,ULEE,,,,,,,")

    assert (by_address, roster.file("Lee Chen").provider.person_id) == (None, lee)
