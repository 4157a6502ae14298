"""Votes that arrive together: with each other, with a withdrawal, with a lapse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.changes.privileges.requests import RequestChanged, request_privileges, withdraw
from bot.changes.privileges.votes import Voted, cast_vote
from bot.changes.reconcile import reconcile
from bot.rules.context import Context
from bot.rules.people.models import HeldRole, Person, Role
from bot.rules.privileges.models import LineState, StepState, VoteChoice
from bot.rules.refusals import Refused
from bot.store.engine import Database
from bot.store.privileges.grants import read_privileges
from bot.store.tables import PersonRow, PrivilegeGrant, VoteRow
from tests.support.privileges import Clinic, look_again, open_clinic, revoke

ROUNDS = 8


@pytest.fixture
def clinic(db: Database, ctx: Context) -> Clinic:
    return open_clinic(db, ctx.policies)


def together(db: Database, changes: Sequence[Callable[[Session], Any]]) -> list[Any]:
    """Every change in its own thread and transaction, all started at once."""
    start = Barrier(len(changes))

    def run(change: Callable[[Session], Any]) -> Any:
        start.wait()
        return db.transact(change)

    with ThreadPoolExecutor(len(changes)) as threads:
        return list(threads.map(run, changes))


def committee(db: Database, size: int) -> list[Person]:
    with db.writing() as session:
        rows = [PersonRow(slack_user_id=f"UC{n}", name=f"Member {n}") for n in range(size)]
        session.add_all(rows)
        session.flush()
        seat = frozenset({HeldRole(Role.APPROVER, "credentials_committee")})
        return [Person(row.id or 0, row.slack_user_id, row.name, roles=seat) for row in rows]


def approve(ctx: Context, voter: Person, step_id: int) -> Callable[[Session], Any]:
    return lambda session: cast_vote(session, ctx, voter, step_id, VoteChoice.APPROVE)


def test_fifty_votes_close_a_step_of_two_once(clinic: Clinic, ctx: Context) -> None:
    """Of fifty members who approve together two are counted; the others learn who closed the step."""
    request_id = clinic.request(ctx).request_id
    step = clinic.view(ctx, request_id).steps[0]
    results = together(clinic.db, [approve(ctx, member, step.id) for member in committee(clinic.db, 50)])
    voted = [r for r in results if isinstance(r, Voted)]
    assert sorted(v.step_state for v in voted) == [StepState.OPEN, StepState.PASSED]
    refused = [r for r in results if not isinstance(r, Voted)]
    assert {r.code for r in refused} == {"step_closed"}
    closer = clinic.view(ctx, request_id).steps[0].votes[-1].person_name
    assert {r.facts["by"] for r in refused} == {closer}
    assert [s.state for s in clinic.view(ctx, request_id).steps] == [StepState.PASSED, StepState.OPEN]


def test_one_person_clicking_many_times_votes_once(clinic: Clinic, ctx: Context) -> None:
    """Twenty clicks of one member are one vote, and the step stays open."""
    request_id = clinic.request(ctx).request_id
    step = clinic.view(ctx, request_id).steps[0]
    results = together(clinic.db, [approve(ctx, clinic.people["Mia"], step.id)] * 20)
    assert Counter(getattr(r, "code", "voted") for r in results) == {"voted": 1, "already_voted": 19}
    with clinic.db.reading() as session:
        assert len(session.exec(select(VoteRow)).all()) == 1


def test_a_vote_and_a_withdrawal_do_not_both_win(clinic: Clinic, ctx: Context) -> None:
    """Either the chair's approval grants and nothing is withdrawn, or the request is withdrawn and nothing granted."""
    for _ in range(ROUNDS):
        request_id = clinic.request(ctx, "psychotherapy_core").request_id
        step = clinic.view(ctx, request_id).steps[0]
        voted, withdrawn = together(
            clinic.db,
            [
                approve(ctx, clinic.people["Ada"], step.id),
                lambda session, request_id=request_id: withdraw(session, ctx, clinic.people["Lee"], request_id),
            ],
        )
        assert isinstance(voted, Voted) != isinstance(withdrawn, RequestChanged)
        granted = clinic.view(ctx, request_id).state is LineState.GRANTED
        assert granted == isinstance(voted, Voted)
        if granted:
            end_grants(clinic)


def end_grants(clinic: Clinic) -> None:
    with clinic.db.writing() as session:
        for grant in session.exec(select(PrivilegeGrant)).all():
            grant.starts_on = grant.ends_on = date(2020, 1, 1)


def test_a_grant_and_a_revocation_leave_nothing_active(clinic: Clinic, ctx: Context) -> None:
    """Whichever commits first: the vote is refused, or the new privilege is inactive at once."""

    def lose_the_license(session: Session) -> None:
        revoke(session, clinic.lee, "license")
        reconcile(session, ctx, [clinic.lee])

    for privilege in ("psychotherapy_core", "psychiatry_core"):
        request_id = clinic.request(ctx, privilege).request_id
        step = clinic.view(ctx, request_id).steps[0]
        voted, _ = together(clinic.db, [approve(ctx, clinic.people["Ada"], step.id), lose_the_license])
        assert isinstance(voted, Voted) or voted.code == "criterion_unmet"
        with clinic.db.reading() as session:
            assert not any(p.active(ctx.today) for p in read_privileges(session, clinic.lee))
        restore(clinic)


def restore(clinic: Clinic) -> None:
    with clinic.db.writing() as session:
        look_again(session, clinic.lee, "license", "active")


def test_a_vote_that_would_grant_waits_for_a_lapse_under_way(clinic: Clinic, ctx: Context) -> None:
    """The approval is judged by the file as the other transaction leaves it, and refused."""
    request_id = clinic.request(ctx, "psychiatry_core").request_id
    step = clinic.view(ctx, request_id).steps[0]
    with ThreadPoolExecutor(1) as threads:
        with clinic.db.writing() as session:
            revoke(session, clinic.lee, "license")
            reconcile(session, ctx, [clinic.lee])
            session.flush()
            vote = threads.submit(clinic.db.transact, approve(ctx, clinic.people["Ada"], step.id))
            assert not wait([vote], timeout=0.5).done
        refused = vote.result(timeout=20)
    assert isinstance(refused, Refused)
    assert refused.code == "criterion_unmet"


def test_the_same_privilege_asked_twice_at_once_is_one_request(clinic: Clinic, ctx: Context) -> None:
    """Ten submissions together open one request; the others are told its number."""

    def ask(session: Session) -> Any:
        return request_privileges(session, ctx, clinic.people["Lee"], clinic.lee, ["ect"])

    results = together(clinic.db, [ask] * 10)
    opened = [r for r in results if isinstance(r, list)]
    assert len(opened) == 1
    assert {r.facts["number"] for r in results if not isinstance(r, list)} == {opened[0][0].number}
