"""Who answers for a file: recorded, handed over, and heard by both."""

from __future__ import annotations

import pytest
from sqlmodel import col

from bot.changes.people.assignments import Assigned, assign
from bot.changes.reminders.help_requests import HelpAsked, ask_for_help
from bot.rules.context import Context
from bot.rules.people.models import Person
from bot.rules.refusals import Invalid, Refused
from bot.store import tables
from bot.store.engine import Database
from bot.store.people import accounts
from tests.support.credentials import SOON, TODAY, Office, a_person, open_office


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def coordinator(office: Office, name: str, **facts: object) -> Person:
    with office.db.writing() as session:
        person_id = a_person(session, name, role="coordinator", **facts)
    return read(office, person_id)


def read(office: Office, person_id: int) -> Person:
    with office.db.reading() as session:
        found = accounts.person(session, person_id, on=TODAY)
    assert found
    return found


def whose(office: Office) -> tuple[str | None, str | None]:
    with office.db.reading() as session:
        found = accounts.responsible_for(session, [office.file_id], on=TODAY)[office.file_id]
    return found.owner.name if found.owner else None, found.backup.name if found.backup else None


def told(office: Office) -> list[tuple[str, str]]:
    rows = office.rows(tables.OutboxMessage, col(tables.OutboxMessage.kind).startswith("assigned"))
    return [(row.kind, row.channel) for row in rows]


def test_a_file_goes_to_another_owner(office: Office) -> None:
    """Cora gives Lee's file to Ben, with one audit event; giving it again changes nothing."""
    ben = coordinator(office, "Ben")
    done = office.does(assign, [office.file_id], ben.id)
    assert isinstance(done, Assigned)
    assert (done.owner.name, done.count, whose(office)) == ("Ben", 1, ("Ben", "Cora"))
    office.does(assign, [office.file_id], ben.id)
    assert office.acts().count("provider_assigned") == 1


def test_a_recorded_backup_comes_before_the_next_coordinator(office: Office) -> None:
    """Without one it is the coordinator granted next; and an owner is nobody's own backup."""
    ben, dora = coordinator(office, "Ben"), coordinator(office, "Dora")
    assert whose(office) == ("Cora", "Ben")
    office.does(assign, [office.file_id], office.cora.id, dora.id)
    assert whose(office) == ("Cora", "Dora")
    office.does(assign, [office.file_id], dora.id)
    assert whose(office) == ("Dora", "Cora")
    assert office.rows(tables.ProviderRow)[0].backup_id is None
    assert ben


def test_old_and_new_owner_hear_in_one_message_each(office: Office) -> None:
    """However many files it is about; whoever did it knows already."""
    ben, dora = coordinator(office, "Ben"), coordinator(office, "Dora")
    with office.db.writing() as session:
        other = tables.ProviderRow(name="Maya Okafor", type="pmhnp")
        session.add(other)
        session.flush()
        ids = [office.file_id, other.id]
    office.does(assign, ids, ben.id)
    assert told(office) == [("assigned_to_you", f"person:{ben.id}")]
    office.does(assign, ids, office.cora.id, by=dora)
    assert told(office)[1:] == [
        ("assigned_from_you", f"person:{ben.id}"),
        ("assigned_to_you", f"person:{office.cora.id}"),
    ]


def test_a_call_for_help_goes_along(office: Office) -> None:
    """The card stands in the new owner's conversation too, and the task is looked at again at once."""
    office.license(SOON, verified=True)
    ladder = office.rows(tables.Deadline, tables.Deadline.kind == "expiry")[0]
    asked = office.does(ask_for_help, ladder.id, "Where is the portal?", by=office.lee)
    assert isinstance(asked, HelpAsked)
    ben = coordinator(office, "Ben")
    office.does(assign, [office.file_id], ben.id)
    cards = office.rows(tables.Card, tables.Card.kind == "help")
    assert [card.channel for card in cards] == [f"person:{office.cora.id}", f"person:{ben.id}"]
    task = office.rows(tables.Deadline, tables.Deadline.kind == "help")[0]
    assert task.next_at == task.answered_at == office.ctx.now


def test_nobody_answers_for_their_own_file(office: Office) -> None:
    """Lee is made a coordinator: his own file stays with Cora, Maya's goes to him."""
    with office.db.writing() as session:
        session.add(
            tables.RoleAssignment(
                person_id=office.lee.id, role="coordinator", valid_from=TODAY, recorded_at=office.ctx.now
            )
        )
        other = tables.ProviderRow(name="Maya Okafor", type="pmhnp")
        session.add(other)
        session.flush()
        ids = [office.file_id, other.id]
    alone = office.does(assign, [office.file_id], office.lee.id)
    assert isinstance(alone, Invalid)
    assert alone.code == "own_file_owner"
    both = office.does(assign, ids, office.lee.id)
    assert isinstance(both, Assigned)
    assert (both.count, both.kept) == (1, ("Lee Chen",))


@pytest.mark.parametrize(
    ("facts", "role", "code"),
    [
        ({}, None, "no_coordinator"),
        ({"bot": True}, "coordinator", "bot"),
        ({"guest": True}, "coordinator", "no_coordinator"),
    ],
)
def test_only_a_coordinator_answers_for_files(
    office: Office, facts: dict[str, bool], role: str | None, code: str
) -> None:
    """Whoever could not do what waits there cannot be the owner, nor the backup."""
    with office.db.writing() as session:
        person_id = a_person(session, "Noah", role=role, **facts)
    as_owner = office.does(assign, [office.file_id], person_id)
    as_backup = office.does(assign, [office.file_id], office.cora.id, person_id)
    assert isinstance(as_owner, Invalid)
    assert isinstance(as_backup, Invalid)
    assert (as_owner.field, as_owner.code) == ("owner", code)
    assert (as_backup.field, as_backup.code) == ("backup", code)


def test_what_is_missing_is_asked_for(office: Office) -> None:
    """No owner, somebody unknown, the owner as their own backup, a file that is not there."""
    answers = [
        office.does(assign, [office.file_id], None),
        office.does(assign, [office.file_id], 99),
        office.does(assign, [office.file_id], office.cora.id, office.cora.id),
        office.does(assign, [99], office.cora.id),
    ]
    assert [answer.code for answer in answers if isinstance(answer, Invalid | Refused)] == [
        *("owner_missing", "unknown_person", "backup_is_owner", "no_such_provider"),
    ]


def test_only_coordinators_assign(office: Office) -> None:
    """Lee cannot choose who answers for him; the attempt is recorded."""
    refused = office.does(assign, [office.file_id], office.cora.id, by=office.lee)
    assert isinstance(refused, Refused)
    assert (refused.code, office.acts()[-1]) == ("coordinators_only", "refused")
