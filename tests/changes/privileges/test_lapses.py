"""A lapse makes a privilege inactive at once; a verified renewal mends it, late ones through the medical director."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.changes.privileges.lapses import reconcile_privileges
from bot.rules.context import Context
from bot.rules.privileges.models import LineState, PrivilegeView, VoteChoice
from bot.store.credentials.files import read_files
from bot.store.engine import Database
from bot.store.privileges.grants import hold_files, read_privileges
from bot.store.tables import PrivilegeRequest, ProviderRow
from tests.support.privileges import FAR, Clinic, audited, expire, open_clinic, revoke, said, verified

LAPSE = date(2027, 1, 15)


@pytest.fixture
def clinic(db: Database, ctx: Context) -> Clinic:
    clinic = open_clinic(db, ctx.policies)
    clinic.grant(ctx)
    with db.writing() as session:
        expire(session, clinic.lee, "license", LAPSE)
    return clinic


def on(ctx: Context, day: date) -> Context:
    return replace(ctx, now=ctx.now + timedelta(days=(day - ctx.today).days))


def reconcile(clinic: Clinic, ctx: Context) -> None:
    with clinic.db.writing() as session:
        hold_files(session, [clinic.lee])
        reconcile_privileges(session, ctx, read_files(session, [clinic.lee], ctx.today))


def renew(clinic: Clinic) -> None:
    with clinic.db.writing() as session:
        verified(session, clinic.lee, "license", FAR)


def ect(clinic: Clinic) -> PrivilegeView:
    with clinic.db.reading() as session:
        return read_privileges(session, clinic.lee)[0]


def requests(clinic: Clinic) -> list[tuple[str, int | None]]:
    with clinic.db.reading() as session:
        return [(r.kind, r.requester_id) for r in session.exec(select(PrivilegeRequest).order_by("id")).all()]


def test_a_privilege_works_through_the_last_day(clinic: Clinic, ctx: Context) -> None:
    """A license is good through the end of its expiry; nothing happens on that day."""
    last = on(ctx, LAPSE)
    reconcile(clinic, last)
    assert ect(clinic).active(LAPSE)


def test_a_lapse_makes_it_inactive_and_says_why(clinic: Clinic, ctx: Context) -> None:
    """The morning after, it is inactive because of the license, recorded with the term that ran out."""
    after = on(ctx, LAPSE + timedelta(days=1))
    reconcile(clinic, after)
    found = ect(clinic)
    assert (found.active(after.today), found.inactive_since) == (False, after.today)
    assert found.inactive_because == ("license",)
    assert [e.actor for e in audited(clinic.db, "privilege_inactive")] == ["credbot"]


def test_a_lapse_is_said_once(clinic: Clinic, ctx: Context) -> None:
    """Provider and owner hear of it once, however often it is reconciled and whatever lapses beside it."""
    after = on(ctx, LAPSE + timedelta(days=1))
    reconcile(clinic, after)
    with clinic.db.writing() as session:
        expire(session, clinic.lee, "dea", LAPSE)
    reconcile(clinic, after)
    reconcile(clinic, on(ctx, LAPSE + timedelta(days=2)))
    people = clinic.people
    assert [m.channel for m in said(clinic.db, "inactive_notice")] == [
        f"person:{people['Lee'].id}",
        f"person:{people['Cora'].id}",
    ]
    assert ect(clinic).inactive_because == ("license", "dea")


def test_a_lapse_of_what_counted_only_at_the_grant_changes_nothing(clinic: Clinic, ctx: Context) -> None:
    """Board certification was asked for when ECT was granted, and is not asked for again."""
    with clinic.db.writing() as session:
        expire(session, clinic.lee, "board_certification", date(2026, 12, 1))
    day = on(ctx, date(2026, 12, 2))
    reconcile(clinic, day)
    assert ect(clinic).active(day.today)


def test_a_revoked_license_makes_it_inactive_the_same_day(clinic: Clinic, ctx: Context) -> None:
    """What the source shows counts at once, whatever the expiry date says."""
    with clinic.db.writing() as session:
        revoke(session, clinic.lee, "license")
    reconcile(clinic, ctx)
    assert not ect(clinic).active(ctx.today)


@pytest.mark.parametrize(("days", "active"), [(30, True), (31, False)])
def test_a_verified_renewal_brings_it_back_in_time(clinic: Clinic, ctx: Context, days: int, *, active: bool) -> None:
    """Within thirty days of the lapse it works again at once; a day later it does not by itself."""
    lapsed = LAPSE + timedelta(days=1)
    reconcile(clinic, on(ctx, lapsed))
    renew(clinic)
    back = on(ctx, lapsed + timedelta(days=days))
    reconcile(clinic, back)
    assert ect(clinic).active(back.today) is active
    assert len(said(clinic.db, "active_notice")) == (2 if active else 0)


def test_it_stays_inactive_until_everything_is_mended(clinic: Clinic, ctx: Context) -> None:
    """Two lapses and one renewal leave it inactive."""
    with clinic.db.writing() as session:
        expire(session, clinic.lee, "dea", LAPSE)
    day = on(ctx, LAPSE + timedelta(days=1))
    reconcile(clinic, day)
    renew(clinic)
    reconcile(clinic, day)
    assert not ect(clinic).active(day.today)


def late(clinic: Clinic, ctx: Context) -> Context:
    """Renewed 40 days after the lapse; reconciled twice."""
    reconcile(clinic, on(ctx, LAPSE + timedelta(days=1)))
    renew(clinic)
    day = on(ctx, LAPSE + timedelta(days=40))
    reconcile(clinic, day)
    reconcile(clinic, day)
    return day


def test_a_late_renewal_asks_the_medical_director(clinic: Clinic, ctx: Context) -> None:
    """A one-step request opens by itself, once, asked by nobody, and its state is shown to the owner."""
    day = late(clinic, ctx)
    assert requests(clinic)[1:] == [("reinstatement", None)]
    view = clinic.view(day, 2)
    assert [(s.body, s.mode, s.quorum) for s in view.steps] == [("medical_director", "grant", 1)]
    assert (view.requester_name, view.number) == ("Credbot", 1002)
    assert said(clinic.db, "request_dm")[-1].channel == f"person:{clinic.people['Cora'].id}"


def test_the_medical_director_brings_it_back(clinic: Clinic, ctx: Context) -> None:
    """The approved reinstatement lifts the lapse; the grant keeps the term it had."""
    day = late(clinic, ctx)
    ends_on = ect(clinic).ends_on
    assert clinic.vote(day, 2, "Omar").granted
    assert (ect(clinic).active(day.today), ect(clinic).ends_on) == (True, ends_on)
    assert clinic.view(day, 2).grant_ends_on == ends_on
    assert [e.after for e in audited(clinic.db, "privilege_active_again")] == [{"request": 2}]


def test_a_reinstatement_that_was_not_granted_is_not_asked_again(clinic: Clinic, ctx: Context) -> None:
    """The next day does not ask the medical director anew."""
    day = late(clinic, ctx)
    clinic.vote(day, 2, "Omar", VoteChoice.NOT_ELIGIBLE, reason="Out of practice.", criterion="ect_training")
    reconcile(clinic, on(ctx, day.today + timedelta(days=1)))
    assert len(requests(clinic)) == 2
    assert clinic.view(day, 2).state is LineState.NOT_ELIGIBLE


def test_a_reinstatement_is_told_as_active_again(clinic: Clinic, ctx: Context) -> None:
    """Provider and owner hear that it works again, not that something new was granted."""
    clinic.vote(late(clinic, ctx), 2, "Omar")
    assert len(said(clinic.db, "active_notice")) == 2
    assert [n.facts["kind"] for n in said(clinic.db, "provider_notice")] == ["asked"]


def test_without_an_approvals_channel_a_reinstatement_waits(clinic: Clinic, ctx: Context) -> None:
    """Nobody could see the request, so it opens once there is a channel."""
    reconcile(clinic, on(ctx, LAPSE + timedelta(days=1)))
    renew(clinic)
    day = on(ctx, LAPSE + timedelta(days=40))
    reconcile(clinic, replace(day, approvals_channel=None))
    assert len(requests(clinic)) == 1
    reconcile(clinic, day)
    assert len(requests(clinic)) == 2


def test_a_new_request_takes_the_place_of_a_reinstatement(clinic: Clinic, ctx: Context) -> None:
    """Asked anew after a late renewal, the new grant is the one that counts and the old one stays behind."""
    reconcile(clinic, on(ctx, LAPSE + timedelta(days=1)))
    renew(clinic)
    day = on(ctx, LAPSE + timedelta(days=40))
    clinic.grant(day)
    reconcile(clinic, day)
    assert [kind for kind, _ in requests(clinic)] == ["request", "request"]
    with clinic.db.reading() as session:
        assert [p.active(day.today) for p in read_privileges(session, clinic.lee)] == [True]


def test_an_open_request_stands_in_for_a_reinstatement(clinic: Clinic, ctx: Context) -> None:
    """While the provider's own new request is open, none opens by itself."""
    reconcile(clinic, on(ctx, LAPSE + timedelta(days=1)))
    renew(clinic)
    day = on(ctx, LAPSE + timedelta(days=40))
    clinic.request(day)
    reconcile(clinic, day)
    assert [kind for kind, _ in requests(clinic)] == ["request", "request"]


def test_a_second_lapse_may_be_reinstated_too(clinic: Clinic, ctx: Context) -> None:
    """After it worked again, a new late renewal opens a new request."""
    day = late(clinic, ctx)
    clinic.vote(day, 2, "Omar")
    with clinic.db.writing() as session:
        expire(session, clinic.lee, "dea", day.today)
    reconcile(clinic, on(ctx, day.today + timedelta(days=1)))
    with clinic.db.writing() as session:
        verified(session, clinic.lee, "dea", FAR)
    reconcile(clinic, on(ctx, day.today + timedelta(days=50)))
    assert [kind for kind, _ in requests(clinic)] == ["request", "reinstatement", "reinstatement"]


def test_a_grant_that_is_over_does_not_lapse(clinic: Clinic, ctx: Context) -> None:
    """Past its last day nothing is recorded and nobody is told."""
    reconcile(clinic, on(ctx, date(2028, 11, 23)))
    assert audited(clinic.db, "privilege_inactive") == []


def test_settling_many_files_takes_as_many_queries_as_one(clinic: Clinic, ctx: Context) -> None:
    """The number of statements does not grow with the number of files."""
    with clinic.db.writing() as session:
        session.add_all([ProviderRow(name=f"Pat {n}", type="lcsw") for n in range(40)])
    statements: list[str] = []
    event.listen(clinic.db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    counts = []
    for limit in (1, 41):
        statements.clear()
        with clinic.db.writing() as session:
            ids = session.exec(select(ProviderRow.id).order_by("id").limit(limit)).all()
            files = read_files(session, [i for i in ids if i], ctx.today)
            reconcile_privileges(session, ctx, files)
        counts.append(len(statements))
    assert counts[0] == counts[1]
