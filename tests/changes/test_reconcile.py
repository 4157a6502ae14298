"""Settle: which deadlines a file has open after a change."""

from __future__ import annotations

from datetime import date

from sqlmodel import select

from bot.changes.reconcile import reconcile
from bot.rules.context import Context
from bot.store.engine import Database
from bot.store.tables import CredentialTerm, Deadline, RenewalFilingRow
from tests.jobs.building import (
    a_credential,
    a_filing,
    a_grant,
    a_license_due,
    a_look,
    a_provider,
    a_term,
    open_kinds,
    supersede,
)

NEW_YEARS_EVE = date(2026, 12, 31)


def test_a_verified_license_waits_for_its_provider(db: Database, ctx: Context) -> None:
    """One deadline, on the expiry, with the ladder of the policy."""
    a_license_due(db, ctx, NEW_YEARS_EVE)

    with db.reading() as session:
        row = session.exec(select(Deadline)).one()
    assert (row.kind, row.assignee, row.due_on, row.on_lapse) == ("expiry", "provider", NEW_YEARS_EVE, "inactivate")
    assert row.ladder == (-90, -60, -30, -14, -7, -1, 0)


def test_settling_twice_changes_nothing(db: Database, ctx: Context) -> None:
    """The second time finds every deadline as it should be."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.reading() as session:
        before = [row.model_dump() for row in session.exec(select(Deadline))]

    with db.writing() as session:
        reconcile(session, ctx, [1])

    with db.reading() as session:
        assert [row.model_dump() for row in session.exec(select(Deadline))] == before


def test_only_what_expires_on_a_ladder_is_waited_for(db: Database, ctx: Context) -> None:
    """A residency never expires, so once verified nothing waits."""
    with db.writing() as session:
        lee = a_provider(session)
        a_credential(session, lee, "residency", state="", expires_on=None)
        reconcile(session, ctx, [lee])
        assert open_kinds(session) == {}


def test_what_nobody_verified_is_the_owners_task(db: Database, ctx: Context) -> None:
    """Verify within three business days of Monday, November 23; the license's own ladder runs beside it."""
    with db.writing() as session:
        lee = a_provider(session)
        a_credential(session, lee, expires_on=NEW_YEARS_EVE, verified=False)
        reconcile(session, ctx, [lee])
        assert open_kinds(session) == {"expiry": NEW_YEARS_EVE, "verify": date(2026, 11, 26)}


def test_a_reported_renewal_ends_the_ladder_and_starts_the_owners_part(db: Database, ctx: Context) -> None:
    """The provider is done; a coordinator is to verify the newer term."""
    credential = a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        a_term(session, credential, expires_on=date(2028, 12, 31))
        reconcile(session, ctx, [1])
        assert open_kinds(session) == {"verify": date(2026, 11, 26)}


def test_a_verified_renewal_moves_the_ladder(db: Database, ctx: Context) -> None:
    """The same deadline goes on at the new expiry, with nothing answered or snoozed for it."""
    credential = a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        old = session.exec(select(Deadline)).one()
        old.snoozed_until, old.answered_at, old.escalated_at = date(2026, 12, 1), ctx.now, ctx.now
    with db.writing() as session:
        a_term(session, credential, expires_on=date(2028, 12, 31), verified=True)
        reconcile(session, ctx, [1])
        session.expire_all()
        row = session.exec(select(Deadline).where(Deadline.kind == "expiry")).one()
        assert (row.due_on, row.closed_at) == (date(2028, 12, 31), None)
        assert (row.snoozed_until, row.answered_at, row.escalated_at) == (None, None, None)


def test_a_renewal_sent_back_reopens_the_ladder(db: Database, ctx: Context) -> None:
    """Once the reported term is superseded, the first deadline is open again and the task is gone."""
    credential = a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        reported = a_term(session, credential, expires_on=date(2028, 12, 31))
        reconcile(session, ctx, [1])
        supersede(session, session.get_one(CredentialTerm, reported))
        reconcile(session, ctx, [1])
        assert open_kinds(session) == {"expiry": NEW_YEARS_EVE}
        assert session.exec(select(Deadline.id).where(Deadline.kind == "expiry")).all() == [1]


def test_a_filed_renewal_is_the_owners_check_with_the_issuer(db: Database, ctx: Context) -> None:
    """Submitted, waiting: the ladder gives way to asking whether it came; the issuer is asked about from today."""
    credential = a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        filing = a_filing(session, credential, filed_on=ctx.today)
        reconcile(session, ctx, [1])
        assert open_kinds(session) == {"issuer": ctx.today, "filed": NEW_YEARS_EVE}
        supersede(session, session.get_one(RenewalFilingRow, filing))
        reconcile(session, ctx, [1])
        assert open_kinds(session) == {"expiry": NEW_YEARS_EVE}


def test_a_discrepancy_is_a_task_of_its_own(db: Database, ctx: Context) -> None:
    """What the source shows differs: settle that first, within three business days."""
    credential = a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        a_look(session, a_term(session, credential, expires_on=date(2028, 12, 31)), result="discrepancy")
        reconcile(session, ctx, [1])
        assert open_kinds(session) == {"discrepancy": date(2026, 11, 26)}


def test_a_lapse_that_nobody_acted_on_becomes_the_owners(db: Database, ctx: Context) -> None:
    """An expired license whose lapse inactivates is also the owner's, on Mondays."""
    a_license_due(db, ctx, date(2026, 11, 20))

    with db.reading() as session:
        assert open_kinds(session) == {"expiry": date(2026, 11, 20), "lapsed": date(2026, 11, 20)}


def test_a_card_that_only_informs_has_no_follow_up(db: Database, ctx: Context) -> None:
    """BLS has lapsed, and no privilege ends with it: the ladder's own end is the end."""
    with db.writing() as session:
        lee = a_provider(session)
        a_credential(session, lee, "bls", state="", expires_on=date(2026, 11, 20))
        reconcile(session, ctx, [lee])
        assert open_kinds(session) == {"expiry": date(2026, 11, 20)}


def test_the_owner_is_warned_of_what_a_privilege_rests_on(db: Database, ctx: Context) -> None:
    """Psychotherapy needs license and insurance every day, but not BLS."""
    with db.writing() as session:
        lee = a_provider(session)
        for kind, state in (("license", "NY"), ("malpractice", ""), ("bls", "")):
            a_credential(session, lee, kind, state=state, expires_on=NEW_YEARS_EVE)
        a_grant(session, lee, "psychotherapy_core", starts_on=date(2026, 1, 5), ends_on=date(2028, 1, 4))
        reconcile(session, ctx, [lee])
        warned = session.exec(select(Deadline.credential_id).where(Deadline.kind == "lapse_warning")).all()
        assert sorted(w for w in warned if w) == [1, 2]


def test_the_warning_stays_while_a_renewal_is_only_reported(db: Database, ctx: Context) -> None:
    """Unverified, it will not keep the privilege working."""
    with db.writing() as session:
        lee = a_provider(session)
        license_id = a_credential(session, lee, expires_on=NEW_YEARS_EVE)
        a_credential(session, lee, "malpractice", state="", expires_on=date(2027, 6, 30))
        a_grant(session, lee, "psychotherapy_core", starts_on=date(2026, 1, 5), ends_on=date(2028, 1, 4))
        a_term(session, license_id, expires_on=date(2028, 12, 31))
        reconcile(session, ctx, [lee])
        warned = select(Deadline.due_on).where(Deadline.kind == "lapse_warning", Deadline.credential_id == license_id)
        assert session.exec(warned).all() == [NEW_YEARS_EVE]


def test_the_sweep_looks_no_later_than_the_first_rung_anywhere(db: Database, ctx: Context) -> None:
    """Ninety days before December 31, 2027 is Saturday, October 2, so Monday the 4th, which Kiribati sees first."""
    a_license_due(db, ctx, date(2027, 12, 31))

    with db.reading() as session:
        next_at = session.exec(select(Deadline.next_at).where(Deadline.kind == "expiry")).one()
    assert next_at is not None
    assert next_at.isoformat() == "2027-10-03T19:00:00+00:00"
