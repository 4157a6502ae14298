"""One document for many files: what is written for each, and what is left alone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import col, select

from bot.changes.context import Context
from bot.changes.record import Recorded, record_term
from bot.changes.shared import LookedForMany, RecordedForMany, renew_for_many, verify_for_many
from bot.changes.verify import DiscrepancyFound, Verified
from bot.rules.stated import Stated
from bot.rules.values import Refused
from bot.store import tables
from bot.store.engine import Database
from tests.filing import LATER, SOON, Office, open_office, seen

MUCH_LATER = date(2029, 12, 31)


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def colleague(office: Office, name: str, number: str = "MPL-1", expires_on: date = SOON) -> Recorded:
    """Another provider's cover, as Cora recorded it."""
    with office.db.writing() as session:
        provider = tables.Provider(name=name, type="lcsw")
        session.add(provider)
        session.flush()
        done = record_term(
            session, office.ctx, office.cora, provider.id, Stated("malpractice", number=number, expires_on=expires_on)
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
    done = office.does(renew_for_many, ids, number="MPL-2", issued_on=None, expires_on=LATER)
    assert isinstance(done, RecordedForMany)
    assert [one.provider.name for one in done.others] == ["Noah Berg"]
    assert [who.name for who in done.left] == ["Maya Okafor"]
    assert newest(office)[3:] == [("MPL-2", LATER), ("MPL-2", LATER)]
    assert office.acts().count("term_renewed") == 2


def test_nothing_is_written_where_the_first_cannot_be(office: Office) -> None:
    """The form was opened for a term that is no longer the newest."""
    mine, noah = office.holds("malpractice", "MPL-1", SOON), colleague(office, "Noah Berg")
    ids = [mine.credential_id, noah.credential_id]
    refused = office.does(
        renew_for_many, ids, number="MPL-2", issued_on=None, expires_on=LATER, expected_term_id=mine.term_id + 99
    )
    assert isinstance(refused, Refused)
    assert len(newest(office)) == 2


def test_one_look_has_a_result_for_each(office: Office) -> None:
    """Who was typed as the source shows is verified; who was typed otherwise is a discrepancy."""
    mine, same = office.holds("malpractice", "MPL-1", SOON), colleague(office, "Noah Berg")
    other = colleague(office, "Maya Okafor", number="MPL-7")
    look = seen("MPL-1", SOON)
    done = office.does(verify_for_many, [mine.term_id, same.term_id, other.term_id], look)
    assert isinstance(done, LookedForMany)
    assert isinstance(done.first, Verified)
    assert [type(one) for one in done.others] == [Verified, DiscrepancyFound]
