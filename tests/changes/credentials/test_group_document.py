"""One document for many files: what is written for each, and what is left alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from bot.changes.credentials.group_document import (
    CoveredToo,
    LookedForMany,
    RecordedForMany,
    cover_others,
    renew_for_many,
    verify_for_many,
)
from bot.changes.credentials.recording import Recorded, record_term
from bot.changes.credentials.renewals import Typed
from bot.changes.credentials.verification import DiscrepancyFound, VerificationRecorded, verify_term
from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput
from bot.rules.refusals import Invalid, Refused
from bot.store import tables
from bot.store.credentials import group_document
from bot.store.engine import Database
from tests.support.credentials import LATER, SOON, Office, open_office, seen

MUCH_LATER = date(2029, 10, 31)


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def colleague(office: Office, name: str, number: str = "MPL-1", expires_on: date = SOON) -> Recorded:
    """Another provider's cover, as Cora recorded it."""
    with office.db.writing() as session:
        provider = tables.ProviderRow(name=name, type="lcsw")
        session.add(provider)
        session.flush()
        done = record_term(
            session,
            office.ctx,
            office.cora,
            provider.id,
            CredentialInput("malpractice", number=number, expires_on=expires_on),
        )
    assert isinstance(done, Recorded), done
    return done


def newest(office: Office) -> list[tuple[str | None, date | None]]:
    """Every believed term in the order of their ids."""
    with office.db.reading() as session:
        believed = select(tables.CredentialTerm).where(col(tables.CredentialTerm.superseded_at).is_(None))
        return [(term.number, term.valid_to) for term in session.exec(believed.order_by(col(tables.CredentialTerm.id)))]


def test_each_gets_the_new_term(office: Office) -> None:
    """One audit event a person; who runs longer already is left alone and named."""
    mine, noah = office.holds("malpractice", "MPL-1", SOON), colleague(office, "Noah Berg")
    longer = colleague(office, "Maya Okafor", expires_on=MUCH_LATER)
    ids = [mine.credential_id, noah.credential_id, longer.credential_id]
    done = office.does(renew_for_many, ids, said=Typed("MPL-2", None, LATER))
    assert isinstance(done, RecordedForMany)
    assert [one.provider.name for one in done.others] == ["Noah Berg"]
    assert [who.name for who in done.left] == ["Maya Okafor"]
    assert newest(office)[3:] == [("MPL-2", LATER), ("MPL-2", LATER)]
    assert office.acts().count("term_renewed") == 2


def test_many_take_as_many_statements_as_few(office: Office) -> None:
    """One document for a whole group: at most forty statements, however many people it covers."""
    counted = []
    for many in (3, 12):
        ids = [colleague(office, f"Noah {many} {n}").credential_id for n in range(many)]
        statements: list[str] = []

        def note(*said: Any, into: list[str] = statements) -> None:
            into.append(said[2])

        event.listen(office.db.engine, "before_cursor_execute", note)
        done = office.does(renew_for_many, ids, said=Typed("MPL-2", None, LATER))
        event.remove(office.db.engine, "before_cursor_execute", note)
        assert isinstance(done, RecordedForMany)
        assert len(done.others) == many - 1
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 40, statements


def test_nothing_is_written_where_the_first_cannot_be(office: Office) -> None:
    """The form was opened for a term that is no longer the newest."""
    mine, noah = office.holds("malpractice", "MPL-1", SOON), colleague(office, "Noah Berg")
    ids = [mine.credential_id, noah.credential_id]
    refused = office.does(renew_for_many, ids, said=Typed("MPL-2", None, LATER), expected_term_id=mine.term_id + 99)
    assert isinstance(refused, Refused)
    assert len(newest(office)) == 2


def test_one_look_has_a_result_for_each(office: Office) -> None:
    """Who was typed as the source shows is verified; who was typed otherwise is a discrepancy."""
    mine, same = office.holds("malpractice", "MPL-1", SOON), colleague(office, "Noah Berg")
    other = colleague(office, "Maya Okafor", number="MPL-7")
    look = seen("MPL-1", SOON, source="COI")
    done = office.does(verify_for_many, [mine.term_id, same.term_id, other.term_id], look)
    assert isinstance(done, LookedForMany)
    assert isinstance(done.first, VerificationRecorded)
    assert [type(one) for one in done.others] == [VerificationRecorded, DiscrepancyFound]


def test_a_look_made_meanwhile_stays(office: Office) -> None:
    """Somebody else looked at one of them while the form was open: theirs counts, and the name is said."""
    mine, noah = office.holds("malpractice", "MPL-1", SOON), colleague(office, "Noah Berg")
    earlier = office.does(verify_term, noah.term_id, seen("MPL-2", SOON, source="COI"))
    assert isinstance(earlier, DiscrepancyFound)
    done = office.does(verify_for_many, [mine.term_id, noah.term_id], seen("MPL-1", SOON, source="COI"), knowing=0)
    assert isinstance(done, LookedForMany)
    assert isinstance(done.first, VerificationRecorded)
    assert not done.others
    assert [who.name for who in done.left] == ["Noah Berg"]
    assert office.acts().count("term_verified") == 1


def newcomer(office: Office, name: str, ended_on: date | None = None) -> int:
    """Another provider, with nothing on file."""
    with office.db.writing() as session:
        provider = tables.ProviderRow(name=name, type="lcsw")
        session.add(provider)
        session.flush()
        assert provider.id
        if ended_on:
            session.add(tables.ProviderStatusRow(provider_id=provider.id, status="ended", valid_from=ended_on,
                                              recorded_at=office.ctx.now))  # fmt: skip
    return provider.id


def test_a_first_term_is_recorded_for_each(office: Office) -> None:
    """One audit event a person; who has one already keeps it and is named."""
    mine, noah = office.holds("malpractice", "MPL-1", SOON), newcomer(office, "Noah Berg")
    maya = colleague(office, "Maya Okafor", number="MPL-7")
    done = office.does(cover_others, mine.credential_id, [noah, maya.provider.id], expected_term_id=mine.term_id)
    assert isinstance(done, CoveredToo)
    assert [one.provider.name for one in done.others] == ["Noah Berg"]
    assert [who.name for who in done.already] == ["Maya Okafor"]
    assert newest(office) == [("MPL-1", SOON), ("MPL-7", SOON), ("MPL-1", SOON)]
    assert office.acts().count("term_recorded") == 3


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"provider_ids": ()}, "nothing_chosen"),
        ({"expected_term_id": 99}, "record_changed"),
        ({"credential_id": 99}, "no_such_credential"),
    ],
)
def test_nothing_is_recorded_for_others_where_it_cannot_be(office: Office, asked: dict[str, Any], code: str) -> None:
    """Nobody chosen, a term that moved on, a credential that is gone."""
    mine, noah = office.holds("malpractice", "MPL-1", SOON), newcomer(office, "Noah Berg")
    usual = {"credential_id": mine.credential_id, "provider_ids": (noah,), "expected_term_id": mine.term_id}
    done = office.does(cover_others, **{**usual, **asked})
    assert isinstance(done, Refused | Invalid)
    assert done.code == code
    assert len(newest(office)) == 1


def test_nobody_but_a_coordinator_records_for_others(office: Office) -> None:
    """The one whose document it is may not either."""
    mine, noah = office.holds("malpractice", "MPL-1", SOON), newcomer(office, "Noah Berg")
    by_lee = office.does(cover_others, mine.credential_id, [noah], expected_term_id=mine.term_id, by=office.lee)
    assert isinstance(by_lee, Refused)
    assert by_lee.code == "coordinators_only"
    assert len(newest(office)) == 1


def test_an_expiry_that_the_type_needs_is_not_left_open_for_others(office: Office) -> None:
    """A roster may leave it open for one; nobody states it so for many."""
    mine, noah = office.holds("malpractice", "MPL-1", SOON), newcomer(office, "Noah Berg")
    with office.db.writing() as session:
        term = session.get(tables.CredentialTerm, mine.term_id)
        assert term
        term.valid_to = None
    done = office.does(cover_others, mine.credential_id, [noah], expected_term_id=mine.term_id)
    assert isinstance(done, Invalid)
    assert done.code == "date_missing"


def test_whom_it_may_cover_works_here_and_has_none(office: Office) -> None:
    """Neither who has one, nor who has left."""
    mine = office.holds("malpractice", "MPL-1", SOON)
    colleague(office, "Maya Okafor")
    newcomer(office, "Noah Berg")
    newcomer(office, "Olga Gone", ended_on=date(2026, 1, 1))
    with office.db.reading() as session:
        found = group_document.lacking(session, office.credential(mine.credential_id), office.ctx.today)
    assert [who.name for who in found] == ["Noah Berg"]
